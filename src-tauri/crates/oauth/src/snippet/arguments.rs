//! A request as arguments of curl, with secrets cut out of the literal text.

use base64::{Engine, engine::general_purpose::STANDARD};
use http::{Method, Request, header};

use super::{CA, Secrets, Sensitive};
use crate::snippet::SnippetFormat;
use record::{
    encode::{form_decode, form_encode},
    redact::{self, DOTS},
};

/// A piece of an argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Text as it is.
    Literal(String),
    /// Value of an environment variable.
    Variable(String),
    /// Value of an environment variable, to be form-encoded by the shell (where curl does not do it).
    Encoded(String),
}

/// Curl's arguments, one option with its value a line.
pub(super) struct Command {
    /// Remarks above the command, without the shell's comment sign.
    pub remarks: Vec<String>,
    /// Options: the fixed word and its value, if it has one; the address comes first and has no word.
    pub options: Vec<(&'static str, Vec<Piece>)>,
}

/// Hands out variables or values for secrets and remembers which were used.
pub(super) struct Vault<'a> {
    sensitive: Vec<&'a Sensitive>,
    secrets: Secrets,
    used: Vec<(String, String)>,
}

impl<'a> Vault<'a> {
    pub fn new(sensitive: &'a [Sensitive], secrets: Secrets) -> Self {
        let mut sensitive: Vec<&Sensitive> = sensitive.iter().filter(|entry| !entry.value.is_empty()).collect();
        // Longest first, so that a value inside another one does not break it open.
        sensitive.sort_by_key(|entry| std::cmp::Reverse(entry.value.len()));
        Self { sensitive, secrets, used: Vec::new() }
    }

    pub fn environment(self) -> Vec<(String, String)> {
        self.used
    }

    pub fn mode(&self) -> Secrets {
        self.secrets
    }

    fn entry(&self, value: &str) -> Option<&'a Sensitive> {
        self.sensitive.iter().copied().find(|entry| entry.value.expose() == value)
    }

    fn note(&mut self, variable: String, what: String) -> String {
        if !self.used.iter().any(|(name, _)| *name == variable) {
            self.used.push((variable.clone(), what));
        }
        variable
    }

    /// A value that is secret as a whole; `name` is what it is called in the request.
    pub fn whole(&mut self, value: &str, name: &str) -> Piece {
        match self.secrets {
            Secrets::Include => Piece::Literal(value.into()),
            Secrets::Mask => Piece::Literal(if value.starts_with("eyJ") { redact::JWT_DOTS } else { DOTS }.into()),
            Secrets::Environment => {
                let (variable, what) = match self.entry(value) {
                    Some(entry) => (entry.variable.clone(), entry.what.clone()),
                    None => (format!("CLAIMSCOPE_{}", constant(name)), format!("value of {name}")),
                };
                Piece::Variable(self.note(variable, what))
            }
        }
    }

    /// The same, where the text holds an encoded form of the value: the variable holds that form, too.
    pub fn encoded(&mut self, plain: &str, encoded: &str, name: &str, suffix: &str, how: &str) -> Piece {
        match self.whole(plain, name) {
            Piece::Variable(variable) => {
                let what = self.used.iter().find(|(used, _)| *used == variable).map(|(_, what)| what.clone()).unwrap_or_default();
                self.used.retain(|(used, _)| *used != variable);
                Piece::Variable(self.note(format!("{variable}{suffix}"), format!("{what}, {how}")))
            }
            Piece::Literal(_) if self.secrets == Secrets::Include => Piece::Literal(encoded.into()),
            masked => masked,
        }
    }

    /// Text that may hold listed secrets somewhere inside.
    pub fn inside(&mut self, text: &str) -> Vec<Piece> {
        if self.secrets == Secrets::Include {
            return vec![Piece::Literal(text.into())];
        }
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((at, entry)) = self
            .sensitive
            .iter()
            .filter_map(|entry| rest.find(entry.value.expose()).map(|at| (at, *entry)))
            .min_by_key(|(at, _)| *at)
        {
            if at > 0 {
                pieces.push(Piece::Literal(rest[..at].into()));
            }
            let value = entry.value.expose();
            pieces.push(self.whole(value, &entry.what));
            rest = &rest[at + value.len()..];
        }
        if !rest.is_empty() || pieces.is_empty() {
            pieces.push(Piece::Literal(rest.into()));
        }
        pieces
    }
}

/// `subject_token` to `SUBJECT_TOKEN`.
fn constant(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect()
}

