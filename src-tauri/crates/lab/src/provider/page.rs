//! The pages a browser sees: login, error, sign-out. Server-rendered, one stylesheet, no script at all.
//!
//! They say in plain words that this is a simulation, because a login page that looks real and is not teaches people the
//! wrong thing. Ids of the form (`username`, `password`, `kc-login`) are Keycloak's, so that scripts written for one
//! work with the other.

use axum::response::Response;

use super::state::Provider;
use crate::serve;

/// Form posts end in a redirect to the client, and Chromium applies `form-action` to that redirect too, so loopback
/// ports have to be allowed; everything else stays shut.
const POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self' http://127.0.0.1:* http://localhost:*; \
                      frame-ancestors 'none'; base-uri 'none'";

const STYLE: &str = include_str!("lab.css");

/// The stylesheet of all pages.
pub(crate) async fn style() -> Response {
    serve::text(200, "text/css;charset=UTF-8", STYLE.to_owned())
}

/// What the login page shows.
pub(crate) struct Login<'a> {
    pub action: &'a str,
    pub client: &'a str,
    pub username: &'a str,
    pub message: Option<&'a str>,
}

/// The login page.
pub(crate) fn login(provider: &Provider, status: u16, login: &Login<'_>) -> Response {
    let mut rows = String::new();
    for person in provider.realm.people.iter().filter(|person| person.service_of.is_none()) {
        let (name, note) = (escape(&person.username), escape(person.note));
        rows.push_str(&format!("<tr><td><code>{name}</code></td><td><code>{name}</code></td><td>{note}</td></tr>"));
    }
    let message = login.message.map(|text| format!("<p id=\"input-error\" role=\"alert\">{}</p>", escape(text)));
    let (focus_user, focus_password) = if login.username.is_empty() { (" autofocus", "") } else { ("", " autofocus") };
    let body = format!(
        "<h1>Sign in</h1>\
         <p class=\"for\">to continue to <strong>{client}</strong></p>{message}\
         <form id=\"kc-form-login\" action=\"{action}\" method=\"post\">\
         <label for=\"username\">Username</label>\
         <input id=\"username\" name=\"username\" value=\"{username}\" autocomplete=\"username\" spellcheck=\"false\" \
         autocapitalize=\"none\" required{focus_user}>\
         <label for=\"password\">Password</label>\
         <input id=\"password\" name=\"password\" type=\"password\" autocomplete=\"current-password\" required{focus_password}>\
         <input type=\"hidden\" name=\"credentialId\" value=\"\">\
         <div class=\"buttons\"><button id=\"kc-login\" name=\"login\" type=\"submit\">Sign in</button>\
         <button id=\"kc-cancel\" name=\"cancel\" value=\"true\" type=\"submit\" formnovalidate>Cancel</button></div></form>\
         <table><caption>Demo users</caption><thead><tr><th>User</th><th>Password</th><th>What for</th></tr></thead>\
         <tbody>{rows}</tbody></table>",
        client = escape(login.client),
        message = message.unwrap_or_default(),
        action = escape(login.action),
        username = escape(login.username),
    );
    page(status, "Sign in", &body)
}

/// An error that must not be redirected (RFC 6749 section 4.1.2.1: unknown client or bad redirect URI).
pub(crate) fn error(status: u16, text: &str) -> Response {
    let body = format!(
        "<h1>We are sorry...</h1><p id=\"kc-error-message\" role=\"alert\">{}</p>\
         <p>Nothing was sent back to the application. Correct the request and start again.</p>",
        escape(text)
    );
    page(status, "Error", &body)
}

/// Asks before signing out when no valid ID token says whose session it is (RP-Initiated Logout section 2).
pub(crate) fn confirm_logout(action: &str, hidden: &[(&str, &str)]) -> Response {
    let fields: String = hidden
        .iter()
        .map(|(name, value)| format!("<input type=\"hidden\" name=\"{}\" value=\"{}\">", escape(name), escape(value)))
        .collect();
    let body = format!(
        "<h1>Sign out?</h1><p>Do you want to end your session in the lab?</p>\
         <form action=\"{}\" method=\"post\">{fields}\
         <div class=\"buttons\"><button id=\"kc-logout\" name=\"confirmLogout\" value=\"yes\">Sign out</button></div></form>",
        escape(action)
    );
    page(200, "Sign out", &body)
}

/// The end of a logout that goes nowhere else.
pub(crate) fn logged_out() -> Response {
    page(200, "Signed out", "<h1>You are logged out</h1><p>This window can be closed.</p>")
}

fn page(status: u16, title: &str, body: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title} - Claimscope lab</title><link rel=\"stylesheet\" href=\"/resources/lab.css\"></head>\
         <body><main><p class=\"banner\">Claimscope lab &ndash; simulated provider</p>{body}</main></body></html>"
    );
    let response = serve::text(status, "text/html;charset=UTF-8", html);
    [
        ("content-security-policy", POLICY),
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
    ]
    .into_iter()
    .fold(response, |response, (name, value)| serve::with_header(response, name, value))
}

fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}
