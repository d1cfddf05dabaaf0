//! The bash form is run by a real bash; PowerShell and cmd are read back by models of their quoting rules.

use std::{collections::HashMap, process::Command};

use super::*;
use record::{
    encode::{basic, form_encode, form_pairs},
    redact::{DOTS, KnownSecrets},
};
use token::secret::Secret;

/// Values that break careless quoting.
const NASTY: [&str; 14] = [
    "plain",
    "two words",
    "it's",
    "say \"hi\"",
    "$HOME and ${PATH}",
    "`id` $(id)",
    "a\\b\\",
    "100% %PATH% %41",
    "line\nbreak",
    "ünï→",
    "a&b|c<d>e^f",
    "!history",
    "-x @file",
    "“smart” ‘quotes’",
];

const TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl";

fn exchange(audience: &str, secret: &str) -> http::Request<Vec<u8>> {
    let pairs = [("grant_type", "urn:x"), ("subject_token", TOKEN), ("audience", audience), ("audience", "b")]
        .map(|(n, v)| (n.to_owned(), v.to_owned()));
    http::Request::post("https://id.example.org/token")
        .header("authorization", basic("portal", secret))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", "application/json")
        .body(form_pairs(&pairs).into_bytes())
        .expect("request")
}

fn sensitive(secret: &str) -> Vec<Sensitive> {
    vec![
        Sensitive {
            value: Secret::new(secret),
            variable: "CLAIMSCOPE_CLIENT_SECRET".into(),
            what: "client secret of portal".into(),
        },
        Sensitive {
            value: Secret::new(TOKEN),
            variable: "CLAIMSCOPE_SUBJECT_TOKEN".into(),
            what: "access token of alice".into(),
        },
    ]
}

/// What curl would be given by bash.
fn by_bash(text: &str, variables: &[(&str, &str)]) -> Vec<String> {
    let script = format!("set -u\ncurl() {{ printf '%s\\0' \"$@\"; }}\n{text}\n");
    let output = Command::new("/bin/bash")
        .args(["--norc", "--noprofile", "-c", &script])
        .env_clear()
        .env("LC_ALL", "C.UTF-8")
        .envs(variables.iter().copied())
        .output()
        .expect("bash runs");
    assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.strip_suffix('\0').unwrap_or(&text).split('\0').map(str::to_owned).collect()
}

/// How a Windows program reads its command line (the rules of the C runtime).
fn by_program(line: &str) -> Vec<String> {
    let mut arguments = Vec::new();
    let mut current: Option<String> = None;
    let (mut quoted, mut backslashes) = (false, 0usize);
    let mut letters = line.chars().peekable();
    while let Some(c) = letters.next() {
        if c == '\\' {
            backslashes += 1;
            if letters.peek().is_none() {
                current.get_or_insert_default().push_str(&"\\".repeat(backslashes));
            }
            continue;
        }
        if c == '"' {
            let argument = current.get_or_insert_default();
            argument.push_str(&"\\".repeat(backslashes / 2));
            match (backslashes % 2 == 1, quoted && letters.peek() == Some(&'"')) {
                (true, _) => argument.push('"'),
                (false, true) => {
                    argument.push('"');
                    letters.next();
                }
                (false, false) => quoted = !quoted,
            }
            backslashes = 0;
            continue;
        }
        if backslashes > 0 {
            current.get_or_insert_default().push_str(&"\\".repeat(backslashes));
            backslashes = 0;
        }
        if !quoted && (c == ' ' || c == '\t') {
            arguments.extend(current.take());
        } else {
            current.get_or_insert_default().push(c);
        }
    }
    arguments.extend(current);
    arguments
}

