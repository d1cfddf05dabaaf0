//! Secrets in command lines: `curl -u app:…`, `mysql -p…`, `sshpass -p …`, `--client-secret …`, `-passin pass:…`.

use aho_corasick::{AhoCorasick, MatchKind};
use std::sync::LazyLock;

use super::{mask::Mask, names, tells::tells};

/// What an option holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// A secret.
    Secret,
    /// A name, a colon and a secret.
    Pair,
    /// A name, `%` and a secret.
    Percent,
}

/// Programs, their options that hold a secret, and whether the value may stand in one word with the option.
const PROGRAMS: &[(&str, &[(&str, Holds)])] = &[
    (
        "curl",
        &[
            ("-u", Holds::Pair),
            ("--user", Holds::Pair),
            ("-U", Holds::Pair),
            ("--proxy-user", Holds::Pair),
            ("--pass", Holds::Secret),
            ("--oauth2-bearer", Holds::Secret),
            ("--key-pass", Holds::Secret),
        ],
    ),
    ("http", &[("-a", Holds::Pair), ("--auth", Holds::Pair)]),
    ("https", &[("-a", Holds::Pair), ("--auth", Holds::Pair)]),
    ("httpie", &[("-a", Holds::Pair), ("--auth", Holds::Pair)]),
    ("xh", &[("-a", Holds::Pair), ("--auth", Holds::Pair)]),
    ("ab", &[("-A", Holds::Pair), ("-P", Holds::Pair)]),
    ("hey", &[("-a", Holds::Pair)]),
    ("mysql", &[("-p", Holds::Secret)]),
    ("mysqldump", &[("-p", Holds::Secret)]),
    ("mysqladmin", &[("-p", Holds::Secret)]),
    ("mysqlimport", &[("-p", Holds::Secret)]),
    ("mysqlsh", &[("-p", Holds::Secret)]),
    ("mariadb", &[("-p", Holds::Secret)]),
    ("mariadb-dump", &[("-p", Holds::Secret)]),
    ("sshpass", &[("-p", Holds::Secret)]),
    ("psql", &[("-p", Holds::Secret), ("-W", Holds::Secret)]),
    ("mongo", &[("-p", Holds::Secret)]),
    ("mongosh", &[("-p", Holds::Secret)]),
    ("mongodump", &[("-p", Holds::Secret)]),
    ("cqlsh", &[("-p", Holds::Secret)]),
    ("redis-cli", &[("-a", Holds::Secret), ("--pass", Holds::Secret)]),
    ("ldapsearch", &[("-w", Holds::Secret)]),
    ("ldapmodify", &[("-w", Holds::Secret)]),
    ("ldapadd", &[("-w", Holds::Secret)]),
    ("ldapwhoami", &[("-w", Holds::Secret)]),
    ("ldappasswd", &[("-w", Holds::Secret), ("-s", Holds::Secret), ("-a", Holds::Secret)]),
    ("sqlcmd", &[("-P", Holds::Secret)]),
    ("bcp", &[("-P", Holds::Secret)]),
    ("isql", &[("-P", Holds::Secret)]),
    ("docker", &[("-p", Holds::Secret)]),
    ("podman", &[("-p", Holds::Secret)]),
    ("helm", &[("-p", Holds::Secret)]),
    ("az", &[("-p", Holds::Secret)]),
    ("oc", &[("-p", Holds::Secret)]),
    ("cf", &[("-p", Holds::Secret)]),
    ("kcadm.sh", &[("-p", Holds::Secret)]),
    ("kcadm", &[("-p", Holds::Secret)]),
    ("plink", &[("-pw", Holds::Secret)]),
    ("pscp", &[("-pw", Holds::Secret)]),
    ("smbclient", &[("-U", Holds::Percent)]),
    ("rpcclient", &[("-U", Holds::Percent)]),
    ("xfreerdp", &[("/p:", Holds::Secret), ("-p", Holds::Secret)]),
    ("rdesktop", &[("-p", Holds::Secret)]),
    ("zip", &[("-P", Holds::Secret)]),
    ("unzip", &[("-P", Holds::Secret)]),
    ("7z", &[("-p", Holds::Secret)]),
    ("mosquitto_pub", &[("-P", Holds::Secret)]),
    ("mosquitto_sub", &[("-P", Holds::Secret)]),
    ("ipmitool", &[("-P", Holds::Secret)]),
    ("vncviewer", &[("-p", Holds::Secret)]),
];

/// Options whose value is a secret whoever they are given to.
const ANYWHERE: &[(&str, Holds)] = &[
    ("-passin", Holds::Secret),
    ("-passout", Holds::Secret),
    ("-storepass", Holds::Secret),
    ("-keypass", Holds::Secret),
    ("--user", Holds::Pair),
    ("-u", Holds::Pair),
    ("--proxy-user", Holds::Pair),
];

static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let words = PROGRAMS.iter().map(|(program, _)| program);
    AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(words).ok()
});

/// How much of a command line is looked at behind its program, in bytes.
const LINE: usize = 4_096;