/// A request as a curl command.
pub(super) fn command(request: &Request<Vec<u8>>, vault: &mut Vault<'_>, ca: bool, format: SnippetFormat) -> Command {
    let mut command = Command { remarks: Vec::new(), options: Vec::new() };
    let form = is_form(request);
    let body = !request.body().is_empty();
    let address = address(&request.uri().to_string(), vault);
    // Brackets and braces are patterns to curl unless it is told not to look for them.
    if address.iter().any(|piece| matches!(piece, Piece::Literal(text) if text.contains(['[', ']', '{', '}']))) {
        command.options.push(("-g", Vec::new()));
    }
    match *request.method() {
        Method::GET if !body => {}
        Method::POST if body => {}
        Method::HEAD => command.options.push(("--head", Vec::new())),
        ref method => command.options.push(("-X", vec![Piece::Literal(method.as_str().into())])),
    }
    command.options.push(("", address));
    if ca {
        vault.note(CA.into(), "path of a file with the profile's certificate authorities (PEM)".into());
        command.options.push(("--cacert", vec![Piece::Variable(CA.into())]));
    }
    for (name, value) in request.headers() {
        let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
        if *name == header::CONTENT_TYPE && form && text == "application/x-www-form-urlencoded" {
            continue; // curl says so by itself
        }
        header(name.as_str(), &text, vault, &mut command);
    }
    match std::str::from_utf8(request.body()) {
        Ok("") => {}
        Ok(text) if form => form_body(text, vault, format, &mut command),
        Ok(text) => plain_body(text, vault, format, &mut command),
        Err(_) => {
            command.remarks.push("The body is not text. Save it as body.bin first.".into());
            command.options.push(("--data-binary", vec![Piece::Literal("@body.bin".into())]));
        }
    }
    command
}

fn is_form(request: &Request<Vec<u8>>) -> bool {
    request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("application/x-www-form-urlencoded"))
}

/// An address with the secret values of its query cut out, and without its user part unless secrets are included.
pub(super) fn address(address: &str, vault: &mut Vault<'_>) -> Vec<Piece> {
    if vault.mode() == Secrets::Include {
        return vault.inside(address);
    }
    let (base, query) = address.split_once('?').map_or((address, None), |(base, query)| (base, Some(query)));
    let mut pieces: Vec<Piece> = vault
        .inside(&without_user(base))
        .into_iter()
        .map(|piece| match piece {
            Piece::Literal(text) => Piece::Literal(redact::url_text(&text, &redact::KnownSecrets::default())),
            other => other,
        })
        .collect();
    let mut sign = "?";
    for pair in query.into_iter().flat_map(|query| query.split('&')) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let plain = form_decode(value);
        pieces.push(Piece::Literal(format!("{sign}{name}{}", if pair.contains('=') { "=" } else { "" })));
        let shown = format!("?{pair}");
        let secret = redact::url_text(&shown, &redact::KnownSecrets::default()) != shown;
        if (secret || vault.entry(&plain).is_some()) && !value.is_empty() {
            let piece = if plain == value {
                vault.whole(&plain, name)
            } else {
                vault.encoded(&plain, value, name, "_ENCODED", "form-encoded")
            };
            pieces.push(piece);
        } else {
            pieces.extend(vault.inside(value));
        }
        sign = "&";
    }
    merge(pieces)
}

/// curl takes a user and password out of an address, and nobody who gets the text should.
fn without_user(base: &str) -> String {
    let Some((scheme, rest)) = base.split_once("://") else { return base.to_owned() };
    let end = rest.find('/').unwrap_or(rest.len());
    let host = rest[..end].rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}{}", &rest[end..])
}

fn header(name: &str, value: &str, vault: &mut Vault<'_>, command: &mut Command) {
    let shown = redact_case(name);
    if name == "authorization"
        && let Some((scheme, rest)) = value.split_once(' ')
    {
        if scheme.eq_ignore_ascii_case("basic") {
            return basic(rest, vault, command);
        }
        let piece = vault.whole(rest, if scheme.eq_ignore_ascii_case("bearer") { "TOKEN" } else { "CREDENTIALS" });
        command.options.push(("-H", merge(vec![Piece::Literal(format!("{shown}: {scheme} ")), piece])));
        return;
    }
    // Of the user's own headers only those are written out that are known to tell nothing.
    let secret = !redact::harmless_header(name) || redact::text(value, &redact::KnownSecrets::default()) != value;
    let mut pieces = vec![Piece::Literal(format!("{shown}: "))];
    if value.is_empty() {
        // curl drops a header that ends with a colon and keeps one that ends with a semicolon.
        pieces = vec![Piece::Literal(format!("{shown};"))];
    } else if secret {
        pieces.push(vault.whole(value, name));
    } else {
        pieces.extend(vault.inside(value));
    }
    command.options.push(("-H", merge(pieces)));
}