/// What curl.exe would be given by PowerShell with legacy argument passing (5.1, 7.0-7.2, or asked for).
fn by_powershell(text: &str, variables: &HashMap<&str, &str>) -> Vec<String> {
    let single = ['\'', '\u{2018}', '\u{2019}', '\u{201a}', '\u{201b}'];
    let double = ['"', '\u{201c}', '\u{201d}', '\u{201e}'];
    let block = "& { $PSNativeCommandArgumentPassing = 'Legacy'\n";
    let text = text.lines().filter(|line| !line.starts_with("# ")).collect::<Vec<_>>().join("\n");
    let text =
        text.strip_prefix(block).map_or(text.as_str(), |rest| rest.strip_suffix("\n}").expect("closed")).replace(" `\n  ", " ");
    let letters: Vec<char> = text.chars().collect();
    let (mut at, mut words, mut word): (usize, Vec<String>, Option<String>) = (0, Vec::new(), None);
    while at < letters.len() {
        let c = letters[at];
        at += 1;
        if c == ' ' {
            words.extend(word.take());
        } else if single.contains(&c) {
            let word = word.get_or_insert_default();
            loop {
                let c = letters[at];
                at += 1;
                if single.contains(&c) {
                    if letters.get(at).is_none_or(|next| !single.contains(next)) {
                        break;
                    }
                    at += 1;
                }
                word.push(c);
            }
        } else if double.contains(&c) {
            let word = word.get_or_insert_default();
            loop {
                let c = letters[at];
                at += 1;
                match c {
                    '`' => {
                        word.push(letters[at]);
                        at += 1;
                    }
                    '$' => {
                        let rest: String = letters[at - 1..].iter().collect();
                        let (value, length) = if let Some(inner) = rest.strip_prefix("${env:") {
                            let name = &inner[..inner.find('}').expect("closed")];
                            (variables[name].to_owned(), name.chars().count() + 7)
                        } else {
                            let inner = rest.strip_prefix("$([uri]::EscapeDataString(${env:").expect("expression");
                            let name = &inner[..inner.find('}').expect("closed")];
                            (form_encode(variables[name]).replace('+', "%20"), name.chars().count() + 35)
                        };
                        word.push_str(&value);
                        at += length - 1;
                    }
                    c if double.contains(&c) => break,
                    c => word.push(c),
                }
            }
        } else {
            word.get_or_insert_default().push(c);
        }
    }
    words.extend(word);
    let line: Vec<String> = words
        .iter()
        .map(|word| {
            // NeedQuotes of the legacy binder: white space outside of unescaped quotes.
            let (mut quotes, mut escaped, mut needs) = (0, false, false);
            for c in word.chars() {
                if c == '"' && !escaped {
                    quotes += 1;
                } else if c.is_whitespace() && quotes % 2 == 0 {
                    needs = true;
                }
                escaped = c == '\\';
            }
            if needs { format!("\"{word}{}\"", if word.ends_with('\\') { "\\" } else { "" }) } else { word.clone() }
        })
        .collect();
    let mut arguments = by_program(&line.join(" "));
    assert_eq!(arguments.remove(0), "curl.exe");
    arguments
}

/// What curl would be given at the prompt of cmd.
fn by_cmd(text: &str, variables: &HashMap<&str, &str>) -> Vec<String> {
    let text = text.lines().filter(|line| !line.starts_with("rem ")).collect::<Vec<_>>().join("\n");
    // Percent expansion comes first; a name nobody set stays as it is.
    let mut expanded = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find('%') {
        expanded.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        match after.find('%').map(|end| &after[..end]).and_then(|name| variables.get(name).map(|value| (name, value))) {
            Some((name, value)) => {
                expanded.push_str(value);
                rest = &after[name.len() + 1..];
            }
            None => {
                expanded.push('%');
                rest = after;
            }
        }
    }
    expanded.push_str(rest);
    // Then carets outside of quotes; an unquoted line break or operator would end the command.
    let mut line = String::new();
    let mut quoted = false;
    let mut letters = expanded.chars();
    while let Some(c) = letters.next() {
        match c {
            '"' => {
                quoted = !quoted;
                line.push(c);
            }
            '^' if !quoted => match letters.next() {
                Some('\n') => line.extend(letters.next()),
                Some(next) => line.push(next),
                None => {}
            },
            '&' | '|' | '<' | '>' | '\n' if !quoted => panic!("the command ends early: {text}"),
            '\n' => panic!("a line break inside quotes: {text}"),
            c => line.push(c),
        }
    }
    assert!(!quoted, "open quote: {text}");
    let mut arguments = by_program(&line);
    assert_eq!(arguments.remove(0), "curl");
    arguments
}

