//! Texts inside a text: what stands in it with its escapes read, and what its base64 and hex runs say.
//!
//! A secret may be written as `p%40ss`, `p\u0040ss`, `p&#64;ss`, twice over, or as base64 at any alignment within something longer.
//! Instead of listing how a secret could be written, a text is read the way whoever receives it would read it, and every find is
//! carried back to the bytes it came from. Each reading is one pass over the text.

/// A text read from another one, with the way back.
pub(super) struct Layer {
    /// What was read.
    pub bytes: Vec<u8>,
    pub(super) steps: Vec<Step>,
    pub(super) kind: Kind,
}

/// Where reading and source go on at different places. A text of nothing but escapes has one for every three bytes, so it is small;
/// [`scan::masks`](super::scan::masks) lets no text of 4 GiB come here.
pub(super) struct Step {
    at: u32,
    read: u32,
    from: u32,
    width: u32,
}

impl Step {
    /// At a place in what was read, so many bytes that were read there; their place in the source, and its bytes they came from.
    pub fn new(at: usize, read: usize, from: usize, width: usize) -> Self {
        let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Self { at: small(at), read: small(read), from: small(from), width: small(width) }
    }

    fn wide(&self) -> [usize; 4] {
        [self.at, self.read, self.from, self.width].map(|number| number as usize)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Steps are escapes, and the text between them is the same in both.
    Escapes,
    /// Steps are runs; this many source bytes hold this many bytes.
    Runs { source: usize, read: usize },
}

impl Layer {
    /// The bytes of the source behind a range of what was read.
    pub fn source(&self, start: usize, end: usize) -> (usize, usize) {
        let last = end.saturating_sub(1).max(start);
        (self.place(start).0, self.place(last).1)
    }

    /// Where one byte came from.
    fn place(&self, at: usize) -> (usize, usize) {
        let before = self.steps.partition_point(|step| step.at as usize <= at);
        let Some(step) = before.checked_sub(1).and_then(|index| self.steps.get(index)) else { return (at, at + 1) };
        let [begin, read, from, width] = step.wide();
        let within = at - begin;
        match self.kind {
            Kind::Escapes if within < read => (from, from + width),
            Kind::Escapes => {
                let place = from + width + within - read;
                (place, place + 1)
            }
            Kind::Runs { source, read } => {
                let start = from + within * source / read;
                let end = from + ((within + 1) * source).div_ceil(read);
                (start.min(from + width), end.min(from + width))
            }
        }
    }
}

/// The text with its percent, backslash and character escapes read; none when it has none.
pub(super) fn unescaped(text: &[u8]) -> Option<Layer> {
    let mut bytes = Vec::new();
    let mut steps = Vec::new();
    let mut from = 0;
    let mut next = 0;
    while let Some(found) = memchr::memchr3(b'%', b'\\', b'&', &text[next..]) {
        let at = next + found;
        let Some((read, width)) = escape(&text[at..]) else {
            next = at + 1;
            continue;
        };
        bytes.extend_from_slice(&text[from..at]);
        steps.push(Step::new(bytes.len(), read.len(), at, width));
        bytes.extend_from_slice(read.as_slice());
        from = at + width;
        next = from;
    }
    if steps.is_empty() {
        return None;
    }
    bytes.extend_from_slice(&text[from..]);
    Some(Layer { bytes, steps, kind: Kind::Escapes })
}

/// The bytes of one character.
pub(super) struct Read([u8; 4], usize);

impl Read {
    pub fn byte(byte: u8) -> Self {
        Self([byte, 0, 0, 0], 1)
    }

    pub fn char(letter: char) -> Self {
        let mut bytes = [0; 4];
        let length = letter.encode_utf8(&mut bytes).len();
        Self(bytes, length)
    }

    pub fn len(&self) -> usize {
        self.1
    }

