//! The workbench: everything of one running app that flows share, and what can be asked of the tokens at hand.

use std::{
    collections::{HashMap, VecDeque},
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use oauth::{
    belongs,
    form::Preview,
    paste::{self, FoundToken, Pasting},
    profile::{Client, Profile, ServerRole},
};
use record::{join::ReadingLogin, operation::Draft, redact};
use token::{
    bounded::{self, Part, TokenText},
    decode::Decoded,
    decrypt,
    finding::Severity,
    inspect::{
        self, Inspection, Obtained, Origin, Provenance, Relative, TokenFormat, TokenKind, TokenView, Verification, kind_of,
    },
    secret::Secret,
    shown::shown,
    verify::{self, Doubt, KeySet},
};

use crate::{
    bodies::Bodies,
    client_assertion,
    events::Reader,
    gate::Gate,
    http::{Http, Recorded},
    journal::{Journal, JournalFault, Kept, Recovered},
    keys,
    logs::Logs,
    running::Running,
    secrets::{BoundSecret, Cache, Crossing, Installation, Owner, SecretFault, Secrets, Sort},
    shelf::{Held, Shelf},
    world::World,
};

pub use crate::{
    http::{Bounds, Limits},
    running::lasting,
};

/// See the module.
pub struct Workbench {
    pub(crate) world: World,
    pub(crate) http: Http,
    pub(crate) bounds: Bounds,
    pub(crate) keys: keys::Keys,
    pub(crate) shelf: Shelf,
    pub(crate) bodies: Bodies,
    pub(crate) running: Mutex<HashMap<String, Vec<Running>>>,
    /// Where reading each profile's events stands. Nobody holds it while a server is asked.
    readers: Mutex<HashMap<String, Reader>>,
    /// Steps of a profile are read again one after the other, so that what one reading asks is not taken for another's.
    pub(crate) rereading: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
    /// Tokens that were asked for to read with, the newest last, with the profile they are for.
    pub(crate) reading_logins: Mutex<VecDeque<(String, ReadingLogin)>>,
    pub(crate) session: i64,
    secret_cache: Cache,
    /// Secrets that a server shows once and the store did not take, until the app closes.
    unsaved: Mutex<HashMap<Owner, BoundSecret>>,
    pub(crate) gate: Gate,
    /// Client secrets.
    pub secrets: Secrets,
    /// The record.
    pub journal: Journal,
    /// The server log that is open.
    pub logs: Logs,
}

/// Why something asked of a token cannot be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenFault {
    /// Stable id: `no-such-token`, `evidence-only`, `no-token`, `bad-key`, `too-few`.
    pub id: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub advice: String,
}

impl Workbench {
    /// Opens journal, shelf and secret store under a data folder. What had to be repaired is returned to be shown.
    pub fn open(folder: &Path, world: World) -> Result<(Self, Vec<Recovered>), JournalFault> {
        let installation = Installation::of(folder, &world);
        Self::with(folder, world, Secrets::unasked(folder.join("secrets.sealed")).of(installation))
    }

    /// The same with a secret store of the caller's.
    pub fn with(folder: &Path, world: World, secrets: Secrets) -> Result<(Self, Vec<Recovered>), JournalFault> {
        let (journal, recovered) = Journal::open(folder, world.now_ms())?;
        let mut recovered: Vec<Recovered> = recovered.into_iter().collect();
        // What cannot be read of the last session is missed on the shelf, and keeps nobody from working.
        let unread = match journal.last_tokens() {
            Ok((kept, 0)) => Ok(kept),
            Ok((kept, broken)) => {
                let what = if broken == 1 { "1 token".to_owned() } else { format!("{broken} tokens") };
                Err((kept, format!("The record of {what} of the last session cannot be read.")))
            }
            Err(fault) => Err((Vec::new(), fault.to_string())),
        };
        let kept = unread.unwrap_or_else(|(kept, message)| {
            recovered.push(Recovered {
                id: "journal-tokens",
                message,
                advice: "What can be read is on the shelf as evidence. The steps that gave the others are in Audit.".into(),
                memory_only: false,
            });
            kept
        });
        let shelf = Shelf::with_evidence(kept);
        // Sessions only have to differ and to grow.
        let session = journal.next_session().unwrap_or_else(|_| world.now_ms());
        let workbench = Self {
            http: Http::new(world.clone()),
            bounds: Bounds::default(),
            logs: Logs::with(Arc::clone(&world.clock)),
            world,
            keys: keys::Keys::default(),
            shelf,
            bodies: Bodies::default(),
            running: Mutex::default(),
            readers: Mutex::default(),
            rereading: Mutex::default(),
            reading_logins: Mutex::default(),
            session,
            secret_cache: Cache::default(),
            unsaved: Mutex::default(),
            gate: Gate::default(),
            secrets,
            journal,
        };
        Ok((workbench, recovered))
    }

