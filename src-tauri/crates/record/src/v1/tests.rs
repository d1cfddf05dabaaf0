//! The form against its listing, and records of later versions and of none.

use serde_json::{Value, json};

use super::*;

/// The form as it is declared: structs with their members, words, and how a line is written.
fn listing() -> String {
    let mut text = format!("form {FORM}\n");
    macro_rules! structs {
        ($($name:ident),*) => {$(
            text.push_str(concat!("\n", stringify!($name), "\n"));
            for member in $name::MEMBERS {
                text.push_str(&format!("  {}\n", member.split_whitespace().collect::<Vec<_>>().join(" ")));
            }
        )*};
    }
    macro_rules! words {
        ($($name:ident),*) => {$(
            text.push_str(&format!("\n{}\n  {}\n", stringify!($name), $name::ALL.join(" ")));
        )*};
    }
    structs!(
        Step,
        Exchange,
        Rest,
        ServerWords,
        Diagnosis,
        Evidence,
        Action,
        Candidate,
        Verdict,
        Report,
        Check,
        CheckFix,
        Draft,
        Pair,
        Event,
        Reading,
        Token,
        Verification,
        Key,
        Provenance
    );
    words!(Actor, Purpose, Outcome, Ink, JoinedBy, CheckOutcome, Tone, TokenKind, TokenFormat, SignatureState, Heading, Obtained);
    text.push_str("\nOperation\n  any word\n");
    let pieces: [&[(&str, Ink)]; 4] = [
        &[],
        &[("plain", Ink::Plain)],
        &[("", Ink::Plain)],
        &[("name", Ink::Key), (": ", Ink::Plain), ("\u{2022}\u{2022}", Ink::Secret)],
    ];
    text.push_str("\nLine\n");
    for pieces in pieces {
        let line = Line::of(pieces.iter().cloned());
        assert_eq!(line.pieces(), pieces.iter().map(|(text, ink)| (*text, ink)).collect::<Vec<_>>());
        let written = serde_json::to_string(&line).expect("writes");
        assert_eq!(serde_json::from_str::<Line>(&written).expect("reads"), line);
        text.push_str(&format!("  {written}\n"));
    }
    text
}

/// What was released is read for ever, so a listing is never changed: another form has another number and another file.
#[test]
fn the_form_has_not_changed_without_its_number() {
    let path = format!("{}/src/v1/form-{FORM}.txt", env!("CARGO_MANIFEST_DIR"));
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        listing(),
        committed,
        "the stored form is not the one of {path}: raise FORM, adapt records of the form before, and commit a listing of the new one"
    );
}

/// Names of operations are found in journals for ever.
#[test]
fn operations_keep_the_names_they_were_recorded_by() {
    for word in
        "log_in token_exchange jwt_bearer client_credentials refresh password call_api introspect userinfo revoke log_out \
                 discover read_events predict portal"
            .split_whitespace()
    {
        let known = crate::view::operation(word).expect(word);
        assert_eq!(crate::view::operation_word(known), word);
    }
    assert_eq!(crate::view::operation("beam_up"), None);
}

fn event() -> Value {
    json!({
        "form": 1, "id": "e", "time_ms": 1, "server": "s", "event_type": "LOGIN", "error": null, "client": null, "user_id": null,
        "username": null, "session": null, "token_id": null, "audience": null, "details": [{"name": "a", "value": "b", "unit": "ms"}],
        "step": null, "joined_by": "telepathy", "weight": {"of": [1, 2]},
    })
}

#[test]
fn what_a_later_version_wrote_is_written_back() {
    let record: Event = read(&event().to_string()).expect("read");
    assert_eq!(record.joined_by, Some(JoinedBy::Other("telepathy".into())));
    assert_eq!(serde_json::from_str::<Value>(&write(&record).expect("written")).expect("JSON"), event());
    assert_eq!(crate::view::event(record).joined_by, None, "shown as unknown");
}

#[test]
fn a_later_form_is_named_and_a_broken_record_is_none() {
    let mut later = event();
    later["form"] = 2.into();
    assert!(matches!(read::<Event>(&later.to_string()), Err(Unread::Newer(2))));
    for broken in ["", "{", "[]", "{}", "{\"form\":1}", "{\"form\":\"x\"}", "7"] {
        assert!(matches!(read::<Event>(broken), Err(Unread::Broken(_))), "{broken}");
    }
}

#[test]
fn a_line_whose_runs_do_not_fit_keeps_its_letters() {
    for runs in [json!([[1, "key"]]), json!([[99, "key"]]), json!([[3, "key"], [4, "glitter"], [9, "plain"]])] {
        let line: Line = serde_json::from_value(json!({"text": "\u{e4}bcdef", "runs": runs})).expect("read");
        let letters: String = line.pieces().into_iter().map(|(text, _)| text).collect();
        assert_eq!(letters, "\u{e4}bcdef");
    }
}