/// The form fields curl would send for its arguments.
fn fields(arguments: &[String]) -> Vec<(String, String)> {
    arguments
        .windows(2)
        .filter_map(|pair| match pair[0].as_str() {
            "--data-urlencode" => pair[1].split_once('=').map(|(name, value)| format!("{name}={}", form_encode(value))),
            "--data" => Some(pair[1].clone()),
            _ => None,
        })
        .map(|pair| url::form_urlencoded::parse(pair.as_bytes()).into_owned().next().expect("pair"))
        .collect()
}

fn option(arguments: &[String], word: &str) -> Vec<String> {
    arguments.windows(2).filter(|pair| pair[0] == word).map(|pair| pair[1].clone()).collect()
}

#[test]
fn every_shell_sends_the_same_form() {
    for audience in NASTY {
        for secret in ["s3cret", "a-b_c.d*e", "s p@ce:1", "pct%2B&x", "quo\"te'"] {
            let request = exchange(audience, secret);
            let expected: Vec<(String, String)> = url::form_urlencoded::parse(request.body()).into_owned().collect();
            for secrets in [Secrets::Include, Secrets::Environment] {
                let values: HashMap<&str, String> = HashMap::from([
                    ("CLAIMSCOPE_CLIENT_SECRET", secret.to_owned()),
                    ("CLAIMSCOPE_SUBJECT_TOKEN", TOKEN.to_owned()),
                    ("CLAIMSCOPE_BASIC", basic("portal", secret).split_off(6)),
                    ("CLAIMSCOPE_CA", "/tmp/ca file.pem".to_owned()),
                ]);
                for format in [SnippetFormat::Bash, SnippetFormat::Powershell, SnippetFormat::Cmd] {
                    let written = write(format, &request, &sensitive(secret), secrets, true);
                    let set: HashMap<&str, &str> =
                        written.environment.iter().map(|(name, _)| (name.as_str(), values[name.as_str()].as_str())).collect();
                    let arguments = match format {
                        SnippetFormat::Bash => {
                            by_bash(&written.text, &set.iter().map(|(name, value)| (*name, *value)).collect::<Vec<_>>())
                        }
                        SnippetFormat::Powershell => by_powershell(&written.text, &set),
                        _ => by_cmd(&written.text, &set),
                    };
                    assert_eq!(fields(&arguments), expected, "{format:?} {secrets:?}\n{}", written.text);
                    assert!(arguments.contains(&"https://id.example.org/token".to_owned()));
                    assert_eq!(option(&arguments, "--cacert"), ["/tmp/ca file.pem"]);
                    let sent = match option(&arguments, "-u").first() {
                        Some(user) => basic(user.split_once(':').expect("colon").0, user.split_once(':').expect("colon").1),
                        None => option(&arguments, "-H")
                            .iter()
                            .find_map(|line| line.strip_prefix("Authorization: "))
                            .expect("authorization")
                            .to_owned(),
                    };
                    assert_eq!(sent, basic("portal", secret), "{format:?}\n{}", written.text);
                    if secrets == Secrets::Environment {
                        assert!(!written.text.contains(secret) || secret.len() < 4, "{}", written.text);
                        assert!(!written.text.contains(TOKEN));
                    }
                }
            }
        }
    }
}

fn call(body: &str) -> http::Request<Vec<u8>> {
    http::Request::put("https://api.example.org/a?x=1&y=[2]")
        .header("authorization", format!("Bearer {TOKEN}"))
        .header("x-request-id", "it's \"quoted\" $x")
        .header("content-type", "application/json")
        .body(body.as_bytes().to_vec())
        .expect("request")
}

#[test]
fn a_header_of_the_users_own_is_a_variable() {
    let request = http::Request::get("https://me:pw-in-url@api.example.org/a?sig=in-the-query&page=2")
        .header("x-note", "in-a-header")
        .header("cookie", "a=in-a-cookie")
        .header("accept", "text/plain")
        .body(Vec::new())
        .expect("request");
    for format in [SnippetFormat::Raw, SnippetFormat::Bash, SnippetFormat::Powershell, SnippetFormat::Cmd] {
        for secrets in [Secrets::Environment, Secrets::Mask] {
            let written = write(format, &request, &[], secrets, false);
            for planted in ["pw-in-url", "in-the-query", "in-a-header", "in-a-cookie"] {
                assert!(!written.text.contains(planted), "{format:?} {planted}: {}", written.text);
            }
            assert!(written.text.contains("text/plain") && written.text.contains("page=2"), "{}", written.text);
        }
        let whole = write(format, &request, &[], Secrets::Include, false).text;
        assert!(whole.contains("in-a-header") && whole.contains("in-the-query"), "{whole}");
    }
}

