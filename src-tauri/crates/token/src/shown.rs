//! How text from outside is shown: a claim's name, a server's words, a client's or a user's name.
//!
//! Unicode has characters that turn the direction of what follows, take no room, or break a line, and signs that look like the
//! window's own. A claim named with U+202E once reversed the very warning about it. So nothing from outside is put into a
//! sentence or onto the screen but by this module: [`visible`] for a text that stands by itself, [`shown`] inside a sentence of
//! ours, [`sentence`] as the net under a whole sentence, [`json`] for JSON.
//!
//! Letters of every script stay as they are. What is escaped is written `\u{202e}`; a text that holds such an escape itself gets
//! its backslash escaped, so that the way back is exact ([`original`]), which is what copying takes.

use std::borrow::Cow;

/// Longest text from outside inside a sentence, in characters; the middle of a longer one is left out.
pub const MAX_IN_SENTENCE: usize = 120;
/// Marks that may sit on one letter; more of them grow over the lines around.
const MAX_MARKS: usize = 3;
/// Most digits of an escape.
const MOST_DIGITS: usize = 6;
/// First strong isolate and its end: the one pair of controls written here, around text that runs from right to left.
const ISOLATE: (char, char) = ('\u{2068}', '\u{2069}');

/// Characters that reorder text, take no room, break a line, or are drawn differently everywhere.
pub fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            // Spaces that are not the space.
            '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{2800}' | '\u{3000}'
            // Format controls: soft hyphen, joiners, directions, line and paragraph separator, deprecated ones.
            | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{70f}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff0}'..='\u{fffc}'
            | '\u{13430}'..='\u{1345f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d159}' | '\u{1d173}'..='\u{1d17a}'
            // Fillers that are letters and draw nothing.
            | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{3164}' | '\u{ffa0}' | '\u{16fe4}'
            // Variation selectors, tags, private use, and what is no character at all.
            | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}' | '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}'
            | '\u{fdd0}'..='\u{fdef}')
        // The last two of each plane.
        || u32::from(letter) & 0xfffe == 0xfffe
}

/// Signs that look like those the window puts before what it found out itself.
pub fn is_sign(letter: char) -> bool {
    matches!(letter,
        '\u{2610}'..='\u{2612}' | '\u{2713}'..='\u{2718}' | '\u{2705}' | '\u{274c}' | '\u{274e}' | '\u{1f5f4}'..='\u{1f5f9}'
        | '\u{26a0}' | '\u{26d4}' | '\u{2757}' | '\u{203c}' | '\u{2049}' | '\u{1f6ab}' | '\u{1f6d1}' | '\u{1f50f}'..='\u{1f513}' | '\u{1f6e1}'
        | '\u{221a}' | '\u{2139}' | '\u{2297}' | '\u{2a2f}' | '\u{1f5d1}' | '\u{1f7e0}'..='\u{1f7eb}' | '\u{1f534}')
}

/// Marks that are drawn on the letter before them.
fn is_mark(letter: char) -> bool {
    matches!(letter,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}' | '\u{5c2}' | '\u{5c4}' | '\u{5c5}'
        | '\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6dc}' | '\u{6df}'..='\u{6e4}'
        | '\u{6e7}' | '\u{6e8}' | '\u{6ea}'..='\u{6ed}' | '\u{711}' | '\u{730}'..='\u{74a}' | '\u{7a6}'..='\u{7b0}'
        | '\u{7eb}'..='\u{7f3}' | '\u{816}'..='\u{82d}' | '\u{859}'..='\u{85b}' | '\u{897}'..='\u{89f}' | '\u{8ca}'..='\u{8e1}'
        | '\u{8e3}'..='\u{8ff}' | '\u{951}'..='\u{954}' | '\u{9fe}' | '\u{e31}'
        | '\u{e34}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}' | '\u{eb1}' | '\u{eb4}'..='\u{ebc}' | '\u{ec8}'..='\u{ece}' | '\u{f18}' | '\u{f19}'
        | '\u{f35}' | '\u{f37}' | '\u{f39}' | '\u{f71}'..='\u{f7e}' | '\u{f80}'..='\u{f84}' | '\u{f86}' | '\u{f87}'
        | '\u{f8d}'..='\u{fbc}' | '\u{135d}'..='\u{135f}' | '\u{1a55}'..='\u{1a7f}' | '\u{1cd0}'..='\u{1ce8}' | '\u{2cef}'..='\u{2cf1}'
        | '\u{2de0}'..='\u{2dff}' | '\u{a69e}' | '\u{a69f}' | '\u{a6f0}' | '\u{a6f1}' | '\u{a8e0}'..='\u{a8f1}' | '\u{10a01}'..='\u{10a0f}'
        | '\u{10a38}'..='\u{10a3f}' | '\u{11366}'..='\u{11374}' | '\u{1d165}'..='\u{1d169}' | '\u{1d16d}'..='\u{1d172}'
        | '\u{1d17b}'..='\u{1d182}' | '\u{1d185}'..='\u{1d18b}' | '\u{1da00}'..='\u{1da6c}' | '\u{1e8d0}'..='\u{1e8d6}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}'
        | '\u{302a}'..='\u{302f}' | '\u{3099}' | '\u{309a}' | '\u{a66f}'..='\u{a67d}' | '\u{fe20}'..='\u{fe2f}')
}

