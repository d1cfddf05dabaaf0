//! Known values, found in one pass whatever their number.
//!
//! One automaton holds a key of every value: a short value whole, a long one by its first and its last bytes, from where a find
//! goes on as long as text and value agree. So the automaton stays small with a thousand tokens of a megabyte, and a value that a
//! server cut off is found by the part it left.

use std::{
    borrow::Cow,
    collections::HashMap,
    sync::{Arc, OnceLock},
};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use token::secret::Secret;

use super::{mask::DOTS, ordinary};

/// A value of fewer bytes is a key as a whole.
const LONG: usize = 16;
/// Bytes of a long value's two keys: half of it, within these.
const KEY: std::ops::RangeInclusive<usize> = 12..=32;
/// A value of fewer characters is masked where it stands alone, and not inside the words of a server.
const SHORT: usize = 4;
/// A value up to this many characters of letters only, or of digits only, is masked as a word.
const WORD: usize = 7;
/// A value of this many characters is looked for in small and in large letters as well.
const ANY_CASE: usize = 8;
/// Shortest part of a token that is looked for by itself.
const PART: usize = 16;

/// Values that are known to be secret: client secrets, passwords, codes, verifiers, states, nonces; and tokens with the evidence
/// shown in their place, e.g. `[access, alice, jti onrtac:0f5c…b318]`.
///
/// What they are searched with is built when it is first needed and then shared by all copies.
#[derive(Clone, Default)]
pub struct KnownSecrets(Arc<Values>);

#[derive(Default)]
struct Values {
    below: Option<KnownSecrets>,
    secrets: Vec<Secret>,
    tokens: Vec<(Secret, String)>,
    needles: OnceLock<Needles>,
}

impl KnownSecrets {
    /// Secrets, and tokens with their evidence.
    pub fn new(secrets: Vec<Secret>, tokens: Vec<(Secret, String)>) -> Self {
        Self(Arc::new(Values { below: None, secrets, tokens, needles: OnceLock::new() }))
    }

    /// The same on top of what was known before, which is not looked at again: what a step adds costs what the step adds. Where
    /// both know a value, this is what is said of it.
    pub fn over(below: &KnownSecrets, secrets: Vec<Secret>, tokens: Vec<(Secret, String)>) -> Self {
        Self(Arc::new(Values { below: Some(below.clone()), secrets, tokens, needles: OnceLock::new() }))
    }

    /// The secrets.
    pub fn secrets(&self) -> Vec<&Secret> {
        let below = self.0.below.iter().flat_map(KnownSecrets::secrets);
        self.0.secrets.iter().chain(below).collect()
    }

    /// The tokens with their evidence.
    pub fn tokens(&self) -> Vec<&(Secret, String)> {
        let below = self.0.below.iter().flat_map(KnownSecrets::tokens);
        self.0.tokens.iter().chain(below).collect()
    }

    /// What they are searched with.
    pub(super) fn needles(&self) -> &Needles {
        self.0.needles.get_or_init(|| Needles::new(&self.0.secrets, &self.0.tokens, self.0.below.clone()))
    }
}

impl std::fmt::Debug for KnownSecrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Known({} secrets, {} tokens)", self.secrets().len(), self.tokens().len())
    }
}

/// How a key stands for its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Part {
    /// It is the whole value.
    Whole,
    /// It is a word: neither letters nor digits may go on around it.
    Word,
    /// It stands alone only.
    Alone,
    /// It is a word that servers use: it stands alone, and is not named as something else.
    Ordinary,
    /// The value begins with it.
    Front,
    /// The value ends with it.
    Back,
}

struct Needle {
    bytes: Vec<u8>,
    /// Evidence of a token, by its place; none for other secrets.
    evidence: Option<usize>,
}

/// See the module.
#[derive(Default)]
pub(super) struct Needles {
    automaton: Option<AhoCorasick>,
    /// By the automaton's pattern numbers: part, and number of the needle.
    keys: Vec<(Part, usize)>,
    needles: Vec<Needle>,
    evidence: Vec<String>,
    /// Whole values.
    exact: HashMap<String, Option<usize>>,
    /// Whether blanks and plus signs are held to be the same, as in a form.
    blanks: bool,
    /// What was known before, with an automaton of its own.
    below: Option<KnownSecrets>,
}

/// Where a known value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    pub start: usize,
    pub end: usize,
    pub evidence: Option<usize>,
    /// Length of the find that gave the evidence.
    weight: usize,
}

