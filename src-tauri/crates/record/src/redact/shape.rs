//! What is secret by its looks: JWTs, private keys, what follows `Bearer`, keys with a known beginning, SAML messages, the user part
//! of addresses.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use memchr::memmem;

use super::mask::{Mask, Nets, Stand};

/// What a beginning announces.
#[derive(Clone, Copy)]
enum Kind {
    Jwt,
    /// Words of RFC 9110 11.6.2, RFC 6750, RFC 9449 and of makers.
    Scheme,
    /// A key of a maker: the least length of what is masked.
    Key(usize),
    /// A PEM block.
    Pem,
    /// Base64 of a private key.
    Der,
    /// Base64 of an XML message.
    Xml,
    /// An address.
    Address,
    /// A scheme whose name is an ordinary word: what follows must look made by a machine.
    Word,
    /// The lines of a private key of PuTTY.
    Putty,
    /// Base64 of a private key of OpenSSH, in lines.
    Lines,
}

const BEGINNINGS: &[(&str, Kind)] = &[
    ("eyJ", Kind::Jwt),
    ("Basic ", Kind::Scheme),
    ("Bearer ", Kind::Scheme),
    ("Bearer\t", Kind::Scheme),
    ("Bearer+", Kind::Scheme),
    ("Bearer:", Kind::Scheme),
    ("DPoP ", Kind::Scheme),
    ("Negotiate ", Kind::Scheme),
    ("NTLM ", Kind::Scheme),
    ("ApiKey ", Kind::Scheme),
    ("SSWS ", Kind::Scheme),
    ("SharedKey ", Kind::Scheme),
    ("GNAP ", Kind::Scheme),
    ("PrivateToken ", Kind::Scheme),
    ("OAuth ", Kind::Word),
    ("Token ", Kind::Word),
    ("Private-Lines:", Kind::Putty),
    // `openssh-key-v1`
    ("b3BlbnNzaC1rZXktdjE", Kind::Lines),
    // PKCS#8 (RSA, EC, Ed25519), PKCS#1 and SEC 1 without their armour
    ("IBADANBgkqhkiG9w0BAQEFAASC", Kind::Der),
    ("MIGHAgEAMBMGByqGSM49", Kind::Der),
    ("MIG2AgEAMBAGByqGSM49", Kind::Der),
    ("MC4CAQAwBQYDK2Vw", Kind::Der),
    ("IBAAKCAQEA", Kind::Der),
    ("IBAAKCAgEA", Kind::Der),
    ("MHcCAQEEI", Kind::Der),
    ("MIGkAgEBBDA", Kind::Der),
    ("---- BEGIN SSH2 ENCRYPTED", Kind::Pem),
    ("-----BEGIN", Kind::Pem),
    ("//", Kind::Address),
    // `<saml`, `<?xml`, `<Assertion`, `<Response`, `<EncryptedAssertion`, `<AuthnRequest`, `<LogoutRe`
    ("PHNhbW", Kind::Xml),
    ("PD94bW", Kind::Xml),
    ("PEFzc2Vy", Kind::Xml),
    ("PFJlc3Bv", Kind::Xml),
    ("PEVuY3J5", Kind::Xml),
    ("PEF1dGhu", Kind::Xml),
    ("PExvZ291", Kind::Xml),
    // GitHub, GitLab
    ("ghp_", Kind::Key(20)),
    ("gho_", Kind::Key(20)),
    ("ghu_", Kind::Key(20)),
    ("ghs_", Kind::Key(20)),
    ("ghr_", Kind::Key(20)),
    ("github_pat_", Kind::Key(20)),
    ("glpat-", Kind::Key(16)),
    ("gloas-", Kind::Key(16)),
    ("gldt-", Kind::Key(16)),
    ("glrt-", Kind::Key(16)),
    ("glcbt-", Kind::Key(16)),
    // Slack, Stripe, SendGrid, npm, PyPI, DigitalOcean, Shopify, Vault, Atlassian, Postman, Databricks, Hugging Face, AI makers
    ("xoxb-", Kind::Key(14)),
    ("xoxp-", Kind::Key(14)),
    ("xoxa-", Kind::Key(14)),
    ("xoxr-", Kind::Key(14)),
    ("xoxs-", Kind::Key(14)),
    ("xoxe.", Kind::Key(14)),
    ("xoxe-", Kind::Key(14)),
    ("xapp-", Kind::Key(14)),
    ("sk_live_", Kind::Key(14)),
    ("sk_test_", Kind::Key(14)),
    ("rk_live_", Kind::Key(14)),
    ("rk_test_", Kind::Key(14)),
    ("whsec_", Kind::Key(14)),
    ("SG.", Kind::Key(40)),
    ("npm_", Kind::Key(24)),
    ("pypi-", Kind::Key(32)),
    ("dop_v1_", Kind::Key(20)),
    ("doo_v1_", Kind::Key(20)),
    ("shpat_", Kind::Key(20)),
    ("shpss_", Kind::Key(20)),
    ("shpca_", Kind::Key(20)),
    ("hvs.", Kind::Key(20)),
    ("hvb.", Kind::Key(20)),
    ("ATATT3x", Kind::Key(24)),
    ("PMAK-", Kind::Key(24)),
    ("dapi", Kind::Key(36)),
    ("hf_", Kind::Key(24)),
    ("sk-ant-", Kind::Key(20)),
    ("sk-proj-", Kind::Key(20)),
    ("AGE-SECRET-KEY-", Kind::Key(30)),
    ("key-", Kind::Key(36)),
    // Google, AWS
    ("AIza", Kind::Key(35)),
    ("ya29.", Kind::Key(20)),
    ("GOCSPX-", Kind::Key(20)),
    ("AKIA", Kind::Key(20)),
    ("ASIA", Kind::Key(20)),
];

