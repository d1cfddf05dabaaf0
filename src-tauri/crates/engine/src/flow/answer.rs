//! From a token response to tokens on the shelf.

use oauth::{
    belongs,
    message::{ResponseReading, TokenResponse},
    profile::{Profile, ServerRole},
};
use record::{audit::Actor, redact};
use token::{
    claims,
    finding::Finding,
    inspect::{Obtained, Origin, TokenKind},
    secret::Secret,
    shown::shown,
    truth,
};

use super::ending::{Ending, Words};
use crate::{
    fault::Problem,
    gate,
    ground::Ground,
    http::{HttpAnswer, NetFault, Recorded},
    shelf::Held,
    tape::{Taken, Tape},
    tokens, verification,
};

/// What a token response is read for.
pub(super) struct Receiving<'a> {
    pub(super) to: Actor,
    pub(super) profile: &'a Profile,
    /// Token the new ones come from.
    pub(super) parent: Option<String>,
    /// How its tokens are obtained.
    pub(super) obtained: Obtained,
    /// e.g. `token exchange by portal`.
    pub(super) words: String,
    pub(super) client: Option<String>,
    pub(super) audience: Option<String>,
    /// `scope` as it was sent; empty when none was.
    pub(super) asked_scope: Vec<String>,
    /// `requested_token_type` of a token exchange, where one was sent.
    pub(super) asked_type: Option<String>,
}

/// Copies what is needed of an answer and puts the exchange on the tape, as the one the step is about.
pub(super) fn record(tape: &Tape, to: Actor, label: &str, recorded: Recorded) -> Result<HttpAnswer, NetFault> {
    let result = recorded.result.clone();
    tape.add_main(Taken::Ours {
        to,
        label: label.to_owned(),
        purpose: record::audit::ExchangePurpose::Other,
        recorded: Box::new(recorded),
    });
    result
}

/// The server's words of an answer.
pub(super) fn words(answer: &HttpAnswer, to: Actor) -> Words {
    Words {
        status: answer.status,
        body: answer.body.clone(),
        headers: answer.headers.clone(),
        error: None,
        description: None,
        from_gateway: matches!(to, Actor::Gateway | Actor::Portal),
    }
}

/// Reads a token response (RFC 6749 5.1, 5.2); what is no success is already an ending.
pub(super) fn read_tokens(answer: &HttpAnswer, to: Actor) -> Result<(TokenResponse, Words), Box<Ending>> {
    let mut words = words(answer, to);
    if let Err(fault) = answer.readable() {
        return Err(Box::new(Ending::Failed { problem: fault.into(), words: Some(words), tokens: Vec::new() }));
    }
    match oauth::message::read_token_response(answer.status, answer.content_type(), &answer.body) {
        ResponseReading::Ok(response) => Ok((response, words)),
        ResponseReading::Refused(error) => {
            words.error = Some(error.error.clone()).filter(|error| !error.is_empty());
            words.description = error.description.clone();
            Err(Box::new(Ending::Refused { words }))
        }
        ResponseReading::Malformed { id, message, advice } => {
            Err(Box::new(Ending::Failed { problem: Problem::new(id, message, advice), words: Some(words), tokens: Vec::new() }))
        }
    }
}