impl Needles {
    pub fn new(secrets: &[Secret], tokens: &[(Secret, String)], below: Option<KnownSecrets>) -> Self {
        let mut made = Self { below, ..Self::default() };
        let mut patterns: Vec<Vec<u8>> = Vec::new();
        let mut seen: HashMap<(Vec<u8>, Part), ()> = HashMap::new();
        let texts = secrets.iter().chain(tokens.iter().map(|(token, _)| token));
        made.blanks = texts.into_iter().any(|text| text.expose().contains([' ', '+']));
        made.evidence = tokens.iter().map(|(_, evidence)| evidence.clone()).collect();
        let tokens = tokens.iter().enumerate().map(|(index, (token, _))| (token.expose(), Some(index)));
        for (value, evidence) in tokens.chain(secrets.iter().map(|secret| (secret.expose(), None))) {
            if value.trim().is_empty() {
                continue;
            }
            made.exact.entry(value.to_owned()).or_insert(evidence);
            for (text, token) in spellings(value) {
                made.add(text, token, evidence, &mut patterns, &mut seen);
            }
        }
        if !patterns.is_empty() {
            // With keys of at most 64 bytes it can only fail for more values than fit into memory.
            made.automaton = AhoCorasick::builder()
                .kind(Some(AhoCorasickKind::ContiguousNFA))
                .match_kind(MatchKind::Standard)
                .build(&patterns)
                .ok();
        }
        // What a token is named by comes out of it, and a server may have put a secret there.
        for index in 0..made.evidence.len() {
            let words = std::mem::take(&mut made.evidence[index]);
            made.evidence[index] = made.without_values(words);
        }
        made
    }

    /// A text with dots in place of what is known.
    fn without_values(&self, mut text: String) -> String {
        for hit in self.find(text.as_bytes(), false).into_iter().rev() {
            if text.is_char_boundary(hit.start) && text.is_char_boundary(hit.end) {
                text.replace_range(hit.start..hit.end, DOTS);
            }
        }
        text
    }

    fn add(
        &mut self,
        mut bytes: Vec<u8>,
        token: bool,
        evidence: Option<usize>,
        patterns: &mut Vec<Vec<u8>>,
        seen: &mut HashMap<(Vec<u8>, Part), ()>,
    ) {
        if self.blanks {
            bytes.iter_mut().for_each(|byte| *byte = folded(*byte));
        }
        let letters = String::from_utf8_lossy(&bytes).chars().count();
        let plain = bytes.iter().all(u8::is_ascii_alphabetic) || bytes.iter().all(u8::is_ascii_digit);
        let keys: Vec<(Vec<u8>, Part)> = match bytes.len() {
            _ if letters < SHORT => vec![(bytes.clone(), Part::Alone)],
            _ if evidence.is_none() && ordinary::is_word(&bytes) => vec![(bytes.clone(), Part::Ordinary)],
            _ if letters <= WORD && plain => vec![(bytes.clone(), Part::Word)],
            // A secret that a person made may begin or end with the name of its client, which is evidence.
            length if length < LONG || evidence.is_none() && is_made_of_words(&bytes) => vec![(bytes.clone(), Part::Whole)],
            length => {
                let key = (length / 2).clamp(*KEY.start(), *KEY.end());
                let mut keys = vec![(bytes[length - key..].to_vec(), Part::Back)];
                // All tokens of an issuer begin alike; their beginnings are found by their shape.
                if !token {
                    keys.push((bytes[..key].to_vec(), Part::Front));
                }
                keys
            }
        };
        let number = self.needles.len();
        let mut used = false;
        for key in keys {
            if seen.insert(key.clone(), ()).is_none() {
                patterns.push(key.0);
                self.keys.push((key.1, number));
                used = true;
            }
        }
        if used {
            self.needles.push(Needle { bytes, evidence });
        }
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.needles.is_empty() && self.below.as_ref().is_none_or(|below| below.needles().is_empty())
    }

