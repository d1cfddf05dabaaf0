//! The preview: what would be sent, what is wrong with it, and what the server will probably say.

use super::ready::of_client;
use crate::{
    form::Preview,
    message::{Materials, token_id},
    operation::{self, build, definition::Wanted},
    profile::{ClientAuth, Profile},
    snippet::{self, Sensitive, Snippet, SnippetFormat},
};
use record::{
    operation::Draft,
    redact::{self, KnownSecrets},
};
use token::{secret::Secret, text::Ink};

/// What would be sent, live while the form is filled.
pub fn preview(draft: &Draft, profile: &Profile, materials: &dyn Materials) -> Preview {
    let mut warnings = super::foreign::unknown(draft, profile, materials);
    warnings.extend(super::warnings(draft, profile, materials));
    let foreign = super::foreign::foreign(draft, profile, materials);
    let definition = operation::of(draft.operation);
    let asked = Wanted { draft, profile, materials };
    let mut ready = (definition.ready)(&asked);
    if definition.says_client {
        ready.extend(of_client(&asked, definition.prefer));
    }
    if let Some(lines) = (definition.browser)(&asked) {
        let (snippets, faults) = match lines {
            Ok(lines) => (vec![Snippet { format: SnippetFormat::Raw, lines }], Vec::new()),
            Err(faults) => (Vec::new(), faults),
        };
        return Preview { snippets, masked: false, in_browser: true, faults, warnings, foreign, questions: Vec::new(), ready };
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
pub fn known(draft: &Draft, materials: &dyn Materials) -> KnownSecrets {
    let tokens = draft.values.iter().filter_map(|pair| token_id(pair.value.trim())).filter_map(|id| materials.token(id));
    KnownSecrets::new(
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
    for field in operation::of(draft.operation).secrets {
        if let Some(pair) = draft.values.iter().find(|pair| pair.name == field.name) {
            add(Some(Secret::new(pair.value.clone())), field.variable, field.what.into());
        }
    }
    for pair in draft.extra.iter().filter(|pair| redact::sensitive_parameter(&pair.name)) {
        let variable: String =
            pair.name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
        add(Some(Secret::new(pair.value.clone())), &variable, format!("value of {}", pair.name));
    }
    found
}
