//! The words of a log, each kept once.
//!
//! A log repeats itself: a million events have a few dozen types, some hundred clients, a few thousand users. Each value is
//! stored once in lower case, one after the other with a line feed between, so that looking for a part of a word is one fast
//! scan over a small block instead of one over the file.

use std::hash::BuildHasher as _;

use hashbrown::{DefaultHashBuilder, HashMap, HashTable};
use memchr::memmem;

/// A set of small numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct Bits {
    words: Vec<u64>,
    /// Whether anything is in it.
    pub(super) any: bool,
}

impl Bits {
    pub(super) fn of(count: usize) -> Self {
        Self { words: vec![0; count.div_ceil(64)], any: false }
    }

    pub(super) fn set(&mut self, at: u32) {
        if let Some(word) = self.words.get_mut(at as usize / 64) {
            *word |= 1 << (at % 64);
            self.any = true;
        }
    }

    pub(super) fn has(&self, at: u32) -> bool {
        self.words.get(at as usize / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
    }
}

/// Texts one after the other, each followed by a line feed.
#[derive(Debug, Default)]
pub(super) struct Texts {
    bytes: Vec<u8>,
    /// Where each ends, without its line feed.
    ends: Vec<u32>,
}

impl Texts {
    /// Adds a text; false when there is no more room for a number to point into it.
    pub(super) fn push(&mut self, text: &[u8]) -> bool {
        let Ok(end) = u32::try_from(self.bytes.len() + text.len()) else { return false };
        self.bytes.extend_from_slice(text);
        self.bytes.push(b'\n');
        self.ends.push(end);
        true
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn text(&self, at: usize) -> &[u8] {
        let begin = if at == 0 { 0 } else { self.ends.get(at - 1).map_or(0, |end| *end as usize + 1) };
        let end = self.ends.get(at).map_or(begin, |end| *end as usize);
        self.bytes.get(begin..end).unwrap_or_default()
    }

    /// Which texts a part occurs in.
    pub(super) fn find(&self, part: &str) -> Bits {
        let mut found = Bits::of(self.len());
        let finder = memmem::Finder::new(part.as_bytes());
        let (mut from, mut at) = (0, 0);
        while let Some(hit) = self.bytes.get(from..).and_then(|rest| finder.find(rest)) {
            let hit = from + hit;
            while self.ends.get(at).is_some_and(|end| (*end as usize) < hit) {
                at += 1;
            }
            let Some(end) = self.ends.get(at) else { break };
            found.set(at as u32);
            from = *end as usize + 1;
        }
        found
    }

    pub(super) fn memory(&self) -> usize {
        self.bytes.capacity() + self.ends.capacity() * 4
    }
}

/// See the module. Number 0 is the empty text, which stands for none.
pub(super) struct Values {
    pub(super) lower: Texts,
    /// As written, where that is not lower case and is wanted.
    written: HashMap<u32, Box<str>>,
    table: HashTable<u32>,
    hasher: DefaultHashBuilder,
    scratch: Vec<u8>,
}

impl Default for Values {
    fn default() -> Self {
        let mut values = Self {
            lower: Texts::default(),
            written: HashMap::default(),
            table: HashTable::default(),
            hasher: DefaultHashBuilder::default(),
            scratch: Vec::new(),
        };
        values.intern("", false);
        values
    }
}

impl Values {
    /// Number of a text; `written` keeps how it is spelled, so that it can be shown and told from another spelling.
    pub(super) fn intern(&mut self, text: &str, written: bool) -> u32 {
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.clear();
        scratch.extend_from_slice(text.as_bytes());
        scratch.make_ascii_lowercase();
        let spelled = written && scratch != text.as_bytes();
        let hash = self.hasher.hash_one(&scratch);
        let known = |at: &u32| {
            self.lower.text(*at as usize) == scratch
                && match self.written.get(at) {
                    Some(known) => spelled && **known == *text,
                    None => !spelled,
                }
        };
        let id = match self.table.find(hash, known) {
            Some(id) => *id,
            None => {
                let id = self.lower.len() as u32;
                if self.lower.push(&scratch) {
                    if spelled {
                        self.written.insert(id, text.into());
                    }
                    let (lower, hasher) = (&self.lower, &self.hasher);
                    self.table.insert_unique(hash, id, |at| hasher.hash_one(lower.text(*at as usize)));
                    id
                } else {
                    0
                }
            }
        };
        self.scratch = scratch;
        id
    }

    /// A text as it was written.
    pub(super) fn text(&self, at: u32) -> String {
        match self.written.get(&at) {
            Some(text) => text.to_string(),
            None => String::from_utf8_lossy(self.lower.text(at as usize)).into_owned(),
        }
    }

    pub(super) fn memory(&self) -> usize {
        self.lower.memory() + self.table.capacity() * 5 + self.written.capacity() * 64
    }
}

/// A column with its own short numbers, so that counting its values is an array.
#[derive(Default)]
pub(super) struct Column {
    /// Number of the value of each row; 0 = none.
    pub(super) rows: Vec<u32>,
    /// Value behind each number.
    pub(super) values: Vec<u32>,
    numbers: HashMap<u32, u32>,
}

impl Column {
    pub(super) fn push(&mut self, value: u32) {
        if self.values.is_empty() {
            self.values.push(0);
            self.numbers.insert(0, 0);
        }
        let number = *self.numbers.entry(value).or_insert_with(|| {
            self.values.push(value);
            self.values.len() as u32 - 1
        });
        self.rows.push(number);
    }

    pub(super) fn memory(&self) -> usize {
        self.rows.capacity() * 4 + self.values.capacity() * 4 + self.numbers.capacity() * 9
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_kept_once_and_spellings_apart() {
        let mut values = Values::default();
        let (a, b) = (values.intern("LOGIN", true), values.intern("login", true));
        assert_ne!(a, b);
        assert_eq!((values.intern("LOGIN", true), values.intern("Login", false)), (a, b));
        assert_eq!((values.text(a), values.text(b), values.intern("", true)), ("LOGIN".into(), "login".into(), 0));
    }

    #[test]
    fn parts_are_found_in_the_text_they_are_in() {
        let mut texts = Texts::default();
        for text in ["", "alice", "bob", "malice", "x"] {
            assert!(texts.push(text.as_bytes()));
        }
        let found = |part: &str| (0..5).filter(|at| texts.find(part).has(*at)).collect::<Vec<u32>>();
        assert_eq!(found("alice"), [1, 3]);
        assert_eq!(found("b"), [2]);
        assert_eq!(found("x"), [4]);
        assert_eq!(found("cebo"), Vec::<u32>::new());
    }
}
