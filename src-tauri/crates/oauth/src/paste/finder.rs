//! The finder: which shapes a text is tried as, in which order, and what is kept of what they hold.

use std::{borrow::Cow, collections::HashSet};

use super::{
    Place, assertions, beside, command,
    found::{FoundToken, MOST_TOKENS},
    headers, layers, looks, loose, members, names, other,
    place::{named, ordinal},
    walk::Walk,
};
use token::{
    bounded,
    decode::{self, AUTHORIZATION, QUOTES, json},
    finding::Finding,
    inspect::{TokenFormat, TokenKind},
    secret::Secret,
};

/// Shapes are taken off this many times: a Secret in a list in a string in a message is as deep as people get.
const DEEPEST: usize = 6;

/// Tokens in the order they were found, without repetition, and how much may still be looked at.
pub(super) struct Finder {
    tokens: Vec<Gathered>,
    /// Digests of their texts, so that thousands of members are looked up and not compared with each other.
    seen: HashSet<String>,
    /// How many more there were than are taken.
    more: usize,
    /// Bytes that may still be looked at, over all layers.
    left: usize,
    /// Bytes that may still be searched for a token inside another.
    compared: usize,
    /// The XML of the assertions that were found, whatever they were written as.
    assertions: Vec<String>,
}

/// A token while the search goes on.
struct Gathered {
    text: String,
    kind: TokenKind,
    source: String,
    /// What tells its place from another that sounds alike.
    far: String,
    notes: Vec<Finding>,
}

impl Finder {
    /// A finder for a text, whose length bounds its work.
    pub fn over(text: &str) -> Self {
        Self {
            tokens: Vec::new(),
            seen: HashSet::new(),
            more: 0,
            left: text.len().saturating_mul(8).saturating_add(64 * 1024),
            compared: text.len().saturating_mul(8).saturating_add(1024 * 1024),
            assertions: Vec::new(),
        }
    }

    /// The tokens, each with a place of its own, and how many more there were.
    pub fn tokens(self) -> (Vec<FoundToken>, usize) {
        let mut tokens = self.tokens;
        let twice: Vec<bool> =
            tokens.iter().map(|token| tokens.iter().filter(|one| one.source == token.source).count() > 1).collect();
        for (token, twice) in tokens.iter_mut().zip(twice) {
            if twice {
                token.source.push_str(&token.far);
            }
        }
        for at in 0..tokens.len() {
            let before = tokens[..at].iter().filter(|one| one.source == tokens[at].source).count();
            if before > 0 {
                tokens[at].far = format!(", the {}", ordinal(before));
            } else {
                tokens[at].far.clear();
            }
        }
        let found = tokens.into_iter().map(|token| FoundToken {
            format: decode::decode(&token.text).format,
            text: Secret::new(token.text),
            kind: token.kind,
            source: token.source + &token.far,
            notes: token.notes,
        });
        (found.collect(), self.more)
    }

    /// Whether an assertion was not found in another writing, nor as a part of an answer that carries it.
    fn is_new_assertion(&mut self, xml: &str) -> bool {
        let finder = memchr::memmem::Finder::new(xml.trim().as_bytes());
        for known in &self.assertions {
            let Some(left) = self.compared.checked_sub(known.len()) else { break };
            self.compared = left;
            if finder.find(known.as_bytes()).is_some() {
                return false;
            }
        }
        if self.assertions.len() < MOST_TOKENS {
            self.assertions.push(xml.trim().to_owned());
        }
        true
    }

