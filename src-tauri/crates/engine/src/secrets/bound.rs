//! A secret and for whom it was entered; the one gate through which it leaves for a request.
//!
//! The text of a [`BoundSecret`] cannot be had but by [`BoundSecret::release`], which asks where it goes, or by
//! [`BoundSecret::for_its_owner`], which is for showing it to the user who pressed Reveal. What is stored is an envelope of one
//! version; a plain text of earlier versions is read as a secret that is bound to nothing, so that the user is asked.

use oauth::{
    binding,
    profile::{Client, Profile, ServerRole},
};
use serde::{Deserialize, Serialize};
use token::secret::Secret;
use url::Url;

/// Version of the envelope that is written.
const ENVELOPE: u32 = 1;

/// Whose secret it is. The server counts: a client of the gateway and one of the provider may have the same id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Owner {
    /// Id of the profile.
    pub profile: String,
    /// Where the client is registered.
    pub server: ServerRole,
    /// Its `client_id`.
    pub client: String,
}

impl Owner {
    /// A client of a profile.
    pub fn of(profile: &Profile, client: &Client) -> Self {
        Self::at(&profile.id, client.server, &client.client_id)
    }

    /// The same by its parts.
    pub fn at(profile: &str, server: ServerRole, client: &str) -> Self {
        Self { profile: profile.to_owned(), server, client: client.to_owned() }
    }

    /// Name in the store.
    pub(super) fn name(&self) -> String {
        let server = match self.server {
            ServerRole::Provider => "provider",
            ServerRole::Gateway => "gateway",
        };
        format!("{}\u{1f}{server}\u{1f}{}", self.profile, self.client)
    }

    /// Name that earlier versions gave, for whichever server.
    pub(super) fn old_name(&self) -> String {
        format!("{}\u{1f}{}", self.profile, self.client)
    }
}

/// What a secret is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// A word both sides know.
    Secret,
    /// A private key.
    Key,
}

impl Sort {
    /// What a client of this kind of authentication shows or signs with.
    pub fn of(client: &Client) -> Self {
        if client.auth == oauth::profile::ClientAuth::PrivateKeyJwt { Self::Key } else { Self::Secret }
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::Key => "private key",
        }
    }

    /// What a text is by its shape; none for a public key or certificate, which is neither.
    pub fn recognised(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(armour) = text.find("-----BEGIN ") {
            let label = text.get(armour..).and_then(|rest| rest.lines().next()).unwrap_or_default();
            if label.contains("PRIVATE KEY") {
                return Some(Self::Key);
            }
            if label.contains("PUBLIC KEY") || label.contains("CERTIFICATE") {
                return None;
            }
        }
        let jwk = text.starts_with('{').then(|| serde_json::from_str::<serde_json::Value>(text).ok()).flatten();
        match jwk {
            Some(jwk) if jwk.get("kty").is_some() => jwk.get("d").is_some().then_some(Self::Key),
            Some(set) if set.get("keys").is_some_and(serde_json::Value::is_array) => {
                let keys = set.get("keys").and_then(|keys| keys.as_array()).map(Vec::as_slice).unwrap_or_default();
                keys.iter().any(|key| key.get("d").is_some()).then_some(Self::Key)
            }
            _ => Some(Self::Secret),
        }
    }
}

/// That a secret may be sent to this origin while the profile names this server, beside the one it was entered for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// The server the profile named, normalised; empty = none.
    pub issuer: String,
    /// Where it was to go.
    pub origin: String,
}

/// A secret that knows for whom it was entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundSecret {
    text: Secret,
    sort: Sort,
    issuer: Option<String>,
    approved: Vec<Approval>,
}

#[derive(Serialize, Deserialize)]
struct Envelope {
    claimscope_secret: u32,
    sort: Sort,
    issuer: Option<String>,
    #[serde(default)]
    approved: Vec<Approval>,
    text: String,
}

/// The envelope a text is, with its version.
pub(super) fn envelope(stored: &Secret) -> Option<(Option<u64>, serde_json::Value)> {
    let text = stored.expose();
    let value: serde_json::Value = text.trim_start().starts_with('{').then(|| serde_json::from_str(text).ok()).flatten()?;
    let version = value.get("claimscope_secret")?.as_u64();
    Some((version, value))
}

