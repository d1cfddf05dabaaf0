//! Reads a security block.

use saphyr::{LoadableYamlNode as _, MarkedYaml};
use saphyr_parser::Event;

use super::said::{Block, BlockFault, LARGEST};
use crate::profile::{Dialect, Profile};
use token::{bounded, check::Expectations};

const KEYS: [&str; 4] = ["identity_provider", "api_gateway", "token_exchange", "checks"];
const FORM: &str = "The form is: identity_provider, api_gateway, token_exchange with enabled, source_token and target_token, \
                    checks with audience, issuer, roles and expiration.";

/// Deeper nesting is not read; a security block needs four levels.
const DEEPEST: usize = 32;

/// Most remarks that are made.
const MOST_NOTES: usize = 100;

/// A fault, early.
type Read<T> = Result<T, BlockFault>;

/// Reads a block for a resource of a profile. `now` are the resource's expectations before.
pub fn read(text: &str, profile: &Profile, resource: &str, now: &Expectations) -> Result<Block, BlockFault> {
    if text.len() > LARGEST {
        return Err(BlockFault {
            line: 1,
            column: 1,
            message: format!("The text is larger than {} kB.", LARGEST / 1024),
            advice: "Paste the security block alone.".into(),
        });
    }
    not_too_deep(text)?;
    let documents = MarkedYaml::load_from_str(text).map_err(|error| BlockFault {
        line: error.marker().line(),
        column: error.marker().col() + 1,
        message: format!("This is not YAML: {}.", error.info().trim_end_matches('.')),
        advice: "Correct that line and read it again.".into(),
    })?;
    let Some(root) = documents.first() else {
        return Err(BlockFault { line: 1, column: 1, message: "There is nothing to read.".into(), advice: FORM.into() });
    };
    let mut reader = Reader { profile, resource, wanted: now.clone(), notes: Vec::new() };
    if documents.len() > 1 {
        reader.notes.push("Only the first document of the text was read.".into());
    }
    let block = reader.block_of(root)?;
    reader.block(block)?;
    let mut notes = reader.notes;
    let more = notes.len().saturating_sub(MOST_NOTES);
    notes.truncate(MOST_NOTES);
    if more > 0 {
        notes.push(format!("{more} more lines are not known here and were left out."));
    }
    Ok(Block { expectations: reader.wanted, notes: notes.iter().map(|note| bounded::sentence(note)).collect() })
}

/// A tree is built, compared and dropped by recursion; a text of nothing but dashes would be deeper than any stack.
fn not_too_deep(text: &str) -> Read<()> {
    let mut depth = 0_usize;
    // What is no YAML is said by whoever reads it.
    for (event, span) in saphyr_parser::Parser::new_from_str(text).map_while(Result::ok) {
        match event {
            Event::SequenceStart(..) | Event::MappingStart(..) => depth += 1,
            Event::SequenceEnd | Event::MappingEnd => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return Err(BlockFault {
                line: span.start.line(),
                column: span.start.col() + 1,
                message: format!("This is nested deeper than {DEEPEST} levels."),
                advice: FORM.into(),
            });
        }
    }
    Ok(())
}

struct Reader<'a> {
    profile: &'a Profile,
    resource: &'a str,
    wanted: Expectations,
    notes: Vec<String>,
}

fn fault<T>(node: &MarkedYaml<'_>, message: impl Into<String>, advice: &str) -> Read<T> {
    let at = node.span.start;
    Err(BlockFault { line: at.line(), column: at.col() + 1, message: message.into(), advice: advice.into() })
}

/// A scalar as text, as it reads in YAML: numbers and booleans too.
fn text(node: &MarkedYaml<'_>) -> Option<String> {
    let data = &node.data;
    data.as_str()
        .map(str::to_owned)
        .or_else(|| data.as_integer().map(|number| number.to_string()))
        .or_else(|| data.as_floating_point().map(|number| number.to_string()))
        .or_else(|| data.as_bool().map(|flag| flag.to_string()))
}

fn line(node: &MarkedYaml<'_>) -> usize {
    node.span.start.line()
}

/// Members of a mapping: key as text, key, value.
fn members<'n, 'i>(node: &'n MarkedYaml<'i>) -> Option<Vec<(String, &'n MarkedYaml<'i>, &'n MarkedYaml<'i>)>> {
    let mapping = node.data.as_mapping()?;
    Some(mapping.iter().map(|(key, value)| (text(key).unwrap_or_default(), key, value)).collect())
}