    /// Takes the assertions out of a text that are written as XML or as base64 in lines: nothing inside one is a token of its own,
    /// and whatever reads pairs, entities or words would cut them. The lines of the rest keep their numbers.
    fn without_assertions<'t>(&mut self, text: &'t str, place: &Place) -> Cow<'t, str> {
        let found = assertions::found(text);
        if found.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut rest = String::with_capacity(text.len());
        let mut at = 0;
        for one in found {
            let source = if one.encoded { "base64 around it" } else { "text around it" };
            self.add(&one.token, Some(TokenKind::Other), source, place);
            rest.push_str(&text[at..one.range.start]);
            rest.push(' ');
            rest.extend(text[one.range.clone()].chars().filter(|letter| *letter == '\n'));
            at = one.range.end;
        }
        rest.push_str(&text[at..]);
        Cow::Owned(rest)
    }

    fn is_part(&mut self, text: &str) -> bool {
        let finder = memchr::memmem::Finder::new(text.as_bytes());
        for token in &self.tokens {
            let whole = token.text.as_bytes();
            if whole.len() <= text.len() {
                continue;
            }
            let Some(left) = self.compared.checked_sub(whole.len()) else { return false };
            self.compared = left;
            if finder.find(whole).is_some() {
                return true;
            }
        }
        false
    }

    /// Says of the only token what was taken away around it.
    pub fn note(&mut self, notes: Vec<Finding>) {
        if let [token] = self.tokens.as_mut_slice() {
            for note in notes {
                if !token.notes.iter().any(|known| known.id == note.id) {
                    token.notes.push(note);
                }
            }
        }
    }

    /// Looks at what was pasted: as [`Walk::look`], and it may be nothing but a token.
    pub fn whole(&mut self, text: &str) {
        let place = Place::default();
        if self.in_json(text, &place, 0) || self.commands(text, &place, 0) {
            return;
        }
        let bare = decode::strip(text).0;
        if decode::is_assertion(bare) && (!bare.starts_with('<') || bare.ends_with('>') || decode::assertion_in(bare).is_none()) {
            self.text_alone(text);
            // An envelope may carry more than the assertion; what was cut has no end to look behind.
            let rest = self.without_assertions(bare, &place);
            if let Cow::Owned(rest) = rest {
                self.anywhere(&rest, &place, 0);
            }
            return;
        }
        let rest = self.without_assertions(text, &place);
        let text = rest.trim();
        if text.is_empty() || self.inside_base64(text, &place, 0) {
            return;
        }
        let tokens = self.count();
        self.alone(text);
        if self.count() == tokens {
            headers::headers(text, &place, 0, self);
            if self.count() == tokens {
                headers::parameters(text, &place, 0, self);
            }
            // A text in percent encoding has no blanks either.
            if self.count() == tokens
                && let Some(plain) = layers::percent(text)
            {
                self.look(&plain, &place, 1);
            }
            if self.count() == tokens {
                self.text_alone(text);
            }
        }
        self.anywhere(text, &place, 0);
        // One that nobody can read, with marks of a sentence or a program around it.
        let bare = looks::unmarked(text);
        if self.count() == tokens && bare.len() < text.len() {
            self.text_alone(bare);
        }
    }

    /// What every text is tried as at last.
    fn anywhere(&mut self, text: &str, place: &Place, depth: usize) {
        self.secrets(text, place, depth);
        // What an encoding hid is named better by what it says once it is taken off.
        if let Some(plain) = layers::percent(text) {
            self.look(&plain, place, depth + 1);
        }
        if let Some(plain) = layers::entities(text) {
            self.look(&plain, place, depth + 1);
        }
        let before = self.count();
        let cut = loose::by_name(text, place, depth, self);
        beside::search(text, place, depth, self);
        loose::by_looks(text, place, self);
        // A token that was cut when it was copied is better than none.
        if self.count() == before {
            for (name, token, place) in cut {
                self.named(&name, &token, &format!("value of {}", named(&name)), &place, depth);
            }
        }
        self.runs_of_base64(text, place, depth);
    }

    fn commands(&mut self, text: &str, place: &Place, depth: usize) -> bool {
        let before = self.count();
        if command::search(text, place, depth, self) == 0 || self.count() == before {
            return false;
        }
        // Only what is known by its looks: what a shell would read is read, and the rest is its own signs.
        loose::by_looks(text, place, self);
        true
    }

    /// JSON, one value or one a line; false when it is none, or held nothing.
    fn in_json(&mut self, text: &str, place: &Place, depth: usize) -> bool {
        // What servers put in front so that no script runs it.
        let text =
            [")]}',", ")]}'", "for(;;);", "while(1);"].iter().find_map(|guard| text.strip_prefix(guard)).unwrap_or(text).trim();
        // A token in quotes is a JSON string as well, and no more than that.
        let quoted = text.starts_with('"') && text.contains("\\\"");
        if !quoted && !text.starts_with(['{', '[']) {
            return false;
        }
        let before = self.count();
        if let Ok((value, _)) = json::read(text.as_bytes()) {
            if value.is_object() && decode::decode(text).format != TokenFormat::Opaque {
                self.add(text, None, "JSON serialisation", place);
                return true;
            }
            members::search(&value, &mut Vec::new(), place, depth, self);
            // A number beside a name in a list of lists has no name of its own; its text may still be known by its looks.
            if self.count() == before {
                loose::by_looks(text, place, self);
            }
            return self.count() > before;
        }
        let lines: Vec<&str> =
            text.lines().map(|line| line.trim().trim_end_matches(',')).filter(|line| !line.is_empty()).collect();
        if lines.len() > 1 && lines.iter().take(2).all(|line| line.starts_with('{') && line.ends_with('}')) {
            for (at, line) in lines.iter().enumerate() {
                if let Ok((value, _)) = json::read(line.as_bytes()) {
                    members::search(&value, &mut Vec::new(), &place.inside(&format!("the {} line", ordinal(at))), depth, self);
                }
            }
        }
        self.count() > before
    }

    /// The whole text is base64 of something that holds tokens, as `kubectl get secret -o jsonpath` prints it.
    fn inside_base64(&mut self, text: &str, place: &Place, depth: usize) -> bool {
        let before = self.count();
        if decode::is_assertion(text) {
            return false;
        }
        if let Some(inner) = layers::base64_text(text) {
            self.inner(&inner, "text, out of base64", place, depth);
        }
        self.count() > before
    }

    /// What base64 said: a token, or a text that holds one.
    fn inner(&mut self, inner: &str, source: &str, place: &Place, depth: usize) {
        let inner = inner.trim();
        if looks::is_token(inner) && (looks::is_compact(inner) || looks::is_made(inner)) {
            self.add(inner, None, source, place);
        } else if inner.contains("eyJ")
            || inner.contains("oken")
            || inner.contains("earer")
            || inner.split([':', '@', '/', ' ', '"']).any(decode::opaque::is_known)
            || layers::base64_text(inner).is_some()
        {
            let inside = Place { near: format!(", out of base64{}", place.near), far: place.far.clone() };
            self.look(inner, &inside, depth + 1);
        }
    }

    /// Base64 between other words.
    fn runs_of_base64(&mut self, text: &str, place: &Place, depth: usize) {
        if depth >= DEEPEST {
            return;
        }
        let lines = loose::Lines::of(text);
        let mut at = 0;
        for run in text.split(|letter: char| !(letter.is_ascii_alphanumeric() || "-_+/=".contains(letter))) {
            let start = at;
            at += run.len();
            at += text[at..].chars().next().map_or(0, char::len_utf8);
            // A part of a JWT has dots beside it.
            let beside = text[..start].ends_with('.') || text[start + run.len()..].starts_with('.');
            let value = run.trim_start_matches('=');
            let value = value.rsplit_once('=').filter(|(_, rest)| rest.len() > 16).map_or(value, |(_, rest)| rest);
            if beside || value.len() < 24 || self.left < value.len() {
                continue;
            }
            self.left -= value.len();
            if decode::is_assertion(value) {
                let near = format!("{}{}", lines.words(start), place.near);
                self.add(value, Some(TokenKind::Other), "base64 around it", &Place { near, far: place.far.clone() });
            } else if let Some(inner) = layers::base64_text(value) {
                let near = format!("{}{}", lines.words(start), place.near);
                self.inner(&inner, "base64 around it", &Place { near, far: place.far.clone() }, depth);
            }
        }
    }

    /// The scheme, wrapped or not, with the header's name before it or without: everything after it is the token.
    fn alone(&mut self, text: &str) {
        let (inner, cut) = decode::strip(text);
        let joined = unwrapped(inner);
        // After an empty line a message has its body.
        let body = text.lines().any(|line| line.trim().is_empty());
        let scheme = cut.iter().any(|finding| finding.id == "bearer-prefix-removed");
        if body || !scheme || !is_one(&joined, inner) {
            return;
        }
        let named = text.trim_start_matches(QUOTES).trim_start();
        let named = named.get(..AUTHORIZATION.len()).is_some_and(|head| head.eq_ignore_ascii_case(AUTHORIZATION));
        let source = if named { "header Authorization" } else { "scheme Bearer" };
        let before = self.count();
        // The dot of a sentence; opaque tokens do not end with one.
        let token = if looks::is_readable(&joined) { joined.as_str() } else { joined.trim_end_matches(['.', ',', ';']) };
        self.add(token, looks::bearer_kind(token), source, &Place::default());
        if self.count() > before {
            self.note(cut);
            self.note(unbroken(inner, &joined));
        }
    }

    /// The whole text is the token, possibly in quotes or broken into lines.
    fn text_alone(&mut self, text: &str) {
        let (inner, cut) = decode::strip(text);
        let joined = unwrapped(inner);
        let broken = inner.contains(char::is_whitespace);
        let before = self.count();
        let place = Place::default();
        if decode::is_assertion(inner) {
            self.add(inner, None, if inner.starts_with('<') { "text" } else { "text, in base64" }, &place);
            return self.note(cut);
        }
        if broken && decode::decode(inner).is_plain() {
            self.add(inner, None, "text", &place);
            return self.note(cut);
        }
        // Two tokens with a sign between them are not one.
        if !broken && !looks::is_compact(&joined) && several(&joined) {
            return;
        }
        let readable = looks::is_readable(&joined);
        if readable && is_one(&joined, inner) && (broken || looks::foreign(&joined).is_none()) && only_token_letters(&joined) {
            self.add(&joined, None, if broken { "text broken into lines" } else { "text" }, &place);
        } else if !readable && !broken && looks::is_opaque(inner) && other::word(inner).is_none() && !holds_readable(inner) {
            self.add(inner, None, "text", &place);
        }
        if self.count() > before {
            self.note(cut);
            self.note(unbroken(inner, &joined));
        }
    }

    /// A Secret of Kubernetes in YAML: what stands under `data` is base64.
    fn secrets(&mut self, text: &str, place: &Place, depth: usize) {
        if !text.contains("kind: Secret") {
            return;
        }
        let mut under: Option<usize> = None;
        for line in text.lines() {
            let indent = line.len() - line.trim_start().len();
            let content = line.trim();
            if let Some(outer) = under {
                if indent <= outer && !content.is_empty() {
                    under = None;
                } else if let Some((name, value)) = content.split_once(':') {
                    let value = value.trim().trim_matches(['"', '\'']);
                    if let Some(inner) = layers::base64_text(value) {
                        members::secret(name.trim_matches(['"', '\'']), &inner, place, depth, self);
                        self.seen.insert(bounded::sha256(value.as_bytes()));
                    }
                    continue;
                }
            }
            if content == "data:" {
                under = Some(indent);
            }
        }
    }
}