/// Values of options.
pub(super) fn find(text: &[u8], found: &mut Vec<Mask>) {
    let Some(finder) = &*FINDER else { return };
    // Options that say it themselves.
    for at in memchr::memmem::find_iter(text, b"-") {
        let before = at.checked_sub(1).and_then(|before| text.get(before));
        if before.is_some_and(|byte| !byte.is_ascii_whitespace() && !b"\"'`,;|&".contains(byte)) {
            continue;
        }
        // An option of two words is read by its own place; none has more than this.
        let length = text[at..].iter().take(names::LONGEST + 2).take_while(|byte| is_option(**byte)).count();
        let option = &text[at..at + length];
        let holds = ANYWHERE.iter().find(|(name, _)| name.as_bytes() == option).map(|(_, holds)| *holds);
        let named =
            length > 2 && std::str::from_utf8(option).is_ok_and(|option| names::sensitive_member(option.trim_start_matches('-')));
        // Of a port or a folder nobody could say that it was made by a machine.
        if matches!(option, b"-p" | b"-P" | b"-pw" | b"-w") {
            let made = |(start, end): &(usize, usize)| {
                std::str::from_utf8(&text[*start..*end]).is_ok_and(|word| names::opaque(word) && !word.contains('/'))
            };
            found.extend(value(text, at + length, Holds::Secret, false).filter(made).map(|(start, end)| Mask::dots(start, end)));
        }
        let Some(holds) = holds.or(named.then_some(Holds::Secret)) else { continue };
        found.extend(value(text, at + length, holds, false).map(|(start, end)| Mask::dots(start, end)));
    }
    let mut until = 0;
    for hit in finder.find_iter(text) {
        let Some((program, options)) = PROGRAMS.get(hit.pattern().as_usize()) else { continue };
        let before = hit.start().checked_sub(1).and_then(|before| text.get(before));
        let begins = before.is_none_or(|byte| byte.is_ascii_whitespace() || b"/\"'`;|&($\\[>,".contains(byte));
        let goes_on = text
            .get(hit.end())
            .is_none_or(|byte| !(byte.is_ascii_whitespace() || b"\"',".contains(byte) || text[hit.end()..].starts_with(b".exe")));
        if hit.start() < until || !begins || goes_on {
            continue;
        }
        let rest = &text[hit.end()..text.len().min(hit.end() + LINE)];
        let end = hit.end() + line_end(rest);
        until = end;
        let login = !matches!(*program, "docker" | "podman" | "helm" | "az" | "oc" | "cf")
            || memchr::memmem::find(&text[hit.end()..end], b"login").is_some();
        if login {
            of_program(text, (hit.end(), end), program, options, found);
        }
    }
}