static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let words = BEGINNINGS.iter().map(|(word, _)| word);
    AhoCorasick::builder().match_kind(MatchKind::Standard).ascii_case_insensitive(true).build(words).ok()
});

/// Ranges that look secret.
pub(super) fn find(text: &[u8], nets: Nets, found: &mut Vec<Mask>) {
    let Some(finder) = &*FINDER else { return };
    let mut covered = 0;
    // Where no end of a PEM block follows any more, looking again from the next beginning would find none either.
    let mut unended = false;
    for hit in finder.find_overlapping_iter(text) {
        let Some(&(word, kind)) = BEGINNINGS.get(hit.pattern().as_usize()) else { continue };
        let (start, end) = (hit.start(), hit.end());
        let exact = &text[start..end] == word.as_bytes();
        if start < covered || !exact && !matches!(kind, Kind::Scheme) {
            continue;
        }
        let inside_word = start.checked_sub(1).and_then(|before| text.get(before)).is_some_and(u8::is_ascii_alphanumeric);
        // `jwt-bearer`, `grant_type_bearer` are names.
        let inside_name = inside_word || start.checked_sub(1).is_some_and(|before| matches!(text[before], b'-' | b'_' | b'.'));
        let range = match kind {
            Kind::Jwt => jwt(&text[start..], nets).map(|length| (start, start + length)),
            _ if nets == Nets::Claims && matches!(kind, Kind::Scheme | Kind::Address | Kind::Word) => None,
            Kind::Scheme | Kind::Word if inside_word => None,
            Kind::Scheme | Kind::Word
                if inside_name && !text.get(end..).is_some_and(|rest| opaque(&rest[..run(rest, b"-_.~+/=")])) =>
            {
                None
            }
            Kind::Scheme => {
                // `Bearer  "…"`, `Bearer <…>`
                let more = text[end..].iter().take(4).take_while(|byte| b" \t\"'<".contains(byte)).count();
                credentials(&text[end + more..]).map(|length| (end + more, end + more + length))
            }
            Kind::Word => {
                let length = run(&text[end..], b"-_.~+/=:!");
                made(&text[end..end + length]).then_some((end, end + length))
            }
            Kind::Putty => putty(&text[end..]).map(|(from, to)| (end + from, end + to)),
            Kind::Lines => {
                let length = run(&text[start..], b"+/=-_%\r\n\t \\");
                let length =
                    text[start..start + length].iter().rposition(|byte| b"+/=".contains(byte) || byte.is_ascii_alphanumeric());
                length.map(|length| (start, start + length + 1))
            }
            Kind::Key(least) => {
                let length = run(&text[start..], b"-_.");
                (!inside_word && length >= least && digits_or_large(&text[end..start + length]))
                    .then_some((start, start + length))
            }
            Kind::Pem => private_key(&text[start..], &mut unended).map(|length| (start, start + length)),
            Kind::Der => {
                let before = text[..start].iter().rev().take(8).take_while(|byte| byte.is_ascii_alphanumeric()).count();
                let length = run(&text[start..], b"+/=-_%");
                (length >= 40).then_some((start - before, start + length))
            }
            Kind::Xml => {
                let length = run(&text[start..], b"+/=-_%");
                (length >= 40).then_some((start, start + length))
            }
            Kind::Address => user_part(&text[end..]).map(|length| (end, end + length)),
        };
        if let Some((from, to)) = range {
            let stand = if matches!(kind, Kind::Jwt) { Stand::Jwt } else { Stand::Dots };
            found.push(Mask { start: from, end: to, stand });
            covered = to;
        }
    }
    azure(text, found);
    if nets == Nets::All {
        broken_addresses(text, found);
    }
}