impl Walk for Finder {
    fn count(&self) -> usize {
        self.tokens.len() + self.more
    }

    fn wants(&self, text: &str) -> bool {
        self.tokens.len() < MOST_TOKENS && !self.seen.contains(&bounded::sha256(text.as_bytes()))
    }

    fn add(&mut self, text: &str, kind: Option<TokenKind>, source: &str, place: &Place) {
        let text = looks::without_marks(text.trim());
        // Nothing that only surrounds a token is a token: `T^`, `'T'` and `T#top` are T.
        if looks::is_token(text)
            && !only_token_letters(text)
            && holds_readable(text)
            && !decode::is_assertion(text)
            && !text.starts_with('{')
        {
            return self.readable_in(text, source, place);
        }
        if text.is_empty()
            || looks::is_placeholder(text)
            || !self.seen.insert(bounded::sha256(text.as_bytes()))
            || self.is_part(text)
        {
            return;
        }
        if let Some(xml) = decode::assertion_xml(text)
            && !self.is_new_assertion(decode::assertion_in(&xml).unwrap_or(&xml))
        {
            return;
        }
        if self.tokens.len() >= MOST_TOKENS {
            self.more += 1;
            return;
        }
        let kind = kind.unwrap_or_else(|| looks::guess(text));
        let source = format!("{source}{}", place.near);
        self.tokens.push(Gathered { text: text.to_owned(), kind, source, far: place.far.clone(), notes: Vec::new() });
    }

