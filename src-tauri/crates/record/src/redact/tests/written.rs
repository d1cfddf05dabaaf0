//! Further writings of a known value, places of one nobody knows, and words that only stand where a secret could: tables of inputs that
//! were tried from outside, each with relatives.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::{KnownSecrets, claim, response, text};
use token::secret::Secret;

fn letters(value: &str, write: impl Fn(char) -> String) -> String {
    value.chars().map(write).collect()
}

fn bytes(value: &str, write: impl Fn(u8) -> String) -> String {
    value.bytes().map(write).collect()
}

fn answer(kind: &str, headers: &[(&str, &str)], body: &str, known: &KnownSecrets) -> String {
    let mut all = HeaderMap::new();
    all.insert("content-type", HeaderValue::from_str(kind).expect("content type"));
    for (name, value) in headers {
        all.append(name.parse::<HeaderName>().expect("name"), HeaderValue::from_str(value).expect("value"));
    }
    let lines = response(400, "", &all, body.as_bytes(), known);
    let lines: Vec<String> = lines.iter().map(|line| line.iter().map(|span| span.text.as_str()).collect()).collect();
    lines.join("\n")
}

#[test]
fn a_known_value_is_found_in_further_writings() {
    let mut open = Vec::new();
    for value in
        ["hunter2-Kx9Qz/4", "Grüße-aus-Köln7", "0f5c9a11-2222-4333-8444-5555b318aaaa", "Zr8vQp2LmXw6TnB4yHs1KdG7fJc3ReA5uNtVo9Wi"]
    {
        let known = KnownSecrets::new(vec![Secret::new(value)], Vec::new());
        let standard = |text: &str, times: usize| (0..times).fold(text.to_owned(), |text, _| STANDARD.encode(text));
        let url = |text: &str, times: usize| (0..times).fold(text.to_owned(), |text, _| URL_SAFE_NO_PAD.encode(text));
        let lines = |text: &str| {
            text.as_bytes().chunks(76).map(|line| String::from_utf8_lossy(line).into_owned()).collect::<Vec<_>>().join("\r\n")
        };
        let printable =
            bytes(value, |byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("={byte:02X}") });
        let utf16 = |text: &str| {
            let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            STANDARD.encode(units).trim_end_matches('=').to_owned()
        };
        let plain = |letter: char| letter.is_ascii_alphanumeric();
        let utf7 = |sign: char| {
            letters(value, |letter| {
                if plain(letter) || letter == '-' { letter.to_string() } else { format!("{sign}{}-", utf16(&letter.to_string())) }
            })
        };
        let octal = |text: &str| bytes(text, |byte| format!("\\{byte:03o}"));
        let rows = [
            ("base64, three deep", standard(value, 3)),
            ("base64, four deep", standard(value, 4)),
            ("base64url, three deep", url(value, 3)),
            ("base64url, four deep", url(value, 4)),
            ("base64 in hex in base64 in base64", standard(&bytes(&standard(value, 1), |byte| format!("{byte:02x}")), 2)),
            (
                "base64 with words at each depth",
                standard(&format!("a {}", standard(&format!("b: {}", standard(&format!("c={value}"), 1)), 1)), 1),
            ),
            ("base64, three deep, in lines", lines(&standard(&format!("{value} {}", "and more ".repeat(12)), 3))),
            ("base64, three deep, in percent", standard(value, 3).replace('=', "%3D")),
            ("backwards", value.chars().rev().collect()),
            ("backwards in base64", standard(&value.chars().rev().collect::<String>(), 1)),
            ("backwards in percent", bytes(&value.chars().rev().collect::<String>(), |byte| format!("%{byte:02x}"))),
            (
                "backwards in JSON",
                letters(&value.chars().rev().collect::<String>(), |letter| format!("\\u{:04x}", u32::from(letter))),
            ),
            ("CSS", letters(value, |letter| format!("\\{:x} ", u32::from(letter)))),
            ("CSS, six digits", letters(value, |letter| format!("\\{:06X}", u32::from(letter)))),
            (
                "CSS, the first letter",
                letters(value, |letter| letter.to_string()).replacen(
                    value.chars().next().unwrap_or('x'),
                    &format!("\\{:x} ", u32::from(value.chars().next().unwrap_or('x'))),
                    1,
                ),
            ),
            (
                "CSS, signs",
                letters(value, |letter| {
                    if plain(letter) {
                        letter.to_string()
                    } else if letter.is_ascii() {
                        format!("\\{letter}")
                    } else {
                        format!("\\{:x} ", u32::from(letter))
                    }
                }),
            ),
            ("CSS in JSON", letters(value, |letter| format!("\\\\{:x} ", u32::from(letter)))),
            ("CSS with an end of line", letters(value, |letter| format!("\\{:x}\n", u32::from(letter)))),
            ("JavaScript, \\x", bytes(value, |byte| format!("\\x{byte:02x}"))),
            ("JavaScript, \\u{}", letters(value, |letter| format!("\\u{{{:x}}}", u32::from(letter)))),
            ("JavaScript, \\u{} with zeros", letters(value, |letter| format!("\\u{{{:08X}}}", u32::from(letter)))),
            (
                "JavaScript, mixed",
                value
                    .chars()
                    .enumerate()
                    .map(|(at, letter)| match at % 3 {
                        0 => format!("\\u{{{:x}}}", u32::from(letter)),
                        1 => format!("\\u{:04x}", u32::from(letter)),
                        _ => letter.to_string(),
                    })
                    .collect(),
            ),
            ("JavaScript, twice", bytes(value, |byte| format!("\\\\x{byte:02x}"))),
            ("Perl, \\x{}", letters(value, |letter| format!("\\x{{{:x}}}", u32::from(letter)))),
            ("Python, \\U", letters(value, |letter| format!("\\U{:08x}", u32::from(letter)))),
            ("names of code points", letters(value, |letter| format!("\\N{{U+{:04X}}}", u32::from(letter)))),
            ("code points", letters(value, |letter| format!("U+{:04X} ", u32::from(letter)))),
            ("octal", octal(value)),
            ("octal, twice", octal(value).replace('\\', "\\\\")),
            ("octal of printf", bytes(value, |byte| format!("\\0{byte:03o}"))),
            ("octal of Perl", letters(value, |letter| format!("\\o{{{:o}}}", u32::from(letter)))),
            ("octal, two digits", bytes(value, |byte| format!("\\{byte:o}"))),
            (
                "octal of signs",
                bytes(
                    value,
                    |byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("\\{byte:03o}") },
                ),
            ),
            ("decimal of Lua", bytes(value, |byte| format!("\\{byte:03}"))),
            ("quoted-printable", printable.clone()),
            ("quoted-printable of every byte", bytes(value, |byte| format!("={byte:02X}"))),
            ("quoted-printable, small", bytes(value, |byte| format!("={byte:02x}"))),
            ("quoted-printable in lines", bytes(value, |byte| format!("={byte:02X}=\r\n"))),
            ("quoted-printable, blanks at the end", bytes(value, |byte| format!("={byte:02X}= \n"))),
            ("a word of a mail's header", format!("=?utf-8?Q?{printable}?=")),
            ("a word of a mail's header in base64", format!("=?utf-8?B?{}?=", standard(value, 1))),
            ("UTF-7", utf7('+')),
            ("UTF-7 of every letter", format!("+{}-", utf16(value))),
            ("UTF-7 with an open end", format!("+{} ", utf16(value))),
            (
                "UTF-7 of one letter",
                format!("+{}-{}", utf16(&value.chars().take(1).collect::<String>()), value.chars().skip(1).collect::<String>()),
            ),
            ("UTF-7 of IMAP", utf7('&')),
            (
                "entities, decimal and hex by turns",
                value
                    .chars()
                    .enumerate()
                    .map(
                        |(at, letter)| {
                            if at % 2 == 0 { format!("&#{};", u32::from(letter)) } else { format!("&#x{:x};", u32::from(letter)) }
                        },
                    )
                    .collect(),
            ),
            ("entities, with zeros", letters(value, |letter| format!("&#{:09};", u32::from(letter)))),
            ("entities, hex without an end", letters(value, |letter| format!("&#X{:04X}", u32::from(letter)))),
            ("entities, twice", letters(value, |letter| format!("&amp;#{};", u32::from(letter)))),
            ("entities in JSON", letters(value, |letter| format!("\\u0026#{};", u32::from(letter)))),
            (
                "entities and letters",
                value
                    .chars()
                    .enumerate()
                    .map(|(at, letter)| if at % 3 == 0 { format!("&#x{:x};", u32::from(letter)) } else { letter.to_string() })
                    .collect(),
            ),
            (
                "wide letters",
                letters(value, |letter| {
                    if ('!'..='~').contains(&letter) {
                        char::from_u32(u32::from(letter) + 0xFEE0).unwrap_or(letter).to_string()
                    } else {
                        letter.to_string()
                    }
                }),
            ),
        ];
        for (writing, written) in rows {
            let shown = text(&format!("got {written} here"), &known);
            let rest = shown.trim_start_matches("got ").trim_end_matches(" here").replace(super::DOTS, "");
            if !shown.contains(super::DOTS)
                || rest.len() > 24 && rest.len() > written.len() / 3 && !writing.contains("words") && !writing.contains("lines")
            {
                open.push(format!("{value} as {writing}: {shown}"));
            }
        }
    }
    assert!(open.is_empty(), "{} in clear:\n{}", open.len(), open.join("\n"));
}

