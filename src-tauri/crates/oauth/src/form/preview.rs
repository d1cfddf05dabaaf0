//! The preview: what would be sent, what is wrong with it, and what the server will probably say.

use crate::{
    form::Preview,
    message::{Authorization, LoginValues, LogoutChannel, Materials, authorization_request, build, logout_request, token_id},
    profile::{ClientAuth, Profile},
    server,
    snippet::{self, Sensitive, Snippet, SnippetFormat},
};
use record::{
    operation::{Draft, FieldFault, Operation},
    redact::{self, Known},
};
use token::{
    secret::Secret,
    text::{Ink, Line, Pair, Span},
};

/// What would be sent, live while the form is filled.
pub fn preview(draft: &Draft, profile: &Profile, materials: &dyn Materials) -> Preview {
    let mut warnings = super::foreign::unknown(draft, profile, materials);
    warnings.extend(server::warnings(draft, profile, materials));
    let foreign = super::foreign::foreign(draft, profile, materials);
    let ready = super::ready::ready(draft, profile, materials);
    if draft.operation == Operation::LogIn {
        return match login_lines(draft, profile) {
            Ok(lines) => Preview {
                snippets: vec![Snippet { format: SnippetFormat::Raw, lines }],
                masked: false,
                in_browser: true,
                faults: Vec::new(),
                warnings,
                foreign,
                questions: Vec::new(),
                ready,
            },
            Err(faults) => Preview {
                snippets: Vec::new(),
                masked: false,
                in_browser: true,
                faults,
                warnings,
                foreign,
                questions: Vec::new(),
                ready,
            },
        };
    }
    if draft.operation == Operation::LogOut && LogoutChannel::of(draft) == LogoutChannel::Front {
        let (lines, faults) = match logout_lines(draft, profile, materials) {
            Ok(lines) => (vec![Snippet { format: SnippetFormat::Raw, lines }], Vec::new()),
            Err(faults) => (Vec::new(), faults),
        };
        return Preview {
            snippets: lines,
            masked: false,
            in_browser: true,
            faults,
            warnings,
            foreign,
            questions: Vec::new(),
            ready,
        };
    }
    match build(draft, profile, materials) {
        Err(faults) => Preview {
            snippets: Vec::new(),
            masked: false,
            in_browser: false,
            faults,
            warnings,
            foreign,
            questions: Vec::new(),
            ready,
        },
        Ok(built) => {
            let known = known(draft, materials);
            let snippets: Vec<Snippet> = [SnippetFormat::Raw, SnippetFormat::Bash, SnippetFormat::Powershell, SnippetFormat::Cmd]
                .into_iter()
                .map(|format| Snippet { format, lines: snippet::lines(format, &built.request, &known) })
                .collect();
            let masked = snippets.iter().any(|snippet| snippet.lines.iter().flatten().any(|span| span.ink == Ink::Secret));
            Preview { snippets, masked, in_browser: false, faults: Vec::new(), warnings, foreign, questions: Vec::new(), ready }
        }
    }
}

/// Everything secret a draft refers to or holds, for redaction.
pub fn known(draft: &Draft, materials: &dyn Materials) -> Known {
    let tokens = draft.values.iter().filter_map(|pair| token_id(pair.value.trim())).filter_map(|id| materials.token(id));
    Known::new(
        materials.hidden().into_iter().chain(super::typed::secrets(draft)).collect(),
        tokens.filter_map(|token| Some((token.text?, redact::evidence(&token.view)))).collect(),
    )
}