    pub fn as_slice(&self) -> &[u8] {
        &self.0[..self.1]
    }
}

/// An escape at the start of a text: what it says and how long it is.
fn escape(text: &[u8]) -> Option<(Read, usize)> {
    match text.first()? {
        b'%' => match text.get(1)? {
            b'u' | b'U' => Some((Read::char(char::from_u32(hex(text.get(2..6)?)?)?), 6)),
            _ => Some((Read::byte(u8::try_from(hex(text.get(1..3)?)?).ok()?), 3)),
        },
        b'\\' => backslash(text),
        _ => character_reference(text),
    }
}

pub(super) fn hex(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() || digits.len() > 8 {
        return None;
    }
    digits.iter().try_fold(0, |value, digit| Some(value * 16 + char::from(*digit).to_digit(16)?))
}

fn octal(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() || digits.len() > 8 {
        return None;
    }
    digits.iter().try_fold(0, |value, digit| Some(value * 8 + char::from(*digit).to_digit(8)?))
}

fn backslash(text: &[u8]) -> Option<(Read, usize)> {
    let byte = |byte| Some((Read::byte(byte), 2));
    match *text.get(1)? {
        b'n' => byte(b'\n'),
        b'r' => byte(b'\r'),
        b't' => byte(b'\t'),
        // `\u{68}` of JavaScript and Rust, `\x{68}` and `\o{150}` of Perl, with any zeros before.
        sign @ (b'u' | b'x' | b'o') if text.get(2) == Some(&b'{') => {
            let end = text.iter().take(14).position(|byte| *byte == b'}')?;
            let digits = text.get(3..end)?;
            let letter = if sign == b'o' { octal(digits)? } else { hex(digits)? };
            Some((Read::char(char::from_u32(letter)?), end + 1))
        }
        b'x' => Some((Read::char(char::from_u32(hex(text.get(2..4)?)?)?), 4)),
        b'U' => Some((Read::char(char::from_u32(hex(text.get(2..10)?)?)?), 10)),
        // `\N{U+0068}`
        b'N' if text.get(2..5) == Some(b"{U+") => {
            let end = text.iter().take(14).position(|byte| *byte == b'}')?;
            Some((Read::char(char::from_u32(hex(text.get(5..end)?)?)?), end + 1))
        }
        b'u' => {
            let first = hex(text.get(2..6)?)?;
            if let Some(letter) = char::from_u32(first) {
                return Some((Read::char(letter), 6));
            }
            // Two halves of a character beyond the first 65,536 (RFC 8259 7).
            let second = hex(text.get(8..12)?).filter(|_| text.get(6..8) == Some(b"\\u"))?;
            let low = second.checked_sub(0xDC00).filter(|low| *low < 0x400)?;
            let high = first.checked_sub(0xD800).filter(|high| *high < 0x400)?;
            Some((Read::char(char::from_u32(0x1_0000 + high * 0x400 + low)?), 12))
        }
        b'0'..=b'3' => Some((Read::byte(u8::try_from(octal(text.get(1..4)?)?).ok()?), 4)),
        sign if sign.is_ascii_punctuation() => byte(sign),
        _ => None,
    }
}

fn character_reference(text: &[u8]) -> Option<(Read, usize)> {
    if text.get(1) == Some(&b'#') {
        let hexadecimal = matches!(text.get(2), Some(b'x' | b'X'));
        let begin = if hexadecimal { 3 } else { 2 };
        let count = text
            .iter()
            .skip(begin)
            .take(12)
            .take_while(|byte| char::from(**byte).is_digit(if hexadecimal { 16 } else { 10 }))
            .count();
        let digits = std::str::from_utf8(text.get(begin..begin + count)?).ok()?;
        let letter = char::from_u32(u32::from_str_radix(digits, if hexadecimal { 16 } else { 10 }).ok()?)?;
        let semicolon = usize::from(text.get(begin + count) == Some(&b';'));
        return Some((Read::char(letter), begin + count + semicolon));
    }
    const NAMED: [(&[u8], u8); 34] = [
        (b"&amp;", b'&'),
        (b"&lt;", b'<'),
        (b"&gt;", b'>'),
        (b"&quot;", b'"'),
        (b"&apos;", b'\''),
        (b"&nbsp;", b' '),
        (b"&sol;", b'/'),
        (b"&equals;", b'='),
        (b"&plus;", b'+'),
        (b"&colon;", b':'),
        (b"&lowbar;", b'_'),
        (b"&period;", b'.'),
        (b"&commat;", b'@'),
        (b"&num;", b'#'),
        (b"&percnt;", b'%'),
        (b"&excl;", b'!'),
        (b"&dollar;", b'$'),
        (b"&ast;", b'*'),
        (b"&bsol;", b'\\'),
        (b"&semi;", b';'),
        (b"&hyphen;", b'-'),
        (b"&dash;", b'-'),
        (b"&comma;", b','),
        (b"&quest;", b'?'),
        (b"&lpar;", b'('),
        (b"&rpar;", b')'),
        (b"&lsqb;", b'['),
        (b"&rsqb;", b']'),
        (b"&lcub;", b'{'),
        (b"&rcub;", b'}'),
        (b"&verbar;", b'|'),
        (b"&grave;", b'`'),
        (b"&Hat;", b'^'),
        (b"&QUOT;", b'"'),
    ];
    let (name, sign) = NAMED.iter().find(|(name, _)| text.starts_with(name))?;
    Some((Read::byte(*sign), name.len()))
}

/// Shortest run that is read, in characters: four bytes of base64, four of hex.
const SHORTEST_BASE64: usize = 6;
const SHORTEST_HEX: usize = 8;

/// What the base64 runs of a text say, read from each of the four places a group may begin at.
pub(super) fn base64(text: &[u8]) -> Vec<Layer> {
    let runs = runs(text, SHORTEST_BASE64, |byte| SIXTY_FOUR[usize::from(byte)] < 64);
    (0..4).filter_map(|skip| decoded(text, &runs, skip, 4, 3, |run, bytes| read_base64(text, run, bytes))).collect()
}

/// What the hex runs of a text say, read from both places a pair may begin at.
pub(super) fn hexadecimal(text: &[u8]) -> Vec<Layer> {
    let runs = runs(text, SHORTEST_HEX, |byte| byte.is_ascii_hexdigit());
    (0..2).filter_map(|skip| decoded(text, &runs, skip, 2, 1, |run, bytes| read_hex(text, run, bytes))).collect()
}

fn runs(text: &[u8], shortest: usize, is_in: impl Fn(u8) -> bool) -> Vec<(usize, usize)> {
    let mut runs = Vec::new();
    let mut begin = None;
    for at in 0..=text.len() {
        let inside = text.get(at).is_some_and(|byte| is_in(*byte));
        match begin {
            None if inside => begin = Some(at),
            Some(from) if !inside => {
                if at - from >= shortest {
                    runs.push((from, at));
                }
                begin = None;
            }
            _ => {}
        }
    }
    runs
}

fn decoded(
    text: &[u8],
    runs: &[(usize, usize)],
    skip: usize,
    source: usize,
    read: usize,
    each: impl Fn((usize, usize), &mut Vec<u8>),
) -> Option<Layer> {
    let mut layer = Layer { bytes: Vec::new(), steps: Vec::new(), kind: Kind::Runs { source, read } };
    for (index, &(from, to)) in runs.iter().enumerate() {
        if to - from < skip + source.min(4) {
            continue;
        }
        layer.steps.push(Step::new(layer.bytes.len(), 0, from + skip, to - from - skip));
        each((from + skip, to), &mut layer.bytes);
        // Nothing may seem to go on from one run to the next, unless it was broken into lines.
        let next = runs.get(index + 1).map_or(&[][..], |next| &text[to..next.0]);
        if skip > 0 || (to - from) % source > 0 || !is_line_end(next) {
            layer.bytes.push(0);
        }
    }
    (!layer.steps.is_empty()).then_some(layer)
}

/// Whether nothing but the end of a line and the indent of the next stands between two runs, as bytes or as escapes.
fn is_line_end(between: &[u8]) -> bool {
    let mut rest = between;
    let mut ends = 0;
    for end in [&b"=\r\n"[..], b"=\n", b"\r\n", b"\n", b"\\r\\n", b"\\n"] {
        if let Some(after) = rest.strip_prefix(end) {
            (rest, ends) = (after, 1);
            break;
        }
    }
    ends > 0 && between.len() <= 24 && rest.iter().all(|byte| matches!(byte, b' ' | b'\t'))
}

/// The value of each character in both alphabets (RFC 4648 4, 5); 64 for what is in neither.
const SIXTY_FOUR: [u8; 256] = {
    let mut table = [64; 256];
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut at = 0;
    while at < 64 {
        table[alphabet[at] as usize] = at as u8;
        at += 1;
    }
    table[b'-' as usize] = 62;
    table[b'_' as usize] = 63;
    table
};

fn read_base64(text: &[u8], (from, to): (usize, usize), bytes: &mut Vec<u8>) {
    for group in text[from..to].chunks(4) {
        let bits = group.iter().fold(0_u32, |bits, letter| bits << 6 | u32::from(SIXTY_FOUR[usize::from(*letter)]));
        let bits = bits << (6 * (4 - group.len()));
        let all = bits.to_be_bytes();
        bytes.extend_from_slice(&all[1..1 + group.len() * 3 / 4]);
    }
}

fn read_hex(text: &[u8], (from, to): (usize, usize), bytes: &mut Vec<u8>) {
    let digit = |byte: u8| char::from(byte).to_digit(16).unwrap_or_default() as u8;
    bytes.extend(text[from..to].chunks_exact(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])));
}