/// Text, or a list of texts.
fn texts(node: &MarkedYaml<'_>, what: &str) -> Read<Vec<String>> {
    if let Some(one) = text(node) {
        return Ok(vec![one]);
    }
    let Some(list) = node.data.as_sequence() else {
        return fault(node, format!("{what} must be a text or a list of texts."), "Write one value, or several as [a, b].");
    };
    list.iter()
        .map(|one| match text(one) {
            Some(text) => Ok(text),
            None => fault(one, format!("{what} has an entry that is no text."), "Write plain values."),
        })
        .collect()
}

/// Seconds: a number, or a number with s, m, h or d.
fn seconds(node: &MarkedYaml<'_>, what: &str) -> Read<i64> {
    let said = text(node).unwrap_or_default();
    let said = said.trim();
    let (digits, unit) = said.split_at(said.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(said.len()));
    let factor = match unit.trim() {
        "" | "s" | "sec" | "seconds" => Some(1),
        "m" | "min" | "minutes" => Some(60),
        "h" | "hours" => Some(3600),
        "d" | "days" => Some(86_400),
        _ => None,
    };
    match digits.parse::<i64>().ok().zip(factor).and_then(|(number, factor)| number.checked_mul(factor)) {
        Some(seconds) => Ok(seconds),
        None => fault(node, format!("{what} is no length of time: {said}."), "Write seconds, or 30s, 5m, 1h."),
    }
}