    /// The words that stand for a token.
    pub fn evidence(&self, index: usize) -> Cow<'_, str> {
        match (self.evidence.get(index), &self.below) {
            (Some(words), _) => Cow::Borrowed(words),
            // What is known here was not known when they were made.
            (None, Some(below)) => {
                Cow::Owned(self.without_values(below.needles().evidence(index - self.evidence.len()).into_owned()))
            }
            (None, None) => Cow::Borrowed(DOTS),
        }
    }

    /// Whether a text is a known value as a whole, and the evidence of the token it is.
    pub fn whole(&self, text: &str) -> Option<Option<Cow<'_, str>>> {
        self.place(text).map(|evidence| evidence.map(|index| self.evidence(index)))
    }

    fn place(&self, text: &str) -> Option<Option<usize>> {
        let here = self.exact.get(text).copied();
        if let Some(Some(_)) = here {
            return here;
        }
        let below = self.below.as_ref().and_then(|below| below.needles().place(text));
        below.map(|evidence| evidence.map(|index| index + self.evidence.len())).or(here)
    }

    /// Where known values stand in a text, in order and without overlaps; `alone` also finds the shortest, where they stand alone.
    pub fn find(&self, text: &[u8], alone: bool) -> Vec<Hit> {
        let here = self.find_here(text, alone);
        let Some(below) = &self.below else { return here };
        let further = |found: Hit| Hit { evidence: found.evidence.map(|index| index + self.evidence.len()), ..found };
        let mut below = below.needles().find(text, alone).into_iter().map(further).peekable();
        if below.peek().is_none() {
            return here;
        }
        let mut found = Vec::new();
        for one in here {
            while let Some(before) = below.next_if(|other| other.end < one.end) {
                put(&mut found, before);
            }
            put(&mut found, one);
        }
        below.for_each(|rest| put(&mut found, rest));
        found
    }

    fn find_here(&self, text: &[u8], alone: bool) -> Vec<Hit> {
        let mut found: Vec<Hit> = Vec::new();
        let Some(automaton) = &self.automaton else { return found };
        let spaced: Vec<u8>;
        let text = if self.blanks && text.contains(&b' ') {
            spaced = text.iter().map(|byte| folded(*byte)).collect();
            &spaced
        } else {
            text
        };
        for hit in automaton.find_overlapping_iter(text) {
            let Some(&(part, number)) = self.keys.get(hit.pattern().as_usize()) else { continue };
            let Some(needle) = self.needles.get(number) else { continue };
            let (mut start, mut end) = (hit.start(), hit.end());
            match part {
                Part::Whole => {}
                Part::Word if !is_word(text, start, end) => continue,
                Part::Word => {}
                Part::Alone if !alone || !is_alone(text, start, end) => continue,
                Part::Alone => {}
                Part::Ordinary if is_word(text, start, end) && ordinary::is_announced(text, start, end) => {}
                Part::Ordinary if !is_alone(text, start, end) || ordinary::is_named_otherwise(text, start, end) => continue,
                Part::Ordinary => {}
                Part::Front => {
                    // What is covered already needs no second look, so that a find costs what it adds.
                    let covered = found.last().map_or(end, |last| last.end.max(end)).min(start + needle.bytes.len());
                    let more = text[covered..].iter().zip(&needle.bytes[covered - start..]).take_while(|(a, b)| a == b).count();
                    end = covered + more;
                }
                Part::Back => start = backwards(text, (start, end), &needle.bytes, &found),
            }
            put(&mut found, Hit { start, end, evidence: needle.evidence, weight: end - start });
        }
        found
    }
}

/// How far back a text agrees with the end of a value. Finds that lie on the way are taken to agree, and were looked at already.
fn backwards(text: &[u8], (mut start, end): (usize, usize), needle: &[u8], found: &[Hit]) -> usize {
    let limit = end.saturating_sub(needle.len());
    let mut before = found.len();
    while start > limit {
        while before > 0 && found[before - 1].start >= start {
            before -= 1;
        }
        if before > 0 && found[before - 1].end >= start {
            start = found[before - 1].start.max(limit);
            before -= 1;
            continue;
        }
        if text[start - 1] != needle[needle.len() - (end - start) - 1] {
            break;
        }
        start -= 1;
    }
    start
}

/// Adds a find, taking in those it overlaps; the longest gives the evidence. Finds come in the order of their ends.
fn put(found: &mut Vec<Hit>, mut new: Hit) {
    while let Some(last) = found.last().copied().filter(|last| last.end > new.start) {
        let longer = last.weight > new.weight || last.weight == new.weight && last.evidence.is_some();
        let (evidence, weight) = if longer { (last.evidence, last.weight) } else { (new.evidence, new.weight) };
        new = Hit { start: new.start.min(last.start), end: new.end.max(last.end), evidence, weight };
        found.pop();
    }
    found.push(new);
}