    /// The same workbench with other limits of time and size.
    #[must_use]
    pub fn with_bounds(mut self, bounds: Bounds) -> Self {
        self.bounds = bounds;
        self
    }

    /// Shelf lines, oldest first. What a token has beyond the one it was made from counts among its findings.
    pub fn tokens(&self) -> Vec<TokenView> {
        let now_s = self.world.now_s();
        let mut views = self.shelf.views(now_s);
        for view in views.iter_mut().filter(|view| view.parent.is_some()) {
            let beyond = self.shelf.find(&view.id).map(|held| self.beyond_parent(&held)).unwrap_or_default();
            view.findings += beyond.iter().filter(|finding| finding.severity != Severity::Note).count();
        }
        views
    }

    /// Now, epoch milliseconds.
    pub fn now_ms(&self) -> i64 {
        self.world.now_ms()
    }

    /// Forgets keys and event positions of servers that were started anew.
    pub async fn forget_servers(&self) {
        self.keys.forget();
        self.readers.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.forget_secrets();
    }

    /// A copy of where reading a profile's events stands, to ask a server with.
    pub(crate) fn reader(&self, profile: &str) -> Reader {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner).entry(profile.to_owned()).or_default().clone()
    }

    /// Changes where reading a profile's events stands.
    pub(crate) fn with_reader(&self, profile: &str, change: impl FnOnce(&mut Reader)) {
        change(self.readers.lock().unwrap_or_else(PoisonError::into_inner).entry(profile.to_owned()).or_default());
    }

    /// Takes over what a reading learned. What was forgotten meanwhile stays forgotten, and so does a token that was not got anew.
    pub(crate) fn keep_reader(&self, profile: &str, before: &Reader, after: &Reader) {
        if let Some(kept) = self.readers.lock().unwrap_or_else(PoisonError::into_inner).get_mut(profile) {
            kept.take_over(before, after);
        }
    }

    /// Forgets secrets that were read, so that a change in the store is seen.
    pub fn forget_secrets(&self) {
        self.secret_cache.clear();
        self.gate.read_anew();
    }

    /// Closes every question about a profile, and forgets what was said once and not used.
    pub fn forget_words(&self, profile: &str) {
        self.gate.forget_profile(profile);
    }

    /// A client's secret; the keychain is asked once.
    pub async fn secret(&self, owner: &Owner) -> Result<Option<BoundSecret>, SecretFault> {
        if let Some(held) = self.unsaved.lock().unwrap_or_else(PoisonError::into_inner).get(owner) {
            return Ok(Some(held.clone()));
        }
        let begun = match self.secret_cache.get(owner) {
            Ok(known) => return Ok(known),
            Err(begun) => begun,
        };
        let read = self.secrets.read(owner).await?;
        self.secret_cache.put(begun, owner, read.clone());
        Ok(read)
    }

    /// Keeps what the user entered for a client of a profile, bound to the server the profile names for it now.
    pub async fn keep_secret(&self, profile: &Profile, client: &Client, text: Secret) -> Result<(), SecretFault> {
        let bound = BoundSecret::entered(text, Sort::of(client), profile, client.server);
        self.keep_bound(&Owner::of(profile, client), bound).await
    }

    /// Keeps a secret with what is known of it. What was asked and allowed once was meant for the one that was there.
    pub async fn keep_bound(&self, owner: &Owner, secret: BoundSecret) -> Result<(), SecretFault> {
        self.keep_as_it_is(owner, secret).await?;
        self.gate.forget(owner);
        Ok(())
    }

    /// Keeps a secret of which only what is known changed.
    pub(crate) async fn keep_as_it_is(&self, owner: &Owner, secret: BoundSecret) -> Result<(), SecretFault> {
        self.secrets.keep(owner, &secret).await?;
        self.forget_unsaved(owner);
        Ok(())
    }

    /// Forgets the secret of a client, wherever it is held.
    pub async fn forget_secret(&self, owner: &Owner) -> Result<(), SecretFault> {
        self.secrets.forget(owner).await?;
        self.forget_unsaved(owner);
        self.gate.forget(owner);
        Ok(())
    }

    /// Holds a secret that may never be shown again, before it is saved.
    pub(crate) fn hold_unsaved(&self, owner: &Owner, secret: BoundSecret) {
        self.unsaved.lock().unwrap_or_else(PoisonError::into_inner).insert(owner.clone(), secret);
    }

    /// Lets go of it once the store has it.
    pub(crate) fn forget_unsaved(&self, owner: &Owner) {
        self.unsaved.lock().unwrap_or_else(PoisonError::into_inner).remove(owner);
        self.secret_cache.forget(owner);
    }

    /// A new assertion of a client (RFC 7523 2.2). The error is a sentence.
    pub(crate) fn assertion(&self, client: &Client, material: &Secret, audience: &str) -> Result<Secret, String> {
        client_assertion::sign(client, material, audience, &self.world.token(16), self.world.now_s())
    }

    /// What is secret of all that is at hand: for what is written or copied outside a step.
    pub fn known_here(&self) -> redact::Known {
        let cached = self.secret_cache.all();
        let unsaved = self.unsaved.lock().unwrap_or_else(PoisonError::into_inner);
        let secrets = cached.iter().chain(unsaved.values()).map(|secret| secret.for_its_owner().clone()).collect();
        let now_s = self.world.now_s();
        let shelf = self.shelf.all();
        let tokens = shelf.iter().filter_map(|held| Some((held.text()?.clone(), redact::evidence(&held.view(now_s)))));
        redact::Known::new(secrets, tokens.collect())
    }

    /// The draft with the tokens of other environments in it confirmed, as somebody does who was asked about each.
    ///
    /// # Errors
    /// When the secret store failed.
    pub async fn confirmed(&self, draft: &Draft, profile: &Profile) -> Result<Draft, SecretFault> {
        let materials = self.materials(draft, profile).await?;
        Ok(oauth::form::confirmed(draft, profile, &materials))
    }

    /// The live preview of a draft.
    pub async fn preview(&self, draft: &Draft, profile: &Profile) -> Result<Preview, SecretFault> {
        let materials = self.materials_to_show(draft, profile).await?;
        let mut preview = oauth::form::preview(draft, profile, &materials);
        preview.questions = materials.questions_of(draft).iter().map(Crossing::beforehand).collect();
        Ok(preview)
    }

    /// Finds tokens in pasted text, and puts none of them anywhere.
    ///
    /// # Errors
    /// When there is none; the message says what was expected.
    pub fn found_in(&self, text: &str) -> Result<Pasting, TokenFault> {
        paste::find_tokens(text).map_err(|message| TokenFault {
            // The window lets go of a private key when it is closed.
            id: if message.contains(paste::NOTHING_KEPT) { "private-key" } else { "no-token" },
            message,
            advice: "Paste a token, Bearer and a token, a whole curl command or a JSON token response.".into(),
        })
    }

    /// Finds tokens in pasted text and puts them on the shelf.
    pub fn paste(&self, text: &str) -> Result<(Vec<String>, String), TokenFault> {
        self.put_pasted(self.found_in(text)?)
    }

    /// Puts those of the tokens of a pasted text on the shelf that were chosen, by their places in [`Workbench::found_in`].
    ///
    /// # Errors
    /// When there is none of them, or the journal failed.
    pub fn paste_chosen(&self, text: &str, chosen: &[usize]) -> Result<(Vec<String>, String), TokenFault> {
        let found = self.found_in(text)?;
        let tokens: Vec<FoundToken> =
            found.tokens.into_iter().enumerate().filter(|(at, _)| chosen.contains(at)).map(|(_, token)| token).collect();
        if tokens.is_empty() {
            return Err(TokenFault {
                id: "none-chosen",
                message: "No token was chosen.".into(),
                advice: "Choose at least one of those that were found.".into(),
            });
        }
        let message = paste::message(&tokens);
        self.put_pasted(Pasting { tokens, message })
    }

    fn put_pasted(&self, found: Pasting) -> Result<(Vec<String>, String), TokenFault> {
        let now_s = self.world.now_s();
        let mut ids = Vec::new();
        for token in found.tokens {
            if let Some(held) = self.shelf.find_text(&token.text) {
                ids.push(held.id().to_owned());
                continue;
            }
            let origin = Origin {
                group_hint: Some("Pasted".into()),
                ..Origin::new(self.new_token_id(), token.kind, Obtained::Pasted, "the clipboard")
            };
            let mut held = Held::live(token.text, origin);
            token.notes.into_iter().for_each(|note| held.add_finding(note));
            ids.push(held.id().to_owned());
            if let Err(fault) = self.journal.keep_token(&held.kept(now_s, &self.known_here()), self.session, self.world.now_ms())
            {
                return Err(TokenFault { id: "journal", message: fault.to_string(), advice: "The token was not kept.".into() });
            }
            self.shelf.put(held);
        }
        Ok((ids, found.message))
    }

    /// Verifies each token with the keys of its issuer, by the first profile that knows that issuer; what none of them knows is
    /// said by the first. A pasted token that names the issuer of exactly one profile is that profile's from then on.
    /// It can be stopped as [`lasting::VERIFICATION`]; false when it was.
    pub async fn verify_with_profiles(&self, ids: &[String], profiles: &[Profile]) -> bool {
        self.until_cancelled(lasting::VERIFICATION, self.verify_each(ids, profiles)).await.is_some()
    }

    async fn verify_each(&self, ids: &[String], profiles: &[Profile]) {
        for id in ids {
            let Some(mut held) = self.shelf.find(id) else { continue };
            if let Some(from) = held.issuer().and_then(|issuer| belongs::provenance_of_issuer(&issuer, profiles)) {
                held.set_provenance(from);
                self.keep(held.clone());
            }
            let knows = profiles.iter().find(|profile| issuer_role(&held, profile).is_some());
            if let Some(profile) = knows.or(profiles.first()) {
                self.verify_with_profile(std::slice::from_ref(id), profile).await;
            }
        }
    }

    /// Verifies tokens that name an issuer of this profile with that issuer's keys.
    pub async fn verify_with_profile(&self, ids: &[String], profile: &Profile) {
        for id in ids {
            let Some(mut held) = self.shelf.find(id) else { continue };
            let _ = self.verify(&mut held, profile).await;
            self.keep(held);
        }
    }

    /// Checks the signature with the keys of the issuer the token names, if the profile knows it. Gives the key request that was needed.
    pub(crate) async fn verify(&self, held: &mut Held, profile: &Profile) -> Option<Recorded> {
        let decoded = held.decoded()?;
        // What a server signs for itself alone has no published key; where it has one, it is checked like any other token.
        let for_itself = held.kind() == TokenKind::Refresh && (decoded.asks_for_secret() || issuer_role(held, profile).is_none());
        if for_itself || decoded.header.is_none() {
            held.set_verification(verify::verify(&decoded, None));
            return None;
        }
        let Some(url) = keys_address(held, profile) else {
            let named = held.issuer().unwrap_or_default();
            let reason = if decoded.is_dpop_proof() {
                "A DPoP proof is signed with the key in its own header; the findings say whether that signature fits.".into()
            } else if named.is_empty() {
                "The token names no issuer, so it is not known whose keys would verify it.".into()
            } else {
                format!("{} is not an issuer of this profile, so its keys are not known. Verify it with a key.", shown(&named))
            };
            without_keys(held, &decoded, reason);
            return None;
        };
        if url.is_empty() {
            let reason = "The profile has no key address (jwks_uri) for this issuer. Run Discover, or verify it with a key.";
            without_keys(held, &decoded, reason.into());
            return None;
        }
        let kid = held.header().and_then(|header| header.get("kid")).and_then(|kid| kid.as_str()).map(str::to_owned);
        let reading =
            self.keys.read(&self.http, &url, &profile.tls, kid.as_deref(), self.bounds.metadata, self.world.now_ms()).await;
        match &reading.keys {
            Ok(keys) => {
                held.set_answer(&decoded, verify::verify_each(&decoded, Some(keys)));
                held.set_remarks("key-", keys.remarks().to_vec());
            }
            Err(fault) => without_keys(held, &decoded, format!("{} {}", fault.message, fault.advice)),
        }
        reading.recorded
    }

    /// Verifies one token with a key the user pasted (JWKS, JWK or PEM); `content` is the payload of a token that carries
    /// none. An encrypted token is decrypted instead. Gives the ids of tokens that came up inside it.
    pub fn verify_with_key(&self, id: &str, key: &str, content: Option<&str>) -> Result<(Inspection, Vec<String>), TokenFault> {
        let mut held = self.held(id)?;
        let mut decoded = held.decoded().ok_or_else(evidence_only)?;
        if decoded.format == TokenFormat::Jwe {
            return self.decrypt(held, &decoded, key);
        }
        if let Some(content) = content.filter(|content| !content.is_empty()) {
            decoded = decoded.with_content(content);
            held.set_content(&decoded);
        }
        let mut keys = KeySet::for_token(&decoded, key, "pasted key").map_err(|message| TokenFault {
            id: "bad-key",
            message,
            advice: "Paste a JWK Set, one JWK, a PEM public key or certificate; for HS algorithms the shared secret.".into(),
        })?;
        for published in self.keys.published() {
            keys.unlike(&published);
        }
        held.set_answer(&decoded, verify::verify_each(&decoded, Some(&keys)));
        held.set_remarks("key-", keys.remarks().to_vec());
        let inspection = self.inspection(&held);
        self.keep(held);
        Ok((inspection, Vec::new()))
    }

    /// Opens an encrypted token with a key the user pasted; a token inside it goes on the shelf under it.
    fn decrypt(&self, mut held: Held, decoded: &Decoded, key: &str) -> Result<(Inspection, Vec<String>), TokenFault> {
        let fault = |message| TokenFault {
            id: "bad-key",
            message,
            advice: "Paste the private key (JWK, JWK Set or PEM), the shared secret, or the password it was encrypted for."
                .into(),
        };
        let keys = decrypt::Keys::from_text(key, "pasted key").map_err(fault)?;
        let opened = match decrypt::decrypt(decoded, &keys) {
            Ok(opened) => opened,
            Err(closed) => {
                if let Some(finding) = closed.finding {
                    held.add_finding(*finding);
                    self.keep(held);
                }
                return Err(fault(closed.reason));
            }
        };
        held.set_opened(&opened);
        let mut added = Vec::new();
        if let Some(nested) = opened.nested.clone().map(Secret::new)
            && self.shelf.find_text(&nested).is_none()
        {
            let inner = &opened.decoded.claims;
            let origin = held.origin_of_nested(self.new_token_id(), kind_of(None, inner.as_ref()));
            let inside = Held::live(nested, origin);
            added.push(inside.id().to_owned());
            self.keep(inside);
        }
        let inspection = self.inspection(&held);
        self.keep(held);
        Ok((inspection, added))
    }

    /// Puts a token on the shelf and its evidence into the journal. A journal that can not be written is told by the next step.
    fn keep(&self, held: Held) {
        let _ = self.journal.keep_token(&held.kept(self.world.now_s(), &self.known_here()), self.session, self.world.now_ms());
        self.shelf.put(held);
    }

    /// Takes a token off the shelf.
    pub fn remove_token(&self, id: &str) -> Result<(), JournalFault> {
        self.shelf.remove(id);
        self.journal.remove_token(id)
    }

    /// Puts a token back that was taken off the shelf, with its text. False when it was not removed since the app was opened.
    pub fn restore_token(&self, id: &str) -> Result<bool, JournalFault> {
        if !self.shelf.put_back(id) {
            return Ok(false);
        }
        self.journal.put_back_token(id)?;
        Ok(true)
    }

    /// The inspector's reading of a token.
    pub fn inspect(&self, id: &str) -> Result<Inspection, TokenFault> {
        let held = self.held(id)?;
        Ok(self.inspection(&held))
    }

    /// The reading with what the other tokens at hand say of it.
    fn inspection(&self, held: &Held) -> Inspection {
        let now_s = self.world.now_s();
        let mut inspection = held.inspection(now_s);
        let all = self.shelf.all();
        let labels: Vec<String> = all.iter().map(|other| other.words(now_s)).collect();
        let others = all.iter().zip(&labels).filter(|(other, _)| other.id() != held.id());
        let others: Vec<Relative<'_>> = others.map(|(other, label)| other.relative(label)).collect();
        inspection.findings.extend(inspect::relations(&held.relative(""), &others));
        inspection.findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        inspection
    }

    /// The part of a long text of a token's reading that begins at a line.
    ///
    /// # Errors
    /// When the token is gone.
    pub fn token_part(&self, id: &str, what: TokenText, from: usize) -> Result<Part, TokenFault> {
        let read = self.held(id)?.inspection(self.world.now_s());
        let text = match what {
            TokenText::Claims => read.json,
            TokenText::Header => read.header_json,
            TokenText::Content => read.content.unwrap_or_default(),
        };
        Ok(bounded::part_of_text(&text, from))
    }

    /// The text of a token, in clear: only for the user's own visible request.
    pub fn raw_token(&self, id: &str) -> Result<Secret, TokenFault> {
        self.held(id)?.text().cloned().ok_or_else(evidence_only)
    }

    /// A copy of a token on the shelf, or of its evidence in the journal.
    pub fn held(&self, id: &str) -> Result<Held, TokenFault> {
        if let Some(held) = self.shelf.find(id) {
            return Ok(held);
        }
        let kept: Option<Kept> = self.journal.token(id).ok().flatten();
        kept.map(Held::evidence).ok_or_else(|| no_such_token(id))
    }

    pub(crate) fn new_token_id(&self) -> String {
        format!("t-{}", self.world.token(9))
    }
}

