//! Secrets that are words servers use: `secret`, `admin`, `test`. Masked wherever they occur, they would take the server's words with
//! them; so they are masked where they are a value, and not where a sentence or a harmless name has them.

use std::{collections::HashSet, sync::LazyLock};

use super::{names, tells};

/// Longest word that is looked up, in bytes.
const LONGEST: usize = 24;
/// How far back a name before a value may lie, in bytes.
const BEFORE: usize = 96;

fn set(words: &'static str) -> HashSet<&'static str> {
    words.split_ascii_whitespace().collect()
}

/// Words of servers' sentences, names and addresses that people take for secrets.
static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set("
        access account admin administrator agent alice allowed another anonymous any api apps application assertion audience auth
        authentication authorization authorize backend basic batch bearer body bob browser call callback case certificate challenge check
        claim claims client clients code company config confidential connect console consumer content context cookie create
        credential credentials customer data database date default delete demo denied dev developer development device digest
        discovery domain dummy email endpoint enter entry error event example exchange expired external failed field file flow form
        foreign found frontend gateway get given grant group groups guest header hello home host identity implicit internal introspect
        introspection invalid issuer issued json keycloak key keys kind language level list local localhost log login logout mail main
        manager master mapper member message metadata method missing mobile mode name network nobody none null offline online open
        openid operator order orders origin owner pages param parameter parse party passcode passphrase passwd password path
        payload person phone pin plain policy portal post private prod product production profile protocol provider proxy public query
        read realm reason redirect refresh refused register registration remote report reporting request requested requester required
        resource response revoke role roles root sample scope scopes search secret secrets secure security send server service session
        settings setup shared shop sign signature signed single source staff standard start state status store string subject super
        supervisor support system target tenant test tester testing tests text this time token tokens trust type unknown update user
        userinfo username users value verifier version view web welcome with wrong write wso")
});

/// Names that hold no secret, and words behind which a server names a thing of its own.
static HARMLESS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set("
        a an any argument arguments attribute attributes aud audience azp cause claim claims client clientid client_id clientname
        code_challenge_method column consumer database description detail error event field fields for grant granttype grant_type group
        groups header headers hint id in iss issuer key kind level location loc logger member message method missing mode name named no
        not of operation option param parameter parameters path preferred_username principal property realm realmname reason
        redirect_uri required requester resource resource_type resourcetype role roles scope scopes service session_state
        source status sub subject table target tenant the to token_type tokentype type typ unexpected unknown unsupported user userid
        user_id username user_name user-name values variable with")
});

/// Words behind a thing that is named.
static AFTER: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set("
        already and are argument can cannot claim client could does endpoint exists field for from has have header in is may missing must
        not of or parameter realm required role scope should to user was were will")
});

/// Whether a secret is such a word.
pub(super) fn is_word(value: &[u8]) -> bool {
    if value.len() < 4 || value.len() > LONGEST || !value.iter().all(u8::is_ascii_alphabetic) {
        return false;
    }
    let small = String::from_utf8_lossy(value).to_ascii_lowercase();
    WORDS.contains(small.as_str()) || tells::tells(value)
}

/// Whether such a word, where it stands as a field, is named as something else than a secret: `"parameter":"secret"`,
/// `username=admin`, `'secret' is required`.
pub(super) fn is_named_otherwise(text: &[u8], start: usize, end: usize) -> bool {
    let name = before(text, start);
    if names::sensitive_parameter(name) || name.ends_with("secret") || name.ends_with("word") {
        return false;
    }
    if HARMLESS.contains(name.to_ascii_lowercase().as_str()) {
        return true;
    }
    // A member's name.
    let rest = text.get(end..).unwrap_or_default();
    let rest = rest.strip_prefix(b"\"").unwrap_or(rest);
    if rest.trim_ascii_start().first() == Some(&b':') && text.get(end) == Some(&b'"') {
        return true;
    }
    let quoted = rest.trim_start_with(|byte| matches!(byte, b'\'' | b'"' | b'`' | b']' | b')'));
    let length = quoted.iter().skip(1).take(24).take_while(|byte| byte.is_ascii_alphabetic()).count();
    let word = quoted.get(1..1 + length).unwrap_or_default();
    quoted.first() == Some(&b' ') && AFTER.contains(String::from_utf8_lossy(word).to_ascii_lowercase().as_str())
}

/// Whether a sentence says of the word that it is the secret: `the password is admin`.
pub(super) fn is_announced(text: &[u8], start: usize, end: usize) -> bool {
    // `The password is expired` tells how it is.
    if tells::tells(text.get(start..end).unwrap_or_default()) {
        return false;
    }
    let lead = text.get(start.saturating_sub(BEFORE)..start).unwrap_or_default();
    let Some(lead) = lead.strip_suffix(b" ") else { return false };
    let mut words = lead.rsplit(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'_' | b'-'));
    let verb = words.next().is_some_and(|verb| matches!(verb, b"is" | b"was" | b"equals" | b"ist"));
    let name = words.next().and_then(|name| std::str::from_utf8(name).ok()).unwrap_or_default();
    let small = name.to_ascii_lowercase();
    verb && names::sensitive_parameter(name)
        && !small.ends_with("token")
        && !matches!(small.as_str(), "jwt" | "assertion" | "cookie")
}

