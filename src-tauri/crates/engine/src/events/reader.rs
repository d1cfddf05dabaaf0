//! Who reads a provider's admin API, and one request to it.
//!
//! It is the service account of the client the profile marks for that, or, if the user chose one, a token on the shelf.

use oauth::{
    binding::Load,
    events::{RealmAddress, realm_address},
    message::ResponseReading,
    profile::{Client, Profile, ServerRole},
};
use record::{
    join::{self, ReadingLogin},
    operation::{Draft, Operation},
};
use token::{secret::Secret, text::Pair};

use url::Url;

use super::readers::{Reader, Served, servers};
use crate::{
    foreign::elsewhere,
    gate::{self, Stopped},
    ground::Ground,
    http::HttpAnswer,
    tape::{Taken, Tape},
    tokens,
};

/// Longest a token to read with is kept, seconds, whatever its server says.
const DAY_S: i64 = 86_400;

/// Why the admin API says nothing, and what would help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocked {
    /// Stable id: `no-address`, `no-reader`, `reader-gone`, `reader-foreign`, `reader-expired`, `token-refused`, `unauthorized`,
    /// `forbidden`, `unreachable`, `unknown-type`, `status`, `unreadable`, or that of a secret's crossing.
    pub id: &'static str,
    /// What is wrong and what to do.
    pub message: String,
}

impl Blocked {
    pub(crate) fn new(id: &'static str, message: impl Into<String>) -> Self {
        Self { id, message: message.into() }
    }
}

/// A way into the admin API.
pub(crate) struct EventsAccess {
    /// The realm's admin API.
    pub(crate) at: RealmAddress,
    /// Who reads, in words, e.g. `audit-reader` or `the token of alice`.
    pub(crate) who: String,
    token: Secret,
    /// Whether the token is the service account's, and so can be fetched anew.
    renewable: bool,
}

/// Makes a token on the shelf the reader of a profile's admin API; none goes back to the service account.
pub(crate) async fn choose_reader(ground: &Ground, profile: &str, token: Option<String>) {
    ground.readers.change(profile, |reader| reader.chosen = token);
}

/// The token on the shelf that was chosen to read, if any.
pub(crate) async fn chosen_reader(ground: &Ground, profile: &str) -> Option<String> {
    ground.readers.of(profile).chosen
}

/// Finds out who may read. `tape` gets the request for the service account's token, where one is made.
pub(crate) async fn open_door(
    ground: &Ground,
    profile: &Profile,
    reader: &mut Reader,
    tape: Option<&Tape>,
) -> Result<EventsAccess, Blocked> {
    let Some(at) = realm_address(&profile.provider.events) else {
        let what =
            if profile.provider.events.is_empty() { "has no events address" } else { "has an events address of another shape" };
        return Err(Blocked::new(
            "no-address",
            format!("This profile {what}. Keycloak: {{base}}/admin/realms/{{realm}}/events, under Audit events in the profile."),
        ));
    };
    if let Some(id) = &reader.chosen {
        let (token, who) = shelf_reader(ground, id, profile)?;
        let what = format!("{}{}", who.get(..1).unwrap_or_default().to_uppercase(), who.get(1..).unwrap_or_default());
        let load = Load { what, ..token_of("", &profile.provider.events) };
        gate::may_go(ground, profile, &load, true).await.map_err(|crossing| Blocked::new(crossing.id(), crossing.message()))?;
        return Ok(EventsAccess { at, who, token, renewable: false });
    }
    let Some(client) = profile.clients.iter().find(|client| client.events) else {
        return Err(Blocked::new(
            "no-reader",
            "No client of this profile reads events. Add a service account client that has the role view-events of realm-management, or choose a user's token that has it.",
        ));
    };
    // Also for a token that is still good: a word that was said once was for one reading, and one that was taken back is none.
    if let Err(blocked) = may_read_at(ground, profile, client).await {
        ask_with(ground, profile, client).await;
        return Err(blocked);
    }
    let now_ms = ground.world.now_ms();
    let token = match &reader.token {
        Some(served) if served.until_ms > now_ms && served.of == servers(profile, client) => served.token.clone(),
        _ => {
            let (token, seconds) = service_token(ground, profile, &client.client_id, tape).await?;
            let until_ms = now_ms.saturating_add(seconds.saturating_sub(10).clamp(0, DAY_S) * 1000);
            reader.token = Some(Served { token: token.clone(), until_ms, of: servers(profile, client) });
            token
        }
    };
    Ok(EventsAccess { at, who: client.client_id.clone(), token, renewable: true })
}

