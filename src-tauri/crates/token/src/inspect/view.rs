//! How a token is named on the shelf, what state it is in, and what the inspector shows of it.

use serde_json::{Map, Value};

use super::{
    inspection::Inspection,
    kind::{TokenFormat, TokenKind},
    obtained::Obtained,
    provenance::Provenance,
    reading::{TextDetails, pretty},
    rows::{ClaimGroup, ClaimRow},
    shelf_group::ShelfGroup,
    shelf_line::{TokenState, TokenView},
    verification::Verification,
};
use crate::{
    claims::{self, Layout},
    finding::Finding,
    shown::{json, made_sentence, made_visible, made_visible_lines},
};

/// Below this many seconds a token counts as expiring.
pub const EXPIRING_S: i64 = 60;

/// What is known of a token besides its text: where it came from and what its response said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Stable id inside this installation.
    pub id: String,
    /// What it is used for.
    pub kind: TokenKind,
    /// Token it was obtained with.
    pub parent: Option<String>,
    /// Step that produced it.
    pub step: Option<i64>,
    /// How it came to be here.
    pub obtained: Obtained,
    /// Where it came from in words, e.g. `token exchange by portal`.
    pub words: String,
    /// Readable owner by the other tokens of the same response, for tokens that only name a subject.
    pub user_hint: Option<String>,
    /// Heading it is to stand under; none = by its owner.
    pub shelf_hint: Option<ShelfGroup>,
    /// Audience it was asked for, for tokens that do not say it.
    pub audience_hint: Option<String>,
    /// Client that asked for it, for tokens that do not say it.
    pub client_hint: Option<String>,
    /// End of life by the response (`expires_in`), epoch seconds, for tokens that do not say it.
    pub expires_at_hint: Option<i64>,
    /// What the response granted (RFC 6749 5.1): its `scope`, or what was asked for where it has none; none = not known.
    pub granted: Option<Vec<String>>,
    /// The profile and issuer it came from; none = not known.
    pub provenance: Option<Provenance>,
    /// Issued by the built-in lab.
    pub simulated: bool,
    /// Only claims are left, no token text.
    pub evidence_only: bool,
    /// What introspection said, if it was asked.
    pub active: Option<bool>,
}

impl Origin {
    /// Of a live token of which nothing more is known than what it is used for and where it came from.
    pub fn new(id: impl Into<String>, kind: TokenKind, obtained: Obtained, words: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            kind,
            parent: None,
            step: None,
            obtained,
            words: words.into(),
            user_hint: None,
            shelf_hint: None,
            audience_hint: None,
            client_hint: None,
            expires_at_hint: None,
            granted: None,
            provenance: None,
            simulated: false,
            evidence_only: false,
            active: None,
        }
    }
}

/// Builds the shelf line of a token. `findings` is the number of findings of weight warning or error.
pub fn view(
    origin: &Origin,
    header: Option<&Map<String, Value>>,
    claims: Option<&Map<String, Value>>,
    format: TokenFormat,
    size: usize,
    verification: &Verification,
    findings: usize,
) -> TokenView {
    let empty = Map::new();
    let known = claims.unwrap_or(&empty);
    let text = |name: &str| claims::text(known, name);
    let client = claims::client(known).or_else(|| origin.client_hint.clone());
    let audience = claims::audience(known);
    let named = text("preferred_username").is_some();
    let user = origin.user_hint.clone().filter(|_| !named).or_else(|| claims::user(known));
    // Keycloak often adds audiences nobody asked for; the one that was asked for names the exchange.
    let asked = origin.audience_hint.as_ref().filter(|hint| audience.is_empty() || audience.contains(hint));
    let target = asked.or(audience.first());
    let name = Naming {
        origin,
        user: user.as_deref(),
        client: client.as_deref(),
        audience: target.map(String::as_str),
        aut: text("aut"),
        readable: claims.is_some(),
        format,
        issuer: text("iss"),
    };
    let (label, note) = name.label();
    let shelf = name.shelf();
    let text = |name: &str| text(name).map(made_visible);
    let all = |list: Vec<String>| list.into_iter().map(made_visible).collect();
    TokenView {
        id: origin.id.clone(),
        label: made_visible(label),
        note: made_visible(note),
        group: made_visible(shelf.words().to_owned()),
        shelf: shelf.with_name(made_visible),
        who: made_visible(user.clone().or_else(|| client.clone()).unwrap_or_else(|| "unknown".into())),
        kind: origin.kind,
        format,
        verification: verification.clone().visible(),
        parent: origin.parent.clone(),
        step: origin.step,
        obtained: origin.obtained,
        origin: made_visible(origin.words.clone()),
        issuer: text("iss"),
        provenance: origin.provenance.clone(),
        client: client.clone().map(made_visible),
        subject: text("sub"),
        audience: all(audience.clone()),
        scope: all(claims::scopes(known)),
        granted: origin.granted.clone().map(all),
        jti: text("jti"),
        session: text("sid").or_else(|| text("session_state")),
        issued_at: claims::epoch(known, "iat"),
        expires_at: claims::epoch(known, "exp").or(origin.expires_at_hint),
        size,
        alg: header.and_then(|header| claims::text(header, "alg")).map(made_visible),
        kid: header.and_then(|header| claims::text(header, "kid")).map(made_visible),
        evidence_only: origin.evidence_only,
        active: origin.active,
        decrypted: false,
        simulated: origin.simulated,
        findings,
    }
}

