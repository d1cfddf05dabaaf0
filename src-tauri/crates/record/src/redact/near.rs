//! Secrets in sentences and tables: a word for a secret, a few words that say nothing by themselves, and a value that no sentence
//! has: `the password is k7Rb…`, `client secret '…' does not match`, `--password …`, `<dt>Password</dt><dd>…</dd>`.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::{mask::Mask, names, tells::tells};

/// Words for a secret, and whether what users choose themselves follows them.
const WORDS: &[(&str, bool)] = &[
    ("password", true),
    ("passwd", true),
    ("passphrase", true),
    ("passwort", true),
    ("kennwort", true),
    ("mot de passe", true),
    ("contraseña", true),
    ("senha", true),
    ("пароль", true),
    ("密码", true),
    ("パスワード", true),
    ("secret", false),
    ("token", false),
    ("code", false),
    ("geheimnis", false),
    ("jeton", false),
    ("geheimwort", true),
    ("wachtwoord", true),
    ("hasło", true),
    ("contrasena", true),
    ("passcode", true),
    ("pin", true),
    ("otp", true),
    ("totp", true),
    ("geheimzahl", true),
    ("credential", false),
    ("credentials", false),
    ("api-key", false),
    ("api key", false),
    ("apikey", false),
];

/// Words that may stand between a secret's name and it.
const LINKS: &str = "
    a actual are as auf b code dd div dt em equals es est field given got input ist is it lautet lautete li mit name pre received
    rejected rejectedvalue s set span string strong td th to tr v value values war was were wert";

/// Words between name and value at most.
const MOST: usize = 5;
/// Signs and blanks between two words at most, in bytes.
const SIGNS: usize = 24;
/// Longest value, in bytes.
const LONGEST: usize = 512;

static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let words = WORDS.iter().map(|(word, _)| word);
    AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).ascii_case_insensitive(true).build(words).ok()
});

/// Values that stand behind a word for a secret.
pub(super) fn find(text: &[u8], found: &mut Vec<Mask>) {
    let Some(finder) = &*FINDER else { return };
    for hit in finder.find_iter(text) {
        let chosen = WORDS.get(hit.pattern().as_usize()).is_some_and(|(_, chosen)| *chosen);
        let goes_on = text.get(hit.end()).is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
        let begins = hit.start().checked_sub(1).and_then(|before| text.get(before)).is_none_or(|byte| !byte.is_ascii_lowercase());
        if goes_on || !begins {
            continue;
        }
        let mut at = hit.end();
        for _ in 0..MOST {
            let signs = text[at..].iter().take(SIGNS + 1).take_while(|byte| !in_word(**byte)).count();
            if signs == 0 || signs > SIGNS {
                break;
            }
            at += signs;
            let length = text[at..].iter().take(LONGEST).take_while(|byte| in_value(**byte)).count();
            let word = text[at..at + length].trim_ascii_end();
            let word = match word.last() {
                Some(b'.' | b':' | b'!' | b'?') => &word[..word.len() - 1],
                _ => word,
            };
            if secretive(word, chosen) || announced(text, (hit.end(), at), word, chosen) {
                found.push(Mask::dots(at, at + word.len()));
                break;
            }
            // `password of alice: …`: the owner is passed over.
            let of = |of: &&[u8]| {
                text[at..].get(..of.len()).is_some_and(|word| word.eq_ignore_ascii_case(of))
                    && text.get(at + of.len()) == Some(&b' ')
            };
            if let Some(of) = OF.into_iter().find(|word| of(word)) {
                if let Some((start, end)) = owned(text, at + of.len(), chosen) {
                    found.push(Mask::dots(start, end));
                }
                break;
            }
            let link = word.len() <= 13
                && std::str::from_utf8(word).is_ok_and(|word| {
                    word.len() <= 3 && word.bytes().all(|byte| byte.is_ascii_digit() || byte == b':' || byte == b's')
                        || LINKS.split_ascii_whitespace().any(|link| link.eq_ignore_ascii_case(word))
                });
            if !link {
                break;
            }
            at += word.len();
        }
    }
}

/// Words between a secret and whose it is.
const OF: [&[u8]; 12] = [b"of", b"for", b"from", b"von", b"f\xC3\xBCr", b"de", b"del", b"di", b"pour", b"para", b"do", b"da"];

