//! Log in: authorization code with PKCE in the user's own browser (RFC 6749 4.1, RFC 7636, RFC 8252).
//!
//! state, nonce and verifier are new for every login; the callback is checked against them before the code is redeemed, and
//! the ID token before any token is believed.

use oauth::{
    message::{self, IdTokenExpectation, LoginValues, Materials as _},
    profile::{ClientAuth, Profile, ServerRole},
};
use oauth2::{PkceCodeChallenge, PkceCodeVerifier};
use record::{audit::Actor, operation::Draft};
use token::{
    finding::Finding,
    inspect::{Obtained, TokenKind, Verification},
    secret::Secret,
    shown::shown,
    verify::{Doubt, KeySet, verify_each},
    words,
};
use url::Url;

use super::{
    answer::{self, Receiving, record},
    ending::{About, Ending, RunFault},
    teller::Teller,
    visit::{self, Visit},
};
use crate::{
    client_assertion,
    fault::Problem,
    gate::AtHand,
    ground::Ground,
    loopback::Loopback,
    running::Running,
    shelf::Held,
    tape::{Taken, Tape},
};

/// What the window shows while it runs.
pub(super) const STAGES: [&str; 6] = [
    "Read the server metadata",
    "Listen on 127.0.0.1",
    "Open the system browser",
    "Receive the code",
    "Redeem the code at the token endpoint",
    "Verify the tokens with the issuer's keys",
];

/// Clock difference tolerated in ID tokens, seconds.
pub(super) const CLOCK_TOLERANCE_S: i64 = 60;

/// A login that is ready to begin.
pub(super) struct Login {
    loopback: Loopback,
    address: Url,
    redirect_uri: String,
    client: String,
    /// What the client shows or signs with, let through the gate for the token endpoint of the profile.
    client_secret: Option<Secret>,
    state: Secret,
    nonce: Secret,
    verifier: Secret,
    /// Scopes asked for.
    scopes: Vec<String>,
    /// `acr_values` asked for, in order of preference.
    acr: Vec<String>,
    /// `max_age` asked for, seconds.
    max_age_s: Option<i64>,
}

impl Login {
    pub(super) fn about(&self) -> About {
        About { client: Some(self.client.clone()), audience: None, tokens_in: Vec::new() }
    }
}

/// Opens the listener and builds the authorization request. Faults of the form come first; a listener that cannot be
/// opened ends the step, since the user did press the button.
pub(super) async fn prepare_login(
    ground: &Ground,
    draft: &Draft,
    profile: &Profile,
    materials: &AtHand<'_>,
) -> Result<Result<Login, (About, Problem)>, RunFault> {
    let client = draft.values.iter().find(|pair| pair.name == "client").map(|pair| pair.value.clone()).unwrap_or_default();
    let state = Secret::new(ground.world.token(24));
    let loopback = match Loopback::listen(&profile.redirect, &state).await {
        Ok(loopback) => loopback,
        Err(fault) => {
            let nowhere = LoginValues { redirect_uri: "http://127.0.0.1", state: "", nonce: "", code_challenge: "" };
            message::authorization(draft, profile, &nowhere).map_err(RunFault::Fields)?;
            let about = About { client: Some(client), ..About::default() };
            return Ok(Err((about, Problem::new(fault.id, fault.message, fault.advice))));
        }
    };
    let verifier = PkceCodeVerifier::new(ground.world.token(48));
    let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
    let nonce = ground.world.token(24);
    let redirect_uri = loopback.redirect_uri().to_owned();
    let values =
        LoginValues { redirect_uri: &redirect_uri, state: state.expose(), nonce: &nonce, code_challenge: challenge.as_str() };
    let address = message::authorization(draft, profile, &values).map_err(RunFault::Fields)?;
    // Both are asked about at once, before the browser opens.
    let redeemed = secret_to_redeem(profile, &client, materials);
    let browsed = materials.browser(draft);
    let client_secret = match redeemed.and_then(|secret| browsed.map(|()| secret)) {
        Ok(secret) => secret,
        Err(problem) => return Ok(Err((About { client: Some(client), ..About::default() }, problem))),
    };
    Ok(Ok(Login {
        loopback,
        address,
        redirect_uri,
        client,
        client_secret,
        state,
        nonce: Secret::new(nonce),
        verifier: Secret::new(verifier.secret().as_str()),
        scopes: asked(draft, "scope"),
        acr: asked(draft, "acr_values"),
        max_age_s: asked(draft, "max_age").first().and_then(|text| text.parse().ok()),
    }))
}

