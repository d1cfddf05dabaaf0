//! Other writings of a text: what its quoted-printable, UTF-7, CSS escapes, wide letters and lists of numbers say.
//!
//! They contradict the escapes that are read everywhere (`\68` begins a letter in CSS and none in JSON), so each is a reading of its own,
//! in which only known values are looked for. Each is one pass, and none when nothing of the kind stands in the text.

use super::layers::{Kind, Layer, Read, Step, hex};

/// What an escape at the start of a text says, and how long it is.
type Escape = fn(&[u8]) -> Option<(Read, usize)>;

/// Every writing of this module that a text has.
pub(super) fn all(text: &[u8]) -> impl Iterator<Item = Layer> {
    let backslash = memchr::memchr(b'\\', text).is_some();
    let slashed: [Escape; 3] = [css, printf, lua];
    let slashed = slashed.into_iter().filter(move |_| backslash).filter_map(|read| escaped(text, b'\\', read));
    [printable(text), utf7(text, b'+'), utf7(text, b'&'), wide(text), numbers(text, false), numbers(text, true)]
        .into_iter()
        .flatten()
        .chain(slashed)
        .collect::<Vec<_>>()
        .into_iter()
}

/// A text while it is read.
struct Unescaping<'a> {
    text: &'a [u8],
    layer: Layer,
    /// Up to here it is told.
    told: usize,
}

impl<'a> Unescaping<'a> {
    fn new(text: &'a [u8]) -> Self {
        Self { text, layer: Layer { bytes: Vec::new(), steps: Vec::new(), kind: Kind::Escapes }, told: 0 }
    }

    /// At a place some bytes of the source say these.
    fn step(&mut self, from: usize, width: usize, bytes: &[u8]) {
        self.layer.bytes.extend_from_slice(&self.text[self.told..from]);
        self.layer.steps.push(Step::new(self.layer.bytes.len(), bytes.len(), from, width));
        self.layer.bytes.extend_from_slice(bytes);
        self.told = from + width;
    }

    fn done(mut self) -> Option<Layer> {
        if self.layer.steps.is_empty() {
            return None;
        }
        self.layer.bytes.extend_from_slice(&self.text[self.told..]);
        Some(self.layer)
    }
}

/// The text with the escapes and soft line ends of quoted-printable read (RFC 2045 6.7).
fn printable(text: &[u8]) -> Option<Layer> {
    let mut reading = Unescaping::new(text);
    for at in memchr::memchr_iter(b'=', text) {
        if at < reading.told {
            continue;
        }
        let rest = &text[at + 1..];
        // Blanks at the end of a line are none of the text.
        let blanks = rest.iter().take(8).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        if rest[blanks..].starts_with(b"\r\n") {
            reading.step(at, blanks + 3, b"");
        } else if rest[blanks..].starts_with(b"\n") {
            reading.step(at, blanks + 2, b"");
        } else if let Some(byte) = rest.get(..2).and_then(hex).and_then(|byte| u8::try_from(byte).ok()) {
            reading.step(at, 3, &[byte]);
        }
    }
    reading.done()
}

/// The text with the escapes read that begin with a sign.
fn escaped(text: &[u8], sign: u8, read: impl Fn(&[u8]) -> Option<(Read, usize)>) -> Option<Layer> {
    let mut reading = Unescaping::new(text);
    for at in memchr::memchr_iter(sign, text) {
        if at >= reading.told
            && let Some((said, width)) = read(&text[at..])
        {
            reading.step(at, width, said.as_slice());
        }
    }
    reading.done()
}

/// `\68 `: up to six digits and one blank (CSS Syntax 4.3.7).
fn css(text: &[u8]) -> Option<(Read, usize)> {
    let digits = text.iter().skip(1).take(6).take_while(|byte| byte.is_ascii_hexdigit()).count();
    if digits == 0 {
        // Any other letter stands for itself.
        let letter = text.get(1).filter(|byte| byte.is_ascii_graphic())?;
        return Some((Read::byte(*letter), 2));
    }
    let letter = char::from_u32(hex(&text[1..1 + digits])?).filter(|letter| *letter != '\0')?;
    let blank = match text.get(1 + digits..) {
        Some([b'\r', b'\n', ..]) => 2,
        Some([b' ' | b'\t' | b'\n' | b'\r' | 0x0C, ..]) => 1,
        _ => 0,
    };
    Some((Read::char(letter), 1 + digits + blank))
}

/// `\0150` of printf(1), and `\150` and `\50` of C: octal digits, as many as there are.
fn printf(text: &[u8]) -> Option<(Read, usize)> {
    let most = if text.get(1) == Some(&b'0') { 4 } else { 3 };
    let digits = text.iter().skip(1).take(most).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
    let value = text[1..1 + digits].iter().fold(0_u32, |value, digit| value * 8 + u32::from(digit - b'0'));
    let byte = u8::try_from(value).ok().filter(|byte| digits > 0 && *byte > 0)?;
    Some((Read::byte(byte), 1 + digits))
}

/// `\104`: three decimal digits, as Lua and DNS write them (RFC 1035 5.1).
fn lua(text: &[u8]) -> Option<(Read, usize)> {
    let digits = text.get(1..4).filter(|digits| digits.iter().all(u8::is_ascii_digit))?;
    let value = digits.iter().fold(0_u32, |value, digit| value * 10 + u32::from(digit - b'0'));
    Some((Read::byte(u8::try_from(value).ok()?), 4))
}