fn run(text: &[u8], signs: &[u8]) -> usize {
    text.iter().position(|byte| !byte.is_ascii_alphanumeric() && !signs.contains(byte)).unwrap_or(text.len())
}

/// A word in small letters is no key, whatever it begins with.
fn digits_or_large(text: &[u8]) -> bool {
    text.iter().any(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
}

/// Least length of a line that may be broken off.
const LINE: usize = 60;

/// Length of the end of a line with the indent of the next; of a blank or tag where text is broken in a page.
fn line_end(text: &[u8]) -> usize {
    let ends: [&[u8]; 7] = [b"=\r", b"=\n", b"\\r\\n", b"\\n", b"<br>", b"<br/>", b" . "];
    let begin = ends.iter().find(|end| text.starts_with(end)).map_or(0, |end| end.len());
    begin + text[begin..].iter().take(16).take_while(|byte| byte.is_ascii_whitespace()).count()
}

/// Length of a JWT (or the beginning of one) at the start of a text.
pub(super) fn jwt(text: &[u8], nets: Nets) -> Option<usize> {
    let mut length = run(text, b"-_.~=%");
    // One that was broken into lines, or set apart at its dots, goes on.
    while nets == Nets::All && (length >= LINE || text[length..].starts_with(b" . ")) {
        let gap = line_end(&text[length..]);
        let next = run(&text[length + gap..], b"-_.~=%");
        let line = &text[length + gap..length + gap + next];
        if gap == 0 || next < 12 || !digits_or_large(line) && !line.contains(&b'.') {
            break;
        }
        length += gap + next;
    }
    // Shorter than this it is a word, not a header with an algorithm in it. Among claims one part without a dot is another text.
    (length >= 16 && (nets == Nets::All || text[..length].contains(&b'.'))).then_some(length)
}

/// Length of the credentials after a scheme.
fn credentials(text: &[u8]) -> Option<usize> {
    let length = run(text, b"-_.~+/=");
    let value = &text[..length];
    // A challenge (`Bearer realm="x"`, `Bearer error="..."`) and prose ("Bearer token") are not credentials.
    // Some servers leave out the quotes: `Basic realm=localhost:9443`. In credentials `=` stands at the end only (RFC 9110 11.2).
    let parameter = |name: &str| value.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()));
    let challenge = value.ends_with(b"=") && text.get(length) == Some(&b'"')
        || ["realm=", "error=", "scope=", "charset=", "algs="]
            .iter()
            .any(|name| parameter(name) && value[name.len()..].iter().any(|byte| *byte != b'='));
    let prose = length < 12 && value.iter().all(|byte| byte.is_ascii_alphabetic() || *byte == b'.')
        || length < 24 && value.iter().all(u8::is_ascii_lowercase);
    let fault = std::str::from_utf8(value).is_ok_and(super::tells::is_class);
    (length > 3 && !challenge && !prose && !fault).then_some(length)
}