fn is_option(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

/// Where a line ends that no backslash continues.
fn line_end(text: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', text)
        .find(|at| !text[..*at].trim_ascii_end().ends_with(b"\\") || text[..*at].ends_with(b"\n"))
        .unwrap_or(text.len())
}

fn of_program(text: &[u8], (from, to): (usize, usize), program: &str, options: &[(&str, Holds)], found: &mut Vec<Mask>) {
    let mut at = from;
    while at < to {
        at += text[at..to].iter().take_while(|byte| byte.is_ascii_whitespace() || b"\"',[".contains(byte)).count();
        let length = text[at..to].iter().take_while(|byte| !byte.is_ascii_whitespace() && !b"\"',]".contains(byte)).count();
        let word = &text[at..at + length];
        for (option, holds) in options {
            let Some(rest) = word.strip_prefix(option.as_bytes()) else { continue };
            // `-pX` stands in one word, but a long option does not.
            let joined = !rest.is_empty()
                || text.get(at + length).is_some_and(|byte| *byte == b'\'' || *byte == b'"')
                    && !text[at + length..].starts_with(b"\",")
                    && !text[at + length..].starts_with(b"',");
            if joined && option.starts_with("--") && rest.first() != Some(&b'=') || joined && rest.first() == Some(&b'-') {
                continue;
            }
            let from = at + option.len();
            let range = if joined {
                argument(text, from + usize::from(rest.first() == Some(&b'=')))
            } else {
                value(text, from, *holds, true)
            };
            let range = if joined { range.and_then(|range| held(text, range, *holds)) } else { range };
            let port = program == "psql" && range.is_some_and(|(start, end)| text[start..end].iter().all(u8::is_ascii_digit));
            found.extend(range.filter(|_| !port).map(|(start, end)| Mask::dots(start, end)));
        }
        at += length.max(1);
    }
}

/// The value behind an option; `certain` where the program is known to take one, else a word of a sentence is none.
fn value(text: &[u8], at: usize, holds: Holds, certain: bool) -> Option<(usize, usize)> {
    let rest = &text[at..];
    let gap = rest.iter().take(16).take_while(|byte| byte.is_ascii_whitespace() || b"\"',=".contains(byte)).count();
    // A quote may open the value itself.
    let quote = rest[..gap].iter().rposition(|byte| matches!(byte, b'"' | b'\''));
    let opens = quote.is_some_and(|quote| quote + 1 == gap);
    let (start, end) = argument(text, if opens { at + gap - 1 } else { at + gap }).filter(|_| gap > 0)?;
    let word = &text[start..end];
    if word.first() == Some(&b'-')
        || word.first() == Some(&b'<')
        || tells(word)
        || !opens && !certain && is_prose(text, start, end)
    {
        return None;
    }
    let (start, end) = held(text, (start, end), holds)?;
    Some((start, end))
}

/// A word, or what stands in quotes.
fn argument(text: &[u8], at: usize) -> Option<(usize, usize)> {
    let rest = &text[at..text.len().min(at + LINE)];
    let (start, end) = match rest.first()? {
        quote @ (b'"' | b'\'') => (at + 1, at + 1 + memchr::memchr(*quote, &rest[1..])?),
        _ => (
            at,
            at + rest.iter().position(|byte| byte.is_ascii_whitespace() || b"\"'`|;&)]}<>,".contains(byte)).unwrap_or(rest.len()),
        ),
    };
    (start < end).then_some((start, end))
}

/// The secret in an argument.
fn held(text: &[u8], (start, end): (usize, usize), holds: Holds) -> Option<(usize, usize)> {
    let sign = match holds {
        Holds::Secret => {
            let scheme =
                [&b"pass:"[..], b"env:", b"file:", b"str:"].into_iter().find(|scheme| text[start..end].starts_with(scheme));
            return match scheme {
                Some(b"env:" | b"file:") => None,
                Some(scheme) => Some((start + scheme.len(), end)),
                None => Some((start, end)),
            };
        }
        Holds::Pair => b':',
        Holds::Percent => b'%',
    };
    let word = &text[start..end];
    let at = memchr::memchr(sign, word)?;
    // A user and a group by number, an address.
    let numbers = word.iter().all(|byte| byte.is_ascii_digit() || *byte == b':');
    (at + 1 < word.len() && !numbers && !word[at..].starts_with(b"://")).then_some((start + at + 1, end))
}

/// Whether the word is one of a sentence: `--password is required`, `use --token or --secret`.
fn is_prose(text: &[u8], start: usize, end: usize) -> bool {
    let word = &text[start..end];
    let small = word.iter().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'.' | b':' | b'!'));
    let next = text.get(end..).is_some_and(|rest| rest.first() == Some(&b' ') && rest.get(1).is_some_and(u8::is_ascii_lowercase));
    small && (next || word.len() <= 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        find(text.as_bytes(), &mut found);
        let mut all: Vec<&str> = found.into_iter().filter_map(|mask| text.get(mask.start..mask.end)).collect();
        all.dedup();
        all
    }

    #[test]
    fn values_of_options() {
        for line in [
            "curl -u app:kUerbis77 https://x",
            "curl -u 'app:kUerbis77' https://x",
            "curl --user app:kUerbis77 https://x",
            "curl --user=\"app:kUerbis77\" https://x",
            "curl -uapp:kUerbis77 https://x",
            "curl -s \\\n  -u app:kUerbis77 \\\n  https://x",
            "--user app:kUerbis77",
            "http -a app:kUerbis77 :8080/x",
            "mysql -u root -pkUerbis77 orders",
            "mysql -h db -p kUerbis77",
            "mysqldump -p'kUerbis77' orders",
            "/usr/bin/mariadb -pkUerbis77",
            "sshpass -p kUerbis77 ssh a@b",
            "sshpass -pkUerbis77 ssh a@b",
            "psql -p kUerbis77 -h db",
            "mongosh -u a -p kUerbis77",
            "redis-cli -a kUerbis77 ping",
            "ldapsearch -D cn=a -w kUerbis77",
            "sqlcmd -S x -U sa -P kUerbis77",
            "docker login -u a -p kUerbis77 reg",
            "kcadm.sh config credentials --password kUerbis77",
            "keytool -list -storepass kUerbis77",
            "openssl rsa -passin pass:kUerbis77 -in a.pem",
            "app --client-secret kUerbis77 --scope x",
            "app --client-secret=kUerbis77",
            "app --password 'kUerbis77'",
            "smbclient -U a%kUerbis77 //h/x",
            "[\"mysql\",\"-p\",\"kUerbis77\"]",
            "[\"mysql\",\"-pkUerbis77\"]",
        ] {
            let found = masked(line);
            assert!(found == ["kUerbis77"], "{line}: {found:?}");
        }
    }

    #[test]
    fn options_that_hold_none_stay() {
        for line in [
            "docker run -p 8080:80 -u 1000:1000 app",
            "psql -p 5432 -h db",
            "--password is required",
            "use --token or --secret to log in",
            "ssh -p 2222 host",
            "mkdir -p a/b && curl https://x",
            "--password-file /run/x",
            "the option --password, if given",
            "openssl rsa -passin env:PW",
            "a-b -u https://x",
            "curl -u app https://x",
        ] {
            assert!(masked(line).is_empty(), "{line}: {:?}", masked(line));
        }
    }
}