/// The text with `+AC8-` of UTF-7 (RFC 2152) or `&AC8-` of IMAP (RFC 3501 5.1.3) read: UTF-16 in base64. `+-` is the sign itself.
fn utf7(text: &[u8], sign: u8) -> Option<Layer> {
    let mut reading = Unescaping::new(text);
    let mut letters = String::new();
    for at in memchr::memchr_iter(sign, text) {
        if at < reading.told {
            continue;
        }
        let run = text[at + 1..].iter().take_while(|byte| sixty_four(**byte).is_some()).count();
        let end = at + 1 + run;
        let minus = usize::from(text.get(end) == Some(&b'-'));
        if run == 0 && minus == 1 {
            reading.step(at, 2, &[sign]);
        } else if run >= 3 {
            let bits = text[at + 1..end].iter().filter_map(|byte| sixty_four(*byte));
            let (mut held, mut count, mut units) = (0_u32, 0, Vec::new());
            for six in bits {
                (held, count) = ((held << 6 | u32::from(six)) & 0x3F_FFFF, count + 6);
                if count >= 16 {
                    count -= 16;
                    units.push((held >> count & 0xFFFF) as u16);
                }
            }
            letters.clear();
            letters.extend(char::decode_utf16(units).map(|letter| letter.unwrap_or('\u{fffd}')));
            reading.step(at, end + minus - at, letters.as_bytes());
        }
    }
    reading.done()
}

/// The value of a character in base64, with the comma of IMAP.
fn sixty_four(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' | b',' => Some(63),
        _ => None,
    }
}

/// The text with its wide letters (U+FF01 to U+FF5E) narrow and each `U+0068` read.
fn wide(text: &[u8]) -> Option<Layer> {
    let mut reading = Unescaping::new(text);
    for at in memchr::memchr2_iter(0xEF, b'U', text) {
        if at < reading.told {
            continue;
        }
        match text[at..] {
            [0xEF, 0xBC, low @ 0x81..=0xBF, ..] => reading.step(at, 3, &[low - 0x81 + b'!']),
            [0xEF, 0xBD, low @ 0x80..=0x9E, ..] => reading.step(at, 3, &[low - 0x80 + b'`']),
            [b'U', b'+', ..] => {
                let digits = text[at + 2..].iter().take(6).take_while(|byte| byte.is_ascii_hexdigit()).count();
                if let Some(letter) = hex(&text[at + 2..at + 2 + digits]).filter(|_| digits >= 4).and_then(char::from_u32) {
                    let gap = text[at + 2 + digits..].iter().take(2).take_while(|byte| matches!(byte, b' ' | b',')).count();
                    reading.step(at, 2 + digits + gap, Read::char(letter).as_slice());
                }
            }
            _ => {}
        }
    }
    reading.done()
}

/// Least numbers that make a text.
const NUMBERS: usize = 4;

/// What the bytes say that a text lists as numbers: `[104, 117, 110]`, `68:75:6e`, `0x68, 0x75`.
fn numbers(text: &[u8], hexadecimal: bool) -> Option<Layer> {
    let mut layer = Layer { bytes: Vec::new(), steps: Vec::new(), kind: Kind::Escapes };
    // Up to here the source is told by steps.
    let mut told = 0;
    let mut at = 0;
    while at < text.len() {
        let begins = at == 0 || !text[at - 1].is_ascii_alphanumeric();
        let mut list: Vec<(usize, usize, u8)> = Vec::new();
        while let Some((width, value)) = number(&text[at..], hexadecimal).filter(|_| begins) {
            list.push((at, width, value));
            let gap = gap(&text[at + width..]);
            at += width + gap;
            if gap == 0 {
                break;
            }
        }
        if list.len() >= NUMBERS {
            for (place, width, value) in list {
                // What stands before a number goes with it, so that the values follow each other.
                layer.steps.push(Step::new(layer.bytes.len(), 1, place, width));
                layer.bytes.push(value);
                told = place + width;
            }
            layer.steps.push(Step::new(layer.bytes.len(), 1, told, 0));
            layer.bytes.push(0);
        } else if list.is_empty() {
            at += 1;
        }
    }
    (!layer.steps.is_empty()).then_some(layer)
}

/// Length of one number of a list, and the byte it is; one that goes on in letters is none.
fn number(text: &[u8], hexadecimal: bool) -> Option<(usize, u8)> {
    let sign = usize::from(!hexadecimal && text.first() == Some(&b'-'));
    let begin = if hexadecimal && (text.starts_with(b"0x") || text.starts_with(b"0X")) { 2 } else { sign };
    let radix = if hexadecimal { 16 } else { 10 };
    let digits = text.iter().skip(begin).take(4).take_while(|byte| char::from(**byte).is_digit(radix)).count();
    let end = begin + digits;
    if digits == 0 || digits > 3 || hexadecimal && digits != 2 || text.get(end).is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    let value = text[begin..end].iter().fold(0, |value, digit| value * radix + char::from(*digit).to_digit(radix).unwrap_or(0));
    // Java's bytes have a sign.
    let value = if sign == 1 { 256_u32.checked_sub(value).filter(|_| value <= 128)? } else { value };
    Some((end, u8::try_from(value).ok()?))
}

/// Length of what stands between two numbers of a list.
fn gap(text: &[u8]) -> usize {
    let sign = usize::from(matches!(text.first(), Some(b',' | b':' | b'-' | b';')));
    sign + text.iter().skip(sign).take(16).take_while(|byte| byte.is_ascii_whitespace()).count()
}