/// What can be said of a signature without keys: why there are none, unless the token says by itself why it is refused.
fn without_keys(held: &mut Held, decoded: &Decoded, reason: String) {
    let answer = verify::verify_each(decoded, None);
    match answer.doubt {
        Some(Doubt::NoKey | Doubt::Unreadable | Doubt::Algorithm) => held.set_verification(Verification::Unverifiable { reason }),
        _ => held.set_answer(decoded, answer),
    }
}

/// Which server of the profile issued a token, by the issuer it names.
fn issuer_role(held: &Held, profile: &Profile) -> Option<ServerRole> {
    let issuer = held.issuer()?;
    if issuer == profile.provider.issuer {
        return Some(ServerRole::Provider);
    }
    profile.gateway.as_ref().filter(|gateway| gateway.issuer == issuer).map(|_| ServerRole::Gateway)
}

/// Where the keys are that would verify a token: those of its issuer, if that is a server of the profile or another realm beside
/// it. Empty where the profile does not know them.
fn keys_address(held: &Held, profile: &Profile) -> Option<String> {
    Some(match issuer_role(held, profile) {
        Some(ServerRole::Provider) => profile.provider.endpoints.jwks.clone(),
        Some(ServerRole::Gateway) => {
            profile.gateway.as_ref().map_or(&profile.provider.endpoints.jwks, |gateway| &gateway.endpoints.jwks).clone()
        }
        None => oauth::server::keys_of_sibling(&held.issuer()?, &profile.provider)?,
    })
}

pub(crate) fn no_such_token(id: &str) -> TokenFault {
    TokenFault {
        id: "no-such-token",
        message: format!("The token {id} is no longer on the shelf."),
        advice: "Select another token.".into(),
    }
}

fn evidence_only() -> TokenFault {
    TokenFault {
        id: "evidence-only",
        message: "Only the decoded claims of this token were kept; its text is gone since the app was closed.".into(),
        advice: "Obtain a new token by running the step again.".into(),
    }
}
