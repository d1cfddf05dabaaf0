//! One token at hand.
//!
//! A live token has its text (in memory only). After a restart only evidence is left: header and claims, no
//! signature, so it can be compared and checked but not sent.

use record::redact;
use serde_json::{Map, Value};
use token::{
    claims,
    decode::{Decoded, decode, json::Exact},
    decrypt::Opened,
    finding::{Finding, Severity},
    inspect::{
        self, Inspection, Obtained, Origin, Provenance, Relative, ShelfGroup, TextDetails, TokenFormat, TokenKind, TokenView,
        Verification,
    },
    secret::Secret,
    shown::shown,
    truth::{Answers, Speaker, Told},
    verify::{Doubt, SignatureResults},
};

use crate::journal::{KeptToken, Particulars};

/// Token texts below this many bytes are not looked for in what is typed.
const SHORTEST: usize = 8;

/// One token at hand.
#[derive(Clone, Debug)]
pub struct Held {
    origin: Origin,
    text: Option<Secret>,
    header: Option<Map<String, Value>>,
    claims: Option<Map<String, Value>>,
    decode_findings: Vec<Finding>,
    format: TokenFormat,
    size: usize,
    verification: Verification,
    /// What kept the signature from being checked, when it was tried with keys.
    doubt: Option<Doubt>,
    claims_source: Option<String>,
    told: Answers,
    reading: TextDetails,
    decrypted: bool,
    /// The line of a token of which only evidence is left.
    kept_view: Option<TokenView>,
}

impl Held {
    /// A token just received or pasted; not verified yet.
    pub fn live(text: Secret, origin: Origin) -> Self {
        let decoded = decode(text.expose());
        let reading = inspect::reading(&decoded);
        let reason = match decoded.format {
            TokenFormat::Opaque => "An opaque token has no signature a client could check; ask the server by introspection.",
            TokenFormat::Saml => "The signature of a SAML assertion is not checked here; whoever accepts it checks it.",
            TokenFormat::Jwe => "The token is encrypted; only its receiver can read it.",
            _ => "The signature has not been checked yet.",
        };
        Self {
            origin,
            text: Some(text),
            header: decoded.header,
            claims: decoded.claims,
            decode_findings: decoded.findings,
            format: decoded.format,
            size: decoded.size,
            verification: Verification::Unverifiable { reason: reason.into() },
            doubt: None,
            claims_source: None,
            told: Answers::default(),
            reading,
            decrypted: false,
            kept_view: None,
        }
    }

    /// Evidence from the journal.
    pub fn evidence(kept: KeptToken) -> Self {
        let mut view = kept.view;
        let obtained = match view.obtained {
            Obtained::Unknown => Obtained::of_earlier_words(&view.origin, &view.group),
            known => known,
        };
        view.obtained = obtained;
        if view.shelf == ShelfGroup::default() {
            view.shelf = ShelfGroup::of_earlier_words(&view.group, obtained, view.step);
        }
        Self {
            origin: Origin {
                parent: view.parent.clone(),
                step: view.step,
                user_hint: Some(view.who.clone()),
                client_hint: view.client.clone(),
                expires_at_hint: view.expires_at,
                granted: view.granted.clone(),
                provenance: view.provenance.clone(),
                simulated: view.simulated,
                evidence_only: true,
                active: view.active,
                ..Origin::new(view.id.clone(), view.kind, obtained, view.origin.clone())
            },
            text: None,
            header: kept.header,
            claims: kept.claims,
            decode_findings: kept.known.findings,
            format: view.format,
            size: view.size,
            verification: view.verification.clone(),
            doubt: None,
            claims_source: kept.claims_source,
            told: kept.told,
            reading: kept.known.reading,
            decrypted: view.decrypted,
            kept_view: Some(view),
        }
    }

    /// The content of a token a server says it would issue. There is no text and no signature: it was never issued.
    pub fn predicted(claims: Map<String, Value>, origin: Origin) -> Self {
        let reason = "Predicted by the server and never issued: it has no signature, and it can not be sent.";
        Self::content(None, claims, origin, reason, "the server's prediction; no such token was issued")
    }