/// Places of a secret nobody knows; `{s}` is one made by a machine in one run and one of a person in the next.
const PLACES: &[(&str, &str)] = &[
    ("text/plain", "password of alice: {s}"),
    ("text/plain", "Password for user 'alice': {s}"),
    ("text/plain", "the secret of orders-batch is {s}"),
    ("text/plain", "client secret of app = {s}"),
    ("text/plain", "Passwort von alice lautet {s}"),
    ("text/plain", "Kennwort für bob: {s}"),
    ("text/plain", "mot de passe de alice : {s}"),
    ("text/plain", "the password is {s}"),
    ("text/plain", "the password was \"{s}\"."),
    ("text/plain", "set the password to {s}"),
    ("text/plain", "the passphrase is: {s}"),
    ("text/plain", "your new password is '{s}'"),
    ("text/plain", "client secret '{s}' does not match"),
    ("text/plain", "the secret is `{s}`"),
    ("text/plain", "curl -u app:{s} https://x"),
    ("text/plain", "curl -sS -X POST --user app:{s} https://x"),
    ("text/plain", "curl --proxy-user 'a:{s}' https://x"),
    ("text/plain", "mysql -u root -p{s} orders"),
    ("text/plain", "mysql -p {s}"),
    ("text/plain", "sshpass -p '{s}' ssh a@b"),
    ("text/plain", "psql -h db -p {s}"),
    ("text/plain", "PGPASSWORD={s} psql -h db"),
    ("text/plain", "MYSQL_PWD={s} mysql"),
    ("text/plain", "SSHPASS={s} sshpass -e ssh a@b"),
    ("text/plain", "export REDISPASSWORD='{s}'"),
    ("text/plain", "env DBPASSWORD={s} ./run"),
    ("text/plain", "app --client-secret {s} --scope x"),
    ("application/json", "{\"args\":[\"--password\",\"{s}\"]}"),
    ("application/json", "{\"cmd\":\"curl -u app:{s} https://x\"}"),
    ("text/csv", "user,password\nalice,{s}"),
    ("text/csv", "user;client_secret\r\nalice;{s}\r\n"),
    ("text/csv", "\"name\",\"api_key\"\n\"a\",\"{s}\""),
    ("text/plain", "user\tpassword\nalice\t{s}"),
    ("text/plain", "| user | password |\n|---|---|\n| alice | {s} |"),
    ("text/plain", " user  | password\n-------+---------\n alice | {s}"),
    ("application/json", "{\"csv\":\"user,password\\nalice,{s}\"}"),
    ("text/plain", "INSERT INTO u (name, password) VALUES ('a', '{s}')"),
    ("text/plain", "a:1:{s:8:\"password\";s:99:\"{s}\";}"),
    ("text/plain", "user|s:1:\"a\";password|s:99:\"{s}\";"),
    ("text/plain", "s:13:\"client_secret\";s:99:\"{s}\";"),
    ("text/plain", "s:8:\\\"password\\\";s:99:\\\"{s}\\\";"),
    ("application/json", "{\"php\":\"a:1:{s:8:\\\"password\\\";s:99:\\\"{s}\\\";}\"}"),
    ("application/json", "[\"password\",\"{s}\"]"),
    ("application/json", "{\"params\":[[\"user\",\"alice\"],[\"password\",\"{s}\"]]}"),
    ("application/json", "{\"headers\":[\"X-Api-Key\",\"{s}\"]}"),
    ("text/plain", "('client_secret', '{s}')"),
    ("text/plain", "localStorage.setItem('access_token','{s}')"),
    ("text/plain", "headers: [[\"authorization\", \"{s}\"]]"),
    ("application/json", "[{\"name\":\"password\",\"value\":\"{s}\"}]"),
    ("application/json", "[{\"name\":\"password\",\"meta\":{\"a\":1},\"value\":\"{s}\"}]"),
    ("application/json", "[{\"Name\":\"DB_PASSWORD\",\"Value\":\"{s}\"}]"),
    ("application/json", "[{\"key\":\"client_secret\",\"enabled\":true,\"value\":[\"{s}\"]}]"),
    ("text/yaml", "env:\n  - name: DB_PASSWORD\n    value: {s}\n"),
    ("text/plain", "{name: 'password', value: '{s}'}"),
    ("application/json", "{\"auth\":\"{s}\"}"),
    ("application/json", "{\"credentials\":\"{s}\"}"),
    ("application/json", "{\"headers\":{\"x-auth\":\"{s}\"}}"),
    ("text/plain", "{\"auth\": \"{s}\", ..."),
    ("text/plain", "auths: {\"auth\":\"{s}\"}"),
    ("application/json", "{\"loc\":[\"body\",\"password\"],\"input\":\"{s}\"}"),
    (
        "application/json",
        "{\"detail\":[{\"type\":\"string_too_short\",\"loc\":[\"body\",\"user\",\"password\"],\"msg\":\"x\",\"input\":\"{s}\",\"ctx\":{\"min_length\":8}}]}",
    ),
    ("application/json", "{\"input\":\"{s}\",\"loc\":[\"body\",\"client_secret\"]}"),
    ("application/json", "{\"instancePath\":\"/user/password\",\"data\":\"{s}\"}"),
    ("application/json", "{\"path\":[\"password\"],\"received\":\"{s}\"}"),
    ("application/json", "{\"propertyPath\":\"login.password\",\"invalidValue\":\"{s}\"}"),
    ("application/json", "{\"PropertyName\":\"Password\",\"AttemptedValue\":\"{s}\"}"),
    ("text/plain", "{'loc': ('body', 'password'), 'input': '{s}'}"),
    ("text/yaml", "client_secret: |\n  {s}\nissuer: x"),
    ("text/yaml", "client_secret: >-\n  {s}\nissuer: x"),
    ("text/yaml", "a:\n  password: |2-\n      {s}\n  b: 1"),
    ("text/yaml", "password: |  # a remark\n  first\n\n  {s}\nb: 1"),
    ("text/yaml", "password:\n  {s}\nb: 1"),
    ("text/yaml", "passwords:\n  - first1\n  - {s}\nb: 1"),
    ("application/json", "{\"yaml\":\"password: |\\n  {s}\\nb: 1\"}"),
    ("text/xml", "<user pass=\"{s}\"/>"),
    ("text/xml", "<password>\n  {s}\n</password>"),
    ("text/xml", "<add key=\"ClientSecret\" value=\"{s}\"/>"),
    ("text/xml", "<entry><string>client_secret</string><string>{s}</string></entry>"),
    ("text/xml", "<member><name>password</name><value><string>{s}</string></value></member>"),
    ("text/xml", "<dict><key>password</key><string>{s}</string></dict>"),
    ("text/xml", "<RSAKeyValue><Modulus>pub</Modulus><D>{s}</D></RSAKeyValue>"),
    ("text/html", "<tr><th>client_secret</th><td>{s}</td></tr>"),
    ("text/html", "<label>Password</label><code>{s}</code>"),
    ("text/plain", "PuTTY-User-Key-File-2: ssh-rsa\nPrivate-Lines: 1\n{s}\nPrivate-MAC: 00"),
    ("text/plain", "PuTTY-User-Key-File-3: ssh-ed25519\r\nPrivate-Lines: 2\r\nAAAA\r\n{s}\r\nPrivate-MAC: 00"),
    ("application/json", "{\"key\":\"PuTTY-User-Key-File-2: ssh-rsa\\nPrivate-Lines: 1\\n{s}\\nPrivate-MAC: 00\"}"),
    (
        "text/yaml",
        "key: |\n  -----BEGIN OPENSSH PRIVATE KEY-----\n  b3BlbnNzaC1rZXktdjEAAAAA\n  {s}\n  -----END OPENSSH PRIVATE KEY-----\nx: 1",
    ),
    ("text/yaml", "keys:\n  - |\n    -----BEGIN OPENSSH PRIVATE KEY-----\n    {s}\n"),
    ("text/yaml", "material: b3BlbnNzaC1rZXktdjEAAAAA{s}"),
    ("text/plain", "b3BlbnNzaC1rZXktdjEAAAAA\n{s}\n"),
    ("text/plain", "https:me:{s}@host/"),
    ("text/plain", "https:/me:{s}@host/x"),
    ("text/plain", "smtp me:{s}@host"),
    ("text/plain", "amqp://u:{s}@h"),
    ("text/plain", "amqp:u:{s}@h"),
    ("text/plain", "jdbc:postgresql://h/db?user=a&password={s}"),
    ("text/plain", "jdbc:sqlserver://h;user=a;password={s}"),
    ("text/plain", "jdbc:oracle:thin:me/{s}@host:1521/x"),
    ("text/plain", "Server=x;Uid=a;Pwd={s}"),
    ("text/plain", "Data Source=x;User Id=a;Password = {s};"),
    ("text/plain", "redis:me:{s}@host:6379"),
    ("text/plain", "Authorization: Digest username=\"a\", realm=\"r\", response=\"{s}{s}\""),
    ("text/plain", "Digest username=\"a\", cnonce=\"{s}\""),
    ("text/plain", "Digest username=\"a\", nonce=\"n\", response=\"{s}{s}\""),
    ("text/plain", "GNAP {s}"),
    ("text/plain", "GoogleLogin auth={s}"),
    ("text/plain", "Hawk id=\"a\", ts=\"1\", mac=\"{s}\""),
    ("text/plain", "AWS4-HMAC-SHA256 Credential=a/2, SignedHeaders=host, Signature={s}"),
    ("text/plain", "OAuth oauth_token=\"{s}\", oauth_signature=\"{s}\""),
    ("text/plain", "Authorization=Token {s}"),
    ("text/plain", "Token {s}"),
    ("text/plain", "kty: RSA\nn: pub\nd: {s}\n"),
];