/// Asked before the browser opens: a secret that may not go to the token endpoint ends the log in, not the code.
fn secret_to_redeem(profile: &Profile, client: &str, materials: &AtHand<'_>) -> Result<Option<Secret>, Problem> {
    let Some(client) = message::client_of(profile, client, ServerRole::Provider) else { return Ok(None) };
    let Ok(to) = Url::parse(profile.provider.endpoints.token.trim()) else { return Ok(None) };
    if client.auth == ClientAuth::None {
        return Ok(None);
    }
    let given = if client.auth.by_assertion() {
        // The assertion itself is made when it is shown, since a login may take minutes; whether it may be is asked now.
        let audience = message::assertion_audience(profile, ServerRole::Provider);
        materials.assertion(client, &audience, &to).and_then(|_| materials.key(client, &to))
    } else {
        materials.secret(client, &to)
    };
    given.map_err(|message| match materials.stopped() {
        Some(crossing) => Problem::from(&crossing),
        None => Problem::new("client-key", message, "Correct the profile and log in again."),
    })
}

pub(super) async fn log_in(
    ground: &Ground,
    mut login: Login,
    profile: &Profile,
    tape: &Tape,
    teller: &Teller<'_>,
    running: &Running,
) -> Ending {
    for secret in [&login.state, &login.nonce, &login.verifier] {
        tape.hide(secret);
    }
    teller.begin(0);
    teller.end(0, Some(if profile.provider.read_ms > 0 { "from the profile".into() } else { "as typed".into() }));
    let visit = Visit {
        address: &login.address,
        first: 1,
        page: "login page",
        seen: "GET /auth, sign in",
        headline: "Log in",
        there: "Log in there; the window comes back by itself.",
        late: (
            "login-timed-out",
            "Log in again; check in the browser that the login page opened and that its redirect URI is registered.",
        ),
    };
    let (query, came_ms) = match visit::visit(ground, &visit, &mut login.loopback, tape, teller, running).await {
        Ok(came) => came,
        Err(problem) => return problem.into(),
    };
    let ending = redeem(ground, &login, &query, profile, tape, teller, came_ms).await;
    // The listener lives until here, so that a second callback gets an answer that says so.
    drop(login);
    ending
}

async fn redeem(
    ground: &Ground,
    login: &Login,
    query: &str,
    profile: &Profile,
    tape: &Tape,
    teller: &Teller<'_>,
    came_ms: i64,
) -> Ending {
    // Whatever stands in the query is hidden before anything of it is shown.
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        if matches!(name.as_ref(), "code" | "state" | "access_token" | "id_token") && !value.is_empty() {
            tape.hide(&Secret::new(value.as_ref()));
        }
    }
    let mut callback_address = login.address.clone();
    if let Ok(mut address) = Url::parse(&login.redirect_uri) {
        address.set_query(Some(query));
        callback_address = address;
    }
    tape.add(Taken::Told(Box::new(visit::through_browser(
        Actor::Browser,
        Actor::Claimscope,
        "GET /callback, code",
        &callback_address,
        came_ms,
        Some(came_ms),
        tape,
    ))));
    let issuer =
        (!profile.provider.issuer.is_empty()).then_some((profile.provider.issuer.as_str(), profile.provider.iss_in_response));
    let callback = match message::read_callback(query, login.state.expose(), issuer) {
        Ok(callback) => callback,
        Err(fault) => {
            teller.fail(3);
            let problem = Problem::new(fault.id, fault.message, fault.advice);
            // An error in the callback is the provider's answer; everything else is a callback that cannot be trusted.
            return if fault.error.is_some() { Ending::Denied { problem } } else { problem.into() };
        }
    };
    teller.end(3, None);

    teller.begin(4);
    let shown = match credential(ground, login, profile) {
        Ok(shown) => shown,
        Err(message) => {
            teller.fail(4);
            return Problem::new("client-key", message, "Correct the profile and log in again.").into();
        }
    };
    let built =
        match message::code_request(profile, &login.client, shown.as_ref(), &callback.code, &login.redirect_uri, &login.verifier)
        {
            Ok(built) => built,
            Err(faults) => {
                let message = faults.into_iter().map(|fault| fault.message).collect::<Vec<_>>().join(" ");
                return Problem::new("code-request", message, "Correct the profile and log in again.").into();
            }
        };
    tape.sends(built.to, &built.label, &built.request, ground.world.now_ms());
    let recorded = ground.http.send(built.request, &profile.tls, ground.bounds.usual).await;
    let answer = match record(tape, built.to, &built.label, recorded) {
        Ok(answer) => answer,
        Err(fault) => {
            teller.fail(4);
            return Problem::from(fault).into();
        }
    };
    let (response, words) = match answer::read_tokens(&answer, built.to) {
        Ok(read) => read,
        Err(ending) => {
            teller.fail(4);
            return *ending;
        }
    };
    teller.end(4, None);

    teller.begin(5);
    let access_token = response.access_token.clone();
    let receiving = Receiving {
        to: built.to,
        profile,
        parent: None,
        obtained: Obtained::LogIn,
        words: format!("log in by {}", login.client),
        client: Some(login.client.clone()),
        audience: None,
        asked_scope: login.scopes.clone(),
        asked_type: None,
    };
    let mut tokens = answer::receive(ground, response, &receiving, tape).await;
    verify_by_secret(ground, &mut tokens, login);
    remark(&mut tokens, login);
    match id_token_doubt(ground, &tokens, login, profile, access_token.as_ref(), Some(&callback.code)) {
        None => {}
        Some(Doubted::Refused(problem)) => {
            teller.fail(5);
            // What came is kept as evidence to look at; none of it can be used.
            let tokens = tokens.into_iter().filter(|held| held.kind() == TokenKind::Id).map(Held::without_text).collect();
            return Ending::Failed { problem, words: Some(words), tokens };
        }
        Some(Doubted::Open(problem)) => {
            teller.fail(5);
            return Ending::Failed { problem, words: Some(words), tokens };
        }
    }
    teller.end(5, None);
    Ending::Done { tokens, words: Some(words) }
}

