//! How the layout of a file is learned from its first lines.
//!
//! What all lines have in common at their beginning is their head: times, levels, brackets and signs at the same place.

use super::{
    blocks,
    layout::{Class, Layout, Role, SAMPLE, Slot, Template},
    line::{LAYERS, read},
    parts::{self, Part, Style},
    record::{Level, LogKind},
    shown::safe_line,
    stamps::{self, Form},
    wrap,
};

/// Most layouts of a file; a part that is not always there makes another one.
const MOST: usize = 4;

/// Most parts of a head.
const PARTS: usize = 32;

/// The parts of a line up to its message, as far as that can be seen, and whether an event begins behind them.
struct Shape<'a> {
    parts: Vec<Part<'a>>,
    event: bool,
}

fn is_event(rest: &str) -> bool {
    let rest = rest.trim_start();
    (rest.starts_with("type=") || rest.starts_with("operationType=")) && token::bounded::up_to(rest, 200).contains("realmId=")
}

fn shape(line: &str, style: Style) -> Shape<'_> {
    let (mut parts, mut rest) = (Vec::new(), line);
    while parts.len() < PARTS {
        if is_event(rest) {
            return Shape { parts, event: true };
        }
        let Some((part, after)) = parts::next(rest, style) else { break };
        rest = after;
        let label = matches!(part, Part::Label(_));
        parts.push(part);
        if label {
            break;
        }
    }
    Shape { parts, event: false }
}

/// Whether a line needs no learning: its event is seen, or its level and its logger.
fn is_read(line: &str, layout: &Layout) -> bool {
    read(line, layout).is_some_and(|read| {
        let record = &read.record;
        let hidden = record.kind == LogKind::Server && (record.message.contains("type=") && record.message.contains("realmId="));
        !hidden && (record.kind != LogKind::Server || (record.level.is_some() && !record.logger.is_empty()))
    })
}

/// A line without the layers around it.
fn core(line: &str) -> &str {
    let mut rest = line;
    for _ in 0..LAYERS {
        match wrap::peel(rest) {
            Some((_, inner)) => rest = inner,
            None => break,
        }
    }
    rest
}

impl Layout {
    /// Learns from lines of a file what this layout does not read yet.
    pub(super) fn learn<'l>(&mut self, lines: impl Iterator<Item = &'l str>) {
        let lines: Vec<&str> = lines.filter(|line| !line.trim().is_empty()).take(SAMPLE).collect();
        self.sampled += lines.len();
        self.order_of_days(&lines);
        let comma = |line: &&&str| {
            let (first, after) = parts::next(core(line), self.style)?;
            (matches!(first, Part::Time(..) | Part::Level(_)) && after.starts_with(',')).then_some(())
        };
        self.style.commas |= lines.iter().filter(|line| comma(line).is_some()).count() * 2 > lines.len();
        self.style.sign = self.style.sign.or_else(|| sign_between(&lines, self.style));
        let unread: Vec<&str> =
            lines.iter().filter(|line| !line.starts_with(['\t', '}']) && !line.starts_with("  ")).copied().collect();
        let unread: Vec<&str> = unread.into_iter().filter(|line| !blocks::begins(line.as_bytes())).collect();
        let unread: Vec<&str> = unread.into_iter().filter(|line| !is_read(line, self)).collect();
        let mut left: Vec<Shape<'_>> = Vec::new();
        for line in &unread {
            // Where there is a layer, what is behind it decides: the layer's own time is read without learning.
            let inner = core(line);
            let shape = shape(inner, self.style);
            if has_head(&shape) && !inner.starts_with("{\"") {
                left.push(shape);
            }
        }
        left.retain(has_head);
        while self.templates.len() < MOST && left.len() >= 2 {
            let Some(template) = common(&left) else { break };
            let before = left.len();
            left.retain(|shape| !template.fits(&shape.parts));
            if left.len() == before {
                break;
            }
            self.templates.push(template);
        }
    }

    /// Finds out whether the month stands first in `4/5/2026`.
    fn order_of_days(&mut self, lines: &[&str]) {
        let mut seen = false;
        for line in lines {
            let mut rest = *line;
            for _ in 0..8 {
                let Some((part, after)) = parts::next(rest, Style::default()) else { break };
                if let Part::Time(_, Form::Numbers) = part {
                    seen = true;
                    let written = rest.trim_start_matches(|c: char| !c.is_ascii_digit());
                    if let Some(month_first) = stamps::tells_order(written) {
                        (self.style.month_first, self.ambiguous) = (month_first, false);
                        return;
                    }
                }
                rest = after;
            }
        }
        self.ambiguous |= seen;
    }
}