    fn look(&mut self, text: &str, place: &Place, depth: usize) {
        if depth > DEEPEST || self.left < text.len() {
            return;
        }
        self.left -= text.len();
        let text = text.trim();
        if self.in_json(text, place, depth) || self.commands(text, place, depth) {
            return;
        }
        let rest = self.without_assertions(text, place);
        let text = rest.trim();
        headers::headers(text, place, depth, self);
        headers::parameters(text, place, depth, self);
        self.anywhere(text, place, depth);
    }

    fn readable_in(&mut self, value: &str, base: &str, place: &Place) {
        if looks::is_token(value) && looks::is_compact(value) {
            let kind = looks::bearer_kind(value);
            return self.add(value, kind, base, place);
        }
        let mut inner = Self::over(value);
        loose::readable(value, &Place::default(), &mut inner);
        for token in inner.tokens {
            self.add(&token.text, Some(token.kind).filter(|kind| *kind != TokenKind::Other), base, place);
        }
    }

    fn named(&mut self, name: &str, value: &str, base: &str, place: &Place, depth: usize) -> bool {
        let Some(carries) = names::carries(name) else { return false };
        let value = value.trim();
        let before = self.count();
        // Google's refresh tokens and some keys are base64 by chance; only what is a text with a token in it is looked into.
        if let Some(inner) = layers::base64_text(value).filter(|_| !decode::is_assertion(value) && !looks::is_made(value)) {
            self.inner(&inner, &format!("{base}, out of base64"), place, depth);
            if self.count() > before {
                return true;
            }
        }
        let token = names::after_scheme(value).map_or(value, |(_, token)| token);
        if decode::is_assertion(value) {
            self.add(value, Some(TokenKind::Other), base, place);
            return self.count() > before;
        }
        let empty = looks::is_placeholder(token) || looks::is_word(token) || looks::is_challenge(token);
        if looks::is_token(token) && !empty && (carries.sure || looks::is_plausible(token)) && !token.starts_with(['{', '[']) {
            self.add(token, carries.kind, base, place);
            // It was there before, or is now.
            return true;
        }
        false
    }