/// What the name of a token is made of.
struct Naming<'a> {
    origin: &'a Origin,
    user: Option<&'a str>,
    client: Option<&'a str>,
    audience: Option<&'a str>,
    aut: Option<String>,
    issuer: Option<String>,
    readable: bool,
    format: TokenFormat,
}

impl Naming<'_> {
    fn shelf(&self) -> ShelfGroup {
        let by_owner = || self.user.map_or(ShelfGroup::Applications, |name| ShelfGroup::Person { name: name.to_owned() });
        self.origin.shelf_hint.clone().unwrap_or_else(by_owner)
    }

    /// Main word and quiet word.
    fn label(&self) -> (String, String) {
        let client = self.client.unwrap_or_default();
        let opaque = self.format == TokenFormat::Opaque;
        if self.origin.obtained == Obtained::Predicted {
            return ("predicted".into(), "never issued".into());
        }
        if self.origin.obtained == Obtained::KeptByGateway {
            return ("kept".into(), client.into());
        }
        let pasted = self.origin.shelf_hint.is_some() && self.origin.step.is_none();
        if pasted {
            let who = self.user.or(self.client);
            return match who {
                Some(who) if self.user.is_some() => (who.into(), client.into()),
                Some(who) => (who.into(), if opaque { "reference" } else { self.kind() }.into()),
                None => (self.kind().into(), if opaque { "reference" } else { "" }.into()),
            };
        }
        match self.origin.kind {
            TokenKind::Access => self.access(client, opaque),
            _ => (self.kind().into(), client.into()),
        }
    }

    fn access(&self, client: &str, opaque: bool) -> (String, String) {
        if self.aut.as_deref() == Some("APPLICATION_USER") {
            return ("WSO2 user".into(), client.into());
        }
        if self.shelf() == ShelfGroup::Applications {
            let label = if client.is_empty() { "application" } else { client };
            let note = match self.aut.as_deref() {
                _ if opaque => "reference",
                Some("APPLICATION") => "WSO2",
                _ if self.issuer.as_deref().is_some_and(|issuer| issuer.ends_with("/oauth2/token")) => "WSO2",
                _ => "service",
            };
            return (label.into(), note.into());
        }
        // A refresh renews a token and asks for nobody else's.
        let exchanged = self.origin.parent.is_some() && self.origin.obtained != Obtained::Refreshed;
        match (exchanged, self.audience) {
            (true, Some(audience)) => (format!("{} → {audience}", self.client.unwrap_or("exchange")), String::new()),
            (true, None) => (format!("{} exchange", self.client.unwrap_or("by")), String::new()),
            _ if !self.readable && opaque => ("access".into(), "reference".into()),
            _ => ("access".into(), client.into()),
        }
    }

    fn kind(&self) -> &'static str {
        match self.origin.kind {
            TokenKind::Access => "access",
            TokenKind::Id => "id token",
            TokenKind::Refresh => "refresh",
            TokenKind::Other => "token",
        }
    }
}

