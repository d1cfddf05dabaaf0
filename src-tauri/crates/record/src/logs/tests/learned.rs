//! Layouts that were learned, files that cannot be read, and how long a record may be.

use super::*;

/// A file in one layout: `%d`, `%p`, `%c`, `%k` (the last part of the category), `%t`, `%s` and whatever else stands there.
fn file(layout: &str) -> String {
    let lines = [
        ("INFO", "io.quarkus", "main", "Keycloak 26.7.5 on JVM (powered by Quarkus 3.33) started in 8.1s.".to_owned()),
        ("INFO", "org.keycloak.services", "main", "KC-SERVICES0009: Added user 'admin' to realm 'master'".to_owned()),
        ("DEBUG", "org.keycloak.events", "executor-thread-1", event("LOGIN", "web", "")),
        ("WARN", "org.keycloak.events", "executor-thread-2", event("LOGIN_ERROR", "web", ", error=\"invalid_user_credentials\"")),
        ("WARN", "org.keycloak.events", "executor-thread-12", event("TOKEN_EXCHANGE_ERROR", "backend", ", error=\"not_allowed\"")),
        ("ERROR", "org.keycloak.services.error.KeycloakErrorHandler", "executor-thread-3", "Uncaught server error: java.lang.NullPointerException\n\tat org.keycloak.X.y(X.java:1)\nCaused by: java.io.IOException: gone".to_owned()),
        ("DEBUG", "org.keycloak.events", "executor-thread-1", event("CODE_TO_TOKEN", "web", "")),
        ("INFO", "org.infinispan.CLUSTER", "jgroups-5,keycloak-0", "ISPN000094: Received new cluster view".to_owned()),
    ];
    let mut text = String::new();
    for (at, (level, logger, thread, message)) in lines.iter().cycle().take(40).enumerate() {
        let second = at % 60;
        let line = layout
            .replace("%sl", &format!("2026/11/30 14:02:{second:02}"))
            .replace("%iso", &format!("2026-11-30T14:02:{second:02}.204Z"))
            .replace("%eu", &format!("30.11.2026 14:02:{second:02}.204"))
            .replace("%us", &format!("11/30/2026 02:02:{second:02} PM"))
            .replace("%clock", &format!("14:02:{second:02}.204"))
            .replace("%java", &format!("Mon Nov 30 14:02:{second:02} UTC 2026"))
            .replace("%ms", &format!("17960473{second:02}204"))
            .replace("%d", &format!("2026-11-30 14:02:{second:02},204"))
            .replace("%-5p", &format!("{level:<5}"))
            .replace("%p", level)
            .replace("%low", &level.to_lowercase())
            .replace("%c", logger)
            .replace("%k", logger.rsplit('.').next().unwrap_or_default())
            .replace("%t", thread)
            .replace("%s", message);
        text.push_str(&line);
        text.push('\n');
    }
    text
}

fn event(kind: &str, client: &str, error: &str) -> String {
    format!(
        "type=\"{kind}\", realmId=\"r\", realmName=\"demo\", clientId=\"{client}\", userId=\"u\", sessionId=\"s\", ipAddress=\"::1\"{error}, username=\"alice\""
    )
}

#[derive(Default)]
struct Kept {
    kinds: Vec<LogKind>,
    levels: usize,
    loggers: usize,
    times: usize,
    clients: usize,
}

impl Sink for Kept {
    fn record(&mut self, _: Place, record: &Record<'_>) {
        self.kinds.push(record.kind);
        self.levels += usize::from(record.level.is_some());
        self.loggers += usize::from(!record.logger.is_empty());
        self.times += usize::from(record.time.is_some());
        self.clients += usize::from(matches!(record.value(record.columns.client), Some("web" | "backend")));
    }
    fn more(&mut self, _: Place, _: &str) {}
}

fn through(text: &str) -> (Kept, Reader) {
    let (mut kept, mut reader) = (Kept::default(), Reader::default());
    text.as_bytes().chunks(1000).for_each(|chunk| reader.feed(chunk, &mut kept));
    reader.finish(&mut kept);
    (kept, reader)
}