    fn leaf(&mut self, text: &str, base: &str, place: &Place, depth: usize) {
        let text = text.trim();
        if text.len() < 12 || looks::is_placeholder(text) {
            return;
        }
        if let Some((_, token)) = names::after_scheme(text)
            .filter(|(_, token)| looks::is_token(token) && looks::is_plausible(token) && !looks::is_challenge(token))
        {
            let kind = looks::bearer_kind(token);
            return self.add(token, kind, base, place);
        }
        if looks::is_token(text) && (looks::is_compact(text) || looks::is_made(text))
            || (text.len() > 100 && decode::is_assertion(text))
        {
            return self.add(text, None, base, place);
        }
        if depth >= DEEPEST {
            return;
        }
        let before = self.count();
        if let Some(inner) = layers::base64_text(text) {
            self.inner(&inner, &format!("{base}, out of base64"), place, depth);
        }
        if self.count() == before && text.len() > 16 && text.contains(['{', '[', '=', ':', '.', '%', '\\', ' ', '<']) {
            let inside = if base == "the text" { place.clone() } else { place.within(base) };
            self.look(text, &inside, depth + 1);
        }
    }
}

/// Whether a text that was joined is one token and not two that stood in two lines.
fn is_one(joined: &str, written: &str) -> bool {
    if !looks::is_token(joined) {
        return false;
    }
    let lines: Vec<&str> = written.split_whitespace().collect();
    if lines.len() < 2 {
        return true;
    }
    looks::is_compact(joined)
        || (only_token_letters(joined)
            && !looks::is_readable(joined)
            && !lines.iter().any(|line| looks::is_compact(line))
            && lines.len() <= 1)
}

/// Letters of tokens by RFC 6750 2.1, and `~` of SD-JWT is among them.
fn only_token_letters(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte))
}

/// Whether a token that can be read stands inside a text.
fn holds_readable(text: &str) -> bool {
    if !text.contains('.') {
        return false;
    }
    let mut inner = Finder::over(text);
    loose::readable(text, &Place::default(), &mut inner);
    inner.count() > 0
}

/// Whether more than one token that can be read stands in a text.
fn several(text: &str) -> bool {
    let mut inner = Finder::over(text);
    loose::readable(text, &Place::default(), &mut inner);
    inner.count() > 1
}

fn unwrapped(text: &str) -> String {
    // An escaped line break is two letters, of which the second would stay.
    let plain = ["\\r", "\\n", "\\t"].iter().fold(text.to_owned(), |text, escape| text.replace(escape, ""));
    plain.chars().filter(|letter| !letter.is_whitespace() && *letter != '\\').collect()
}

/// What was joined again.
pub(super) fn unbroken(written: &str, joined: &str) -> Vec<Finding> {
    let detail = "The text was broken into lines or had spaces in it; they are no part of the token and were taken out.";
    let note = || decode::note_finding("line-breaks-removed", "Line breaks removed", detail, Some("RFC 7515 2"));
    (written != joined).then(note).into_iter().collect()
}