fn opaque(word: &[u8]) -> bool {
    std::str::from_utf8(&word[..word.len().min(512)]).is_ok_and(super::names::opaque)
}

/// Whether a word looks made by a machine or like a password: letters and digits.
fn made(word: &[u8]) -> bool {
    let letters = word.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let id = word.len() == 36 && word.iter().all(|byte| byte.is_ascii_hexdigit() || *byte == b'-');
    !id && word.len() >= 8
        && letters >= 3
        && word.iter().any(u8::is_ascii_digit)
        && !word.contains(&b'=')
        && !word.contains(&b':')
}

/// Where the lines of a private key of PuTTY stand, up to the line that protects them.
fn putty(text: &[u8]) -> Option<(usize, usize)> {
    let line = text.iter().take(16).take_while(|byte| byte.is_ascii_digit() || **byte == b' ').count();
    // The end of the line, also as an escape.
    let ends: [&[u8]; 5] = [b"\r\n", b"\n", b"\\r\\n", b"\\n", b"\r"];
    let gap = ends.iter().find(|end| text[line..].starts_with(end)).map_or(0, |end| end.len());
    let from = line + gap;
    let length = run(&text[from..], b"-_+/= \r\n\t\\");
    let length = memmem::find(&text[from..from + length], b"Private").unwrap_or(length);
    let length = text[from..from + length].iter().rposition(|byte| !b"\r\n\t\\ ".contains(byte))? + 1;
    (gap > 0).then_some((from, from + length))
}

/// Length of a PEM block with a private key, with both its lines; of what is left of one whose end is missing.
fn private_key(text: &[u8], unended: &mut bool) -> Option<usize> {
    let line = &text[..text.len().min(64)];
    let secret = memmem::find(line, b"PRIVATE").or_else(|| memmem::find(line, b"SECRET"))?;
    memmem::find(&line[secret..], b"KEY")?;
    if !*unended {
        if let Some(at) = memmem::find(text, b"-----END") {
            let close = memmem::find(&text[at + 8..text.len().min(at + 80)], b"-----").map_or(8, |close| close + 13);
            return Some(at + close);
        }
        *unended = true;
    }
    let rest = &text[line.len().min(10)..];
    Some(text.len() - rest.len() + run(rest, b"-_+/= \r\n\t\\%:,.()"))
}

/// Length of the user part of an address: `me:pw@`, without the sign.
fn user_part(text: &[u8]) -> Option<usize> {
    let text = &text[..text.len().min(USER_PART)];
    let until =
        |ends: &[u8]| text.iter().position(|byte| byte.is_ascii_whitespace() || ends.contains(byte)).unwrap_or(text.len());
    let end = until(b"/?#\"'<>`\\{}|^[]");
    if let Some(at) = memchr::memrchr(b'@', &text[..end]).filter(|at| *at > 0) {
        return Some(at);
    }
    // What stands behind a colon and is no port is a password with a sign in it that should have been written as an escape.
    let colon = memchr::memchr(b':', &text[..end])?;
    let port = text[colon + 1..end].iter().all(u8::is_ascii_digit);
    if port || !text.get(end).is_some_and(|byte| b"/?#".contains(byte)) {
        return None;
    }
    let text = &text[..text.len().min(BROKEN_USER_PART)];
    let end = text.iter().position(|byte| byte.is_ascii_whitespace() || b"\"'<>`\\{}|^[]&".contains(byte)).unwrap_or(text.len());
    memchr::memrchr(b'@', &text[..end])
}