/// What the client shows at the token endpoint: its secret, or an assertion made now, since a login may take minutes.
fn credential(ground: &Ground, login: &Login, profile: &Profile) -> Result<Option<Secret>, String> {
    let client = message::client_of(profile, &login.client, ServerRole::Provider);
    match (client, &login.client_secret) {
        (Some(client), Some(material)) if client.auth.by_assertion() => {
            let audience = message::assertion_audience(profile, ServerRole::Provider);
            client_assertion::fresh(&ground.world, client, material, &audience).map(Some)
        }
        (_, secret) => Ok(secret.clone()),
    }
}

/// An ID token with a MAC is signed with the client's secret (OpenID Connect Core 3.1.3.7 step 8).
fn verify_by_secret(ground: &Ground, tokens: &mut [Held], login: &Login) {
    let Some(secret) = &login.client_secret else { return };
    for held in tokens.iter_mut().filter(|held| held.kind() == TokenKind::Id) {
        let Some(decoded) = held.decoded().filter(|decoded| decoded.asks_for_secret()) else { continue };
        let Ok(mut keys) = KeySet::for_token(&decoded, secret.expose(), "the client's secret") else { continue };
        for published in ground.keys.published() {
            keys.unlike(&published);
        }
        held.set_answer(&decoded, verify_each(&decoded, Some(&keys)));
        held.set_remarks("key-", keys.remarks().to_vec());
    }
}