    /// The content of a token a gateway keeps, as it tells it. Its text stays there.
    pub fn kept_elsewhere(header: Option<Map<String, Value>>, claims: Map<String, Value>, origin: Origin) -> Self {
        let reason = "The gateway keeps this token and tells its content, without the signature: it can be compared, not sent.";
        Self::content(header, claims, origin, reason, "what the gateway tells of the token it keeps")
    }

    fn content(
        header: Option<Map<String, Value>>,
        claims: Map<String, Value>,
        origin: Origin,
        reason: &str,
        source: &str,
    ) -> Self {
        Self {
            origin,
            text: None,
            header,
            size: serde_json::to_string(&claims).map_or(0, |text| text.len()),
            claims: Some(claims),
            decode_findings: Vec::new(),
            format: TokenFormat::Jws,
            verification: Verification::Unverifiable { reason: reason.into() },
            doubt: None,
            claims_source: Some(source.into()),
            told: Answers::default(),
            reading: TextDetails::default(),
            decrypted: false,
            kept_view: None,
        }
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.origin.id
    }

    /// Whether its very text stands in another text. One that short stands for itself in many places, and is not looked for.
    pub fn stands_in(&self, text: &str) -> bool {
        self.text.as_ref().is_some_and(|one| one.expose().len() >= SHORTEST && text.contains(one.expose()))
    }

    /// Its text, while it is live.
    pub fn text(&self) -> Option<&Secret> {
        self.text.as_ref()
    }

    /// Header, when readable.
    pub fn header(&self) -> Option<&Map<String, Value>> {
        self.header.as_ref()
    }

    /// Claims, when readable or learned by introspection.
    pub fn claims(&self) -> Option<&Map<String, Value>> {
        self.claims.as_ref()
    }

    /// Claims by its own text; none for a token that is only known by what a server says of it.
    pub fn own_claims(&self) -> Option<&Map<String, Value>> {
        let told = self.claims_source.as_deref().is_some_and(|source| source.starts_with("introspection"));
        self.claims.as_ref().filter(|_| !told && self.format != TokenFormat::Opaque)
    }

    /// What introspection and userinfo last said of it.
    pub fn told(&self) -> &Answers {
        &self.told
    }

    /// Texts of the numbers that its claims can not hold.
    pub fn exact(&self) -> &Exact {
        &self.reading.exact
    }

    /// Records what an endpoint answered; `known` is what the step met that is secret.
    pub fn set_told(&mut self, endpoint: Speaker, told: Told, known: &redact::KnownSecrets) {
        let told = Told { claims: told.claims.map(|claims| self.without_secrets(claims, known)), ..told };
        match endpoint {
            Speaker::Introspection => self.told.introspection = Some(told),
            Speaker::Userinfo => self.told.userinfo = Some(told),
            Speaker::Token => {}
        }
    }

    /// Some servers give a reference token itself as its `jti`; claims are kept on disk, token texts never are.
    fn without_secrets(&self, mut claims: Map<String, Value>, known: &redact::KnownSecrets) -> Map<String, Value> {
        redact::KeepFilter::of(self.text.as_ref(), known).members(&mut claims);
        claims
    }

    /// Signature result.
    pub fn verification(&self) -> &Verification {
        &self.verification
    }

    /// What introspection said, if it was asked.
    pub fn active(&self) -> Option<bool> {
        self.origin.active
    }

    /// What it is used for.
    pub fn kind(&self) -> TokenKind {
        self.origin.kind
    }

    /// Decodes again for a signature check.
    pub fn decoded(&self) -> Option<Decoded> {
        self.text.as_ref().map(|text| decode(text.expose()))
    }

    /// The shelf line at a time.
    pub fn view(&self, now_s: i64) -> TokenView {
        if let Some(view) = &self.kept_view {
            return view.clone();
        }
        let weighty = self.findings(now_s).iter().filter(|finding| finding.severity != Severity::Note).count();
        // An assertion has no claims and says the same in its own words.
        let said = if self.claims.is_none() { self.reading.said() } else { None };
        let (header, claims) = (self.header.as_ref(), self.claims.as_ref().or(said.as_ref()));
        let view = inspect::view(&self.origin, header, claims, self.format, self.size, &self.verification, weighty);
        TokenView { decrypted: self.decrypted, ..view }
    }

