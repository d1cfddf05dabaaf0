//! Secrets in sentences and tables: a word for a secret, a few words that say nothing by themselves, and a value that no sentence
//! has: `the password is k7Rb…`, `client secret '…' does not match`, `--password …`, `<dt>Password</dt><dd>…</dd>`.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::{names, scan::Mask};

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
            if secretive(word, chosen) {
                found.push(Mask::dots(at, at + word.len()));
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