/// HTTP Basic as `-u id:secret`, so that the variable is the plain secret. curl does not form-encode the two (RFC 6749
/// 2.3.1), so where that makes a difference the finished value goes into the header, and a remark says why.
fn basic(encoded: &str, vault: &mut Vault<'_>, command: &mut Command) {
    let decoded = STANDARD.decode(encoded.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    if let Some((user, password)) = decoded.as_deref().and_then(|text| text.split_once(':')) {
        let (id, secret) = (form_decode(user), form_decode(password));
        if form_encode(&id) == id && form_encode(&secret) == secret {
            let piece = vault.whole(&secret, "CLIENT_SECRET");
            command.options.push(("-u", merge(vec![Piece::Literal(format!("{id}:")), piece])));
            return;
        }
        command.remarks.push(format!(
            "The Authorization value is Base64 of the form-encoded id and secret of {} (RFC 6749 2.3.1).",
            printable(&id)
        ));
        let piece = match vault.whole(&secret, "CLIENT_SECRET") {
            Piece::Variable(variable) => {
                vault.used.retain(|(used, _)| *used != variable);
                Piece::Variable(vault.note(
                    "CLAIMSCOPE_BASIC".into(),
                    format!(
                        "Base64 of the form-encoded id and secret of {} with a colon between (RFC 6749 2.3.1)",
                        printable(&id)
                    ),
                ))
            }
            Piece::Literal(_) if vault.mode() == Secrets::Include => Piece::Literal(encoded.into()),
            masked => masked,
        };
        command.options.push(("-H", merge(vec![Piece::Literal("Authorization: Basic ".into()), piece])));
        return;
    }
    let piece = vault.whole(encoded, "BASIC");
    command.options.push(("-H", merge(vec![Piece::Literal("Authorization: Basic ".into()), piece])));
}

fn form_body(text: &str, vault: &mut Vault<'_>, format: SnippetFormat, command: &mut Command) {
    for (name, value) in url::form_urlencoded::parse(text.as_bytes()) {
        // curl takes the name as it stands, so it is encoded here.
        let prefix = format!("{}=", form_encode(&name));
        let telling = redact::sensitive_parameter(&name) || redact::text(&value, &redact::KnownSecrets::default()) != value;
        let secret = telling && !value.is_empty() || vault.entry(&value).is_some();
        let pieces = if secret { vec![vault.whole(&value, &name)] } else { vault.inside(&value) };
        command.options.push(match format {
            SnippetFormat::Powershell => ("--data", encoded_by_shell(prefix, pieces)),
            SnippetFormat::Cmd => by_prompt(prefix, pieces, &value, &name, secret, vault),
            SnippetFormat::Bash | SnippetFormat::Raw => {
                ("--data-urlencode", merge([vec![Piece::Literal(prefix)], pieces].concat()))
            }
        });
    }
}

/// PowerShell before 7.3 breaks arguments with quotes in them. Form values are therefore encoded before curl sees them.
fn encoded_by_shell(prefix: String, pieces: Vec<Piece>) -> Vec<Piece> {
    let encoded = pieces.into_iter().map(|piece| match piece {
        Piece::Literal(text) if text == DOTS || text == redact::JWT_DOTS => Piece::Literal(text),
        Piece::Literal(text) => Piece::Literal(form_encode(&text)),
        Piece::Variable(name) => Piece::Encoded(name),
        encoded => encoded,
    });
    merge(std::iter::once(Piece::Literal(prefix)).chain(encoded).collect())
}

/// At the prompt of cmd a quote, a line break or a percent sign inside an argument can not be written reliably, nor
/// can letters beyond ASCII; such a value goes encoded, and so does the variable that would hold one.
fn by_prompt(
    prefix: String,
    pieces: Vec<Piece>,
    value: &str,
    name: &str,
    secret: bool,
    vault: &mut Vault<'_>,
) -> (&'static str, Vec<Piece>) {
    let awkward =
        |text: &str| !text.chars().all(|c| c.is_ascii_graphic() || c == ' ') || text.contains(['"', '%', '^', '!', '\\']);
    if value == DOTS || !awkward(value) {
        return ("--data-urlencode", merge([vec![Piece::Literal(prefix)], pieces].concat()));
    }
    let encoded = form_encode(value);
    let piece = if secret {
        vault.encoded(value, &encoded, name, "_ENCODED", "form-encoded")
    } else {
        let listed = pieces.iter().any(|piece| matches!(piece, Piece::Variable(_)));
        if listed { vault.encoded(value, &encoded, name, "_ENCODED", "form-encoded") } else { Piece::Literal(encoded) }
    };
    ("--data", merge(vec![Piece::Literal(prefix), piece]))
}

fn plain_body(text: &str, vault: &mut Vault<'_>, format: SnippetFormat, command: &mut Command) {
    let mut text = text.to_owned();
    if format == SnippetFormat::Cmd && text.contains(['\n', '\r']) {
        // White space between the parts of a JSON text means nothing, and line breaks inside its strings are escaped.
        match serde_json::from_str::<serde::de::IgnoredAny>(&text) {
            Ok(_) => text = text.replace(['\r', '\n'], " "),
            Err(_) => {
                command
                    .remarks
                    .push("A line break can not be typed inside an argument here. Save the body as body.txt first.".into());
                command.options.push(("--data-binary", vec![Piece::Literal("@body.txt".into())]));
                return;
            }
        }
    }
    let pieces = merge(masked_body(&text, vault));
    command.options.push(("--data-raw", pieces));
}

/// Listed secrets become variables, also in the form a JSON string gives them; what is secret by name or shape only is masked.
pub(super) fn masked_body(text: &str, vault: &mut Vault<'_>) -> Vec<Piece> {
    if vault.mode() == Secrets::Include {
        return vec![Piece::Literal(text.into())];
    }
    let mut pieces = Vec::new();
    for piece in vault.inside(text) {
        match piece {
            Piece::Literal(text) => pieces.extend(json_escaped(&text, vault)),
            other => pieces.push(other),
        }
    }
    let mut clean = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Literal(text) => found(&redact::text(&text, &redact::KnownSecrets::default()), vault, &mut clean),
            other => clean.push(other),
        }
    }
    clean
}