/// The text without what may stand between the letters of a value: zero bytes of UTF-16, line ends and indents, quotes and commas of a
/// list, invisible characters, soft line ends of mail, short tags. None where nothing of it stands there.
pub(super) fn squeezed(text: &[u8]) -> Option<Layer> {
    let mut bytes = Vec::new();
    let mut steps = Vec::new();
    let mut from = 0;
    let mut at = 0;
    while at < text.len() {
        let width = between(&text[at..]);
        if width == 0 {
            at += 1;
            continue;
        }
        bytes.extend_from_slice(&text[from..at]);
        steps.push(Step::new(bytes.len(), 0, at, width));
        at += width;
        from = at;
    }
    if steps.is_empty() {
        return None;
    }
    bytes.extend_from_slice(&text[from..]);
    Some(Layer { bytes, steps, kind: Kind::Escapes })
}

/// Length of what may stand between two letters of a value.
fn between(text: &[u8]) -> usize {
    match text.first() {
        Some(0 | b' ' | b'\t' | b'\r' | b'\n' | b'"' | b'\'' | b',') => 1,
        Some(b'=') if text.starts_with(b"=\r\n") => 3,
        Some(b'=') if text.starts_with(b"=\n") => 2,
        Some(0xC2) if text.get(1) == Some(&0xAD) => 2,
        Some(0xE2) if text.get(1) == Some(&0x80) && matches!(text.get(2), Some(0x8B..=0x8F)) => 3,
        Some(0xE2) if text.get(1) == Some(&0x81) && text.get(2) == Some(&0xA0) => 3,
        Some(0xEF) if text.starts_with(&[0xEF, 0xBB, 0xBF]) => 3,
        Some(b'&') if text.starts_with(b"&shy;") => 5,
        // `'one' + 'two'`
        Some(b'+') if text.get(1) == Some(&b' ') => 2,
        Some(b'<') => {
            let inside = text.iter().skip(1).take(TAG).position(|byte| matches!(byte, b'<' | b'>'));
            let named = text.get(1).is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'/');
            inside.filter(|inside| named && text[inside + 1] == b'>').map_or(0, |inside| inside + 2)
        }
        _ => 0,
    }
}