/// The value behind an owner of one or two words and a sign: `of user alice: …`, `for 'orders-batch' = …`, `of alice is …`.
fn owned(text: &[u8], from: usize, chosen: bool) -> Option<(usize, usize)> {
    let line = &text[from..text.len().min(from + 128)];
    let line = &line[..memchr::memchr2(b'\n', b'\r', line).unwrap_or(line.len())];
    let mut words = 0;
    let mut at = 0;
    loop {
        at += line[at..].iter().take_while(|byte| b" \"'`".contains(byte)).count();
        let rest = &line[at..];
        let sign = [&b":"[..], b"=", b"is ", b"was ", b"lautet ", b"ist ", b"->"]
            .into_iter()
            .find(|sign| words > 0 && rest.starts_with(sign));
        if let Some(sign) = sign {
            at += sign.len();
            at += line[at..].iter().take_while(|byte| b" \"'`".contains(byte)).count();
            let start = from + at;
            let length = text[start..].iter().take(LONGEST).take_while(|byte| in_value(**byte)).count();
            let word = &text[start..start + length];
            let end = start + length - usize::from(matches!(word.last(), Some(b'.' | b'!')));
            let next = text
                .get(end..)
                .is_some_and(|rest| rest.first() == Some(&b' ') && rest.get(1).is_some_and(u8::is_ascii_lowercase));
            let small = text[start..end].iter().all(|byte| byte.is_ascii_lowercase() || *byte == b'-');
            let address = memchr::memmem::find(word, b"//").is_some();
            let text = std::str::from_utf8(&text[start..end]).ok()?;
            let digits = text.bytes().filter(u8::is_ascii_digit).count();
            let made = digits > 0 && digits < text.len() && text.len() >= 6 && names::redeemable(text);
            let few = digits == text.len() && digits < 4;
            let said = tells(text.as_bytes()) || small && (next || sign.ends_with(b" ")) || address || few || !chosen && !made;
            return (start < end && !said).then_some((start, end));
        }
        let length = rest.iter().take_while(|byte| !byte.is_ascii_whitespace() && !b"\"'`:=,;".contains(byte)).count();
        words += 1;
        if length == 0 || words > 3 {
            return None;
        }
        at += length;
    }
}

/// Whether a word is told to be the secret by what stands before it: quotes, or `is` and the like, or a sign.
fn announced(text: &[u8], (name, at): (usize, usize), word: &[u8], chosen: bool) -> bool {
    let between = text[name..at].trim_ascii_end();
    let quote = text.get(at.wrapping_sub(1)).copied().filter(|byte| b"\"'`".contains(byte));
    let quoted = quote.is_some();
    let linked = [&b"is"[..], b"was", b"ist", b"lautet", b"war", b"est", b"es", b"=", b":", b"->"].iter().any(|link| {
        between.ends_with(link)
            || between.trim_ascii_end().strip_suffix(b"\"").is_some_and(|rest| rest.trim_ascii_end().ends_with(link))
    });
    let letters = word.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let digits = word.iter().filter(|byte| byte.is_ascii_digit()).count();
    let other = word.iter().any(|byte| !byte.is_ascii_alphanumeric());
    let own = letters >= 3 && digits >= 1 && word.len() >= 6 || chosen && letters >= 1 && digits >= 1 && word.len() >= 4;
    let address = memchr::memmem::find(word, b"://").is_some() || word.starts_with(b"urn:") || word.starts_with(b"/");
    let names = std::str::from_utf8(word).is_ok_and(|word| names::sensitive_parameter(word) || names::points_to_secret(word));
    // Codes of faults and times have digits as well.
    let fault =
        std::str::from_utf8(word).is_ok_and(|word| !names::redeemable(word)) || word.contains(&b':') || word.contains(&b'/');
    (quoted || linked) && own && !address && !names && !fault && !tells(word) && !(other && letters + digits < 6)
}

fn in_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn in_value(byte: u8) -> bool {
    byte.is_ascii_graphic() && !b"\"'`<>|,;()[]{}&=\\".contains(&byte)
}

/// Whether a word is none of a sentence.
fn secretive(word: &[u8], chosen: bool) -> bool {
    let Ok(text) = std::str::from_utf8(word) else { return false };
    let address = text.contains("://") || text.contains('@') || text.starts_with("urn:");
    let own = chosen
        && word.len() >= 6
        && word.iter().any(u8::is_ascii_digit)
        && word.iter().filter(|byte| byte.is_ascii_alphabetic()).count() >= 3
        && !text.contains(['_', ':', '/']);
    !address && (own || names::opaque(text) && !text.contains(':'))
}