/// The secrets of a draft with the environment variable each is written as when the request is copied; asked after the request
/// was built of the same materials, which then know what they gave.
pub fn sensitive(draft: &Draft, profile: &Profile, materials: &dyn Materials) -> Vec<Sensitive> {
    let mut found: Vec<Sensitive> = Vec::new();
    let mut add = |value: Option<Secret>, variable: &str, what: String| {
        if let Some(value) = value.filter(|value| !value.is_empty() && found.iter().all(|other| other.value != *value)) {
            found.push(Sensitive { value, variable: format!("CLAIMSCOPE_{variable}"), what });
        }
    };
    for pair in &draft.values {
        if let Some(token) = token_id(pair.value.trim()).and_then(|id| materials.token(id)) {
            let variable = pair.name.to_ascii_uppercase();
            let who = if token.view.who.is_empty() { String::new() } else { format!(" of {}", token.view.who) };
            add(token.text, &variable, format!("{} token{who}", token.view.label.trim_end_matches(" token")));
        }
    }
    let named = draft.values.iter().find(|pair| pair.name == "client").map(|pair| pair.value.trim());
    for client in profile.clients.iter().filter(|known| Some(known.client_id.as_str()) == named && known.auth != ClientAuth::None)
    {
        let id = &client.client_id;
        for value in materials.given(client) {
            if client.auth.by_assertion() {
                add(Some(value), "CLIENT_ASSERTION", format!("client assertion of {id}, good once and for a minute"));
            } else {
                add(Some(value), "CLIENT_SECRET", format!("client secret of {id}"));
            }
        }
    }
    if let Some(pair) = draft.values.iter().find(|pair| pair.name == "password") {
        add(Some(Secret::new(pair.value.clone())), "PASSWORD", "password of the user".into());
    }
    for pair in draft.extra.iter().filter(|pair| redact::sensitive_parameter(&pair.name)) {
        let variable: String =
            pair.name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
        add(Some(Secret::new(pair.value.clone())), &variable, format!("value of {}", pair.name));
    }
    found
}

/// The authorization request, one parameter a line; what is made at run time is said instead of shown.
fn login_lines(draft: &Draft, profile: &Profile) -> Result<Vec<Line>, Vec<FieldFault>> {
    let made = [
        ("redirect_uri", redirect_words(profile), ""),
        ("state", "made when it runs".to_owned(), "128 bits, checked on return"),
        ("nonce", "made when it runs".to_owned(), "checked in the ID token"),
        ("code_challenge", "made when it runs".to_owned(), "SHA-256 of a verifier that stays here"),
    ];
    // Placeholders that no made value can be: they are replaced by words below and never sent.
    let filled = LoginValues { redirect_uri: "?", state: "?", nonce: "?", code_challenge: "?" };
    browser_lines(&authorization_request(draft, profile, &filled)?, &made)
}

/// The request of a front-channel log out, in the same way.
fn logout_lines(draft: &Draft, profile: &Profile, materials: &dyn Materials) -> Result<Vec<Line>, Vec<FieldFault>> {
    let made = [
        ("post_logout_redirect_uri", redirect_words(profile), ""),
        ("state", "made when it runs".to_owned(), "192 bits, checked on return"),
    ];
    browser_lines(&logout_request(draft, profile, materials, "?", "?")?, &made)
}

/// A request the browser makes: `made` says in words what is made at run time, by name, words and remark.
fn browser_lines(request: &Authorization, made: &[(&str, String, &str)]) -> Result<Vec<Line>, Vec<FieldFault>> {
    let url = url::Url::parse(&request.endpoint).map_err(|_| Vec::new())?;
    let mut lines = vec![vec![Span::new(Ink::Strong, "GET"), Span::new(Ink::Plain, format!(" {}", url.path()))]];
    let mut sign = "?";
    let own: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let known = Known::default();
    for (name, value) in own.iter().chain(&request.params) {
        let mut line = vec![Span::new(Ink::Plain, sign), Span::new(Ink::Key, name.clone()), Span::new(Ink::Plain, "=")];
        match made.iter().find(|(made, ..)| made == name && value == "?") {
            Some((_, words, remark)) => {
                line.push(Span::new(Ink::Quiet, words.clone()));
                if !remark.is_empty() {
                    line.push(Span::new(Ink::Quiet, format!("  {remark}")));
                }
            }
            None if redact::sensitive_parameter(name) => line.push(Span::new(Ink::Secret, redact::DOTS)),
            None => line.push(Span::new(Ink::Plain, redact::text(value, &known))),
        }
        lines.push(line);
        sign = "&";
    }
    if let Some(last) = lines.last_mut() {
        last.push(Span::new(Ink::Plain, " HTTP/1.1"));
    }
    let host = url.host_str().unwrap_or_default();
    let host = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    lines.push(vec![Span::new(Ink::Quiet, "Host: "), Span::new(Ink::Plain, host)]);
    Ok(lines)
}

pub(super) fn redirect_words(profile: &Profile) -> String {
    let redirect = &profile.redirect;
    match redirect.port {
        0 => format!("http://{}:any-port{}", redirect.host, redirect.path),
        port => format!("http://{}:{port}{}", redirect.host, redirect.path),
    }
}

/// A label and a value of the "Ready to send" list.
pub(super) fn line(name: &str, value: String) -> Pair {
    Pair { name: name.into(), value }
}