/// Longest tag that is passed over.
const TAG: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_read_and_found_again() {
        for (text, read) in [
            ("a%20b%2Fc", "a b/c"),
            ("a%2fb", "a/b"),
            ("%u0041b", "Ab"),
            (r#"a\"b\/c\u0041\u00e4"#, "a\"b/cA\u{e4}"),
            (r"\ud83d\ude00!", "\u{1f600}!"),
            (r"\x41\u{42}\_", "AB_"),
            ("&lt;a&#65;&#x42&amp;", "<aAB&"),
        ] {
            let layer = unescaped(text.as_bytes()).expect("escapes");
            assert_eq!(String::from_utf8_lossy(&layer.bytes), read, "{text}");
        }
        for text in ["", "100% sure & done", "a\\b", "%zz", "&unknown;", "\\u12"] {
            assert!(unescaped(text.as_bytes()).is_none(), "{text}");
        }
        let layer = unescaped(b"ab%20cd%20ef").expect("escapes");
        assert_eq!(layer.source(3, 5), (5, 7));
        assert_eq!(layer.source(2, 3), (2, 5));
        assert_eq!(layer.source(6, 8), (10, 12));
    }

    #[test]
    fn base64_is_read_at_every_alignment() {
        for text in ["c2VjcmV0LXZhbHVl", "xc2VjcmV0LXZhbHVl", "xyc2VjcmV0LXZhbHVl", "xyzc2VjcmV0LXZhbHVl"] {
            let found = base64(text.as_bytes()).into_iter().find_map(|layer| {
                let at = layer.bytes.windows(12).position(|window| window == b"secret-value")?;
                Some(layer.source(at, at + 12))
            });
            assert_eq!(found, Some((text.len() - 16, text.len())), "{text}");
        }
        let hex = hexadecimal(b"id 736563726574 end").into_iter().find_map(|layer| {
            let at = layer.bytes.windows(6).position(|window| window == b"secret")?;
            Some(layer.source(at, at + 6))
        });
        assert_eq!(hex, Some((3, 15)));
    }
}