/// The token of the client that reads is worth its secret to whoever gets it, so it goes where the secret may go.
async fn may_read_at(ground: &Ground, profile: &Profile, client: &Client) -> Result<(), Blocked> {
    let Ok(url) = Url::parse(profile.provider.events.trim()) else {
        return Err(Blocked::new("no-address", format!("The address {} is not usable.", profile.provider.events)));
    };
    match gate::secret_for(ground, profile, client, &url).await {
        Ok(Some(_)) => Ok(()),
        // A client without a secret gets a token all the same.
        Ok(None) => {
            let load = token_of(&client.client_id, &profile.provider.events);
            let may = gate::may_go(ground, profile, &load, true).await;
            may.map_err(|crossing| Blocked::new(crossing.id(), crossing.message()))
        }
        Err(Stopped::Crossing(crossing)) => Err(Blocked::new(
            crossing.id(),
            crossing.message().replace("It was about to go to", "A token got with it was about to go to"),
        )),
        Err(Stopped::Store(fault)) => Err(Blocked::new("token-refused", fault.to_string())),
    }
}

/// Asks at once whether a client may get its token, where it is asked what the token may do: two words said one after the other
/// would each be gone when the other one comes.
pub(crate) async fn ask_with(ground: &Ground, profile: &Profile, client: &Client) {
    let draft = credentials(profile, &client.client_id);
    if let Ok(materials) = gate::materials(ground, &draft, profile).await {
        let _ = materials.build(&draft);
    }
}

fn shelf_reader(ground: &Ground, id: &str, profile: &Profile) -> Result<(Secret, String), Blocked> {
    let gone = || {
        Blocked::new(
            "reader-gone",
            "The token chosen for reading is no longer at hand. Choose another one, or the service account.",
        )
    };
    let held = tokens::held(ground, id).map_err(|_| gone())?;
    let view = held.view(ground.world.now_s());
    let token = held.text().cloned().ok_or_else(gone)?;
    if let Some(why) = elsewhere(&view, profile, &profile.provider.events) {
        return Err(Blocked::new(
            "reader-foreign",
            format!("The token chosen for reading is not used: {why}, or another token."),
        ));
    }
    if view.expires_at.is_some_and(|end| end <= ground.world.now_s()) {
        return Err(Blocked::new(
            "reader-expired",
            format!("The token of {} that was chosen for reading has expired. Refresh it and choose the new one.", view.who),
        ));
    }
    Ok((token, format!("the token of {}", view.who)))
}

/// One GET at the admin API. A token of the service account that is no longer accepted is fetched anew once.
pub(crate) async fn ask_admin(
    ground: &Ground,
    profile: &Profile,
    reader: &mut Reader,
    door: &mut EventsAccess,
    address: &str,
    note: Option<(&Tape, &str)>,
) -> Result<HttpAnswer, Blocked> {
    let tape = note.map(|(tape, _)| tape);
    for attempt in 0..2 {
        let request = http::Request::get(address)
            .header(http::header::ACCEPT, "application/json")
            .header(http::header::AUTHORIZATION, format!("Bearer {}", door.token.expose()))
            .body(Vec::new())
            .map_err(|_| Blocked::new("no-address", format!("The address {address} is not usable.")))?;
        if let Some(tape) = tape {
            tape.hide(&door.token);
        }
        let recorded = ground.http.send(request, &profile.tls, ground.bounds.usual).await;
        let result = recorded.result.clone();
        if let Some((tape, label)) = note {
            tape.add_main(Taken::Ours {
                to: record::audit::Actor::Provider,
                label: label.to_owned(),
                purpose: record::audit::ExchangePurpose::Other,
                recorded: Box::new(recorded),
            });
        }
        let answer = result.map_err(|fault| Blocked::new("unreachable", format!("{} {}", fault.message, fault.advice)))?;
        answer.readable().map_err(|fault| Blocked::new("unreadable", format!("{} {}", fault.message, fault.advice)))?;
        if answer.status != 401 {
            return Ok(answer);
        }
        reader.token = None;
        if attempt == 0 && door.renewable {
            *door = open_door(ground, profile, reader, tape).await?;
        } else {
            break;
        }
    }
    Err(Blocked::new(
        "unauthorized",
        format!("The provider no longer accepts {} (401). Log in again, or check the client that reads.", owner(&door.who)),
    ))
}

/// A token of the client that reads, to be shown at its events address. The error is a sentence.
pub(crate) async fn events_token(ground: &Ground, profile: &Profile, client: &Client) -> Result<Secret, String> {
    may_read_at(ground, profile, client).await.map_err(|blocked| blocked.message)?;
    let got = service_token(ground, profile, &client.client_id, None).await.map_err(|blocked| blocked.message)?;
    Ok(got.0)
}

