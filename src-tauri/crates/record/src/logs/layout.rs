//! The layout of a file: in which order its lines are written, as far as that had to be learned ([`super::learn`]).
//!
//! A server can be told to write its lines in any order (`quarkus.log.console.format`). What was found is said in words, so that
//! whoever reads the log sees what was taken for what.

use super::{
    access,
    head::Head,
    parts::{self, Part, Style},
    record::Record,
    stamps::Form,
};

/// Lines a layout is learned from.
pub(super) const SAMPLE: usize = 100;

/// How the lines of a file are written, as far as that had to be learned.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    pub(super) templates: Vec<Template>,
    pub(super) style: Style,
    /// Whether days and months could not be told apart.
    pub(super) ambiguous: bool,
    pub(super) sampled: usize,
}

/// What all lines of one layout begin with.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Template {
    pub(super) slots: Vec<Slot>,
    pub(super) words: String,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Slot {
    pub(super) class: Class,
    pub(super) role: Role,
}

/// What a part is by its form.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Class {
    Time(Form),
    Level,
    Group(u8),
    Pair(String),
    Label(String),
    Sign(String),
    Word,
}

/// What a part means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Own,
    Logger,
    Thread,
    Field,
    /// The same in every line.
    Fixed,
}

impl Class {
    pub(super) fn of(part: &Part<'_>) -> Self {
        match part {
            Part::Time(_, form) => Self::Time(*form),
            Part::Level(_) => Self::Level,
            Part::Group(open, _) => Self::Group(*open),
            Part::Pair(name, _) => Self::Pair((*name).to_owned()),
            Part::Label(name) => Self::Label((*name).to_owned()),
            Part::Sign(sign) => Self::Sign((*sign).to_owned()),
            Part::Word(_) => Self::Word,
        }
    }

    pub(super) fn fits(&self, part: &Part<'_>) -> bool {
        match (self, part) {
            (Self::Time(form), Part::Time(_, other)) => form == other,
            (Self::Level, Part::Level(_)) | (Self::Word, Part::Word(_)) => true,
            (Self::Group(open), Part::Group(other, _)) => open == other,
            (Self::Pair(name), Part::Pair(other, _)) | (Self::Label(name), Part::Label(other)) => name == other,
            (Self::Sign(sign), Part::Sign(other)) => sign == other,
            _ => false,
        }
    }

    /// Whether a head can end with it: a word can be that of a message.
    pub(super) fn is_structure(&self) -> bool {
        !matches!(self, Self::Word)
    }
}

impl Layout {
    pub(super) fn style(&self) -> Style {
        self.style
    }

    /// Whether anything was learned.
    pub(super) fn is_learned(&self) -> bool {
        !self.templates.is_empty()
    }

    /// Reads a line in one of the layouts that were learned.
    pub(super) fn parse<'a>(&self, line: &'a str) -> Option<Record<'a>> {
        self.templates.iter().find_map(|template| template.parse(line, self.style))
    }

    /// What was learned, one sentence each; empty where every line has a layout that is known.
    pub fn remarks(&self) -> Vec<String> {
        let lines = token::words::count(self.sampled.min(SAMPLE), "line");
        let mut remarks: Vec<String> = match self.templates.as_slice() {
            [] => Vec::new(),
            [one] => vec![format!("The layout was learned from the first {lines}: {}.", one.words)],
            several => {
                let all: Vec<&str> = several.iter().map(|template| template.words.as_str()).collect();
                vec![format!("{} layouts were learned from the first {lines}: {}.", several.len(), all.join("; "))]
            }
        };
        if self.ambiguous {
            remarks.push("Days and months cannot be told apart in its times; the first number was read as the day.".into());
        }
        remarks
    }
}

impl Template {
    pub(super) fn fits(&self, parts: &[Part<'_>]) -> bool {
        parts.len() >= self.slots.len() && self.slots.iter().zip(parts).all(|(slot, part)| slot.class.fits(part))
    }

    fn parse<'a>(&self, line: &'a str, style: Style) -> Option<Record<'a>> {
        let (mut head, mut rest) = (Head::default(), line);
        let mut message = None;
        for slot in &self.slots {
            let (part, after) = parts::next(rest, style).filter(|(part, _)| slot.class.fits(part))?;
            match (part, slot.role) {
                (Part::Time(time, _), _) => _ = head.time.get_or_insert(time),
                (Part::Level(level), _) => _ = head.level.get_or_insert(level),
                (Part::Group(_, text) | Part::Word(text), Role::Logger) => head.logger = text.into(),
                (Part::Group(_, text) | Part::Word(text), Role::Thread) => head.named("thread", text),
                (Part::Group(open, text), Role::Field) => head.group(open, text),
                (Part::Word(text), Role::Field) => head.named(if access::is_uuid(text) { "correlationId" } else { "part" }, text),
                (Part::Pair(name, text), _) => head.pair(name, text),
                (Part::Label(_), _) => message = Some(head.label(after)),
                _ => {}
            }
            rest = after;
        }
        let message = message.unwrap_or(rest).trim_start();
        // A message that is written into quotes loses them.
        let bare = message.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')).filter(|inner| !inner.contains('"'));
        Some(head.record(bare.unwrap_or(message)))
    }
}