impl BoundSecret {
    /// A secret entered for a server of a profile as the profile names it now.
    pub fn entered(text: Secret, sort: Sort, profile: &Profile, server: ServerRole) -> Self {
        let issuer = Some(binding::name(profile, server)).filter(|name| !name.is_empty());
        Self { text, sort, issuer, approved: Vec::new() }
    }

    /// A secret of servers of ours, which may go to every address the profile has of them.
    pub(super) fn ours(text: Secret, profile: &Profile, owner: &Owner) -> Self {
        let server = owner.server;
        let known = profile.clients.iter().find(|client| client.client_id == owner.client && client.server == server);
        let sort = known.map_or(Sort::Secret, Sort::of);
        let mut bound = Self::entered(text, sort, profile, server);
        let issuer = bound.issuer.clone().unwrap_or_default();
        bound.approved =
            binding::origins(profile).into_iter().map(|origin| Approval { issuer: issuer.clone(), origin }).collect();
        bound
    }

    /// Reads what the store holds; none when a newer version wrote it.
    pub(super) fn unsealed(stored: Secret) -> Option<Self> {
        let Some((version, value)) = envelope(&stored) else { return Self::plain(stored) };
        if version != Some(u64::from(ENVELOPE)) {
            return None;
        }
        let Envelope { sort, issuer, approved, text, .. } = serde_json::from_value(value).ok()?;
        Some(Self { text: Secret::new(text), sort, issuer, approved })
    }

    /// A text that earlier versions kept as it is; none for an envelope.
    pub(super) fn plain(stored: Secret) -> Option<Self> {
        if envelope(&stored).is_some() {
            return None;
        }
        let sort = Sort::recognised(stored.expose()).unwrap_or(Sort::Secret);
        Some(Self { text: stored, sort, issuer: None, approved: Vec::new() })
    }

    /// The text to store.
    pub(super) fn sealed(&self) -> Secret {
        let envelope = Envelope {
            claimscope_secret: ENVELOPE,
            sort: self.sort,
            issuer: self.issuer.clone(),
            approved: self.approved.clone(),
            text: self.text.expose().to_owned(),
        };
        Secret::new(serde_json::to_string(&envelope).unwrap_or_default())
    }

    /// Whether it is a secret or a key.
    pub fn sort(&self) -> Sort {
        self.sort
    }

    /// For whom it was entered, normalised; none for one that an earlier version kept.
    pub fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    /// Where else its owner lets it go.
    pub fn approved(&self) -> &[Approval] {
        &self.approved
    }

    /// Lets it go where a crossing was about to, from now on.
    pub fn approve(&mut self, crossing: &Crossing) {
        // One that was bound to nobody is bound by this only where the user was asked about the issuer's own origin.
        if self.issuer.is_none() && binding::origin(&crossing.issuer).as_ref() == Some(&crossing.origin) {
            self.issuer = Some(crossing.issuer.clone());
        }
        let approval = Approval { issuer: crossing.issuer.clone(), origin: crossing.origin.clone() };
        if !self.approved.contains(&approval) {
            self.approved.push(approval);
        }
    }

    /// The text for a request of this profile's client to this address. `once` is asked whether its user has just said that
    /// this one crossing may be made.
    ///
    /// # Errors
    /// The crossing that would be made; nothing may be sent then.
    pub fn release(&self, to: &Destination<'_>, once: impl Fn(&Crossing) -> bool) -> Result<Secret, Box<Crossing>> {
        let issuer = binding::name(to.profile, to.owner.server);
        let origin = binding::place(to.url.as_str());
        let approved = self.approved.iter().any(|one| one.issuer == issuer && one.origin == origin);
        // An address with a user name in it is nobody's home.
        let there = binding::origin(to.url.as_str());
        let at_home =
            there.is_some() && self.issuer.as_deref().is_some_and(|bound| bound == issuer && binding::origin(bound) == there);
        if approved || at_home {
            return Ok(self.text.clone());
        }
        let (owner, bound) = (to.owner.clone(), self.issuer.clone());
        let crossing = Crossing { owner, sort: self.sort, load: None, bound, issuer, origin };
        if once(&crossing) { Ok(self.text.clone()) } else { Err(Box::new(crossing)) }
    }