/// A value in the forms that reading escapes does not undo, each with whether it begins as all tokens do.
fn spellings(value: &str) -> Vec<(Vec<u8>, bool)> {
    let jwt = value.starts_with("eyJ") && value.contains('.');
    let mut texts: Vec<(Vec<u8>, bool)> = vec![(value.into(), jwt)];
    let trimmed = value.trim();
    if trimmed.len() < value.len() && trimmed.chars().count() >= SHORT {
        texts.push((trimmed.into(), jwt));
    }
    if jwt {
        // A signature, content or disclosure alone is half of a usable token; the header is the same for all of an issuer.
        let parts = value.split(['.', '~']).skip(1).filter(|part| part.len() >= PART);
        texts.extend(parts.map(|part| (part.into(), true)));
    }
    if value.contains('\n') {
        // Keys in PEM are wrapped anew by whoever prints them.
        let lines = value.lines().map(str::trim).filter(|line| line.len() >= PART && !line.starts_with("-----"));
        texts.extend(lines.map(|line| (line.into(), false)));
    }
    // Servers write ids and names in one case; a token in another is none.
    if !jwt && value.chars().count() >= ANY_CASE {
        let cases = [value.to_lowercase(), value.to_uppercase()].into_iter().filter(|other| other != value);
        texts.extend(cases.map(|other| (other.into_bytes(), false)));
    }
    // Backwards; a word read backwards may be another word.
    if value.chars().count() >= ANY_CASE && !value.bytes().all(|byte| byte.is_ascii_lowercase()) {
        let reversed: String = value.chars().rev().collect();
        if reversed != value {
            texts.push((reversed.into_bytes(), false));
        }
    }
    if !value.is_ascii() {
        // UTF-8 that was taken for Latin-1 and written as UTF-8 again.
        texts.push((value.bytes().map(char::from).collect::<String>().into_bytes(), false));
    }
    if !value.is_ascii()
        && let Ok(latin) = value.chars().map(|letter| u8::try_from(u32::from(letter))).collect::<Result<Vec<u8>, _>>()
    {
        texts.push((latin, false));
    }
    texts
}

/// Whether a short value is words a person put together, and no machine's letters: `secret-of-orders-batch`, but no UUID.
fn is_made_of_words(value: &[u8]) -> bool {
    let parts = || value.split(|byte| b"-_. +".contains(byte));
    value.len() <= 64
        && parts().count() > 1
        && parts().any(|part| part.len() > 2 && part.iter().all(u8::is_ascii_alphabetic))
        && !value.iter().all(|byte| byte.is_ascii_hexdigit() || *byte == b'-')
}

fn folded(byte: u8) -> u8 {
    if byte == b' ' { b'+' } else { byte }
}

fn is_word(text: &[u8], start: usize, end: usize) -> bool {
    let goes_on = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    let before = |by: usize| start.checked_sub(by).and_then(|at| text.get(at));
    let digits = text.get(start..end).is_some_and(|word| word.iter().all(u8::is_ascii_digit));
    !(goes_on(before(1)) || goes_on(text.get(end)) || digits && is_part_of_number(text, start, end))
}

/// Whether digits belong to a date, a time, a port or a number with points: other digits stand beside them behind one sign.
fn is_part_of_number(text: &[u8], start: usize, end: usize) -> bool {
    let sign = |byte: Option<&u8>| byte.is_some_and(|byte| b"-:./,".contains(byte));
    let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let before = |by: usize| start.checked_sub(by).and_then(|at| text.get(at));
    let month = || {
        let word = text.get(start.saturating_sub(4)..start).unwrap_or_default();
        word.len() == 4 && word[3] == b' ' && MONTHS.iter().any(|month| word.starts_with(month))
    };
    sign(before(1)) && digit(before(2)) || sign(text.get(end)) && digit(text.get(end + 1)) || month()
}

/// Months as dates have them (RFC 9110 5.6.7).
const MONTHS: [&[u8]; 12] = [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];

/// Whether a place is a field as a whole: in quotes or brackets, between the signs of a list or a form, behind `=` or a name and its
/// colon, or a line of its own. A word between two words of a sentence is none (`a` in `is not a token`).
fn is_alone(text: &[u8], start: usize, end: usize) -> bool {
    const BLANK: [u8; 2] = [b' ', b'\t'];
    let before = &text[..start];
    let blanks = before.iter().rev().take(8).take_while(|byte| BLANK.contains(byte)).count();
    let sign = before[..start - blanks].last().copied();
    // A colon after a number belongs to a time or a port.
    let number = start.checked_sub(2 + blanks).and_then(|two| text.get(two)).is_some_and(u8::is_ascii_digit);
    let line = sign.is_none_or(|byte| matches!(byte, b'\n' | b'\r' | 0));
    let opens = match sign {
        _ if line => true,
        Some(b'=') => true,
        Some(b':') => !number || blanks > 0,
        Some(byte) => blanks == 0 && b"\"'`([{<>,;&?|".contains(&byte),
        None => true,
    };
    let rest = &text[end..];
    let close = rest.iter().take(8).take_while(|byte| BLANK.contains(byte)).count();
    let closes = match rest.get(close) {
        None | Some(b'\n' | b'\r' | 0) => true,
        Some(b'.') if close == 0 => rest.get(1).is_none_or(|byte| matches!(byte, b'\n' | b'\r')),
        Some(byte) if close == 0 => b"\"'`)]}<>,;&|".contains(byte),
        // `x=e next`
        Some(_) => sign == Some(b'=') && blanks == 0,
    };
    opens && closes
}
