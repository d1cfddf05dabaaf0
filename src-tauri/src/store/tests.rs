//! Files as crashes, editors and other windows leave them.

use serde_json::json;

use super::*;

#[test]
fn files_are_written_by_several_at_once() {
    let folder = folder("at-once");
    let context = tauri::test::mock_context(tauri::test::noop_assets());
    let builder = tauri::test::mock_builder().plugin(tauri_plugin_store::Builder::default().build());
    let app = builder.build(context).unwrap();
    let (kept, notices) = open(app.handle(), &folder);
    assert_eq!(notices, []);
    std::thread::scope(|scope| {
        for writer in 0..8 {
            let preferences = &kept.preferences;
            scope.spawn(move || {
                for turn in 0..25 {
                    assert_eq!(preferences.write("view", &json!({ "writer": writer, "turn": turn })), Ok(()));
                }
            });
        }
    });
    assert_eq!(fs::read(folder.join("preferences.json")).unwrap(), fs::read(folder.join("preferences.json.good")).unwrap());
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn two_windows_save_into_one_list() {
    let folder = folder("two");
    let start = || {
        let context = tauri::test::mock_context(tauri::test::noop_assets());
        let app = tauri::test::mock_builder().plugin(tauri_plugin_store::Builder::default().build()).build(context).unwrap();
        let (kept, notices) = open(app.handle(), &folder);
        assert_eq!(notices, []);
        (app, kept)
    };
    let entry = |text: &str| RawValue::from_string(text.to_owned()).unwrap();
    let names = |list: &[Box<RawValue>]| list.iter().map(|entry| look::key(entry)).collect::<Vec<_>>();
    let ((_one, first), (_two, second)) = (start(), start());
    first.profiles.write_list(LIST, &[entry(r#"{"id":"a"}"#)]).unwrap();
    let saved = second.profiles.write_list(LIST, &[entry(r#"{"id":"b"}"#)]).unwrap();
    assert_eq!(names(&saved), ["b", "a"]);
    let saved = first.profiles.write_list(LIST, &[entry(r#"{"id":"a","n":1}"#)]).unwrap();
    assert_eq!(names(&saved), ["a", "b"]);
    let (_three, third) = start();
    assert_eq!(names(&third.profiles.read_list(LIST)), ["a", "b"]);
    fs::remove_dir_all(&folder).unwrap();
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("claimscope-store-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn check(name: &str, content: Option<&[u8]>, copy: Option<&[u8]>, expected: &str, after: Option<&[u8]>) {
    let folder = folder(name);
    let (path, good) = (folder.join("profiles.json"), folder.join("profiles.json.good"));
    if let Some(content) = content {
        fs::write(&path, content).unwrap();
    }
    if let Some(copy) = copy {
        fs::write(&good, copy).unwrap();
    }
    let mut notices = Vec::new();
    find(&path, "profiles", Some(LIST), true, &mut notices);
    assert_eq!(notices.first().map_or("", |notice| notice.id.as_str()), expected, "{name}");
    assert_eq!(fs::read(&path).ok().as_deref(), after, "{name}");
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_file_is_looked_at_before_it_is_used() {
    let empty: &[u8] = br#"{"schema":1,"profiles":[]}"#;
    let sound: &[u8] = br#"{"schema":1,"profiles":[{"id":"a"}]}"#;
    let recovered = "profiles-recovered";
    check("none", None, None, "", None);
    check("gone", None, Some(sound), recovered, Some(sound));
    check("gone-and-nothing-lost", None, Some(empty), "", None);
    check("sound", Some(sound), None, "", Some(sound));
    check("empty-at-first", Some(empty), None, "", Some(empty));
    check("emptied", Some(empty), Some(sound), recovered, Some(sound));
    check("without-a-list", Some(br#"{"schema":1}"#), Some(sound), recovered, Some(sound));
    for (index, list) in ["null", "{}", "\"x\"", "7", "true", "[7]", "[null,\"a\"]"].iter().enumerate() {
        let text = format!("{{\"schema\":1,\"profiles\":{list}}}");
        check(&format!("ill-typed-{index}"), Some(text.as_bytes()), Some(sound), recovered, Some(sound));
        check(&format!("ill-typed-alone-{index}"), Some(text.as_bytes()), None, recovered, None);
    }
    check("truncated", Some(&sound[..10]), Some(sound), recovered, Some(sound));
    check("truncated-no-copy", Some(&sound[..10]), None, recovered, None);
    check("no-bytes", Some(b""), Some(sound), recovered, Some(sound));
    check("zeros", Some(&[0; 4096]), Some(sound), recovered, Some(sound));
    check("other-json", Some(b"[]"), Some(sound), recovered, Some(sound));
    check("version-in-words", Some(br#"{"schema":"1","profiles":[{"id":"b"}]}"#), Some(sound), recovered, Some(sound));
    check("copy-broken-too", Some(&sound[..10]), Some(&sound[..9]), recovered, None);
    let newer: &[u8] = br#"{"schema":99}"#;
    check("newer", Some(newer), Some(sound), "profiles-newer", Some(newer));
    let marked = [b"\xef\xbb\xbf".as_slice(), sound].concat();
    check("with-a-mark", Some(&marked), None, "", Some(&marked));
}

#[test]
fn broken_files_do_not_pile_up() {
    let folder = folder("pile");
    let path = folder.join("profiles.json");
    for turn in 0..12 {
        fs::write(&path, format!("broken {turn}")).unwrap();
        find(&path, "profiles", Some(LIST), true, &mut Vec::new());
    }
    let mut kept: Vec<String> =
        fs::read_dir(&folder).unwrap().map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap()).collect();
    kept.sort();
    assert_eq!(kept, ["broken 10", "broken 11", "broken 7", "broken 8", "broken 9"]);
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn what_cannot_be_written_is_not_taken_for_saved() {
    let folder = folder("fails");
    let path = folder.join("profiles.json");
    let place = Place::File(Box::new(|_| Err("No space left on device (os error 28)".into())));
    let entry = RawValue::from_string(r#"{"id":"a"}"#.into()).unwrap();
    let values = Values::from([(LIST.to_owned(), as_list(&[entry]).unwrap())]);
    let inner = Mutex::new(Inner { values: values.clone(), seen: values, problem: None });
    let good = folder.join("profiles.json.good");
    let file = KeptFile { path, good, what: "profiles", list: Some(LIST), place, inner };
    let error = file.write_list(LIST, &[]).unwrap_err();
    assert!(error.contains("No space left") && error.ends_with('.'), "{error}");
    assert_eq!(file.read_list(LIST).len(), 1);
    assert_eq!(fs::read_dir(&folder).unwrap().filter(|entry| entry.as_ref().unwrap().file_name() != LOCK).count(), 0);
    fs::remove_dir_all(&folder).unwrap();
}