/// Makes shelf tokens of a response and verifies them. Their texts are put on the tape to be redacted.
pub(super) async fn receive(ground: &Ground, response: TokenResponse, receiving: &Receiving<'_>, tape: &Tape) -> Vec<Held> {
    let now_s = ground.world.now_s();
    let mut remarks = response.remarks;
    let issued = response.issued_token_type.as_deref().unwrap_or_default();
    remarks.extend(receiving.asked_type.as_deref().and_then(|asked| another_type(asked, issued)));
    // RFC 6749 5.1: the answer decides; without its `scope` what was asked for was granted. A refresh grants what the first
    // answer did (RFC 6749 6).
    let granted = match (&response.scope, receiving.asked_scope.as_slice()) {
        (Some(scope), _) => Some(scope.split_whitespace().map(str::to_owned).collect()),
        (None, []) => receiving
            .parent
            .as_deref()
            .filter(|_| receiving.obtained == Obtained::Refreshed)
            .and_then(|id| tokens::held(ground, id).ok())
            .and_then(|parent| parent.view(now_s).granted),
        (None, asked) => Some(asked.to_vec()),
    };
    // Who an ID token of the same answer names is who a token that cannot be read was issued for.
    let owner = response
        .id_token
        .as_ref()
        .and_then(|text| who(&[Held::live(text.clone(), Origin::new("", TokenKind::Id, Obtained::Unknown, ""))]));
    let access_kind = match issued.rsplit(':').next().unwrap_or_default() {
        "id_token" => TokenKind::Id,
        "refresh_token" if response.refresh_token.is_none() => TokenKind::Refresh,
        _ => TokenKind::Access,
    };
    let list: [(Option<Secret>, TokenKind, Option<i64>); 3] = [
        // Keycloak says 0 of a token it only hands on; that is no lifetime.
        (response.access_token, access_kind, response.expires_in.filter(|seconds| *seconds > 0)),
        (response.id_token, TokenKind::Id, None),
        (response.refresh_token, TokenKind::Refresh, response.refresh_expires_in.filter(|seconds| *seconds > 0)),
    ];
    let server = if matches!(receiving.to, Actor::Gateway | Actor::Portal) { ServerRole::Gateway } else { ServerRole::Provider };
    let mut tokens: Vec<Held> = Vec::new();
    for (text, kind, expires_in) in list {
        let Some(text) = text else { continue };
        let origin = Origin {
            id: tokens::new_token_id(ground),
            kind,
            parent: receiving.parent.clone(),
            step: None,
            obtained: receiving.obtained,
            words: receiving.words.clone(),
            user_hint: None,
            shelf_hint: None,
            audience_hint: receiving.audience.clone(),
            client_hint: receiving.client.clone(),
            expires_at_hint: expires_in.map(|seconds| now_s.saturating_add(seconds)),
            granted: granted.clone().filter(|_| kind != TokenKind::Id),
            provenance: Some(belongs::provenance_at(receiving.profile, server)),
            simulated: receiving.profile.simulated,
            evidence_only: false,
            active: None,
        };
        let mut held = Held::live(text.clone(), origin);
        let unread = held.claims().is_none();
        let hint = who(&tokens).or_else(|| same_subject(ground, &held, receiving.parent.as_deref()));
        held.set_user_hint(hint.or_else(|| owner.clone().filter(|_| unread)).or_else(|| {
            let renewed = unread && receiving.obtained == Obtained::Refreshed;
            receiving
                .parent
                .as_deref()
                .filter(|_| renewed)
                .and_then(|id| tokens::held(ground, id).ok())
                .and_then(|parent| who(&[parent]))
        }));
        if let Some(recorded) = verification::verify(ground, &mut held, receiving.profile).await {
            tape.add(Taken::Ours {
                to: receiving.to,
                label: "GET keys (JWKS)".into(),
                purpose: record::audit::ExchangePurpose::Keys,
                recorded: Box::new(recorded),
            });
        }
        if held.claims().is_none() && kind == TokenKind::Access {
            introspect_opaque(ground, &mut held, receiving, tape).await;
        }
        tape.name(&text, redact::evidence(&held.view(now_s)));
        tokens.push(held);
    }
    // What is odd about the answer stands with the token it is the answer of.
    if let Some(first) = tokens.first_mut() {
        remarks.into_iter().for_each(|remark| first.add_finding(remark));
    }
    tokens
}

/// The readable owner of the parent token, when the new one has the same `sub` but says no name.
fn same_subject(ground: &Ground, held: &Held, parent: Option<&str>) -> Option<String> {
    let parent = tokens::held(ground, parent?).ok()?;
    let subject = |held: &Held| held.claims().and_then(|claims| claims::text(claims, "sub"));
    (subject(&parent)? == subject(held)?).then(|| who(std::slice::from_ref(&parent))).flatten()
}

/// Asks the issuing server what an opaque token means (RFC 7662), as the client it was issued to. Without an endpoint
/// or a secret the token simply stays unread.
async fn introspect_opaque(ground: &Ground, held: &mut Held, receiving: &Receiving<'_>, tape: &Tape) {
    use record::operation::{Draft, Operation};
    use token::text::Pair;
    let Some(client) = &receiving.client else { return };
    // The token is not on the shelf yet, so it is put there for the moment the request is built.
    ground.shelf.put(held.clone());
    let draft = Draft {
        operation: Operation::Introspect,
        profile: receiving.profile.id.clone(),
        values: vec![
            Pair { name: "client".into(), value: client.clone() },
            Pair { name: "token".into(), value: format!("token:{}", held.id()) },
        ],
        extra: Vec::new(),
    };
    let built = match gate::materials_to_follow(ground, &draft, receiving.profile).await {
        Ok(materials) => materials.build(&draft).ok(),
        Err(_) => None,
    };
    ground.shelf.remove(held.id());
    let Some(built) = built else { return };
    let source = redact::url_text(&built.request.uri().to_string(), &tape.known());
    let recorded = ground.http.send(built.request, &receiving.profile.tls, ground.bounds.usual).await;
    let answer = recorded.result.clone();
    tape.add(Taken::Ours {
        to: built.to,
        label: built.label,
        purpose: record::audit::ExchangePurpose::Other,
        recorded: Box::new(recorded),
    });
    if let Ok(answer) = answer
        && answer.status == 200
        && answer.readable().is_ok()
        && answer.body.len() <= token::decode::MAX_SIZE
    {
        // What is no introspection answer leaves the token unread; the exchange is on the tape.
        let _ = heard(ground, held, &answer, receiving.profile, receiving.to, &source, tape);
    }
}