/// The name or word before a value, over the signs between them.
fn before(text: &[u8], start: usize) -> &str {
    let from = start.saturating_sub(BEFORE);
    let lead = text.get(from..start).unwrap_or_default();
    let in_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let Some(last) = lead.iter().rposition(|byte| in_name(*byte)) else { return "" };
    // A sentence or a line that ended before has named something else.
    if lead.get(last + 1..).unwrap_or_default().iter().any(|byte| matches!(byte, b'.' | b'\n' | b'\r' | b'&' | b';' | b'{')) {
        return "";
    }
    let first = lead.get(..last).unwrap_or_default().iter().rposition(|byte| !in_name(*byte)).map_or(0, |at| at + 1);
    std::str::from_utf8(lead.get(first..=last).unwrap_or_default()).unwrap_or_default()
}

/// Trims bytes of a kind from the front.
trait TrimStart {
    fn trim_start_with(&self, trims: impl Fn(u8) -> bool) -> &[u8];
}

impl TrimStart for [u8] {
    fn trim_start_with(&self, trims: impl Fn(u8) -> bool) -> &[u8] {
        let length = self.iter().take_while(|byte| trims(**byte)).count();
        self.get(length..).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use crate::redact::{DOTS, KnownSecrets, text};
    use token::secret::Secret;

    /// Secret, text, and whether it stays as it is.
    const ROWS: &[(&str, &str, bool)] = &[
        // The server's words.
        ("secret", "Invalid client secret", true),
        ("secret", "client_secret is required", true),
        ("secret", "Missing parameter: secret", true),
        ("secret", "{\"error\":\"invalid_client\",\"error_description\":\"Invalid client or Invalid client secret\"}", true),
        ("secret", "The parameter 'secret' is missing", true),
        ("secret", "the \"secret\" field of the client", true),
        (
            "admin",
            "2026-11-30 14:02:31,204 INFO [org.keycloak.services] (main) KC-SERVICES0009: Added user 'admin' to realm 'master'",
            true,
        ),
        ("admin", "GET /admin/realms/test/users", true),
        ("admin", "{\"username\":\"admin\",\"error\":\"user_disabled\"}", true),
        ("admin", "username=admin&grant_type=password", true),
        ("admin", "clientId=\"admin-cli\", username=\"admin\"", true),
        ("test", "https://kc.example/realms/test/protocol/openid-connect/token", true),
        ("test", "realm=\"test\", error=\"invalid_token\"", true),
        ("test", "this is a test of the realm test", true),
        ("password", "grant_type=password&scope=openid", true),
        ("password", "Invalid username or password.", true),
        ("password", "password_policy: length(8)", true),
        ("client", "unauthorized_client: the client is not allowed", true),
        ("token", "{\"error\":\"invalid_token\",\"error_description\":\"The token expired\"}", true),
        ("expired", "Jwt is expired", true),
        ("openid", "Missing required scope(s) openid", true),
        ("2026", "2026-11-30T14:02:31Z", true),
        ("2026", "Mon, 30 Nov 2026 14:02:31 GMT", true),
        ("8080", "http://127.0.0.1:8080/realms", true),
        ("1234", "at 12:1234 of 1234-5678", true),
        ("a", "a token of a client", true),
        ("ab", "about ab initio", true),
        ("x1", "x1.example has x1-headers", true),
        // The value itself.
        ("secret", "client_secret=secret&x=1", false),
        ("secret", "{\"client_secret\":\"secret\"}", false),
        ("secret", "{\"value\":\"secret\"}", false),
        ("secret", "Wrong password 'secret' for alice", false),
        ("secret", "client secret: secret", false),
        ("secret", "x=secret", false),
        ("secret", "the password is secret.", false),
        ("admin", "client_secret was admin, now another", false),
        ("admin", "password=admin&username=bob", false),
        ("admin", "{\"input\":\"admin\"}", false),
        ("admin", "received 'admin'", false),
        ("test", "curl -u portal:test https://x", false),
        ("test", "password: test\nuser: bob", false),
        ("test", "<password>test</password>", false),
        ("password", "password=password", false),
        ("password", "{\"password\":\"password\"}", false),
        ("expired", "password=expired", false),
        ("1234", "pin: 1234", false),
        ("1234", "{\"pin\":1234}", false),
        ("2026", "code=2026&x=1", false),
        ("ab", "x=ab", false),
        ("x1", "said \"x1\"", false),
    ];

    #[test]
    fn a_secret_that_is_an_ordinary_word_is_masked_where_it_is_the_value() {
        let mut wrong = Vec::new();
        for (secret, said, stays) in ROWS {
            let shown = text(said, &KnownSecrets::new(vec![Secret::new(*secret)], Vec::new()));
            if (shown == *said) != *stays || !stays && !shown.contains(DOTS) {
                wrong.push(format!("{secret}: {said}\n   {shown}"));
            }
            if !stays {
                let left = shown.match_indices(secret).count();
                let names = said.match_indices(secret).count() - 1;
                if left > names {
                    wrong.push(format!("{secret} still stands: {shown}"));
                }
            }
        }
        println!("words as secrets: {} inputs, {} wrong", ROWS.len(), wrong.len());
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