/// A sign that stands between the time, the level and what follows in more than half of the lines; none of those that are read anyway.
fn sign_between(lines: &[&str], style: Style) -> Option<u8> {
    const SIGNS: &[u8] = b"/#~:^!&*_=+\\@%$";
    let level_first = |line: &str| {
        let length = line.bytes().take(8).take_while(u8::is_ascii_uppercase).count();
        let sign = *line.as_bytes().get(length).filter(|sign| SIGNS.contains(sign))?;
        Level::read(line.get(..length)?)?;
        stamps::any(line.get(length + 1..)?, style.month_first).map(|_| sign)
    };
    let of = |line: &str| {
        if let Some(sign) = level_first(core(line)) {
            return Some(sign);
        }
        let (first, rest) = parts::next(core(line), style)?;
        let sign = *rest.as_bytes().first().filter(|sign| SIGNS.contains(sign))?;
        let mut columns = rest.get(1..)?.split(char::from(sign));
        let fits = match first {
            Part::Time(..) => {
                columns.by_ref().take(4).any(|column| Level::read(column.trim()).is_some()) && columns.next().is_some()
            }
            _ => false,
        };
        fits.then_some(sign)
    };
    let found: Vec<u8> = lines.iter().filter_map(|line| of(line)).collect();
    let sign = *found.first()?;
    (found.iter().filter(|other| **other == sign).count() * 2 > lines.len()).then_some(sign)
}

fn has_head(shape: &Shape<'_>) -> bool {
    shape.event || shape.parts.iter().take(16).any(|part| matches!(part, Part::Time(..) | Part::Level(_)))
}

