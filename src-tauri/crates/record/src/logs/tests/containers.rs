//! Lines as containers, syslog and the journal hand them on.

use super::{heads::seen, *};

const EVENT: &str = r#"type="LOGIN_ERROR", realmId="r-1", realmName="demo", clientId="web", userId="u-1", sessionId="s-1", ipAddress="10.0.0.7", error="invalid_user_credentials", username="alice""#;
const SEEN: &str = "UserEvent Warn org.keycloak.events LOGIN_ERROR web s-1 invalid_user_credentials";
const HEAD: &str = "2026-11-30 14:02:31,204 WARN  [org.keycloak.events] (executor-thread-1) ";

fn wrong(kind: &str, before: &[&str]) {
    let wrong: Vec<String> = before
        .iter()
        .map(|before| (before, seen(&format!("{before}{HEAD}{EVENT}"))))
        .filter(|(_, seen)| seen != SEEN)
        .map(|(before, seen)| format!("{before}: {seen}"))
        .collect();
    println!("{kind}: {} inputs, {} right, {} wrong", before.len(), before.len() - wrong.len(), wrong.len());
    assert!(wrong.is_empty(), "{kind}\n{}", wrong.join("\n"));
}

#[test]
fn syslog_of_both_rfcs() {
    wrong(
        "syslog",
        &[
            "<28>1 2026-11-30T14:02:31.204123+00:00 host keycloak 812 org.keycloak.events - ",
            "<28>1 2026-11-30T14:02:31.204Z host keycloak 812 - - \u{feff}",
            "<28>1 2026-11-30T14:02:31Z - - - - - ",
            "<28>1 2026-11-30T14:02:31.204Z host app 1 ID47 [exampleSDID@32473 iut=\"3\" eventSource=\"A \\\"pp\"] ",
            "<28>1 2026-11-30T14:02:31.204Z host app 1 - [a@1 b=\"]\"][c@2 d=\"e f\"] \u{feff}",
            "243 <28>1 2026-11-30T14:02:31.204Z host keycloak 812 - - ",
            "<28>Nov 30 14:02:31 host keycloak[812]: ",
            "<28>Nov  3 14:02:31 host keycloak: ",
            "<30>Nov 30 14:02:31 keycloak[812]: ",
            "<28>2026-11-30T14:02:31.204Z host keycloak[812]: ",
            "Nov 30 14:02:31 host keycloak[812]: ",
            "Nov 30 14:02:31 host.example.com org.keycloak[812]: ",
            "2026-11-30T14:02:31.204123+00:00 host keycloak[812]: ",
            "2026-11-30T14:02:31+00:00 host docker/keycloak-1[812]: ",
            "2026-11-30T14:02:31+00:00 kc-0.example.com keycloak: ",
            "<28>Nov 30 14:02:31 host 0a1b2c3d4e5f[812]: ",
        ],
    );
    let outer = parse("<27>1 2026-11-30T14:02:31.204Z host postgres 9 - [m@1 db=\"kc\"] could not connect").expect("a record");
    assert_eq!((outer.level, outer.field("db"), outer.message.as_ref()), (Some(Level::Error), Some("kc"), "could not connect"));
}

#[test]
fn the_journal_in_every_output() {
    wrong(
        "journald",
        &[
            "Nov 30 14:02:31 host keycloak[812]: ",
            "Nov 30 14:02:31.204123 host kc.sh[812]: ",
            "2026-11-30T14:02:31+0000 host kc.sh[812]: ",
            "2026-11-30T14:02:31.204123+0000 host kc.sh[812]: ",
            "2026-11-30T14:02:31.204123+00:00 host kc.sh[812]: ",
            "Mon 2026-11-30 14:02:31 UTC host kc.sh[812]: ",
            "Mon 2026-11-30 14:02:31.204123 UTC host kc.sh[812]: ",
            "1796047351.204123 host kc.sh[812]: ",
            "Nov 30 14:02:31 host podman(keycloak)[812]: ",
            "Nov 30 14:02:31 host keycloak@1.service[812]: ",
        ],
    );
    let entry = |message: serde_json::Value| {
        serde_json::json!({"__CURSOR": "s=1", "__REALTIME_TIMESTAMP": "1796047351204123", "__MONOTONIC_TIMESTAMP": "1", "_BOOT_ID": "b", "PRIORITY": "4",
            "_HOSTNAME": "h", "_SYSTEMD_UNIT": "keycloak.service", "SYSLOG_IDENTIFIER": "kc.sh", "_PID": "812", "MESSAGE": message})
        .to_string()
    };
    let line = format!("{HEAD}{EVENT}");
    let bytes: Vec<u8> = format!("\u{1b}[33m{HEAD}\u{1b}[0m{EVENT}").into_bytes();
    for message in [serde_json::json!(line), serde_json::json!(EVENT), serde_json::json!(bytes)] {
        assert_eq!(seen(&entry(message.clone())).replace(" - LOGIN", " org.keycloak.events LOGIN"), SEEN, "{message}");
    }
    let started = entry("Started Keycloak.".into());
    let plain = parse(&started).expect("a record");
    assert_eq!(
        (plain.level, plain.field("unit"), plain.message.as_ref()),
        (Some(Level::Warn), Some("keycloak.service"), "Started Keycloak.")
    );
}

