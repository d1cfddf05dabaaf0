//! `cargo xtask fuzz [seconds]`: every fuzz target in turn, with seeds from the published vectors.
//!
//! No part of the CI run: it takes minutes, and what it finds becomes a test beside the code it is about. The counters work
//! with the stable compiler; only cargo-fuzz itself wants to be told that it may use an unstable flag.

use std::{fs, path::PathBuf, process::Command};

use serde_json::{Value, json};

use crate::{Result, shell};

/// The targets under `src-tauri/fuzz`.
const TARGETS: [&str; 9] = ["decode", "jwks", "curl", "json", "redaction", "logs", "block", "imports", "wso2"];

/// A line of each layout that is known, as a beginning for the machine.
const LOG_LINES: [&str; 6] = [
    "2026-11-20 14:02:31,204 WARN  [org.keycloak.events] (executor-thread-1) type=\"LOGIN_ERROR\", realmId=\"r\", clientId=\"c\", error=\"e\"",
    "{\"timestamp\":\"2026-11-20T14:02:31.204Z\",\"level\":\"INFO\",\"loggerName\":\"a\",\"message\":\"type=LOGIN, realmId=r\"}",
    "TID: [-1234] [api] [2026-11-20 14:02:31,204]  INFO {AUDIT_LOG} - {\"action\":\"a\",\"info\":\"{}\"}",
    "[2026-11-20 14:02:31,204]  INFO {org.wso2} name - {\"correlationId\":\"1\",\"statusCode\":401}",
    "2026-11-20 14:02:31,204|id|thread|12|HTTP|GET|/a|401",
    "127.0.0.1 - - [20/Nov/2026:14:02:31 +0000] \"GET /a HTTP/1.1\" 200 12 \"-\" \"-\"",
];

/// A security block with everything it may say.
const BLOCK: &str = "security:\n  identity_provider: { name: keycloak, url: https://id.test, realm: shop }\n  api_gateway: wso2\n  token_exchange: { enabled: true, source_token: wso2, target_token: keycloak }\n  checks:\n    audience: orders-api\n    roles: [viewer]\n    expiration: 5m\n";

/// A client adapter's file.
const IMPORT: &str =
    "{\"realm\":\"shop\",\"auth-server-url\":\"https://id.test\",\"resource\":\"portal\",\"credentials\":{\"secret\":\"s\"}}";

/// Answers by the number of their call.
const WSO2: [(char, &str); 4] = [
    ('\u{0}', "{\"clientId\":\"a\",\"clientSecret\":\"b\",\"jsonString\":\"{\\\"grant_types\\\":\\\"password\\\"}\"}"),
    ('\u{4}', "{\"count\":1,\"list\":[{\"id\":\"1\",\"name\":\"a\",\"context\":\"/a\"}],\"pagination\":{\"total\":1}}"),
    ('\u{9}', "{\"list\":[{\"keyMappingId\":\"1\",\"consumerKey\":\"k\",\"consumerSecret\":\"s\",\"keyType\":\"PRODUCTION\"}]}"),
    ('\u{1}', "{\"code\":900967,\"message\":\"General Error\",\"description\":\"d\",\"error\":[]}"),
];

/// How long each runs when nothing is said, seconds.
const USUAL: u64 = 300;

/// Runs the targets; fails when one of them finds something.
pub fn fuzz(words: &[&str]) -> Result<()> {
    let seconds = match words {
        [] => USUAL,
        [one] => one.parse().map_err(|_| format!("`{one}` is no number of seconds"))?,
        _ => return Err("`cargo xtask fuzz` takes a number of seconds or nothing.".into()),
    };
    let tool = tool()?;
    seeds()?;
    let mut counts = Vec::new();
    for target in TARGETS {
        println!("Fuzzing {target} for {seconds} s.");
        let log = shell::kept()?.join(format!("fuzz-{target}.log"));
        let out = fs::File::create(&log).map_err(|e| format!("{}: {e}", log.display()))?;
        let copy = out.try_clone().map_err(|e| format!("{}: {e}", log.display()))?;
        let mut command = Command::new(&tool);
        command
            .args(["fuzz", "run", "--sanitizer", "none", "--fuzz-dir", "src-tauri/fuzz", target, "--"])
            .args([format!("-max_total_time={seconds}"), "-timeout=10".into(), "-max_len=16384".into()])
            .current_dir(shell::root())
            .env("RUSTC_BOOTSTRAP", "1")
            .env_remove("CARGO_MANIFEST_DIR")
            .stdout(out)
            .stderr(copy);
        let status = command.status().map_err(|e| format!("{}: {e}", tool.display()))?;
        let text = fs::read_to_string(&log).map_err(|e| format!("{}: {e}", log.display()))?;
        let done = text.lines().find_map(|line| line.strip_prefix("Done ")).unwrap_or("no count").to_owned();
        if !status.success() {
            return Err(format!("{target} found something: see {} and src-tauri/fuzz/artifacts/{target}", log.display()));
        }
        counts.push(format!("{target}: {done}"));
    }
    println!("{}", counts.join("\n"));
    Ok(())
}

/// cargo-fuzz, brought along when it is not there.
fn tool() -> Result<PathBuf> {
    let folder = shell::root().join("target/fuzz-tools");
    let tool = folder.join("bin/cargo-fuzz");
    if !tool.exists() {
        println!("Bringing cargo-fuzz.");
        let mut install = shell::command(&["cargo", "install", "cargo-fuzz", "--locked", "--root"]);
        shell::show(install.arg(&folder))?;
    }
    Ok(tool)
}

/// Writes tokens of the published vectors as first inputs; what a run adds to them stays for the next.
fn seeds() -> Result<()> {
    let path = shell::root().join("tests/fixtures/vectors/inspector-cases/cases.json");
    let text = fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let file: Value = serde_json::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))?;
    let tokens: Vec<&str> = file["cases"].as_array().into_iter().flatten().filter_map(|case| case["token"].as_str()).collect();
    for target in TARGETS {
        let folder = shell::root().join("src-tauri/fuzz/corpus").join(target);
        fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        let inputs: Vec<String> = match target {
            "jwks" => vec![file["jwks"].to_string()],
            "curl" => tokens.iter().map(|token| format!("-s -H 'Authorization: Bearer {token}' -d token=x http://a")).collect(),
            "json" => tokens.iter().map(|token| json!({"access_token": token, "expires_in": 300}).to_string()).collect(),
            "logs" => LOG_LINES.iter().map(|line| format!("\u{40}{line}\n")).collect(),
            "block" => vec![BLOCK.to_owned()],
            "imports" => vec![
                IMPORT.to_owned(),
                "[{\"clientId\":\"a\",\"secret\":\"s\",\"redirectUris\":[\"http://127.0.0.1/*\"]}]".to_owned(),
            ],
            "wso2" => WSO2.iter().map(|(call, answer)| format!("{call}{answer}")).collect(),
            _ => tokens.iter().map(|token| (*token).to_owned()).collect(),
        };
        for (at, input) in inputs.iter().enumerate() {
            let seed = folder.join(format!("seed-{at}"));
            fs::write(&seed, input).map_err(|e| format!("{}: {e}", seed.display()))?;
        }
    }
    Ok(())
}