/// Takes what introspection said into a token, with what contradicts what is known of it (RFC 7662 2.2).
pub(super) fn heard(
    ground: &Ground,
    held: &mut Held,
    answer: &HttpAnswer,
    profile: &Profile,
    to: Actor,
    source: &str,
    tape: &Tape,
) -> Result<(), Problem> {
    let advice = "Check introspection_endpoint in the profile.";
    let Ok(serde_json::Value::Object(map)) = serde_json::from_slice::<serde_json::Value>(&answer.body) else {
        let message = "The introspection endpoint did not answer with a JSON object.";
        return Err(Problem::new("introspection-not-json", message, advice));
    };
    if let Some(name) = oauth::message::repeated_members(&answer.body).first() {
        let message = format!(
            "The introspection answer has the member {} more than once, so two readers could see two answers; nothing of it was used.",
            shown(name)
        );
        return Err(Problem::new(
            "introspection-repeated-member",
            message,
            "This is a fault of the server or of something that changes its answers.",
        ));
    }
    if !map.contains_key("active") {
        let message = "The answer has no member `active`, so it is no introspection response (RFC 7662 2.2).";
        return Err(Problem::new("introspection-without-active", message, advice));
    }
    let subject = signed_in(ground, held);
    let issuer = match to {
        Actor::Provider => Some(profile.provider.issuer.as_str()),
        _ => None,
    };
    let client = held.client_hint().map(str::to_owned);
    let expected = truth::Expected {
        claims: held.own_claims(),
        subject: subject.as_deref(),
        client: client.as_deref(),
        issuer: issuer.filter(|issuer| !issuer.is_empty()),
        now_s: ground.world.now_s(),
    };
    let contradictions = truth::contradictions(&map, &expected);
    held.set_remarks("introspection-", contradictions);
    held.set_introspection(&map, exact(&answer.body), &format!("introspection at {source}"), &tape.known());
    Ok(())
}

/// The subject of the ID token that came with a token, if one did.
pub(super) fn signed_in(ground: &Ground, held: &Held) -> Option<String> {
    let step = held.step()?;
    let sibling = ground.shelf.all().into_iter().find(|other| other.kind() == TokenKind::Id && other.step() == Some(step))?;
    sibling.claims().and_then(|claims| claims::text(claims, "sub"))
}

/// What is said of an exchange that gave another type than was asked for (RFC 8693 2.2.1).
fn another_type(asked: &str, issued: &str) -> Option<Finding> {
    if asked.is_empty() || asked == issued {
        return None;
    }
    let detail = if issued.is_empty() {
        format!("{} was asked for, and the answer does not say what it issued (issued_token_type is REQUIRED).", shown(asked))
    } else {
        format!("{} was asked for, and the answer says that it issued {}.", shown(asked), shown(issued))
    };
    Some(Finding::warning("issued-token-type", "Another type of token", &detail, Some("RFC 8693 2.2.1")))
}

/// Texts of the numbers in a JSON body that a value can not hold.
pub(super) fn exact(body: &[u8]) -> token::decode::json::Exact {
    std::str::from_utf8(body).map(token::decode::json::numbers).unwrap_or_default()
}

/// Readable owner of a set of tokens.
pub(super) fn who(tokens: &[Held]) -> Option<String> {
    let said = |name: &str| tokens.iter().find_map(|held| held.claims().and_then(|claims| claims::text(claims, name)));
    said("preferred_username")
        .or_else(|| said("username"))
        .or_else(|| tokens.iter().find_map(|held| held.user_hint().map(str::to_owned)))
        .or_else(|| tokens.iter().find_map(|held| held.claims().and_then(claims::user)))
}