impl Reader<'_> {
    /// The block itself: the root, or the one member that holds it (e.g. `security`).
    fn block_of<'n, 'i>(&mut self, root: &'n MarkedYaml<'i>) -> Read<&'n MarkedYaml<'i>> {
        let Some(all) = members(root) else {
            return fault(root, "This is YAML, but no security block.", FORM);
        };
        if all.iter().any(|(name, ..)| KEYS.contains(&name.as_str())) {
            return Ok(root);
        }
        let holds =
            |node: &MarkedYaml<'_>| members(node).is_some_and(|all| all.iter().any(|(name, ..)| KEYS.contains(&name.as_str())));
        let Some((_, key, block)) = all.iter().find(|(_, _, value)| holds(value)) else {
            return fault(root, "None of the keys of a security block is there.", FORM);
        };
        for (name, other, _) in all.iter().filter(|(_, other, _)| line(other) != line(key)) {
            self.unknown(other, name);
        }
        Ok(block)
    }

    fn unknown(&mut self, key: &MarkedYaml<'_>, name: &str) {
        self.notes.push(format!("Line {}: {name} is not known here and was left out.", line(key)));
    }

    fn nothing(&mut self, key: &MarkedYaml<'_>, sentence: &str) {
        self.notes.push(format!("Line {}: {sentence}", line(key)));
    }

    fn block(&mut self, block: &MarkedYaml<'_>) -> Read<()> {
        let all = members(block).unwrap_or_default();
        let mut issuer = None;
        for (name, key, value) in &all {
            match name.as_str() {
                "identity_provider" => issuer = issuer.or(self.provider(key, value)?),
                "api_gateway" => self.gateway(key, value)?,
                "token_exchange" | "checks" => {}
                _ => self.unknown(key, name),
            }
        }
        // The token that arrives at the API decides whose issuer it must be, whatever comes first in the text.
        if let Some((_, key, value)) = all.iter().find(|(name, ..)| name == "token_exchange") {
            issuer = self.exchange(key, value)?.or(issuer);
        }
        if let Some(issuer) = &issuer {
            self.wanted.issuer = vec![issuer.clone()];
        }
        match all.iter().find(|(name, ..)| name == "checks") {
            Some((_, key, value)) => self.checks(key, value),
            None => Ok(()),
        }
    }

    /// A name, an issuer, or a mapping with either. Gives the issuer when it says one.
    fn provider(&mut self, key: &MarkedYaml<'_>, value: &MarkedYaml<'_>) -> Read<Option<String>> {
        if let Some(name) = text(value) {
            return Ok(self.named(key, "identity_provider", &name, self.profile.provider.dialect));
        }
        let Some(all) = members(value) else {
            return fault(
                value,
                "identity_provider must be a name, an issuer, or a mapping.",
                "Write e.g. identity_provider: keycloak.",
            );
        };
        let (mut issuer, mut url, mut realm) = (None, None, None);
        for (name, key, value) in &all {
            match name.as_str() {
                "issuer" | "issuer_uri" => issuer = text(value),
                "url" | "base_url" => url = text(value),
                "realm" => realm = text(value),
                "name" | "type" => {
                    let said = text(value).unwrap_or_default();
                    let _ = self.named(key, "identity_provider", &said, self.profile.provider.dialect);
                }
                _ => self.unknown(key, &format!("identity_provider.{name}")),
            }
        }
        let of_realm = url.zip(realm).map(|(url, realm)| format!("{}/realms/{realm}", url.trim_end_matches('/')));
        Ok(issuer.or(of_realm))
    }

    fn gateway(&mut self, key: &MarkedYaml<'_>, value: &MarkedYaml<'_>) -> Read<()> {
        let dialect = self.profile.gateway.as_ref().map(|gateway| gateway.dialect).unwrap_or_default();
        if let Some(name) = text(value) {
            if self.profile.gateway.is_none() {
                self.nothing(key, &format!("api_gateway is {name}; this profile has no gateway."));
            } else {
                let _ = self.named(key, "api_gateway", &name, dialect);
            }
            return Ok(());
        }
        let Some(all) = members(value) else {
            return fault(value, "api_gateway must be a name or a mapping.", "Write e.g. api_gateway: wso2.");
        };
        for (name, key, value) in &all {
            match name.as_str() {
                "name" | "type" => {
                    let said = text(value).unwrap_or_default();
                    let _ = self.named(key, "api_gateway", &said, dialect);
                }
                _ => self.unknown(key, &format!("api_gateway.{name}")),
            }
        }
        Ok(())
    }

    /// An address is an issuer; a name is held against the profile.
    fn named(&mut self, key: &MarkedYaml<'_>, what: &str, name: &str, dialect: Dialect) -> Option<String> {
        if name.starts_with("https://") || name.starts_with("http://") {
            return Some(name.to_owned());
        }
        let known = match dialect_of(name) {
            Some(said) if said == dialect => return None,
            Some(_) => format!("{what} is {name}, and this profile has another kind of server there."),
            None => format!("{what} is {name}; the name says nothing a token could be checked for."),
        };
        self.nothing(key, &known);
        None
    }

    /// The issuer of the token that arrives, when the exchange says whose it is.
    fn exchange(&mut self, key: &MarkedYaml<'_>, value: &MarkedYaml<'_>) -> Read<Option<String>> {
        let Some(all) = members(value) else {
            return fault(value, "token_exchange must be a mapping.", "Write enabled, source_token and target_token under it.");
        };
        let (mut enabled, mut source, mut target) = (None, None, None);
        for (name, key, value) in &all {
            match name.as_str() {
                "enabled" => match value.data.as_bool() {
                    Some(flag) => enabled = Some(flag),
                    None => return fault(value, "token_exchange.enabled must be true or false.", "Write enabled: true."),
                },
                "source_token" => source = text(value).map(|said| (*key, said)),
                "target_token" => target = text(value).map(|said| (*key, said)),
                _ => self.unknown(key, &format!("token_exchange.{name}")),
            }
        }
        let Some(enabled) = enabled else {
            return fault(
                key,
                "token_exchange does not say whether it is enabled.",
                "Write enabled: true or enabled: false under it.",
            );
        };
        let (word, arrives) = if enabled { ("target_token", target) } else { ("source_token", source) };
        let Some((key, said)) = arrives else { return Ok(None) };
        let issuer = self.issuer_of(&said);
        if issuer.is_none() {
            self.nothing(key, &format!("{word} is {said}; it does not say whose token it is, so the issuer stays."));
        }
        Ok(issuer)
    }

    /// Whose token a word means.
    fn issuer_of(&self, said: &str) -> Option<String> {
        let provider = || Some(self.profile.provider.issuer.clone()).filter(|issuer| !issuer.is_empty());
        let gateway = || self.profile.gateway.as_ref().map(|gateway| gateway.issuer.clone()).filter(|issuer| !issuer.is_empty());
        let word = said.trim().to_ascii_lowercase();
        let word = word.trim_end_matches("_token").trim_end_matches("-token").trim_end_matches(" token");
        match word {
            _ if said.starts_with("https://") || said.starts_with("http://") => Some(said.to_owned()),
            "identity_provider" | "idp" | "provider" => provider(),
            "api_gateway" | "gateway" => gateway(),
            name => match dialect_of(name) {
                Some(dialect) if dialect == self.profile.provider.dialect => provider(),
                Some(dialect) if self.profile.gateway.as_ref().is_some_and(|gateway| gateway.dialect == dialect) => gateway(),
                _ => None,
            },
        }
    }

    fn checks(&mut self, key: &MarkedYaml<'_>, value: &MarkedYaml<'_>) -> Read<()> {
        if let Some(all) = members(value) {
            for (name, key, value) in &all {
                self.check(name, key, Some(value))?;
            }
            return Ok(());
        }
        let Some(list) = value.data.as_sequence() else {
            return fault(
                key,
                "checks must be a list or a mapping.",
                "Write e.g. checks: [audience, issuer, roles, expiration].",
            );
        };
        for one in list {
            match (text(one), members(one)) {
                (Some(name), _) => self.check(&name, one, None)?,
                (None, Some(all)) => {
                    for (name, key, value) in &all {
                        self.check(name, key, Some(value))?;
                    }
                }
                (None, None) => return fault(one, "This entry of checks is no name.", "Write a name, or a name with its value."),
            }
        }
        Ok(())
    }

    fn check(&mut self, name: &str, key: &MarkedYaml<'_>, value: Option<&MarkedYaml<'_>>) -> Read<()> {
        // `audience: true` means the same as `- audience`; false and nothing at all say that it is not checked.
        let bare = value.is_none_or(|value| value.data.as_bool() == Some(true));
        let off = value.is_some_and(|value| value.data.as_bool() == Some(false) || value.data.is_null());
        let value = value.filter(|_| !bare && !off);
        match (name, value) {
            ("audience", Some(value)) => self.wanted.audience = texts(value, "audience")?,
            ("audience", None) if off => self.wanted.audience.clear(),
            ("audience", None) if !self.resource.is_empty() => self.wanted.audience = vec![self.resource.to_owned()],
            ("audience", None) => {
                self.nothing(key, "audience has no value and the resource has no name yet, so it stays as it is.")
            }
            ("issuer", Some(value)) => {
                let said = texts(value, "issuer")?;
                self.wanted.issuer = said.iter().map(|one| self.issuer_of(one).unwrap_or_else(|| one.clone())).collect();
            }
            ("issuer", None) if off => self.wanted.issuer.clear(),
            ("issuer", None) => {
                if self.wanted.issuer.is_empty() && !self.profile.provider.issuer.is_empty() {
                    self.wanted.issuer = vec![self.profile.provider.issuer.clone()];
                }
            }
            ("roles", Some(value)) => self.roles(value)?,
            ("roles", None) if off => {
                self.wanted.roles_all.clear();
                self.wanted.roles_any.clear();
            }
            ("roles", None) => {
                if self.wanted.roles_all.is_empty() && self.wanted.roles_any.is_empty() {
                    self.nothing(key, "roles has no value; say below which roles are meant.");
                }
            }
            ("expiration" | "expiry", Some(value)) => self.expiration(value)?,
            ("expiration" | "expiry", None) if off => {
                self.nothing(key, "expiration is off there; here expired tokens are always refused.")
            }
            ("expiration" | "expiry", None) => {}
            _ => self.unknown(key, &format!("checks.{name}")),
        }
        Ok(())
    }

    fn roles(&mut self, value: &MarkedYaml<'_>) -> Read<()> {
        let Some(all) = members(value) else {
            self.wanted.roles_all = texts(value, "roles")?;
            return Ok(());
        };
        for (name, key, value) in &all {
            match name.as_str() {
                "all" => self.wanted.roles_all = texts(value, "roles.all")?,
                "any" => self.wanted.roles_any = texts(value, "roles.any")?,
                "path" => self.wanted.roles_path = text(value).unwrap_or_default(),
                _ => self.unknown(key, &format!("checks.roles.{name}")),
            }
        }
        Ok(())
    }

    fn expiration(&mut self, value: &MarkedYaml<'_>) -> Read<()> {
        let Some(all) = members(value) else {
            self.wanted.max_lifetime_s = seconds(value, "expiration")?;
            return Ok(());
        };
        for (name, key, value) in &all {
            match name.as_str() {
                "max_lifetime" => self.wanted.max_lifetime_s = seconds(value, "max_lifetime")?,
                "max_age" => self.wanted.max_age_s = seconds(value, "max_age")?,
                "clock_tolerance" | "clock_skew" | "leeway" => self.wanted.clock_tolerance_s = seconds(value, name)?,
                "enabled" if value.data.as_bool() == Some(false) => {
                    self.nothing(key, "expiration is off there; here expired tokens are always refused.");
                }
                "enabled" => {}
                _ => self.unknown(key, &format!("checks.expiration.{name}")),
            }
        }
        Ok(())
    }
}

fn dialect_of(name: &str) -> Option<Dialect> {
    crate::server::named(&name.trim().to_ascii_lowercase())
}