/// Remembers that a token was asked for to read with, so that the server's event of it is known again.
pub(crate) fn note_reading(ground: &Ground, profile: &str, client: &str, token: Option<&Secret>, from_ms: i64) {
    note_asked(ground, profile, join::CLIENT_LOGIN, client, token.and_then(jti_of), from_ms);
}

/// The same of any question the server makes an event of.
pub(super) fn note_asked(
    ground: &Ground,
    profile: &str,
    event_type: &'static str,
    client: &str,
    jti: Option<String>,
    from_ms: i64,
) {
    let to_ms = ground.world.now_ms();
    ground.readers.note(profile, ReadingLogin { event_type, client: client.to_owned(), jti, from_ms, to_ms });
}

async fn service_token(ground: &Ground, profile: &Profile, client: &str, tape: Option<&Tape>) -> Result<(Secret, i64), Blocked> {
    let refused = |message: String| Blocked::new("token-refused", message);
    let draft = credentials(profile, client);
    let materials = gate::materials(ground, &draft, profile).await.map_err(|fault| refused(fault.to_string()))?;
    if let Some(tape) = tape {
        materials.hide_on(tape);
    }
    let built = materials.build(&draft).map_err(|faults| match materials.stopped() {
        Some(crossing) => Blocked::new(crossing.id(), crossing.message()),
        None => refused(faults.into_iter().map(|fault| fault.message).collect::<Vec<_>>().join(" ")),
    })?;
    let (to, label) = (built.to, built.label.clone());
    let from_ms = ground.world.now_ms();
    let recorded = ground.http.send(built.request, &profile.tls, ground.bounds.usual).await;
    let result = recorded.result.clone();
    let answer = result
        .as_ref()
        .map_err(Clone::clone)
        .and_then(|answer| answer.readable().map(|()| answer))
        .map_err(|fault| Blocked::new("unreachable", format!("{} {}", fault.message, fault.advice)));
    let reading = answer.map(|answer| oauth::message::read_token_response(answer.status, answer.content_type(), &answer.body));
    let token = match &reading {
        Ok(ResponseReading::Ok(response)) => response.access_token.as_ref(),
        _ => None,
    };
    note_reading(ground, &profile.id, client, token, from_ms);
    if let Some(tape) = tape {
        if let Ok(ResponseReading::Ok(response)) = &reading
            && let Some(token) = &response.access_token
        {
            tape.hide(token);
        }
        tape.add(Taken::Ours { to, label, purpose: record::audit::ExchangePurpose::Other, recorded: Box::new(recorded) });
    }
    match reading? {
        ResponseReading::Ok(response) => match response.access_token {
            Some(token) => Ok((token, response.expires_in.unwrap_or(60))),
            None => Err(refused(format!("{client} got no access token for reading events."))),
        },
        ResponseReading::Refused(error) => Err(refused(format!(
            "{client} got no token for reading events: {}{}. Check its secret in the profile.",
            token::bounded::sentence(&error.error),
            error.description.map(|text| format!(" ({})", token::bounded::sentence(&text))).unwrap_or_default()
        ))),
        ResponseReading::Malformed { message, .. } => Err(refused(message)),
    }
}

/// What a service account asks for its token with.
pub(crate) fn credentials(profile: &Profile, client: &str) -> Draft {
    let values = vec![Pair { name: "client".into(), value: client.to_owned() }];
    Draft { operation: Operation::ClientCredentials, profile: profile.id.clone(), values, extra: Vec::new() }
}

/// The token of whoever reads, on its way to an address of the provider.
pub(crate) fn token_of(client: &str, address: &str) -> Load {
    let what = if client.is_empty() { "The token".to_owned() } else { format!("A token of {client}") };
    Load { what, server: ServerRole::Provider, client: client.to_owned(), address: address.to_owned() }
}

fn jti_of(token: &Secret) -> Option<String> {
    let claims = token::decode::decode(token.expose()).claims?;
    claims.get("jti").and_then(|jti| jti.as_str()).map(str::to_owned)
}

fn owner(who: &str) -> String {
    if who.starts_with("the token") { who.to_owned() } else { format!("the token of {who}") }
}

/// What an answer that is no 200 means. `role` is the right that is needed, e.g. `view-events of realm-management`.
pub(crate) fn refusal(answer: &HttpAnswer, who: &str, role: &str) -> Blocked {
    match answer.status {
        403 => Blocked::new(
            "forbidden",
            format!("{who} may not read this (403). It needs the role {role}, and full scope so that its token carries it."),
        ),
        404 => Blocked::new(
            "status",
            "The server knows no such address (404). Check it under Audit events in the profile.".to_owned(),
        ),
        status => Blocked::new(
            "status",
            format!("The admin API answered {status}. Check its address under Audit events in the profile."),
        ),
    }
}