#[test]
fn a_secret_nobody_knows_is_told_by_its_place() {
    let mut open = Vec::new();
    for secret in ["ZQ7x9Said49k02Wm3VuR8", "kUerbis77"] {
        for (kind, place) in PLACES {
            let body = place.replace("{s}", secret);
            let shown = answer(kind, &[], &body, &KnownSecrets::default());
            let plain = text(&body, &KnownSecrets::default());
            for shown in [shown, plain] {
                if shown.contains("Said49") || shown.contains("Uerbis") {
                    open.push(format!("{kind}, {place}: {shown}"));
                }
            }
        }
    }
    assert!(open.is_empty(), "{} in clear:\n{}", open.len(), open.join("\n"));
}

#[test]
fn a_header_whose_name_smells_of_a_secret_is_masked_however_short_its_value() {
    let mut open = Vec::new();
    for name in [
        "X-Pin",
        "X-Otp",
        "X-Session",
        "X-Sid",
        "X-Sess",
        "X-Pw",
        "X-Pwd",
        "X-User-Pass",
        "X-Creds",
        "X-Bearer",
        "X-Grant",
        "X-Verification",
        "X-Otp-Code",
        "X-Reset-Code",
        "X-Totp",
        "X-Mfa",
        "X-Sso",
        "X-Kennwort",
        "Pin",
        "Session",
        "X-Auth",
        "X-Ticket",
        "X-Code",
        "X-Session-Key",
    ] {
        for value in ["1234", "a7", "xyz"] {
            let shown = answer("text/plain", &[(name, value)], "", &KnownSecrets::default());
            if shown.contains(value) {
                open.push(format!("{name}: {value}"));
            }
        }
    }
    for (name, value) in [
        ("X-Session", "closed"),
        ("X-Session-State", "active"),
        ("X-Pin-Required", "true"),
        ("X-Auth-Error", "expired"),
        ("X-Error-Code", "4711"),
        ("X-Session-Timeout", "300"),
        ("X-Cache-Key", "a/b"),
        ("X-Otp", "required"),
        ("X-Ratelimit-Remaining", "7"),
        ("X-Status-Code", "401"),
        ("X-Auth-Result", "denied"),
        ("X-Country-Code", "de"),
        ("X-Token-Type", "jwt"),
        ("X-Request-Id", "r17"),
        ("Server", "nginx"),
    ] {
        let shown = answer("text/plain", &[(name, value)], "", &KnownSecrets::default());
        if !shown.contains(value) {
            open.push(format!("eaten: {name}: {value}"));
        }
    }
    assert!(open.is_empty(), "{}", open.join("\n"));
}