/// Longest user part that is looked at, in bytes; of one with a sign in it, this much.
const USER_PART: usize = 2_048;
const BROKEN_USER_PART: usize = 256;

/// Schemes of addresses that may have a user part.
const SCHEMES: &str = "
    http https ws wss ftp ftps sftp ssh smtp smtps imap imaps pop3 pop3s ldap ldaps redis rediss amqp amqps mongodb postgres postgresql
    mysql mariadb mssql oracle nats mqtt mqtts kafka sip sips socks4 socks5 git svn rtsp jdbc";

/// What stands before a colon and an address of mail and is no user: `user:alice77@example.org`.
const LABELS: &str = "
    user username email e-mail mail mailto login sub subject upn account acct from to cc bcc reply-to sip sips xmpp jabber owner author contact
    preferred_username name by";

/// Passwords before a host where the address was not written as one: `https:me:…@host`, `smtp me:…@host`, `thin:me/…@host`.
fn broken_addresses(text: &[u8], found: &mut Vec<Mask>) {
    let mut covered = 0;
    for at in memchr::memchr_iter(b'@', text) {
        let host = text.get(at + 1).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'[');
        if !host || text[at + 1..].starts_with(b"sha256:") {
            continue;
        }
        let begin = at
            - text[covered..at]
                .iter()
                .rev()
                .take(BROKEN_USER_PART)
                .take_while(|byte| !byte.is_ascii_whitespace() && !b"\"'<>`|^,;()[]{}".contains(byte))
                .count();
        covered = at + 1;
        let word = &text[begin..at];
        if memmem::find(word, b"//").is_some() {
            continue;
        }
        if memmem::find(word, b"jdbc:oracle:").is_some() || word.starts_with(b"thin:") || word.starts_with(b"oci:") {
            found.extend(
                memchr::memchr(b'/', word).filter(|slash| slash + 1 < word.len()).map(|slash| Mask::dots(begin + slash + 1, at)),
            );
            continue;
        }
        let Some(colon) = memchr::memchr(b':', word) else { continue };
        let (first, rest) = (&word[..colon], &word[colon + 1..]);
        let is = |list: &str| {
            std::str::from_utf8(first)
                .is_ok_and(|first| list.split_ascii_whitespace().any(|known| known.eq_ignore_ascii_case(first)))
        };
        let rest_from = begin + colon + 1 + usize::from(rest.first() == Some(&b'/'));
        if is(SCHEMES) {
            found.extend(
                memchr::memchr(b':', &text[rest_from..at])
                    .filter(|colon| rest_from + colon + 1 < at)
                    .map(|_| Mask::dots(rest_from, at)),
            );
        } else if !is(LABELS)
            && !first.is_empty()
            && !first.contains(&b'/')
            && !rest.contains(&b':')
            && !rest.contains(&b'/')
            && made(rest)
        {
            found.push(Mask::dots(begin + colon + 1, at));
        }
    }
}

/// Client secrets of Entra ID hold `Q~` after a digit, in the middle of 40 characters.
fn azure(text: &[u8], found: &mut Vec<Mask>) {
    let mut covered = 0;
    for at in memmem::find_iter(text, b"Q~") {
        let digit = at.checked_sub(1).and_then(|before| text.get(before)).is_some_and(u8::is_ascii_digit);
        if at < covered || !digit {
            continue;
        }
        let before =
            text[..at].iter().rev().take(8).take_while(|byte| byte.is_ascii_alphanumeric() || b"-_.~".contains(byte)).count();
        let after = run(&text[at..], b"-_.~");
        if before >= 3 && after >= 28 {
            covered = at + after;
            found.push(Mask::dots(at - before, covered));
        }
    }
}
