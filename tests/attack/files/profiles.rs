//! The file of profiles and its last good copy, as a crash, an editor or another version left them.

use std::fs;

use serde_json::json;

use super::{Started, blocking, files, folder, hold, ids, names, save, worded};
use crate::row::Attack;

const GOOD: &[u8] = br#"{"schema":1,"profiles":[{"id":"a","name":"A"},{"id":"b","name":"B"}]}"#;

/// A file, its copy, the notice that must come, and the profiles that must be there.
type Row = (&'static str, Option<Vec<u8>>, Option<&'static [u8]>, &'static [&'static str], &'static [&'static str]);

fn starts() -> Vec<Row> {
    let both: &[&str] = &["A", "B"];
    let recovered: &[&str] = &["profiles-recovered"];
    let text = |text: &str| Some(text.as_bytes().to_vec());
    let good = Some(GOOD);
    vec![
        ("there is nothing", None, None, &[], &[]),
        ("all is sound", Some(GOOD.to_vec()), good, &[], both),
        ("the copy is gone", Some(GOOD.to_vec()), None, &[], both),
        ("the copy is broken", Some(GOOD.to_vec()), Some(b"{"), &[], both),
        ("the file is gone", None, good, recovered, both),
        ("the file is empty", text(""), good, recovered, both),
        ("the file is zeros", Some(vec![0; 8192]), good, recovered, both),
        ("the file is cut", Some(GOOD[..40].to_vec()), good, recovered, both),
        ("the file is cut by its last byte", Some(GOOD[..GOOD.len() - 1].to_vec()), good, recovered, both),
        ("the file goes on after its end", Some([GOOD, b"}"].concat()), good, recovered, both),
        ("the file is no UTF-8", Some([b"\xff\xfe".as_slice(), GOOD].concat()), good, recovered, both),
        ("the file is a list", text("[]"), good, recovered, both),
        ("the file is a number", text("7"), good, recovered, both),
        ("the file is another program's", text("<html>not found</html>"), good, recovered, both),
        ("the list is absent", text(r#"{"schema":1}"#), good, recovered, both),
        ("the list has another name", text(r#"{"schema":1,"Profiles":[{"id":"x"}]}"#), good, recovered, both),
        ("the list is empty", text(r#"{"schema":1,"profiles":[]}"#), good, recovered, both),
        ("the list is null", text(r#"{"schema":1,"profiles":null}"#), good, recovered, both),
        ("the list is an object", text(r#"{"schema":1,"profiles":{"a":{"id":"a"}}}"#), good, recovered, both),
        ("the list is a text", text(r#"{"schema":1,"profiles":"[]"}"#), good, recovered, both),
        ("the list is of numbers", text(r#"{"schema":1,"profiles":[1,2]}"#), good, recovered, both),
        ("the list is of nothing", text(r#"{"schema":1,"profiles":[null,null]}"#), good, recovered, both),
        (
            "the list stands twice",
            text(r#"{"schema":1,"profiles":[{"id":"c","name":"C"}],"profiles":[{"id":"d","name":"D"}]}"#),
            good,
            recovered,
            both,
        ),
        ("the version stands twice", text(r#"{"schema":99,"profiles":[{"id":"c"}],"schema":1}"#), good, recovered, both),
        ("the version is a fraction", text(r#"{"schema":1.5,"profiles":[{"id":"x"}]}"#), good, recovered, both),
        ("the version is beyond every number", text(r#"{"schema":1e400,"profiles":[{"id":"x"}]}"#), good, recovered, both),
        ("the list is of lists", text(r#"{"schema":1,"profiles":[["a"],["b"]]}"#), good, recovered, both),
        ("the version is a text", text(r#"{"schema":"1","profiles":[{"id":"x"}]}"#), good, recovered, both),
        ("the version is negative", text(r#"{"schema":-1,"profiles":[{"id":"x"}]}"#), good, recovered, both),
        ("the version is not said", text(r#"{"profiles":[{"id":"a","name":"A"}]}"#), None, &[], &["A"]),
        ("the file begins with a byte order mark", Some([b"\xef\xbb\xbf".as_slice(), GOOD].concat()), None, &[], both),
        ("the file is nested without end", Some(vec![b'['; 1 << 20]), good, recovered, both),
        (
            "an entry is nested without end",
            Some(
                format!(
                    r#"{{"schema":1,"profiles":[{{"id":"a","name":"A"}},{{"x":{}}}]}}"#,
                    "[".repeat(9000) + &"]".repeat(9000)
                )
                .into_bytes(),
            ),
            None,
            &["profile-unreadable"],
            &["A"],
        ),
        ("both are broken", text("{"), Some(b"{"), recovered, &[]),
        (
            "the file is broken and the copy is newer",
            text("{"),
            Some(br#"{"schema":99,"profiles":[{"id":"a"}]}"#),
            recovered,
            &[],
        ),
        ("the file is newer", text(r#"{"schema":99,"profiles":[{"id":"a","name":"A"}]}"#), good, &["profiles-newer"], &[]),
        (
            "two have one id",
            text(r#"{"schema":1,"profiles":[{"id":"a","name":"A"},{"id":"a","name":"Second"}]}"#),
            None,
            &["profile-unreadable"],
            &["A"],
        ),
        (
            "one has no id",
            text(r#"{"schema":1,"profiles":[{"id":"a","name":"A"},{"name":"Nobody"}]}"#),
            None,
            &["profile-unreadable"],
            &["A"],
        ),
    ]
}

/// Entries this version cannot read, and that stay in the file to the byte.
const KEPT: &[(&str, &str)] = &[
    ("a field of a newer version", r#"{"id":"n","name":"New","colour":{"of":"the rail"}}"#),
    ("a field of another kind", r#"{"id":"n","name":"New","clients":"none"}"#),
    ("numbers nobody can hold", r#"{"id":"n","name":"New","x":12345678901234567890123456789,"y":1.0e+400,"z":-0.0}"#),
    ("a name said twice", r#"{"id":"n","name":"Old","name":"New","x":1}"#),
    ("letters written otherwise", r#"{"id":"n","name":"N\u0065w\ud83d\ude00","x":"\/"}"#),
    ("spaces and lines", "{ \"id\" : \"n\",\n\t\"name\": \"New\" , \"x\":1 }"),
    ("no object", r#"["id","n"]"#),
    ("nothing", "null"),
    ("no id", r#"{"name":"New","x":1}"#),
    ("a bidirectional name", "{\"id\":\"n\",\"name\":\"\u{202e}New\",\"x\":1}"),
];

/// Rows about profiles.
pub fn rows() -> Vec<Attack> {
    let mut rows: Vec<Attack> =
        starts().into_iter().map(|row| blocking(format!("profiles: {}", row.0), move || starts_and_saves(row))).collect();
    rows.extend(
        KEPT.iter().map(|(name, entry)| blocking(format!("profiles: an entry with {name} stays as it is"), move || stays(entry))),
    );
    rows.push(blocking("profiles: what a newer version keeps beside the list stays", || {
        let text = "{\"schema\":1,\"groups\":[ {\"of\":[\"a\"], \"n\":1.50} ],\"profiles\":[{\"id\":\"a\",\"name\":\"A\"}]}";
        let folder = folder(&[("profiles.json", text.as_bytes())]);
        let app = Started::in_folder(folder.path());
        save(&app, "New").map_err(|fault| fault.to_string())?;
        let text = fs::read_to_string(folder.path().join("profiles.json")).map_err(|error| error.to_string())?;
        hold(text.contains("[ {\"of\":[\"a\"], \"n\":1.50} ]"), || text)
    }));
    rows.push(blocking("profiles: broken files do not pile up, and the newest are there", || {
        let folder = folder(&[("profiles.json.good", GOOD)]);
        for turn in 0..9 {
            fs::write(folder.path().join("profiles.json"), format!("broken {turn}")).map_err(|error| error.to_string())?;
            let boot = Started::in_folder(folder.path()).boot();
            hold(names(&boot) == ["A", "B"], || boot.to_string())?;
        }
        let mut broken: Vec<String> = files(folder.path())
            .into_iter()
            .filter(|path| path.to_string_lossy().contains(".broken-"))
            .map(|path| fs::read_to_string(path).unwrap_or_default())
            .collect();
        broken.sort();
        hold(broken == ["broken 4", "broken 5", "broken 6", "broken 7", "broken 8"], || format!("{broken:?}"))
    }));
    rows.push(blocking("profiles: a good copy that held more is kept, and only so many", || {
        let folder = folder(&[("profiles.json", GOOD)]);
        let app = Started::in_folder(folder.path());
        for turn in 0..9 {
            let saved = save(&app, &format!("Turn {turn}")).map_err(|fault| fault.to_string())?;
            app.ask("delete_profile", json!({"id": saved["profile"]["id"]})).map_err(|fault| fault.to_string())?;
        }
        let copies: Vec<String> = files(folder.path())
            .into_iter()
            .filter(|path| path.to_string_lossy().contains(".good-"))
            .map(|path| fs::read_to_string(path).unwrap_or_default())
            .collect();
        let whole = copies.iter().filter(|copy| copy.contains("Turn ")).count();
        hold(whole == 5 && copies.len() == 5, || format!("{} copies, {whole} of them hold what was deleted", copies.len()))
    }));
    rows.push(blocking("profiles: a list an editor shortened does not take the copy's entries away", || {
        let folder =
            folder(&[("profiles.json", br#"{"schema":1,"profiles":[{"id":"a","name":"A"}]}"#), ("profiles.json.good", GOOD)]);
        let app = Started::in_folder(folder.path());
        save(&app, "New").map_err(|fault| fault.to_string())?;
        let kept = files(folder.path())
            .into_iter()
            .any(|path| path.to_string_lossy().contains(".good-") && fs::read(path).is_ok_and(|bytes| bytes == GOOD));
        hold(kept, || "no copy of the copy".into())
    }));
    for (name, make) in [
        ("a folder", (|path| fs::create_dir(path)) as fn(&std::path::Path) -> std::io::Result<()>),
        ("a link that leads to itself", |path| std::os::unix::fs::symlink(path, path)),
        ("a link that leads nowhere", |path| std::os::unix::fs::symlink("/nonexistent/profiles", path)),
        ("a pipe", |path| std::process::Command::new("mkfifo").arg(path).status().map(|_| ())),
        ("a link to what never ends", |path| std::os::unix::fs::symlink("/dev/zero", path)),
    ] {
        for file in ["profiles.json", "preferences.json", "profiles.json.good"] {
            rows.push(blocking(format!("profiles: in place of {file} is {name}"), move || {
                let folder =
                    folder(if file == "profiles.json" { &[("profiles.json.good", GOOD)] } else { &[("profiles.json", GOOD)] });
                make(&folder.path().join(file)).map_err(|error| error.to_string())?;
                let app = Started::in_folder(folder.path());
                let boot = app.boot();
                worded(&boot)?;
                hold(names(&boot) == ["A", "B"], || boot.to_string())?;
                save(&app, "New").map_err(|fault| fault.to_string())?;
                drop(app);
                let boot = Started::in_folder(folder.path()).boot();
                hold(names(&boot) == ["A", "B", "New"] && ids(&boot).is_empty(), || boot.to_string())
            }));
        }
    }
    rows.push(blocking("profiles: two windows save, and both are there", || {
        let folder = folder(&[("profiles.json", GOOD)]);
        let (one, other) = (Started::in_folder(folder.path()), Started::in_folder(folder.path()));
        save(&one, "Of one").map_err(|fault| fault.to_string())?;
        save(&other, "Of the other").map_err(|fault| fault.to_string())?;
        one.ask("delete_profile", json!({"id": "a"})).map_err(|fault| fault.to_string())?;
        save(&other, "Once more").map_err(|fault| fault.to_string())?;
        let mut found = names(&Started::in_folder(folder.path()).boot());
        found.sort();
        hold(found == ["B", "Of one", "Of the other", "Once more"], || format!("{found:?}"))
    }));
    for (name, meanwhile) in [
        ("cut it", &br#"{"schema":1,"profiles":[{"id":"a","na"#[..]),
        ("put another program's text there", b"<html>not found</html>"),
        ("made the list a text", br#"{"schema":1,"profiles":"[]"}"#),
        ("emptied the list", br#"{"schema":1,"profiles":[]}"#),
        ("named the list twice", br#"{"schema":1,"profiles":[{"id":"c","name":"C"}],"profiles":[]}"#),
        ("wrote zeros", &[0; 4096]),
        ("left it empty", b""),
    ] {
        rows.push(blocking(format!("profiles: while a window is open somebody {name}"), move || {
            let folder = folder(&[("profiles.json", GOOD)]);
            let app = Started::in_folder(folder.path());
            save(&app, "First").map_err(|fault| fault.to_string())?;
            fs::write(folder.path().join("profiles.json"), meanwhile).map_err(|error| error.to_string())?;
            // Two in a row: the first must not make the second forget.
            save(&app, "Second").map_err(|fault| fault.to_string())?;
            save(&app, "Third").map_err(|fault| fault.to_string())?;
            let kept = files(folder.path()).into_iter().any(|path| fs::read(path).is_ok_and(|bytes| bytes == meanwhile));
            hold(kept, || "what stood there is lost".into())?;
            drop(app);
            let boot = Started::in_folder(folder.path()).boot();
            hold(names(&boot) == ["A", "B", "First", "Second", "Third"] && ids(&boot).is_empty(), || boot.to_string())
        }));
    }
    rows.push(blocking("profiles: while a window is open a newer version writes, and its file stays", || {
        let newer = br#"{"schema":99,"profiles":[{"id":"a","name":"A","new":{}}],"vaults":[1]}"#;
        let folder = folder(&[("profiles.json", GOOD)]);
        let app = Started::in_folder(folder.path());
        fs::write(folder.path().join("profiles.json"), newer).map_err(|error| error.to_string())?;
        let refused = save(&app, "Old").err().ok_or("it was saved over the newer file")?;
        hold(refused.to_string().contains("newer version"), || refused.to_string())?;
        hold(names(&app.boot()) == ["A", "B"], || "what was not saved is shown".into())?;
        hold(fs::read(folder.path().join("profiles.json")).is_ok_and(|bytes| bytes == newer), || "it was changed".into())
    }));
    rows.push(blocking("profiles: of two entries of one id a copy of the copy is kept when one goes", || {
        let both = br#"{"schema":1,"profiles":[{"id":"a","name":"A"},{"id":"a","name":"Second"},{"id":"b","name":"B"}]}"#;
        let folder = folder(&[
            ("profiles.json", br#"{"schema":1,"profiles":[{"id":"a","name":"A"},{"id":"b","name":"B"}]}"#),
            ("profiles.json.good", both),
        ]);
        save(&Started::in_folder(folder.path()), "New").map_err(|fault| fault.to_string())?;
        let kept = files(folder.path()).into_iter().any(|path| fs::read(path).is_ok_and(|bytes| bytes == both));
        hold(kept, || "the second of the name is lost".into())
    }));
    rows
}

fn starts_and_saves((_, content, copy, notices, expected): Row) -> Result<(), String> {
    let folder = folder(&[]);
    let path = folder.path().join("profiles.json");
    if let Some(content) = &content {
        fs::write(&path, content).map_err(|error| error.to_string())?;
    }
    if let Some(copy) = copy {
        fs::write(folder.path().join("profiles.json.good"), copy).map_err(|error| error.to_string())?;
    }
    let app = Started::in_folder(folder.path());
    let boot = app.boot();
    worded(&boot)?;
    hold(ids(&boot) == notices && names(&boot) == expected, || format!("{:?} {:?}", ids(&boot), names(&boot)))?;
    // Whatever was broken is still there.
    if notices == ["profiles-recovered"]
        && let Some(content) = &content
    {
        let kept = files(folder.path()).into_iter().any(|path| fs::read(path).is_ok_and(|bytes| bytes == *content));
        hold(kept, || "the broken file is lost".into())?;
    }
    save(&app, "New").map_err(|fault| fault.to_string())?;
    drop(app);
    if notices == ["profiles-newer"] {
        return hold(fs::read(&path).ok() == content, || "the newer file was changed".into());
    }
    let again = Started::in_folder(folder.path()).boot();
    let mut all: Vec<&str> = expected.to_vec();
    all.push("New");
    hold(names(&again) == all, || format!("after a save: {:?}", names(&again)))
}

fn stays(entry: &str) -> Result<(), String> {
    let text = format!("{{\"schema\":1,\"profiles\":[{{\"id\":\"a\",\"name\":\"A\"}},{entry}]}}");
    let folder = folder(&[("profiles.json", text.as_bytes())]);
    for turn in ["One", "Two"] {
        let app = Started::in_folder(folder.path());
        let boot = app.boot();
        hold(ids(&boot) == ["profile-unreadable"], || boot.to_string())?;
        save(&app, turn).map_err(|fault| fault.to_string())?;
    }
    for file in ["profiles.json", "profiles.json.good"] {
        let text = fs::read_to_string(folder.path().join(file)).map_err(|error| error.to_string())?;
        hold(text.contains(entry), || format!("{file}: {text}"))?;
    }
    Ok(())
}