/// What was masked by its name or looks becomes a variable named after what stands before it, each mask one of its own.
fn found(text: &str, vault: &mut Vault<'_>, pieces: &mut Vec<Piece>) {
    if vault.mode() != Secrets::Environment {
        pieces.push(Piece::Literal(text.into()));
        return;
    }
    let mut rest = text;
    while let Some(at) = rest.find(DOTS) {
        let start = if rest[..at].ends_with(redact::JWT_DOTS.trim_end_matches(DOTS)) {
            at - (redact::JWT_DOTS.len() - DOTS.len())
        } else {
            at
        };
        let before = &rest[..start];
        let name = before.trim_end_matches(['"', '\'', '`', '\\', ':', '=', ' ', '>', '(', '[']);
        let name = &name[name
            .rfind(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_' && letter != '-')
            .map_or(0, |end| end + 1)..];
        // A letter of more than one byte before the name is no part of it.
        let name = if name.is_empty() || name.len() > LONGEST_NAME { "body secret" } else { name };
        let base = format!("CLAIMSCOPE_{}", constant(name));
        let count =
            vault.used.iter().filter(|(used, _)| *used == base || used.strip_prefix(&base).is_some_and(is_number)).count();
        let variable = if count == 0 { base } else { format!("{base}_{}", count + 1) };
        pieces.push(Piece::Literal(before.into()));
        pieces.push(Piece::Variable(vault.note(variable, format!("value of {name}"))));
        rest = &rest[at + DOTS.len()..];
    }
    pieces.push(Piece::Literal(rest.into()));
}

/// Longest name of a member that a variable is named after, in bytes.
const LONGEST_NAME: usize = 40;

/// `_2` behind the name of a variable.
fn is_number(end: &str) -> bool {
    end.strip_prefix('_').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit()))
}

fn json_escaped(text: &str, vault: &mut Vault<'_>) -> Vec<Piece> {
    let forms: Vec<(String, String)> = vault
        .sensitive
        .iter()
        .map(|entry| {
            (
                entry.value.expose().to_owned(),
                serde_json::Value::from(entry.value.expose()).to_string().trim_matches('"').to_owned(),
            )
        })
        .filter(|(plain, escaped)| plain != escaped && !escaped.is_empty())
        .collect();
    let mut pieces = vec![Piece::Literal(text.into())];
    for (plain, escaped) in forms {
        pieces = pieces
            .into_iter()
            .flat_map(|piece| match piece {
                Piece::Literal(text) => {
                    let mut cut = Vec::new();
                    for (index, part) in text.split(escaped.as_str()).enumerate() {
                        if index > 0 {
                            cut.push(vault.encoded(&plain, &escaped, "VALUE", "_JSON", "escaped as in a JSON string"));
                        }
                        cut.push(Piece::Literal(part.into()));
                    }
                    cut
                }
                other => vec![other],
            })
            .collect();
    }
    pieces
}

/// Neighbouring literals as one, empty ones dropped.
pub(super) fn merge(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut merged: Vec<Piece> = Vec::new();
    for piece in pieces {
        match (merged.last_mut(), piece) {
            (_, Piece::Literal(text)) if text.is_empty() => {}
            (Some(Piece::Literal(last)), Piece::Literal(text)) => last.push_str(&text),
            (_, piece) => merged.push(piece),
        }
    }
    if merged.is_empty() {
        merged.push(Piece::Literal(String::new()));
    }
    merged
}

fn redact_case(name: &str) -> String {
    redact::header_case(name)
}

fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}
