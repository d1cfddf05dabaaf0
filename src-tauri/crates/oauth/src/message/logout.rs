//! Log out: which of its ways is meant, and the messages of the one that goes through the browser.
//!
//! Three ways end different things. The front channel ends the single sign-on in the user's browser; the back channel ends the
//! session of a refresh token without any browser; a POST of the ID token from here does the same for servers that allow it.

use url::Url;

use super::{
    address::endpoint,
    build::Materials,
    callback::check_state,
    login::Authorization,
    params::{token_id, value},
};
use crate::profile::Profile;
use record::operation::{Draft, FieldFault};

/// Name of the form's field that says which way is meant; it is not sent.
pub const CHANNEL_FIELD: &str = "channel";

/// How a session is ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogoutChannel {
    /// Keycloak: by the client, with the refresh token of the session.
    Back,
    /// OpenID Connect RP-Initiated Logout 1.0, in the system browser, back by the loopback address.
    Front,
    /// The same request sent from here; the browser keeps its cookie.
    Direct,
}

impl LogoutChannel {
    /// All, in the order the form offers them.
    pub const ALL: [Self; 3] = [Self::Back, Self::Front, Self::Direct];

    /// The value in the draft.
    pub fn id(self) -> &'static str {
        match self {
            Self::Back => "back_channel",
            Self::Front => "front_channel",
            Self::Direct => "direct",
        }
    }

    /// Which way a draft means; one that does not say is told by the token it carries.
    pub fn of(draft: &Draft) -> Self {
        let named = value(draft, CHANNEL_FIELD).and_then(|id| Self::ALL.into_iter().find(|channel| channel.id() == id));
        named.unwrap_or(if value(draft, "refresh_token").is_some() || value(draft, "id_token_hint").is_none() {
            Self::Back
        } else {
            Self::Direct
        })
    }

    /// Whether this way uses the field.
    pub fn uses(self, field: &str) -> bool {
        match field {
            "refresh_token" => self == Self::Back,
            "id_token_hint" => self != Self::Back,
            "post_logout_redirect_uri" | "state" => self == Self::Front,
            _ => true,
        }
    }
}

/// Parameters the check of the answer rests on; nobody else may set them.
const OURS: [&str; 4] = ["client_id", "id_token_hint", "post_logout_redirect_uri", "state"];