fn before_event(group: &[&Shape<'_>]) -> bool {
    group.iter().any(|shape| shape.event)
}

/// Whether words at a place are those of messages: a time or a level was there, the word names no logger and no thread, and another
/// word follows it.
fn begins_message(classes: &[Class], group: &[&Shape<'_>], at: usize) -> bool {
    let named = |shape: &&&Shape<'_>| match shape.parts.get(at) {
        Some(Part::Word(word)) => parts::is_logger(word) || parts::is_thread(word),
        _ => true,
    };
    let followed = |shape: &&&Shape<'_>| matches!(shape.parts.get(at + 1), Some(Part::Word(_) | Part::Pair(..)) | None);
    let most = |test: &dyn Fn(&&&Shape<'_>) -> bool| group.iter().filter(test).count() * 2 > group.len();
    classes.iter().any(|class| matches!(class, Class::Time(_) | Class::Level)) && !most(&named) && most(&followed)
}

/// What most of the lines begin with; none when that holds neither a time nor a level, nor stands before events.
fn common(shapes: &[Shape<'_>]) -> Option<Template> {
    let mut group: Vec<&Shape<'_>> = shapes.iter().collect();
    let mut classes: Vec<Class> = Vec::new();
    for at in 0..PARTS {
        if group.iter().any(|shape| shape.event && shape.parts.len() == at) {
            break;
        }
        let mut counts: Vec<(Class, usize)> = Vec::new();
        for shape in &group {
            let Some(part) = shape.parts.get(at) else { continue };
            match counts.iter_mut().find(|(class, _)| class.fits(part)) {
                Some((_, count)) => *count += 1,
                None => counts.push((Class::of(part), 1)),
            }
        }
        let Some((class, count)) = counts.into_iter().max_by_key(|(_, count)| *count) else { break };
        if class == Class::Word && !before_event(&group) && begins_message(&classes, &group, at) {
            break;
        }
        let enough = if class.is_structure() { count * 2 >= group.len() } else { count * 10 >= group.len() * 9 };
        if !enough || count < 2 {
            break;
        }
        group.retain(|shape| shape.parts.get(at).is_some_and(|part| class.fits(part)));
        classes.push(class);
    }
    // Words at the end are those of messages, unless an event follows them in every line that has one.
    let before_events = group.iter().any(|shape| shape.event && shape.parts.len() == classes.len());
    while !before_events && classes.last().is_some_and(|class| !class.is_structure()) {
        classes.pop();
    }
    // A time alone at the beginning is read without learning.
    let known = classes.len() > 1 && classes.iter().any(|class| matches!(class, Class::Time(_) | Class::Level));
    if !(known || (before_events && !classes.is_empty())) {
        return None;
    }
    let slots = roles(&classes, &group);
    let words = words(&slots, &group);
    Some(Template { slots, words })
}

fn value<'a>(part: &Part<'a>) -> &'a str {
    match part {
        Part::Group(_, text) | Part::Word(text) | Part::Pair(_, text) | Part::Sign(text) | Part::Label(text) => text,
        Part::Time(..) | Part::Level(_) => "",
    }
}

fn roles(classes: &[Class], group: &[&Shape<'_>]) -> Vec<Slot> {
    let values = |at: usize| group.iter().filter_map(move |shape| shape.parts.get(at)).map(value);
    let most = |at: usize, test: fn(&str) -> bool| values(at).filter(|text| test(text)).count() * 10 >= group.len() * 6;
    let fixed = |at: usize| group.len() > 2 && values(at).all(|text| values(at).next() == Some(text));
    let mut slots: Vec<Slot> = classes
        .iter()
        .map(|class| Slot {
            class: class.clone(),
            role: if matches!(class, Class::Word | Class::Group(_)) { Role::Field } else { Role::Own },
        })
        .collect();
    let open = |slots: &[Slot], at: usize| slots.get(at).is_some_and(|slot| slot.role == Role::Field);
    let thread = (0..slots.len()).find(|at| open(&slots, *at) && most(*at, parts::is_thread) && !fixed(*at));
    let thread = thread.or_else(|| (0..slots.len()).rev().find(|at| classes.get(*at) == Some(&Class::Group(b'('))));
    if let Some(at) = thread {
        slots[at].role = Role::Thread;
    }
    let loggers: Vec<usize> = (0..slots.len()).filter(|at| open(&slots, *at) && most(*at, parts::is_logger)).collect();
    // A file of the program (`Events.java:12`, `quarkus-run.jar`) is one only where nothing better is there.
    let logger = loggers.iter().copied().find(|at| !most(*at, is_file)).or_else(|| loggers.first().copied());
    // A category cut to its last part is any word: then it is the last that is not the same everywhere.
    let logger =
        logger.or_else(|| (0..slots.len()).rev().find(|at| open(&slots, *at) && !fixed(*at) && most(*at, begins_as_name)));
    if let Some(at) = logger {
        slots[at].role = Role::Logger;
    }
    for at in 0..slots.len() {
        if open(&slots, at) && fixed(at) {
            slots[at].role = Role::Fixed;
        }
    }
    slots
}

/// Whether a text begins as names do, and no address or number.
fn begins_as_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

/// Whether a text names a file of a program, with or without a line.
fn is_file(text: &str) -> bool {
    const ENDINGS: [&str; 12] = [".java", ".kt", ".go", ".py", ".rs", ".cc", ".cpp", ".js", ".ts", ".jar", ".lua", ".cs"];
    let name = text.split(':').next().unwrap_or(text);
    ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// The layout in words: `time | level | [logger] (thread) message`.
fn words(slots: &[Slot], group: &[&Shape<'_>]) -> String {
    let mut words = Vec::new();
    for (at, slot) in slots.iter().enumerate() {
        let inner = match slot.role {
            Role::Logger => "logger".to_owned(),
            Role::Thread => "thread".to_owned(),
            Role::Field => "\u{2026}".to_owned(),
            Role::Fixed => {
                let text = group.first().and_then(|shape| shape.parts.get(at)).map(value).unwrap_or_default();
                safe_line(token::bounded::up_to(text, 40))
            }
            Role::Own => String::new(),
        };
        words.push(match &slot.class {
            Class::Time(_) => "time".to_owned(),
            Class::Level => "level".to_owned(),
            Class::Group(open) => {
                let close = match open {
                    b'[' => ']',
                    b'(' => ')',
                    b'{' => '}',
                    b'<' => '>',
                    _ => '"',
                };
                format!("{}{inner}{close}", char::from(*open))
            }
            Class::Pair(name) => format!("{name}=\u{2026}"),
            Class::Label(name) => format!("{name}="),
            Class::Sign(sign) => sign.clone(),
            Class::Word => inner,
        });
    }
    words.push("message".to_owned());
    words.join(" ")
}