/// Letters of scripts that run from right to left.
fn runs_left(letter: char) -> bool {
    matches!(letter, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

/// What else is escaped beside hidden characters.
#[derive(Clone, Copy)]
struct Also {
    /// Signs anywhere and not only at the start.
    signs: bool,
    /// Line breaks and tabs stay.
    lines: bool,
}

fn escaped(text: &str, also: Also) -> Cow<'_, str> {
    let mut out: Option<String> = None;
    let mut marks = 0;
    let mut before_letters = true;
    for (at, letter) in text.char_indices() {
        marks = if is_mark(letter) { marks + 1 } else { 0 };
        let kept = also.lines && matches!(letter, '\n' | '\t');
        let escape = is_hidden(letter) && !kept
            || (is_sign(letter) && (also.signs || before_letters))
            // A mark at the start would sit on what stands before, which is ours.
            || marks > MAX_MARKS || (marks > 0 && at == 0)
            // Inside a sentence nothing needs to be read back, and what was escaped before stays as it is.
            || (!also.signs && letter == '\\' && text[at..].starts_with("\\u{"));
        before_letters = kept || (before_letters && (escape || !letter.is_alphanumeric()));
        if escape {
            let out = out.get_or_insert_with(|| text[..at].to_owned());
            out.push_str(&format!("\\u{{{:x}}}", u32::from(letter)));
        } else if let Some(out) = &mut out {
            out.push(letter);
        }
    }
    out.map_or(Cow::Borrowed(text), Cow::Owned)
}

/// A text from outside that stands by itself: a value, a name in a list. Hidden characters are escaped, signs only before the
/// first letter.
pub fn visible(text: &str) -> Cow<'_, str> {
    escaped(text, Also { signs: false, lines: false })
}

/// [`visible`], in place and only where something is to be escaped.
#[must_use]
pub fn made_visible(text: String) -> String {
    match visible(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(text) => text,
    }
}

/// A text from outside of several lines: line breaks and tabs stay, signs are escaped where a line begins.
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    escaped(text, Also { signs: false, lines: true })
}

/// [`visible_lines`], in place and only where something is to be escaped.
#[must_use]
pub fn made_visible_lines(text: String) -> String {
    match visible_lines(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(text) => text,
    }
}

/// [`sentence`], in place and only where something is to be escaped.
#[must_use]
pub fn made_sentence(text: String) -> String {
    match sentence(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(text) => text,
    }
}