/// The request the browser makes (RP-Initiated Logout 2).
///
/// # Errors
/// Every complaint at its field.
pub fn logout_request(
    draft: &Draft,
    profile: &Profile,
    materials: &dyn Materials,
    redirect_uri: &str,
    state: &str,
) -> Result<Authorization, Vec<FieldFault>> {
    let mut faults = Vec::new();
    let mut fault = |field: &str, message: String| faults.push(FieldFault { field: field.into(), message });
    let address = profile.provider.endpoints.end_session.trim();
    let mut whole = String::new();
    if address.is_empty() {
        fault(
            "client",
            "The profile has no end session endpoint. Read the server's metadata in Profiles, or enter the address there.".into(),
        );
    } else {
        match endpoint(address, "client", profile) {
            Ok(url) => whole = url.to_string(),
            Err(found) => fault(&found.field, found.message),
        }
    }
    let client = value(draft, "client").unwrap_or_default();
    if client.is_empty() {
        fault("client", "Choose the client the session was opened by.".into());
    }
    for pair in &draft.extra {
        let name = pair.name.trim();
        if OURS.contains(&name) {
            fault("extra", format!("{name} is set for every log out. Remove it from the added parameters."));
        } else if name.is_empty() && !pair.value.is_empty() {
            fault("extra", "An added parameter has a value but no name. Name it or remove it.".into());
        }
    }
    let mut params: Vec<(String, String)> = Vec::new();
    if let Some(chosen) = value(draft, "id_token_hint") {
        match token_id(chosen).and_then(|id| materials.token(id)).map(|token| token.text) {
            Some(Some(text)) => params.push(("id_token_hint".into(), text.expose().to_owned())),
            Some(None) => fault(
                "id_token_hint",
                "Only the claims of this token are left, not its text. Choose another, or none: the server then asks the user."
                    .into(),
            ),
            None => fault("id_token_hint", "This is not a token of the shelf. Paste it there first, then choose it here.".into()),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    for (name, text) in [("client_id", client), ("post_logout_redirect_uri", redirect_uri), ("state", state)] {
        params.push((name.into(), text.into()));
    }
    let extra = draft.extra.iter().filter(|pair| !pair.name.trim().is_empty());
    params.extend(extra.map(|pair| (pair.name.trim().to_owned(), pair.value.clone())));
    Ok(Authorization { endpoint: whole, params })
}

/// The address the browser opens.
///
/// # Errors
/// Every complaint at its field.
pub fn logout_address(
    draft: &Draft,
    profile: &Profile,
    materials: &dyn Materials,
    redirect_uri: &str,
    state: &str,
) -> Result<Url, Vec<FieldFault>> {
    let request = logout_request(draft, profile, materials, redirect_uri, state)?;
    let mut url = endpoint(&request.endpoint, "client", profile).map_err(|fault| vec![fault])?;
    url.query_pairs_mut().extend_pairs(&request.params);
    Ok(url)
}

/// Checks that the browser came back from this very log out (RP-Initiated Logout 3: `state` is passed back unchanged).
///
/// # Errors
/// The stable id of what is wrong, when the state is missing, repeated or another one.
pub fn read_logout_callback(query: &str, expected_state: &str) -> Result<(), &'static str> {
    let query = query.strip_prefix('?').unwrap_or(query);
    let states: Vec<String> = url::form_urlencoded::parse(query.as_bytes())
        .filter(|(name, _)| name == "state")
        .map(|(_, value)| value.into_owned())
        .collect();
    check_state(&states.iter().map(String::as_str).collect::<Vec<_>>(), expected_state).map_err(|fault| fault.id)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::tests::{Table, draft, profile, view},
        *,
    };
    use record::operation::Operation;

    #[test]
    fn the_browser_is_sent_with_hint_address_and_state() {
        let table = Table::default().with(view("i", json!({"kind": "id"})), Some("ID"));
        let mut asked =
            draft(Operation::LogOut, &[("client", "frontend"), ("id_token_hint", "token:i"), (CHANNEL_FIELD, "front_channel")]);
        let address = |draft: &Draft| logout_address(draft, &profile(), &table, "http://127.0.0.1:9/callback", "st");
        assert_eq!(
            address(&asked).expect("an address").as_str(),
            "http://127.0.0.1:1/logout?id_token_hint=ID&client_id=frontend&post_logout_redirect_uri=http%3A%2F%2F127.0.0.1%3A9%2Fcallback&state=st"
        );
        asked.extra = vec![token::text::Pair { name: "state".into(), value: "mine".into() }];
        assert_eq!(address(&asked).expect_err("ours")[0].field, "extra");
        let lost = draft(Operation::LogOut, &[("id_token_hint", "token:gone")]);
        let faults = address(&lost).expect_err("faults");
        assert_eq!(faults.iter().map(|fault| fault.field.as_str()).collect::<Vec<_>>(), ["client", "id_token_hint"]);
    }

    #[test]
    fn only_the_own_state_comes_back() {
        assert_eq!(read_logout_callback("?state=st", "st"), Ok(()));
        for (query, id) in [("", "state-missing"), ("state=x", "state-mismatch"), ("state=st&state=st", "state-repeated")] {
            assert_eq!(read_logout_callback(query, "st"), Err(id));
        }
    }

    #[test]
    fn a_draft_that_does_not_say_is_told_by_its_token() {
        let of = |pairs: &[(&str, &str)]| LogoutChannel::of(&draft(Operation::LogOut, pairs));
        assert_eq!(of(&[("refresh_token", "token:r")]), LogoutChannel::Back);
        assert_eq!(of(&[("id_token_hint", "token:i")]), LogoutChannel::Direct);
        assert_eq!(of(&[(CHANNEL_FIELD, "front_channel"), ("refresh_token", "token:r")]), LogoutChannel::Front);
    }
}