/// What servers say behind and around a secret's name, and what is evidence.
const EVIDENCE: &[&str] = &[
    "token: expired",
    "token: revoked",
    "token=expired",
    "access_token: invalid",
    "refresh_token = \"revoked\"",
    "jwt: malformed",
    "jwt: signature_invalid",
    "code=invalid_grant",
    "https://app/cb?code=invalid_request&x=1",
    "code: invalid_request",
    "state=ENABLED",
    "state: DISABLED",
    "state=active&x=1",
    "cookie: disabled",
    "Cookie: missing",
    "cookies: blocked by the browser",
    "secret: missing",
    "secret: rotated",
    "client_secret: required",
    "client_secret=REDACTED",
    "password: incorrect",
    "password: wrong",
    "Password: expired.",
    "password=null",
    "password: (none)",
    "Password: *****",
    "password = <redacted>",
    "requestURI=/orders/1",
    "request_uri_not_supported",
    "tokenEndpoint=https://id/token",
    "session: closed",
    "nonce mismatch",
    "nonce: mismatch",
    "assertion: audience does not match",
    "assertion: audience mismatch",
    "client_secret is required",
    "client_secret is missing",
    "client-secret: basic",
    "Authorization: required",
    "tokens: 12",
    "secret: com.example.auth.MissingSecretException",
    "token: org.keycloak.common.VerificationException: expired",
    "grant type urn:ietf:params:oauth:grant-type:jwt-bearer org.wso2.carbon.InvalidGrantException",
    "jwt-bearer com.example.TokenExpiredException: late",
    "jwt-bearer InvalidAssertionException",
    "Bearer org.keycloak.OAuthErrorException: invalid_token",
    "token.InvalidTokenException at 12",
    "password: PASSWORD_EXPIRED",
    "token: token_expired",
    "credentials: invalid",
    "auth: required",
    "auth=failed",
    "otp: not_required",
    "password of alice: expired",
    "the password of alice is wrong",
    "The password is case sensitive",
    "the password is 8 characters long",
    "the secret is rotated",
    "code is 4711",
    "user:alice77@example.org",
    "mailto:alice77@example.org",
    "docker run -u 1000:1000 -p 8080:80 app",
    "psql -p 5432 -h db",
    "--password is required",
    "Token expired at noon",
    "OAuth 2.0 server",
    "Token endpoint not found",
    "[\"password\",\"refresh_token\",\"client_credentials\"]",
    "required: [\"client_secret\", \"redirect_uri\"]",
    "Digest realm=\"r\", qop=\"auth\", algorithm=SHA-256",
    "password,token\n",
    "git clone git@github.com:a/b",
    "path: /oauth2/token",
];