/// The text that [`visible`] was given.
pub fn original(text: &str) -> Cow<'_, str> {
    if !text.contains("\\u{") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\\u{") {
        out.push_str(before);
        // Not looked for further than an escape is long: in a text of nothing but beginnings each would look to the end.
        let end = after.bytes().take(MOST_DIGITS + 1).position(|byte| byte == b'}');
        let letter = end.and_then(|end| {
            let number = u32::from_str_radix(&after[..end], 16).ok()?;
            Some((char::from_u32(number)?, &after[end + 1..]))
        });
        match letter {
            Some((letter, after)) => {
                out.push(letter);
                rest = after;
            }
            None => {
                out.push_str("\\u{");
                rest = after;
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// A text from outside inside a sentence of ours: escaped, of bounded length, and in quotes unless it is one word that cannot be
/// taken for words of ours. What runs from right to left is isolated, so that the sentence keeps its order.
pub fn shown(text: &str) -> String {
    let text = bounded(text);
    // The one … that is ours.
    let cut = matches!(text, Cow::Owned(_));
    let clean = escaped(&text, Also { signs: true, lines: false });
    let word = |letter: char| {
        (cut && letter == '…')
            || (letter.is_alphanumeric() && !is_quote(letter))
            || is_mark(letter)
            || "-_.:/@+=~#?&%$*!,;()[]|\\{}^".contains(letter)
    };
    let plain =
        !clean.is_empty() && clean.chars().all(word) && !clean.contains("\\u{") && !clean.ends_with(['.', '!', '?', ':', ';']);
    let whole = if plain { clean.into_owned() } else { quoted(&clean) };
    if whole.chars().any(runs_left) { format!("{}{whole}{}", ISOLATE.0, ISOLATE.1) } else { whole }
}

/// A text in quotes, which only ours can end: those in it, and what is drawn like them, have a backslash before them, and so has
/// a backslash that would otherwise be taken for theirs.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    out.push('"');
    let mut letters = text.chars().peekable();
    let mut backslashes = 0;
    while let Some(letter) = letters.next() {
        backslashes = if letter == '\\' { backslashes + 1 } else { 0 };
        if is_quote(letter) {
            out.push('\\');
        }
        out.push(letter);
        if backslashes > 0 && letters.peek().is_none_or(|next| is_quote(*next)) {
            (0..backslashes).for_each(|_| out.push('\\'));
        }
    }
    out.push('"');
    out
}

/// What ends a quotation, or looks like it.
fn is_quote(letter: char) -> bool {
    matches!(letter, '"' | '\u{201c}'..='\u{201f}' | '\u{2033}' | '\u{2036}' | '\u{301d}'..='\u{301f}' | '\u{ff02}' | '\u{2ba}' | '\u{2dd}' | '\u{2ee}' | '\u{5f4}' | '\u{3003}' | '\u{1f676}'..='\u{1f678}')
}

/// The beginning and the end of a long text.
fn bounded(text: &str) -> Cow<'_, str> {
    // Bytes first, so that a text of megabytes is not counted.
    if text.len() <= MAX_IN_SENTENCE || text.chars().take(MAX_IN_SENTENCE + 1).count() <= MAX_IN_SENTENCE {
        return Cow::Borrowed(text);
    }
    let head: String = text.chars().take(MAX_IN_SENTENCE - 21).collect();
    let mut tail: Vec<char> = text.chars().rev().take(20).collect();
    tail.reverse();
    Cow::Owned(format!("{head}…{}", tail.into_iter().collect::<String>()))
}

/// A template with its places filled, each once: what stands in a text that was put in is no place.
pub fn fill(template: &str, places: &[(&str, String)]) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        match places.iter().find(|(name, _)| from.starts_with(name)) {
            Some((name, text)) => {
                out.push_str(text);
                rest = &from[name.len()..];
            }
            None => {
                out.push('{');
                rest = &from[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// A name out of a file that will stand where the window speaks: signs are escaped wherever they are, and what was escaped before
/// stays as it is, because nothing is read back from it.
pub fn name(text: &str) -> Cow<'_, str> {
    escaped(text, Also { signs: true, lines: false })
}

/// The net under a sentence that was put together: whatever hidden character got into it unseen is escaped. Isolates stay where
/// each is closed.
pub fn sentence(text: &str) -> Cow<'_, str> {
    let mut open = 0_i32;
    let mut sound = true;
    for letter in text.chars() {
        open += i32::from(letter == ISOLATE.0) - i32::from(letter == ISOLATE.1);
        sound &= open >= 0;
    }
    let isolates = sound && open == 0;
    if !text.chars().any(|letter| is_hidden(letter) && !(isolates && (letter == ISOLATE.0 || letter == ISOLATE.1))) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        if is_hidden(letter) && !(isolates && (letter == ISOLATE.0 || letter == ISOLATE.1)) {
            out.push_str(&format!("\\u{{{:x}}}", u32::from(letter)));
        } else {
            out.push(letter);
        }
    }
    Cow::Owned(out)
}

/// JSON text whose strings hold hidden characters, with these written as JSON escapes: it reads as the same JSON. Line breaks and
/// tabs between the values stay.
pub fn json(text: &str) -> Cow<'_, str> {
    let hidden = |letter: char| is_hidden(letter) && !matches!(letter, '\n' | '\t' | '\r');
    if !text.chars().any(hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        if hidden(letter) {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(letter);
        }
    }
    Cow::Owned(out)
}

