//! How much of what comes from outside is laid out, kept and sent to the window.
//!
//! A body may have 8 MiB on one line or on four million. Laid out as a whole it costs a hundred times its size here, again in
//! the journal and again in the window's process. So one part of it is made at a time: a number of lines, each of them of a
//! bounded length, all of them together of a bounded size. What is left out is counted and said in our own words.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    measure,
    text::{Ink, Line, Span},
    words,
};

/// Most lines of a part.
pub const LINES: usize = 2_000;
/// Most bytes of one line.
pub const LINE: usize = 4_096;
/// Most bytes of a part, with what each piece of text costs besides its letters.
pub const PART: usize = 64 * 1024;
/// Most bytes of a name, a sentence of a server or another text that stands among ours.
pub const TEXT: usize = 2_048;
/// What a piece of text costs besides its letters when it is written down.
const PIECE: usize = 16;

/// What of a message is not in its record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Rest {
    /// Lines of the whole message, with its head.
    pub lines: usize,
    /// The first line that is left out, counted from 0; as many as there are lines where lines are only too long.
    pub next: usize,
    /// SHA-256 of the body as it came, in hex.
    pub sha256: String,
}

/// Which text of a token's reading is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TokenText {
    /// Its claims as JSON.
    Claims,
    /// Its header as JSON.
    Header,
    /// Its payload, where that is no set of claims.
    Content,
}

/// Some lines of a long text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Part {
    /// The lines.
    pub lines: Vec<Line>,
    /// Where the first of them stands, counted from 0.
    pub from: usize,
    /// Where the next part begins; none at the end of the text.
    pub next: Option<usize>,
    /// Lines of the whole text.
    pub whole: usize,
}

/// Cuts a part out of lines that begin at `from` of a text of `whole` lines.
pub fn part(lines: impl IntoIterator<Item = Line>, from: usize, whole: usize) -> Part {
    let mut kept: Vec<Line> = Vec::new();
    let mut room = PART;
    for line in lines.into_iter().take(LINES) {
        let line = short(line);
        let cost = PIECE + line.iter().map(|span| span.text.len() + PIECE).sum::<usize>();
        // At least one line, so that whoever asks for the next part gets on.
        if cost > room && !kept.is_empty() {
            break;
        }
        room = room.saturating_sub(cost);
        kept.push(line);
    }
    let next = from + kept.len();
    Part { lines: kept, from, next: (next < whole).then_some(next), whole }
}

/// The part of a plain text that begins at a line.
pub fn part_of_text(text: &str, from: usize) -> Part {
    let whole = text.lines().count();
    let lines = text.lines().skip(from).map(|line| vec![Span::new(Ink::Plain, line)]);
    part(lines, from, whole)
}

/// A line of bounded length; what is cut off is counted.
pub fn short(line: Line) -> Line {
    let whole: usize = line.iter().map(|span| span.text.len()).sum();
    if whole <= LINE && line.len() <= LINE / PIECE {
        return line;
    }
    let mut room = LINE;
    let mut kept = Line::new();
    for span in line.into_iter().take(LINE / PIECE) {
        if room == 0 {
            break;
        }
        let text = up_to(&span.text, room);
        room -= text.len();
        if text.len() < span.text.len() {
            room = 0;
        }
        kept.push(Span::new(span.ink, text));
    }
    kept.push(cut_line(whole));
    kept
}

fn cut_line(whole: usize) -> Span {
    Span::new(Ink::Quiet, format!("  cut here; the line has {}", measure::size(whole)))
}

/// Whether a line is only the beginning of one, with our words at its end.
pub fn is_cut(line: &[Span]) -> bool {
    line.last().is_some_and(|span| span.ink == Ink::Quiet && span.text.starts_with("  cut here; "))
}

/// The beginning of a text, on a character border.
pub fn up_to(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// A text that stands among ours, e.g. a server's description: short, or cut with its length said.
pub fn sentence(text: &str) -> String {
    if text.len() <= TEXT {
        return text.to_owned();
    }
    format!("{}… (cut; it has {})", up_to(text, TEXT), measure::size(text.len()))
}

/// The line that stands where a record ends before its body does.
pub fn cut_words(shown: usize, whole: usize, bytes: usize, sha256: &str) -> Line {
    let lines = match shown < whole {
        true => format!("{} of {}", shown, words::count(whole, "line")),
        false => "the beginnings of long lines".to_owned(),
    };
    vec![Span::new(Ink::Quiet, format!("cut here: {lines} are kept; the body has {}, SHA-256 {sha256}", measure::size(bytes)))]
}

/// SHA-256 in hex.
pub fn sha256(bytes: &[u8]) -> String {
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes);
    hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Line {
        vec![Span::new(Ink::Plain, text)]
    }

    #[test]
    fn a_part_is_bounded_in_lines_and_in_bytes_and_says_where_the_next_begins() {
        for (count, length) in [(10, 3), (LINES + 1, 3), (LINES, 100), (200, 1_000), (3, LINE), (100, 8 << 10)] {
            let whole = part(vec![line(&"x".repeat(length)); count], 0, count);
            assert_eq!(whole.next, (whole.lines.len() < count).then_some(whole.lines.len()), "{count} of {length}");
            let size: usize = whole.lines.iter().flatten().map(|span| span.text.len()).sum();
            assert!(whole.lines.len() <= LINES && size <= PART && !whole.lines.is_empty(), "{count} of {length}: {size}");
        }
        let second = part(vec![line("x"); 5], LINES, LINES + 5);
        assert_eq!((second.from, second.next, second.lines.len()), (LINES, None, 5));
    }

    #[test]
    fn a_long_line_is_cut_on_a_character_border_and_its_length_is_said() {
        for letter in ["x", "é", "€", "🦀"] {
            let text = letter.repeat(8 << 20 >> 2);
            let cut = short(line(&text));
            let shown = cut.iter().map(|span| span.text.len()).sum::<usize>();
            assert!(shown < LINE + 100 && cut.len() == 2, "{letter}: {shown}");
            assert!(cut[1].text.contains("cut here; the line has ") && is_cut(&cut), "{:?}", cut[1]);
        }
        let many = vec![Span::new(Ink::Key, "x"); 100_000];
        assert!(short(many).len() <= LINE / PIECE + 1, "many pieces are as bad as many letters");
        assert_eq!(short(line("short")), line("short"));
        assert!(!is_cut(&line("  cut here; a server says")), "only our own ink says so");
    }

    #[test]
    fn every_line_of_a_text_is_in_one_of_its_parts() {
        let text = (0..5_000).map(|number| format!("line {number}")).collect::<Vec<_>>().join("\n");
        let (mut from, mut seen) = (0, Vec::new());
        loop {
            let part = part_of_text(&text, from);
            assert_eq!((part.from, part.whole), (from, 5_000));
            seen.extend(part.lines.iter().map(|line| line[0].text.clone()));
            match part.next {
                Some(next) => from = next,
                None => break,
            }
        }
        assert_eq!(seen.join("\n"), text);
        assert_eq!(part_of_text(&"y".repeat(1 << 20), 0).lines[0].len(), 2);
    }
}