/// OpenID Connect Core 3.1.3.7: an ID token that does not hold ends the login, and one that nobody could check is no success.
fn id_token_doubt(
    ground: &Ground,
    tokens: &[Held],
    login: &Login,
    profile: &Profile,
    access_token: Option<&Secret>,
    code: Option<&Secret>,
) -> Option<Doubted> {
    let held = tokens.iter().find(|held| held.kind() == TokenKind::Id)?;
    let advice = "The tokens of this login were refused; the ID token is on the shelf as evidence. Compare it with the profile's issuer and client.";
    let refused = |id: &str, message: String| Some(Doubted::Refused(Problem::new(id, message, advice)));
    let mut open = None;
    match held.verification() {
        Verification::BadSignature { reason, .. } => {
            return refused("id-token-signature", format!("The ID token's signature does not fit. {reason}"));
        }
        Verification::Unsecured => {
            let message = "The ID token is not signed (alg none), although it came through the browser flow.";
            return refused("id-token-alg-none", message.into());
        }
        Verification::Unverifiable { reason } => match held.doubt() {
            Some(Doubt::UnknownKey) => {
                return refused(
                    "id-token-unknown-key",
                    format!(
                        "The keys of the issuer were read just now, and the one the ID token names is not among them. {reason}"
                    ),
                );
            }
            Some(Doubt::Critical) => {
                return refused(
                    "id-token-critical",
                    format!("The ID token asks for something that is not understood here. {reason}"),
                );
            }
            Some(Doubt::UnfitKey) => {
                return refused("id-token-unfit-key", format!("The key of the ID token must not be used. {reason}"));
            }
            Some(Doubt::Spelling) if held.claims().is_some() => {
                return refused("id-token-malformed", format!("The ID token is not what a verifier may accept. {reason}"));
            }
            Some(Doubt::NoKey | Doubt::Algorithm | Doubt::Unreadable | Doubt::Spelling) | None => open = Some(reason.clone()),
        },
        Verification::Verified { .. } => {}
    }
    let empty = serde_json::Map::new();
    let Some(token_claims) = held.claims() else {
        return refused("id-token-unreadable", "The ID token cannot be read.".into());
    };
    let repeated = repeated(held, ground.world.now_s());
    let expected = IdTokenExpectation {
        issuer: &profile.provider.issuer,
        client_id: &login.client,
        // OpenID Connect Core 3.1.3.7 11: checked if it was sent, and what was not sent can not come back.
        nonce: login.address.query_pairs().any(|(name, _)| name == "nonce").then(|| login.nonce.expose()),
        now_s: ground.world.now_s(),
        clock_tolerance_s: CLOCK_TOLERANCE_S,
        access_token,
        code,
        state: Some(&login.state),
        max_age_s: login.max_age_s,
        repeated: &repeated,
    };
    let faults = message::id_token_faults(token_claims, held.header().unwrap_or(&empty), &expected);
    if let Some((id, _)) = faults.first() {
        let message = faults.iter().map(|(_, message)| message.as_str()).collect::<Vec<_>>().join(" ");
        return refused(id, message);
    }
    open.map(|reason| {
        Doubted::Open(Problem::new(
            "id-token-not-verified",
            format!("The tokens came, and nobody could check the signature of the ID token. {reason}"),
            "The tokens are on the shelf, marked as not verified. Make the issuer's keys readable (Discover, jwks_uri), then log in again.",
        ))
    })
}

/// What follows from a doubt about an ID token.
enum Doubted {
    /// It must not be believed, and nothing of the answer is.
    Refused(Problem),
    /// It could not be checked; the tokens are kept as what they are.
    Open(Problem),
}

/// Words of a parameter of the request, wherever in the form it was typed.
pub(super) fn asked(draft: &Draft, name: &str) -> Vec<String> {
    let all = draft.values.iter().chain(&draft.extra).filter(|pair| pair.name == name);
    all.flat_map(|pair| pair.value.split_whitespace()).map(str::to_owned).collect()
}

/// Members that stand twice at the top of its header or claims, by path.
pub(super) fn repeated(held: &Held, now_s: i64) -> Vec<String> {
    let top = |path: &str| {
        path.split_once('.').is_some_and(|(place, name)| matches!(place, "claims" | "header") && !name.contains(['.', '[']))
    };
    let findings = held.findings(now_s);
    findings
        .into_iter()
        .filter(|finding| finding.id == "duplicate-member")
        .filter_map(|finding| finding.path)
        .filter(|path| top(path))
        .collect()
}

/// What is not as it was asked for, and ends nothing: no ID token although openid was asked for, another acr.
fn remark(tokens: &mut [Held], login: &Login) {
    let asked_openid = login.scopes.iter().any(|scope| scope == "openid");
    match tokens.iter().position(|held| held.kind() == TokenKind::Id) {
        None if asked_openid => {
            if let Some(first) = tokens.first_mut() {
                let detail = "The scope openid was asked for, and no ID token came with this token, so nothing says who logged in. The provider may not know OpenID Connect at this endpoint, or the client may not ask for it.";
                first.add_finding(Finding::warning(
                    "id-token-missing",
                    "No ID token",
                    detail,
                    Some("OpenID Connect Core 3.1.3.3"),
                ));
            }
        }
        Some(at) if !login.acr.is_empty() => {
            let got = tokens[at].claims().and_then(|claims| token::claims::text(claims, "acr"));
            if !got.as_ref().is_some_and(|got| login.acr.contains(got)) {
                let detail = format!(
                    "The login was asked to be of {}, and the ID token says {}.",
                    words::shown_few(&login.acr),
                    got.as_deref().map_or_else(|| "nothing of it (acr)".to_owned(), shown)
                );
                tokens[at].add_finding(Finding::warning(
                    "id-token-acr",
                    "Another strength of login",
                    &detail,
                    Some("OpenID Connect Core 3.1.3.7"),
                ));
            }
        }
        _ => {}
    }
}