#[test]
fn containers_of_every_runtime() {
    wrong(
        "containers",
        &[
            "keycloak-1  | ",
            "keycloak_1 | ",
            "keycloak.1.x7k2@node-1    | ",
            "2026-11-30T14:02:31.204123456Z\t",
            "keycloak.log:",
            "12:",
            "/var/log/keycloak/keycloak.log.1:1204:",
            "keycloak.log-1204-",
            "demo-keycloak-1  | 2026-11-30T14:02:31.204123456Z ",
            "2026-11-30T14:02:31.204123456Z ",
            "2026-11-30T14:02:31.204123456+00:00 ",
            "2026-11-30T14:02:31.204123456Z stdout F ",
            "2026-11-30T14:02:31.204123456Z stderr F ",
            "2026-11-30T15:02:31.204123456+01:00 stdout F ",
            "[pod/keycloak-0/keycloak] ",
            "[pod/keycloak-0/keycloak] 2026-11-30T14:02:31.204123456Z ",
            "[keycloak-0] ",
            "[pod/keycloak-0/keycloak] 2026-11-30T14:02:31.204123456Z stdout F ",
            "keycloak-1  | Nov 30 14:02:31 host keycloak[1]: ",
        ],
    );
    // Inside them any other layout.
    for inner in [
        format!("2026-11-30 14:02:31,204 {{kc.clientId=web}} WARN  [org.keycloak.events] (t) {EVENT}"),
        serde_json::json!({"timestamp": "2026-11-30T14:02:31.204Z", "loggerName": "org.keycloak.events", "level": "WARN", "message": EVENT}).to_string(),
    ] {
        assert_eq!(seen(&format!("keycloak-1  | {inner}")), SEEN);
        assert_eq!(seen(&serde_json::json!({"log": format!("{inner}\n"), "stream": "stdout", "time": "2026-11-30T14:02:31.204Z"}).to_string()), SEEN);
        assert_eq!(seen(&serde_json::json!({"line": inner, "timestamp": "1796047351204000000"}).to_string()), SEEN);
    }
    // The zone of a layer is used where the line has none.
    let line = format!("2026-11-30T13:02:31.204Z stdout F {HEAD}{EVENT}");
    assert_eq!(parse(&line).and_then(|record| record.time).map(|time| (time.ms, time.zoned)), Some((1_796_043_751_204, true)));
}

fn rows(text: &str) -> (Vec<(u64, u32, String)>, Tally) {
    #[derive(Default)]
    struct Rows(Vec<(u64, u32, String)>);
    impl Sink for Rows {
        fn record(&mut self, place: Place, record: &Record<'_>) {
            let what =
                record.value(record.columns.event_type).map_or_else(|| record.message.chars().take(24).collect(), str::to_owned);
            self.0.push((place.line, place.lines, what));
        }
        fn more(&mut self, place: Place, _: &str) {
            if let Some(last) = self.0.last_mut() {
                last.1 += place.lines;
            }
        }
    }
    let (mut rows, mut reader) = (Rows::default(), Reader::default());
    text.as_bytes().chunks(7).for_each(|chunk| reader.feed(chunk, &mut rows));
    reader.finish(&mut rows);
    (rows.0, reader.tally().clone())
}