    /// Everything remarkable at a time, worst first.
    pub fn findings(&self, now_s: i64) -> Vec<Finding> {
        let found = inspect::findings(self.header.as_ref(), self.claims.as_ref(), &self.verification, now_s);
        inspect::with_text(&self.decode_findings, found)
    }

    /// The inspector's reading at a time.
    pub fn inspection(&self, now_s: i64) -> Inspection {
        inspect::inspection(
            self.view(now_s),
            self.header.as_ref(),
            self.claims.as_ref(),
            self.findings(now_s),
            self.claims_source.clone(),
            &self.reading,
        )
    }

    /// What the journal keeps of it: neither its text nor anything else that could be used. `known` is what else is secret in the
    /// run it was met in.
    pub fn kept(&self, now_s: i64, known: &redact::KnownSecrets) -> KeptToken {
        let (header, claims) = (self.header.as_ref(), self.claims.as_ref());
        let keep = redact::KeepFilter::of(self.text.as_ref(), known);
        let clean = |members: Option<&Map<String, Value>>| {
            members.cloned().map(|mut members| {
                keep.members(&mut members);
                members
            })
        };
        let words = |text: &String| keep.words(text);
        let told = |told: &Told| Told {
            claims: clean(told.claims.as_ref()),
            problem: told.problem.as_ref().map(words),
            address: words(&told.address),
            ..told.clone()
        };
        let finding =
            |finding: &Finding| Finding { title: words(&finding.title), detail: words(&finding.detail), ..finding.clone() };
        KeptToken {
            view: kept_view(self.view(now_s), &keep),
            header: clean(header),
            claims: clean(claims),
            claims_source: self.claims_source.as_ref().map(words),
            told: Answers {
                introspection: self.told.introspection.as_ref().map(told),
                userinfo: self.told.userinfo.as_ref().map(told),
            },
            known: Particulars {
                reading: self.reading.kept(header, claims, &keep),
                findings: self.decode_findings.iter().map(finding).collect(),
            },
        }
    }

    /// Turns it into evidence: the text is dropped and it can no longer be sent.
    pub fn without_text(mut self) -> Self {
        self.text = None;
        self.origin.evidence_only = true;
        self
    }

    /// How other tokens refer to it.
    pub fn words(&self, now_s: i64) -> String {
        let view = self.view(now_s);
        let who = shown(&view.who);
        if view.label == view.who { format!("the token of {who}") } else { format!("{} of {who}", shown(&view.label)) }
    }

    /// It as a relative of others, under a name.
    pub fn relative<'a>(&'a self, label: &'a str) -> Relative<'a> {
        Relative {
            label,
            kind: self.origin.kind,
            header: self.header.as_ref(),
            claims: self.claims.as_ref(),
            text: self.text.as_ref(),
            step: self.origin.step,
        }
    }

    /// Issuer it names.
    pub fn issuer(&self) -> Option<String> {
        self.claims.as_ref().and_then(|claims| claims::text(claims, "iss"))
    }

    /// Readable owner learned from elsewhere.
    pub fn user_hint(&self) -> Option<&str> {
        self.origin.user_hint.as_deref()
    }

    /// Records the readable owner, for a token that only names a subject.
    pub fn set_user_hint(&mut self, hint: Option<String>) {
        self.origin.user_hint = hint;
    }

    /// Records a signature result.
    pub fn set_verification(&mut self, verification: Verification) {
        self.verification = verification;
        self.doubt = None;
    }

    /// What kept the signature from being checked, when it was tried with keys.
    pub fn doubt(&self) -> Option<Doubt> {
        self.doubt
    }

    /// Records what is remarkable about the keys it was verified with, or about an answer about it; what was said before under
    /// ids that begin with `prefix` is replaced.
    pub fn set_remarks(&mut self, prefix: &str, remarks: Vec<Finding>) {
        self.decode_findings.retain(|finding| !finding.id.starts_with(prefix));
        self.decode_findings.extend(remarks);
    }

    /// Records what each of its signatures came to; the header shown is that of the one that decides.
    pub fn set_answer(&mut self, decoded: &Decoded, answer: SignatureResults) {
        if !answer.each.is_empty() {
            self.header = decoded.header_of(answer.deciding).cloned();
        }
        self.reading.signatures = answer.each;
        self.verification = answer.verification;
        self.doubt = answer.doubt;
    }