#[test]
fn a_format_of_ones_own_is_learned_from_its_lines() {
    // The format, and what it is said to be; empty where it is read without learning.
    let formats: &[(&str, bool, bool)] = &[
        // Format, whether it names a time, whether it names a level.
        ("%d %-5p [%c] (%t) %s", true, true),
        ("%clock | %-5p | %k | %t | %s", true, true),
        ("%d|%p|%c|%t|%s", true, true),
        ("%p;%d;%c;%t;%s", true, true),
        ("%c %p %d %t - %s", true, true),
        ("[%t] %c{1} %p %d: %s", true, true),
        ("%us %-5p [%c] (%t) %s", true, true),
        ("%eu %-5p [%k] %s", true, true),
        ("<%p> <%c> <%t> <%iso> %s", true, true),
        ("%p %k: %s", false, true),
        ("%-5p [%c] (%t) %s", false, true),
        ("%d [%c] (%t) %s", true, false),
        ("%java %p %c %s", true, true),
        ("%ms %p %k %t :: %s", true, true),
        ("keycloak prod eu-1 %d %p [%c] %s", true, true),
        ("host=kc-0 time=%iso level=%low logger=%c msg=%s", true, true),
        ("%d %t %c %p >>> %s", true, true),
        ("%d  --  %p  --  %t  --  %s", true, true),
        ("%d,%p,%c,%t,%s", true, true),
        ("%p:%c:%d %s", true, true),
        (" %p %d %t %k %s", true, true),
        ("%d %-5p [%c] (%t) [] [req-7] %s", true, true),
        ("%d | %p | req=8a1 | %c | %s", true, true),
        ("\u{2502} %d \u{2502} %p \u{2502} %k \u{2502} %s", true, true),
        ("%d [%p] %c{3.} [%t] () %s", true, true),
        ("%d{HH} %d %h[%i] %p %c{2.} - %s", true, true),
        ("(%t) [%p] %c %clock => %s", true, true),
        ("%d/%p/%c/%t/%s", true, true),
        ("%sl/%p/%c/%t/%s", true, true),
        ("%sl %p %c (%t) %s", true, true),
        ("%sl %-5p [%c] (%t) {kc.clientId=x} %s", true, true),
        ("%sl: %p: %c: %s", true, true),
        ("%d#%p#%c#%t#%s", true, true),
        ("%d~%p~%c~%t~%s", true, true),
        ("%d:%p:%c:%t:%s", true, true),
        ("%d^%p^%c^%t^%s", true, true),
        ("%p/%d/%c/%s", true, true),
        ("%iso/%p/%k/%s", true, true),
        ("%d\t%p\t%c\t%t\t%s", true, true),
        ("%d %low: %c: %s", true, true),
        ("%d - %t - %p - %c - %s", true, true),
        ("%d kc-0 quarkus-run.jar[1] %-5p [%c] (23) %s", true, true),
        ("%d Events.java:12 %p [%c] (%t) %s", true, true),
        ("%d %p %c.logEvent:123 %s", true, true),
        ("%d %p [%c] (%t) traceId=ab, spanId=cd %s", true, true),
    ];
    let mut wrong = Vec::new();
    for (format, time, level) in formats {
        let text = file(format);
        let (kept, reader) = through(&text);
        let events = kept.kinds.iter().filter(|kind| **kind == LogKind::UserEvent).count();
        let told = (kept.kinds.len(), events, kept.clients, reader.tally().unread);
        let times = if *time { kept.times == 40 } else { true };
        let levels = if *level { kept.levels == 40 } else { true };
        if told != (40, 20, 20, 0) || !times || !levels {
            wrong.push(format!(
                "{format}: records, events, clients, unread {told:?}; times {}, levels {}; {:?}",
                kept.times,
                kept.levels,
                reader.layout().remarks()
            ));
        } else {
            println!("{format}  ->  {:?}", reader.layout().remarks());
        }
    }
    println!("formats: {} inputs, {} right, {} wrong", formats.len(), formats.len() - wrong.len(), wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_was_learned_is_said() {
    let (_, reader) = through(&file("%clock | %-5p | %k | %t | %s"));
    assert_eq!(
        reader.layout().remarks(),
        ["The layout was learned from the first 50 lines: time | level | logger | thread | message."]
    );
    let (_, known) = through(&file("%d %-5p [%c] (%t) %s"));
    assert_eq!(known.layout().remarks(), Vec::<String>::new(), "nothing had to be learned");
    let (_, days) = through(&file("%eu %p %k - %s").replace("30.11.", "04.05."));
    assert!(days.layout().remarks().iter().any(|text| text.starts_with("Days and months cannot be told apart")));
}

#[test]
fn a_learned_layout_reads_a_single_record_again() {
    let text = file("%p;%d;%c;%t;%s");
    let (_, reader) = through(&text);
    let line = text.lines().nth(3).expect("a line");
    let record = reader.layout().record(line).expect("a record");
    assert_eq!(
        (record.kind, record.level, record.logger.as_ref()),
        (LogKind::UserEvent, Some(Level::Warn), "org.keycloak.events")
    );
    assert_eq!(record.time.map(|time| time.ms.rem_euclid(86_400_000)), Some(((14 * 60 + 2) * 60 + 3) * 1000 + 204));
}

#[test]
fn a_file_that_cannot_be_read_names_its_first_line_and_why() {
    let cases: Vec<(String, Option<(u64, &str)>)> = vec![
        ("just text\n".repeat(500), Some((1, "neither a time nor a level"))),
        (
            format!("2026-11-30 14:02:31,204 INFO  [a.B] (t) one\n{}", "and then some words\n".repeat(500)),
            Some((2, "neither a time nor a level")),
        ),
        ("{\"error\":\"invalid_grant\"}\n".repeat(200), Some((1, "JSON without a time"))),
        ("{\"timestamp\":\"2026-11-30T14:02:31Z\",\"level\":\"INFO\n".repeat(200), Some((1, "like JSON"))),
        ("\u{1}\u{2}\u{3}\u{fffd}\u{fffd}\n".repeat(200), Some((1, "not text"))),
        (format!("\n\n{}", "words of a poem\n".repeat(200)), Some((3, "neither a time nor a level"))),
        (format!("banner\n{}", "2026-11-30 14:02:31,204 INFO  [a.B] (t) one\n".repeat(3)), None),
        (format!("2026-11-30 14:02:31,204 ERROR  [a.B] (t) one\n{}", "\tat a.B.c(B.java:1)\n".repeat(900)), None),
        (format!("2026-11-30 14:02:31,204 ERROR  [a.B] (t) one\n{}", "\tat a.B.c(B.java:1)\n".repeat(5000)), None),
        (
            format!(
                "2026-11-30 14:02:31,204 INFO  [a.B] (t) one\n{}2026-11-30 14:02:31,204 INFO  [a.B] (t) two\n",
                "select x from y\n".repeat(20)
            ),
            None,
        ),
        ("<html>\n<body>\n<p>hello</p>\n".repeat(100), Some((1, "neither a time nor a level"))),
        ("client,count\nweb,1\n".repeat(100), Some((1, "neither a time nor a level"))),
    ];
    for (text, expected) in &cases {
        let (seen, tally) = read(text.as_bytes(), 4096);
        let found = tally.first_unread.as_ref().map(|unread| (unread.line, unread.why));
        let begins: String = text.chars().take(60).collect();
        assert_eq!(found.map(|(line, _)| line), expected.map(|(line, _)| line), "{begins}: {found:?}");
        if let (Some((_, why)), Some((_, words))) = (found, expected) {
            assert!(why.contains(words), "{begins}: {why}");
        }
        let lines = text.lines().filter(|line| !line.trim().is_empty()).count() as u64;
        assert_eq!(tally.records + tally.attached, lines, "every line is somewhere: {begins}");
        assert!(seen.records.len() as u64 >= lines.div_ceil(LONGEST_RECORD), "no record is longer than its bound: {begins}");
        let mut height = 0;
        let mut begun: std::collections::HashSet<u64> = seen.records.iter().map(|(line, _, _)| *line).collect();
        begun.insert(0);
        for (line, _) in &seen.more {
            height = if begun.contains(&(line - 1)) { 2 } else { height + 1 };
            assert!(height <= LONGEST_RECORD, "{begins}");
        }
    }
}

#[test]
fn what_never_ends_is_no_record_without_a_bound() {
    let piece = "2026-11-30T14:02:31.204Z stdout P and so on\n".repeat(5000);
    let entry = format!("__CURSOR=s\n__REALTIME_TIMESTAMP=1796047351204123\n{}", "A=b\n".repeat(5000));
    let large =
        format!("__CURSOR=s\n__REALTIME_TIMESTAMP=1796047351204123\n{}", format!("A={}\n", "b".repeat(100_000)).repeat(20));
    let table = format!("2026-11-30 14:02:31,204 INFO  [a.B] (t) one\n{}", "  a | b\n".repeat(5000));
    for text in [piece, entry, large, table] {
        let (seen, tally) = read(text.as_bytes(), 4096);
        let begins: String = text.chars().take(30).collect();
        assert!(seen.records.len() >= 5 || tally.lines < 100, "{begins}: {}", seen.records.len());
        assert!(!seen.records.is_empty(), "{begins}");
    }
}