#[test]
fn a_stack_trace_stays_with_its_record_under_every_layer() {
    let trace = [
        "ERROR [org.keycloak.X] (t) Uncaught server error",
        "java.lang.IllegalStateException: broken",
        "\tat org.keycloak.X.y(X.java:1)",
        "Caused by: java.io.IOException: gone",
        "\t... 12 more",
    ];
    let next = "INFO  [org.keycloak.X] (t) next";
    for before in [
        "",
        "keycloak-1  | ",
        "2026-11-30T14:02:31.204Z stdout F ",
        "2026-11-30T14:02:31.204123456Z ",
        "Nov 30 14:02:31 host kc.sh[812]: ",
        "[pod/keycloak-0/keycloak] ",
        "<27>1 2026-11-30T14:02:31.204Z host kc 812 - - ",
    ] {
        let time = "2026-11-30 14:02:31,204 ";
        let text = format!(
            "{before}{time}{}\n{before}{}\n{before}{}\n{before}{}\n{before}{}\n{before}{time}{next}\n",
            trace[0], trace[1], trace[2], trace[3], trace[4]
        );
        let (rows, tally) = rows(&text);
        assert_eq!(rows.iter().map(|(line, lines, _)| (*line, *lines)).collect::<Vec<_>>(), [(1, 5), (6, 1)], "{before}");
        assert_eq!((tally.attached, tally.unread), (4, 0), "{before}");
    }
    let json: String = trace
        .iter()
        .map(|line| if *line == trace[0] { format!("2026-11-30 14:02:31,204 {line}") } else { (*line).to_owned() })
        .map(|line| {
            serde_json::json!({"log": format!("{line}\n"), "stream": "stdout", "time": "2026-11-30T14:02:31.204Z"}).to_string()
                + "\n"
        })
        .collect();
    assert_eq!(rows(&json).0.iter().map(|(line, lines, _)| (*line, *lines)).collect::<Vec<_>>(), [(1, 5)]);
}

#[test]
fn another_service_is_no_rest_of_a_record() {
    let text = "keycloak-1  | 2026-11-30 14:02:31,204 INFO  [org.keycloak.X] (t) one\npostgres-1  | starting up\nkeycloak-1  | 2026-11-30 14:02:32,204 INFO  [org.keycloak.X] (t) two\nkeycloak-1  | \tat x\n";
    let (rows, _) = rows(text);
    assert_eq!(
        rows.iter().map(|(line, lines, text)| (*line, *lines, text.as_str())).collect::<Vec<_>>(),
        [(1, 1, "one"), (2, 1, "starting up"), (3, 2, "two")]
    );
}

#[test]
fn a_table_in_a_message_stays_with_it() {
    let text = "2026-11-30 14:02:31,204 INFO  [org.keycloak.X] (t) rows:\nid | name\n1 | web\nuser | count\n2026-11-30 14:02:32,204 INFO  [org.keycloak.X] (t) two\n";
    let (rows, tally) = rows(text);
    assert_eq!(rows.iter().map(|(line, lines, _)| (*line, *lines)).collect::<Vec<_>>(), [(1, 4), (5, 1)]);
    assert_eq!(tally.unread, 0);
}

#[test]
fn pieces_of_a_line_are_put_together() {
    let line = format!("{HEAD}{EVENT}");
    let (first, rest) = line.split_at(100);
    let (second, third) = rest.split_at(40);
    let cri = format!(
        "2026-11-30T14:02:31.204Z stdout P {first}\n2026-11-30T14:02:31.204Z stdout P {second}\n2026-11-30T14:02:31.205Z stdout F {third}\n2026-11-30T14:02:32.000Z stdout F {HEAD}next\n"
    );
    let (found, tally) = rows(&cri);
    assert_eq!(found.first(), Some(&(1, 3, "LOGIN_ERROR".to_owned())), "{found:?}");
    assert_eq!((tally.events, tally.lines), (1, 4));
    let whole: String = cri.lines().take(3).map(|line| format!("{line}\n")).collect();
    let record = Layout::default().record(&whole).expect("a record");
    assert_eq!((record.kind, record.value(record.columns.client)), (LogKind::UserEvent, Some("web")));
    // Docker cuts at 16 KiB.
    let long = format!("{HEAD}{}, note=\"{}\", last=\"here\"", EVENT, "x".repeat(20_000));
    let piece =
        |text: &str| serde_json::json!({"log": text, "stream": "stdout", "time": "2026-11-30T14:02:31.204Z"}).to_string() + "\n";
    let docker = piece(&long[..16 * 1024]) + &piece(&format!("{}\n", &long[16 * 1024..]));
    let (found, _) = rows(&docker);
    assert_eq!(found, [(1, 2, "LOGIN_ERROR".to_owned())]);
    assert_eq!(Layout::default().record(&docker).and_then(|record| record.field("last").map(str::to_owned)), Some("here".into()));
}