#[test]
fn what_is_masked_in_a_body_is_a_variable_of_its_own() {
    let rows: [(&str, &[&str]); 5] = [
        (r#"{"password":"hunter2-Kx9","note":"a"}"#, &["CLAIMSCOPE_PASSWORD"]),
        (r#"{"a":{"password":"one-Kx91"},"b":{"password":"two-Kx92"}}"#, &["CLAIMSCOPE_PASSWORD", "CLAIMSCOPE_PASSWORD_2"]),
        (
            r#"{"client_secret":"three-Kx93","token":"eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl"}"#,
            &["CLAIMSCOPE_CLIENT_SECRET", "CLAIMSCOPE_TOKEN"],
        ),
        ("<login><password>four-Kx94</password></login>", &["CLAIMSCOPE_PASSWORD"]),
        (r#"["plain","text"]"#, &[]),
    ];
    for (body, variables) in rows {
        for format in [SnippetFormat::Bash, SnippetFormat::Powershell, SnippetFormat::Cmd, SnippetFormat::Raw] {
            let request = http::Request::post("https://api.example.org/a").header("content-type", "application/json");
            let request = request.body(body.as_bytes().to_vec()).expect("request");
            let written = write(format, &request, &[], Secrets::Environment, false);
            let listed: Vec<&str> = written.environment.iter().map(|(name, _)| name.as_str()).collect();
            assert_eq!(listed, variables, "{format:?}: {}", written.text);
            assert!(!written.text.contains(DOTS) && !written.text.contains("Kx9"), "{format:?}: {}", written.text);
            let masked = write(format, &request, &[], Secrets::Mask, false).text;
            assert!(!masked.contains("Kx9") && masked.contains(DOTS) != variables.is_empty(), "{format:?}: {masked}");
        }
    }
}

#[test]
fn a_masked_header_keeps_its_quote_and_the_lines_after_it() {
    let request = http::Request::post("https://api.example.org/a")
        .header("cookie", "sid=in-a-cookie; b=in-another")
        .header("x-api-key", "in-a-header")
        .header("accept", "text/plain")
        .body(b"{}".to_vec())
        .expect("request");
    for format in [SnippetFormat::Bash, SnippetFormat::Powershell, SnippetFormat::Cmd] {
        let written = write(format, &request, &[], Secrets::Mask, false).text;
        let shown = lines(format, &request, &KnownSecrets::default());
        let shown: Vec<String> = shown.iter().map(|line| line.iter().map(|span| span.text.as_str()).collect()).collect();
        assert_eq!(shown.join("\n"), written.replace("\r\n", "\n").trim_end(), "{format:?}");
    }
}

#[test]
fn calls_keep_headers_and_body() {
    let bodies = [
        "{\"a\": \"it's $x `y`\", \"p\": \"100% %PATH%\"}",
        "{\n  \"a\": [1, 2],\n  \"b\": \"c\\\\d\"\n}",
        "plain text with \"quotes\" and back\\slash\\",
    ];
    for body in bodies {
        let request = call(body);
        for format in [SnippetFormat::Bash, SnippetFormat::Powershell, SnippetFormat::Cmd] {
            let written = write(format, &request, &[], Secrets::Environment, false);
            assert_eq!(written.environment, [("CLAIMSCOPE_TOKEN".to_owned(), "value of TOKEN".to_owned())]);
            let set = HashMap::from([("CLAIMSCOPE_TOKEN", TOKEN)]);
            let arguments = match format {
                SnippetFormat::Bash => by_bash(&written.text, &[("CLAIMSCOPE_TOKEN", TOKEN)]),
                SnippetFormat::Powershell => by_powershell(&written.text, &set),
                _ => by_cmd(&written.text, &set),
            };
            let headers = option(&arguments, "-H");
            assert_eq!(
                headers,
                [
                    format!("Authorization: Bearer {TOKEN}"),
                    "X-Request-Id: it's \"quoted\" $x".to_owned(),
                    "Content-Type: application/json".to_owned()
                ],
                "{}",
                written.text
            );
            let sent = option(&arguments, "--data-raw").remove(0);
            match serde_json::from_str::<serde_json::Value>(body) {
                Ok(json) => assert_eq!(serde_json::from_str::<serde_json::Value>(&sent).expect("JSON"), json, "{}", written.text),
                Err(_) => assert_eq!(sent, body, "{}", written.text),
            }
            assert_eq!(option(&arguments, "-X"), ["PUT"]);
            assert!(
                arguments.contains(&"-g".to_owned()) && arguments.contains(&"https://api.example.org/a?x=1&y=[2]".to_owned())
            );
        }
    }
}

#[test]
fn a_body_that_can_not_be_typed_goes_into_a_file() {
    let text = write(SnippetFormat::Cmd, &call("two\nlines"), &[], Secrets::Include, false).text;
    assert!(text.starts_with("rem ") && text.contains("@body.txt"), "{text}");
}

#[test]
fn an_unlisted_secret_gets_a_variable_of_its_own() {
    let pairs = [("grant_type", "password"), ("username", "alice"), ("password", "hunter2 hunter2")]
        .map(|(n, v)| (n.to_owned(), v.to_owned()));
    let request = http::Request::post("https://id/token")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form_pairs(&pairs).into_bytes())
        .expect("request");
    for format in [SnippetFormat::Raw, SnippetFormat::Bash, SnippetFormat::Powershell, SnippetFormat::Cmd] {
        let written = write(format, &request, &[], Secrets::Environment, false);
        assert!(!written.text.contains("hunter2"), "{}", written.text);
        assert!(written.environment[0].0.starts_with("CLAIMSCOPE_PASSWORD"), "{:?}", written.environment);
        assert!(!write(format, &request, &[], Secrets::Mask, false).text.contains("hunter2"));
    }
}

#[test]
fn bash_reads_as_people_write_it() {
    let text =
        write(SnippetFormat::Bash, &exchange("orders-api", "s3cret"), &sensitive("s3cret"), Secrets::Environment, false).text;
    let expected = "curl -sS https://id.example.org/token \\\n  -u \"portal:$CLAIMSCOPE_CLIENT_SECRET\" \\\n  -H 'Accept: application/json' \\\n  --data-urlencode grant_type=urn:x \\\n  --data-urlencode \"subject_token=$CLAIMSCOPE_SUBJECT_TOKEN\" \\\n  --data-urlencode audience=orders-api \\\n  --data-urlencode audience=b";
    assert_eq!(text, expected);
}

#[test]
fn raw_is_the_message_itself() {
    let request = exchange("a b", "s3cret");
    let text = write(SnippetFormat::Raw, &request, &sensitive("s3cret"), Secrets::Include, false).text;
    let body = String::from_utf8(request.body().clone()).expect("UTF-8");
    assert!(
        text.starts_with("POST /token HTTP/1.1\nHost: id.example.org\nAuthorization: Basic ") && text.ends_with(&body),
        "{text}"
    );
    assert!(text.contains(&format!("Content-Length: {}\n", body.len())));
    let text = write(SnippetFormat::Raw, &request, &sensitive("s3cret"), Secrets::Environment, false).text;
    assert!(
        text.contains("subject_token=${CLAIMSCOPE_SUBJECT_TOKEN}&audience=a+b") && !text.contains("Content-Length"),
        "{text}"
    );
}

#[test]
fn the_window_sees_dots_and_names() {
    let known = KnownSecrets::new(vec![Secret::new("s3cret")], vec![(Secret::new(TOKEN), "[access, alice, jti 1]".into())]);
    for format in [SnippetFormat::Raw, SnippetFormat::Bash, SnippetFormat::Powershell, SnippetFormat::Cmd] {
        let lines = lines(format, &exchange("orders-api", "s3cret"), &known);
        let text: String = lines.iter().flatten().map(|span| span.text.as_str()).collect();
        assert!(text.contains(DOTS) && text.contains("access, alice, jti 1"), "{text}");
        assert!(!text.contains("s3cret") && !text.contains("hbGci"), "{text}");
        assert!(
            lines.iter().flatten().any(|span| span.ink == token::text::Ink::Key && span.text == "audience"),
            "{format:?} {text}"
        );
    }
}