/// State of a token at a moment (epoch seconds). The window may recompute the passing of time, nothing else.
pub fn state(view: &TokenView, now_s: i64) -> TokenState {
    let left = view.expires_at.map(|end| end.saturating_sub(now_s));
    let over = left.is_some_and(|left| left <= 0) || view.active == Some(false);
    let alive = || {
        if left.is_some_and(|left| left < EXPIRING_S) { TokenState::Expiring } else { TokenState::Valid }
    };
    let unreadable = view.format == TokenFormat::Opaque || view.format == TokenFormat::Jwe;
    match &view.verification {
        Verification::BadSignature { .. } | Verification::Unsecured => TokenState::Bad,
        _ if over => TokenState::Expired,
        Verification::Verified { .. } => alive(),
        Verification::Unverifiable { .. } if unreadable && view.active == Some(true) => alive(),
        Verification::Unverifiable { .. } if unreadable => TokenState::Opaque,
        Verification::Unverifiable { .. } => TokenState::Unverified,
    }
}

/// Everything the inspector shows. Findings are put worst first; repeated ones are shown once.
pub fn inspection(
    view: TokenView,
    header: Option<&Map<String, Value>>,
    claims: Option<&Map<String, Value>>,
    findings: Vec<Finding>,
    claims_source: Option<String>,
    reading: &TextDetails,
) -> Inspection {
    let entries = claims.map(|claims| claims::exact_entries(claims, Layout::Inspect, &reading.exact)).unwrap_or_default();
    let mut groups: Vec<ClaimGroup> = Vec::new();
    for entry in entries {
        let row = ClaimRow {
            meaning: consumer_key(&entry.path, claims)
                .map(str::to_owned)
                .or_else(|| claims::explained(&entry.path, &[Some(&entry.value)])),
            path: entry.path,
            label: entry.label,
            value: entry.value,
        };
        match groups.last_mut().filter(|group| group.id == entry.group) {
            Some(group) => group.rows.push(row),
            None => groups.push(ClaimGroup {
                id: entry.group.into(),
                title: claims::title(entry.group, Layout::Inspect).into(),
                rows: vec![row],
            }),
        }
    }
    groups.extend(reading.groups.iter().cloned());
    let mut shown: Vec<Finding> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for finding in findings {
        let finding = finding.visible();
        if seen.insert((finding.id.clone(), finding.path.clone(), finding.detail.clone())) {
            shown.push(finding);
        }
    }
    shown.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    Inspection {
        token: view,
        groups,
        header: header.map(header_rows).unwrap_or_default(),
        left_out: 0,
        findings: shown,
        signatures: reading.signatures.clone(),
        json: reading.json.clone().unwrap_or_else(|| json(&pretty(claims)).into_owned()),
        json_lines: 0,
        content: reading.content.clone().map(made_visible_lines),
        content_lines: 0,
        header_json: reading.header_json.clone().unwrap_or_else(|| json(&pretty(header)).into_owned()),
        header_lines: 0,
        claims_source: claims_source.map(made_sentence),
    }
}

/// What `aud` is in a token of WSO2 API Manager (known by `aut`): no API, but the application the token was issued to.
fn consumer_key(path: &str, claims: Option<&Map<String, Value>>) -> Option<&'static str> {
    let claims = claims.filter(|claims| path == "aud" && claims.contains_key("aut"))?;
    let client = claims::client(claims)?;
    (claims::audience(claims) == [client]).then_some(
        "WSO2 names the application here, by its consumer key, and no API. Its gateway goes by subscription and scope; an API behind it \
         that checks aud itself has to expect this key.",
    )
}

/// Header parameters in the order the sender wrote them.
fn header_rows(header: &Map<String, Value>) -> Vec<ClaimRow> {
    let entries = claims::header_entries(header);
    let order = |path: &str| header.keys().position(|name| path.strip_prefix("header.") == Some(name));
    let mut rows: Vec<ClaimRow> = entries
        .into_iter()
        .map(|entry| ClaimRow {
            meaning: claims::explained(&entry.path, &[Some(&entry.value)]),
            path: entry.path,
            label: entry.label,
            value: entry.value,
        })
        .collect();
    rows.sort_by_key(|row| order(&row.path));
    rows
}