#[test]
fn the_export_of_the_journal_is_read_entry_by_entry() {
    let entry = |message: &[u8]| {
        let mut bytes = b"__CURSOR=s=1;i=2\n__REALTIME_TIMESTAMP=1796047351204123\n__MONOTONIC_TIMESTAMP=1\n_BOOT_ID=b\nPRIORITY=4\n_PID=812\n".to_vec();
        bytes.extend(message);
        if !message.ends_with(b"systemd") {
            bytes.extend(b"\nSYSLOG_IDENTIFIER=kc.sh");
        }
        bytes.extend(b"\n_SYSTEMD_UNIT=keycloak.service\n\n");
        bytes
    };
    let plain = entry(format!("MESSAGE={HEAD}{EVENT}").as_bytes());
    let mut binary = b"MESSAGE\n".to_vec();
    let text = format!("{HEAD}{EVENT}\n\n\tat a line of its own");
    binary.extend((text.len() as u64).to_le_bytes());
    binary.extend(text.as_bytes());
    let whole = [plain, entry(&binary), entry(b"MESSAGE=Started.\nSYSLOG_IDENTIFIER=systemd")].concat();
    assert_eq!(sniff(&whole), Contents::Log);
    for chunk in [1, 13, usize::MAX] {
        let (seen, tally) = read(&whole, chunk);
        assert_eq!(
            seen.records.iter().map(|(_, _, kind)| *kind).collect::<Vec<_>>(),
            [LogKind::UserEvent, LogKind::UserEvent, LogKind::Server]
        );
        assert_eq!((tally.events, tally.unread, tally.attached), (2, 0, 0), "chunks of {chunk}");
        let (_, offset, _) = seen.records[1];
        let (_, end, _) = seen.records[2];
        let shown = plain_text(&whole[offset as usize..end as usize]);
        let record = Layout::default().record(&shown).expect("a record");
        assert_eq!((record.field("unit"), record.value(record.columns.client)), (Some("keycloak.service"), Some("web")));
    }
    // A length that is a lie takes nothing with it beyond the bound.
    let lie = entry(b"MESSAGE\n\xff\xff\xff\xff\xff\xff\xff\xffx");
    let (seen, _) = read(&[lie, entry(b"MESSAGE=Started.")].concat(), 5);
    assert!(!seen.records.is_empty());
}

#[test]
fn colours_are_no_part_of_a_line() {
    let line = |before: &str| {
        format!(
            "{before}2026-11-30 14:02:31,204 \u{1b}[33mWARN \u{1b}[0m [\u{1b}[34morg.keycloak.events\u{1b}[0m] (\u{1b}[36mexecutor-thread-1\u{1b}[0m) \u{1b}[39m{EVENT}\u{1b}[0m\u{1b}[K\n"
        )
    };
    for before in [
        "",
        "\u{1b}[32mkeycloak-1  | \u{1b}[0m",
        "\u{1b}[1m\u{1b}[38;5;33mkeycloak-1  |\u{1b}[0m ",
        "\u{1b}[38;2;1;2;3m2026-11-30T14:02:31.204Z\u{1b}[m ",
        "<28>1 2026-11-30T14:02:31.204Z h kc 1 - - ",
        "\u{1b}(B\u{1b}[m",
        "#033[1m",
    ] {
        let (found, _) = rows(&line(before));
        assert_eq!(found, [(1, 1, "LOGIN_ERROR".to_owned())], "{before:?}");
    }
    let docker = serde_json::json!({"log": line(""), "stream": "stdout", "time": "2026-11-30T14:02:31.204Z"}).to_string();
    assert_eq!(seen(&docker), SEEN);
}

#[test]
fn a_header_of_rfc_5424_begins_a_record() {
    let head = |second: u8, rest: &str| format!("<165>1 2026-11-30T18:02:{second:02}.003Z kc-0 keycloak 77 - - {rest}\n");
    let counted = |second: u8, rest: &str| format!("{} {}", head(second, rest).len(), head(second, rest));
    let event = r#"type="LOGIN_ERROR", realmId="5b", clientId="web", error="invalid_user_credentials""#;
    let full = format!("2026-11-30 18:02:11,003 WARN  [org.keycloak.events] (t) {event}");
    let trace = ["java.lang.IllegalStateException: broken", "\tat a.B.c(B.java:1)", "Caused by: java.io.IOException"];
    for (text, expected) in [
        (head(11, event) + &head(12, "plain words"), vec![(1, 1), (2, 1)]),
        (head(11, &full) + &head(12, "plain words") + &head(13, "more of them"), vec![(1, 1), (2, 1), (3, 1)]),
        (head(11, "plain words") + &head(12, event) + &head(13, "Error is what it begins with"), vec![(1, 1), (2, 1), (3, 1)]),
        (counted(11, event) + &counted(12, "plain words"), vec![(1, 1), (2, 1)]),
        (head(11, event) + &head(12, "[x@1 a=\"b\"] plain words"), vec![(1, 1), (2, 1)]),
        (head(11, &full) + &head(11, trace[0]) + &head(11, trace[1]) + &head(11, trace[2]), vec![(1, 4)]),
        // The second line of a message has no header.
        (head(11, &full) + "the rest of it\n" + &head(12, "plain words"), vec![(1, 2), (3, 1)]),
    ] {
        let (found, _) = rows(&text);
        assert_eq!(found.iter().map(|(line, lines, _)| (*line, *lines)).collect::<Vec<_>>(), expected, "{text}");
    }
}