    /// The text, to be shown to the user who asked for it or to be hidden in what is shown. It must not be sent.
    pub fn for_its_owner(&self) -> &Secret {
        &self.text
    }
}

/// Where a secret is about to go.
pub struct Destination<'a> {
    /// Whose it is.
    pub owner: &'a Owner,
    /// The profile as it stands now.
    pub profile: &'a Profile,
    /// The address of the request.
    pub url: &'a Url,
}

/// A secret on its way to somebody it was not entered for, or what a step carries on its way to somebody who is not the server the
/// profile names.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Crossing {
    /// Whose secret it is, or which client sends; the client is empty where none is named.
    pub owner: Owner,
    /// What it is.
    pub sort: Sort,
    /// What is carried, e.g. `The refresh token`; none = the client's own secret.
    pub load: Option<String>,
    /// For whom it was entered, or who gave it; none for a secret that an earlier version kept.
    pub bound: Option<String>,
    /// The server the profile names now; empty = none.
    pub issuer: String,
    /// Where it was to go.
    pub origin: String,
}

impl Crossing {
    /// Stable id of the problem.
    pub fn id(&self) -> &'static str {
        match &self.bound {
            _ if self.load.is_some() => "secret-to-another-host",
            None => "secret-bound-to-nobody",
            Some(bound) if *bound != self.issuer => "secret-of-another-issuer",
            Some(_) => "secret-to-another-host",
        }
    }

    /// What was about to happen, naming both sides.
    pub fn message(&self) -> String {
        let Self { owner, sort, load, bound, issuer, origin } = self;
        let (client, sort) = (&owner.client, sort.words());
        match bound {
            _ if load.is_some() => {
                let what = load.as_deref().unwrap_or_default();
                let named = if issuer.is_empty() { "no server that can be read".to_owned() } else { issuer.clone() };
                format!("{what} was about to go to {origin}, but the profile names {named}.")
            }
            None => format!("For whom the {sort} of {client} was entered was not kept with it. It was about to go to {origin}."),
            Some(bound) if bound != issuer && !issuer.is_empty() => format!(
                "The {sort} of {client} was entered for {bound}. This profile now names {issuer}, and it was about to go to {origin}."
            ),
            Some(bound) => format!("The {sort} of {client} was entered for {bound}. It was about to go to {origin}."),
        }
    }

    /// The same before anything is sent: what will be asked.
    pub fn beforehand(&self) -> String {
        let asked = self.message().replace("was about to go to", "would go to");
        format!("You are asked before anything is sent. {asked}")
    }

    /// What to do.
    pub fn advice(&self) -> String {
        format!(
            "Nothing was sent. If {} is meant, run it again and say Send; if not, correct the addresses in Profiles.",
            self.origin
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_consent_opens_nothing_but_what_was_asked() {
        let mut profile = Profile { id: "p".into(), ..Profile::default() };
        profile.provider.issuer = "https://id.example.org/realms/shop".into();
        let owner = Owner::at("p", ServerRole::Provider, "portal");
        let url = |text: &str| Url::parse(text).expect("an address");
        let (home, other) = (url("https://id.example.org/token"), url("https://elsewhere.example/token"));
        let asked = |secret: &BoundSecret, url: &Url| {
            secret.release(&Destination { owner: &owner, profile: &profile, url }, |_| false).err()
        };
        let mut old = BoundSecret::plain(Secret::new("geheim-77")).expect("a secret of an earlier version");
        let question = asked(&old, &other).expect("a question");
        old.approve(&question);
        assert_eq!(asked(&old, &other), None);
        let next = asked(&old, &home).expect("a question about the issuer's own origin");
        assert_eq!(next.origin, "https://id.example.org");
        old.approve(&next);
        assert_eq!((asked(&old, &home), old.issuer()), (None, Some("https://id.example.org/realms/shop")));
    }
}