#[test]
fn words_that_tell_what_happened_stay() {
    let mut eaten = Vec::new();
    for said in EVIDENCE {
        let shown = text(said, &KnownSecrets::new(vec![Secret::new("hunter2-Kx9Qz")], Vec::new()));
        if shown != *said {
            eaten.push(format!("{said} => {shown}"));
        }
    }
    for (body, kept) in [
        (r#"{"token":"expired","n":1}"#, "\"expired\""),
        (r#"{"password":"incorrect"}"#, "\"incorrect\""),
        (r#"{"client_secret":"required"}"#, "\"required\""),
        (r#"{"code":"invalid_grant","state":"ENABLED"}"#, "ENABLED"),
        (r#"{"session":"closed","cookie":"disabled"}"#, "\"disabled\""),
        (r#"{"error":"x","assertion":"com.example.auth.AudienceException"}"#, "AudienceException"),
        (r#"{"grant_types_supported":["password","refresh_token"]}"#, "\"refresh_token\""),
        (r#"{"amr":["pwd","mfa"],"required":["password","email"]}"#, "\"email\""),
        (r#"{"auth":"none"}"#, "\"none\""),
        (r#"{"path":"/oauth2/token","input":"grant_type"}"#, "\"grant_type\""),
        (r#"{"loc":["body","username"],"input":"alice"}"#, "\"alice\""),
    ] {
        let shown = answer("application/json", &[], body, &KnownSecrets::default());
        if !shown.contains(kept) {
            eaten.push(format!("{body} => {shown}"));
        }
    }
    for (body, kept) in [("error=x&code=invalid_grant", "invalid_grant"), ("a=1&state=ENABLED", "ENABLED")] {
        let shown = answer("application/x-www-form-urlencoded", &[], body, &KnownSecrets::default());
        if !shown.contains(kept) {
            eaten.push(format!("{body} => {shown}"));
        }
    }
    assert!(eaten.is_empty(), "{} eaten:\n{}", eaten.len(), eaten.join("\n"));
}

#[test]
fn a_word_of_the_lists_that_is_a_known_value_is_masked() {
    for word in
        ["expired", "ENABLED", "invalid_grant", "disabled", "missing", "incorrect", "com.example.auth.TokenException", "closed"]
    {
        let known = KnownSecrets::new(vec![Secret::new(word)], Vec::new());
        for said in [
            format!("token: {word}"),
            format!("password={word}"),
            format!("https://x/cb?code={word}&y=1"),
            format!("said \"{word}\"."),
        ] {
            assert!(!text(&said, &known).contains(word), "{said}");
            assert!(!claim(&said, &known).contains(word), "{said}");
        }
        let body = format!("{{\"token\":\"{word}\",\"x\":\"{word}\"}}");
        assert!(!answer("application/json", &[("x-session", word)], &body, &known).contains(word), "{word}");
        assert!(!answer("application/x-www-form-urlencoded", &[], &format!("token={word}"), &known).contains(word), "{word}");
    }
}

#[test]
fn a_short_secret_masks_no_word_of_a_sentence() {
    for (secret, said) in [
        ("a", "This is not a valid token, but a stale one"),
        ("I", "am I missing"),
        ("in", "not in list: in use"),
        ("an", "error: an unknown client"),
        ("the", "the token and the client"),
        ("app", "the app is unknown"),
        ("7", "line 7 of 9 at 17:07 in 7 s"),
        ("is", "(is expired)"),
        ("no", "\"no token\""),
        ("id", "the id of a client"),
        ("ok", "all ok so far"),
        ("1", "HTTP/1.1 at 127.0.0.1:1 in 1 s, 1 of 2"),
    ] {
        assert_eq!(text(said, &KnownSecrets::new(vec![Secret::new(secret)], Vec::new())), said, "{secret}");
    }
    for (secret, said, shown) in [
        ("a", "x=a&y=a", "x=••••••••&y=••••••••"),
        ("in", "got 'in'", "got '••••••••'"),
        ("app", "[app]", "[••••••••]"),
        ("7", "pin: 7", "pin: ••••••••"),
        ("ok", "said: ok\nnext", "said: ••••••••\nnext"),
        ("é", "x=é", "x=••••••••"),
    ] {
        assert_eq!(text(said, &KnownSecrets::new(vec![Secret::new(secret)], Vec::new())), shown, "{secret}");
    }
}