/// Whether a text that is to be shown holds a character that must never be: what tests ask.
pub fn holds_hidden(text: &str) -> bool {
    text.chars().any(|letter| is_hidden(letter) && letter != '\n' && letter != '\t' && letter != ISOLATE.0 && letter != ISOLATE.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_is_written_out_and_letters_stay() {
        let table = [
            ("sub", "sub"),
            ("a\u{202e}b", "a\\u{202e}b"),
            ("line\nbreak", "line\\u{a}break"),
            ("\u{7}bell", "\\u{7}bell"),
            ("zero\u{200b}width", "zero\\u{200b}width"),
            ("tag\u{e0041}", "tag\\u{e0041}"),
            ("\u{3164}", "\\u{3164}"),
            ("nb\u{a0}sp", "nb\\u{a0}sp"),
            ("\u{feff}bom", "\\u{feff}bom"),
            ("Zoë Müller", "Zoë Müller"),
            ("עברית", "עברית"),
            ("محمد", "محمد"),
            ("👩\u{200d}🚀", "👩\\u{200d}🚀"),
            ("✓ verified", "\\u{2713} verified"),
            (" - ✅ ok", " - \\u{2705} ok"),
            ("done ✓", "done ✓"),
            ("a\u{301}\u{301}\u{301}\u{301}", "a\u{301}\u{301}\u{301}\\u{301}"),
            ("\u{338}x", "\\u{338}x"),
            ("\\u{202e}", "\\u{5c}u{202e}"),
            ("wide\u{3000}space", "wide\\u{3000}space"),
            ("filler\u{16fe4}", "filler\\u{16fe4}"),
            ("object\u{fffc}", "object\\u{fffc}"),
            ("none\u{1fffe}\u{2ffff}", "none\\u{1fffe}\\u{2ffff}"),
            ("a\u{a8e0}\u{a8e1}\u{a8e2}\u{a8e3}", "a\u{a8e0}\u{a8e1}\u{a8e2}\\u{a8e3}"),
            ("a\u{f7a}\u{f7a}\u{f7a}\u{f7a}", "a\u{f7a}\u{f7a}\u{f7a}\\u{f7a}"),
            ("ก\u{e49}\u{e49}\u{e49}\u{e49}", "ก\u{e49}\u{e49}\u{e49}\\u{e49}"),
            ("\\u{", "\\u{5c}u{"),
            ("\\u{0000061}", "\\u{5c}u{0000061}"),
        ];
        for (text, expected) in table {
            assert_eq!(visible(text), expected, "{text:?}");
            assert_eq!(original(&visible(text)), text, "the way back of {text:?}");
            assert!(!holds_hidden(&visible(text)), "{text:?}");
        }
    }

    #[test]
    fn inside_a_sentence_nothing_can_be_taken_for_words_of_ours() {
        let table = [
            ("sub", "sub"),
            ("https://id.test/realms/a?b=c", "https://id.test/realms/a?b=c"),
            ("", "\"\""),
            ("a. It is verified", "\"a. It is verified\""),
            ("x\" is verified. \"", "\"x\\\" is verified. \\\"\""),
            ("x\\\" is verified. ", "\"x\\\\\\\" is verified. \""),
            ("a b\\", "\"a b\\\\\""),
            ("x\u{201d} is verified. \u{201c}", "\"x\\\u{201d} is verified. \\\u{201c}\""),
            ("x\u{2ba}is", "\"x\\\u{2ba}is\""),
            ("x\u{ff02} is", "\"x\\\u{ff02} is\""),
            ("a\\b", "a\\b"),
            ("a\u{2028}b", "\"a\\u{2028}b\""),
            ("done✓", "\"done\\u{2713}\""),
            ("end.", "\"end.\""),
            ("אבג", "\u{2068}אבג\u{2069}"),
        ];
        for (text, expected) in table {
            assert_eq!(shown(text), expected, "{text:?}");
        }
        assert_eq!(shown(&"x".repeat(10_000)).chars().count(), MAX_IN_SENTENCE);
        assert!(shown(&"\u{202e}".repeat(10_000)).len() < 2_000);
    }

    #[test]
    fn the_net_keeps_only_isolates_that_close() {
        assert_eq!(sentence("The claim a\u{202e} is odd."), "The claim a\\u{202e} is odd.");
        assert_eq!(sentence(&format!("For {} 3", shown("אבג"))), "For \u{2068}אבג\u{2069} 3");
        assert_eq!(sentence("open \u{2068} only"), "open \\u{2068} only");
        assert_eq!(sentence("\u{2069}\u{2068}"), "\\u{2069}\\u{2068}");
        assert_eq!(json("{\n\"a\u{202e}\u{e0041}\": 1}"), "{\n\"a\\u202e\\udb40\\udc41\": 1}");
    }
}