    /// Records the payload that was sent apart from its signature.
    pub fn set_content(&mut self, decoded: &Decoded) {
        self.claims.clone_from(&decoded.claims);
        self.decode_findings.clone_from(&decoded.findings);
        self.reading = inspect::reading(decoded);
    }

    /// Records what decrypting it gave.
    pub fn set_opened(&mut self, opened: &Opened) {
        self.set_content(&opened.decoded);
        self.decrypted = true;
        self.claims_source = Some(format!("decryption with {}, {}", opened.key.source, opened.how));
        let inside = if opened.nested.is_some() {
            "The token inside has a signature of its own and stands on the shelf under this one."
        } else {
            "The content carries no signature."
        };
        let reason = format!("Whoever has the key for encryption could have written these claims. {inside}");
        self.verification = Verification::Unverifiable { reason };
    }

    /// Adds a finding that came up later; one with the same id is replaced.
    pub fn add_finding(&mut self, finding: Finding) {
        self.decode_findings.retain(|other| other.id != finding.id);
        self.decode_findings.push(finding);
    }

    /// Where a token that was inside this one comes from.
    pub fn origin_of_nested(&self, id: String, kind: TokenKind) -> Origin {
        Origin {
            id,
            kind,
            parent: Some(self.origin.id.clone()),
            obtained: Obtained::Opened,
            words: "inside the encrypted token".into(),
            user_hint: None,
            active: None,
            ..self.origin.clone()
        }
    }

    /// The step that made it.
    pub fn step(&self) -> Option<i64> {
        self.origin.step
    }

    /// Client that asked for it.
    pub fn client_hint(&self) -> Option<&str> {
        self.origin.client_hint.as_deref()
    }

    /// Where it came from, as far as that is known.
    pub fn provenance(&self) -> Option<&Provenance> {
        self.origin.provenance.as_ref()
    }

    /// Records where it came from, where that was not known.
    pub fn set_provenance(&mut self, from: Provenance) {
        self.origin.provenance.get_or_insert(from);
    }

    /// Records the step that made it.
    pub fn set_step(&mut self, step: i64) {
        self.origin.step = Some(step);
    }

    /// Records what a server said of it (RFC 7662 2.2). An opaque token is read by this answer from now on.
    pub fn set_introspection(&mut self, answer: &Map<String, Value>, exact: Exact, source: &str, known: &redact::KnownSecrets) {
        self.origin.active = answer.get("active").and_then(Value::as_bool);
        if matches!(self.format, TokenFormat::Opaque | TokenFormat::Jwe) && self.origin.active == Some(true) {
            let claims = self.without_secrets(answer.clone(), known);
            self.claims = Some(claims);
            self.reading.exact = exact;
            self.claims_source = Some(source.to_owned());
        }
    }
}

/// What the check of a signature gave; its sentence may name an issuer or a kid.
fn kept_verification(verification: Verification, keep: &redact::KeepFilter) -> Verification {
    match verification {
        Verification::Unverifiable { reason } => Verification::Unverifiable { reason: keep.words(&reason) },
        Verification::BadSignature { key, reason } => Verification::BadSignature { key, reason: keep.words(&reason) },
        other => other,
    }
}

/// The shelf line, whose words come from claims.
fn kept_view(view: TokenView, keep: &redact::KeepFilter) -> TokenView {
    let words = |text: String| keep.words(&text);
    let list = |texts: Vec<String>| texts.into_iter().map(words).collect();
    TokenView {
        verification: kept_verification(view.verification, keep),
        label: words(view.label),
        note: words(view.note),
        group: words(view.group),
        shelf: view.shelf.with_name(words),
        who: words(view.who),
        origin: words(view.origin),
        issuer: view.issuer.map(words),
        client: view.client.map(words),
        subject: view.subject.map(words),
        audience: list(view.audience),
        scope: list(view.scope),
        granted: view.granted.map(list),
        jti: view.jti.map(words),
        session: view.session.map(words),
        alg: view.alg.map(words),
        kid: view.kid.map(words),
        ..view
    }
}
