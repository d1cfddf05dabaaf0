//! Processes killed while they write: what they said was saved is there, and everything can be read.

use std::{io::Write as _, path::Path};

use engine::{journal::Journal, workbench::Workbench, world::World};
use oauth::profile::Profile;
use serde_json::json;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};

use super::{Started, another, hold, ids, names, save};
use crate::{
    row::Attack,
    support::{
        browser::TestBrowser,
        world::{BEGIN_MS, TestClock, TestRandom},
    },
};

/// How many profiles a child saves in turn.
const PROFILES: usize = 3;

/// Rows of kills, each at another moment.
pub fn rows() -> Vec<Attack> {
    let mut rows = Vec::new();
    for turn in [1, 2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31] {
        rows.push(Attack::new(format!("kill -9 in the save after the {turn}th of profiles"), async move {
            let folder = TempDir::new().expect("a folder");
            let said = killed("profiles", folder.path(), turn).await?;
            tokio::task::block_in_place(|| profiles_are_whole(folder.path(), said))
        }));
    }
    for turn in [1, 2, 3, 5, 8, 13, 21, 34, 40, 55] {
        rows.push(Attack::new(format!("kill -9 in the step after the {turn}th of the journal"), async move {
            let folder = TempDir::new().expect("a folder");
            let said = killed("journal", folder.path(), turn).await?;
            journal_is_whole(folder.path(), said)
        }));
    }
    rows.push(Attack::new("kill -9 of both of two windows that save", async {
        let folder = TempDir::new().expect("a folder");
        let (one, other) = tokio::join!(killed("profiles", folder.path(), 9), killed("profiles", folder.path(), 12));
        let said = one?.min(other?);
        tokio::task::block_in_place(|| {
            let boot = Started::in_folder(folder.path()).boot();
            hold(ids(&boot).is_empty() && names(&boot).len() == PROFILES && said > 0, || boot.to_string())
        })
    }));
    rows
}

/// Runs a child until it has said `turn` times that something is kept, and kills it in the middle of what comes next. Gives the
/// last number it said.
async fn killed(task: &str, folder: &Path, turn: usize) -> Result<usize, String> {
    let mut child = another("", task)
        .env("ATTACK_FOLDER", folder)
        .stdout(std::process::Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    let mut lines = BufReader::new(child.stdout.take().ok_or("no output")?).lines();
    let mut said = 0;
    while let Some(line) = lines.next_line().await.map_err(|error| error.to_string())? {
        if let Some(number) = line.strip_prefix("kept ") {
            said = number.trim().parse().map_err(|_| line.clone())?;
            if said >= turn {
                break;
            }
        }
    }
    hold(said >= turn, || format!("the child ended after {said}"))?;
    // SIGKILL: nothing of it gets to run any more.
    child.kill().await.map_err(|error| error.to_string())?;
    while let Ok(Some(line)) = lines.next_line().await {
        said = line.strip_prefix("kept ").and_then(|number| number.trim().parse().ok()).unwrap_or(said);
    }
    Ok(said)
}

fn profiles_are_whole(folder: &Path, said: usize) -> Result<(), String> {
    let app = Started::in_folder(folder);
    let boot = app.boot();
    hold(ids(&boot).is_empty(), || boot.to_string())?;
    let found: Vec<usize> = names(&boot).iter().filter_map(|name| name.rsplit(' ').next()?.parse().ok()).collect();
    // What was said is there; what was being written may be.
    let expected = (said.saturating_sub(PROFILES - 1)..=said).filter(|number| *number > 0);
    for number in expected {
        let newer = found.contains(&(number + PROFILES)) && number + PROFILES == said + 1;
        hold(found.contains(&number) || newer, || format!("{number} was said to be saved; there are {found:?}"))?;
    }
    save(&app, "After").map_err(|fault| fault.to_string())?;
    let half = super::files(folder).into_iter().filter(|path| path.extension().is_some_and(|end| end == "writing")).count();
    hold(half <= 2, || format!("{half} half-written files"))
}

fn journal_is_whole(folder: &Path, said: usize) -> Result<(), String> {
    let (journal, recovered) = Journal::open(folder, BEGIN_MS).map_err(|error| error.to_string())?;
    hold(recovered.is_none(), || format!("{recovered:?}"))?;
    let steps = journal.steps().map_err(|error| error.to_string())?;
    hold(usize::try_from(steps).is_ok_and(|steps| steps == said || steps == said + 1), || format!("{steps} steps, {said} said"))?;
    for id in 1..=steps {
        let step = journal.step(id).map_err(|error| error.to_string())?;
        hold(step.is_some_and(|step| step.id == id), || format!("step {id} is not there"))?;
    }
    let (tokens, broken) = journal.last_tokens().map_err(|error| error.to_string())?;
    hold(broken == 0 && !tokens.is_empty(), || format!("{} tokens, {broken} broken", tokens.len()))
}

/// What a process of its own does.
pub async fn child(task: &str) {
    let folder = std::env::var("ATTACK_FOLDER").unwrap_or_default();
    match task {
        "profiles" => tokio::task::block_in_place(|| save_for_ever(Path::new(&folder))),
        "journal" => record_for_ever(Path::new(&folder)).await,
        "no-home" => tokio::task::block_in_place(no_home),
        "full-disk" => tokio::task::block_in_place(|| full_disk(Path::new(&folder))),
        other => panic!("no such task: {other}"),
    }
}

fn say(number: usize) {
    println!("kept {number}");
    // A parent that is gone ends the child.
    std::io::stdout().flush().expect("somebody listens");
}

fn save_for_ever(folder: &Path) {
    let app = Started::in_folder(folder);
    for number in 1.. {
        let mut profile = super::profile(&format!("Saved {number}"));
        profile["id"] = json!(format!("p{}", number % PROFILES));
        app.ask("save_profile", json!({ "profile": profile })).expect("saved");
        say(number);
    }
}

async fn record_for_ever(folder: &Path) {
    let world = World {
        clock: std::sync::Arc::new(TestClock::new()),
        random: std::sync::Arc::new(TestRandom::new(7)),
        browser: std::sync::Arc::new(TestBrowser::new()),
    };
    let secrets = engine::secrets::Secrets::memory(folder.join("secrets.sealed"));
    let (bench, _) = Workbench::with(folder, world, secrets).expect("a workbench");
    bench.paste("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.").expect("a token");
    for number in 1.. {
        // Nobody listens there; that is a step as well.
        bench.discover("http://127.0.0.1:1", &Profile::default()).await.expect("a step");
        say(number);
    }
}

/// Where the user's folders lead nowhere, the app starts all the same.
fn no_home() {
    use tauri::Manager as _;
    let world = World {
        clock: std::sync::Arc::new(TestClock::new()),
        random: std::sync::Arc::new(TestRandom::new(3)),
        browser: std::sync::Arc::new(TestBrowser::new()),
    };
    let context = claimscope::context::<tauri::test::MockRuntime>();
    let mut app = claimscope::assemble(tauri::test::mock_builder(), world).build(context).expect("the app starts");
    #[allow(deprecated)]
    app.run_iteration(|_, _| {});
    assert!(app.get_webview_window("main").is_some());
    println!("held: no-home");
}

/// Nothing more can be written: what was there stays, the list shows no more than was saved, and the fault says so.
fn full_disk(folder: &Path) {
    let app = Started::in_folder(folder);
    let boot = app.boot();
    let before = names(&boot);
    assert!(before.contains(&"Before".to_owned()), "{boot}");
    let big = "Big ".to_owned() + &"x".repeat(20_000);
    match save(&app, &big) {
        // In a folder that could not be written when the app began, everything is in memory and that is said.
        Ok(_) => assert!(ids(&boot).contains(&"folder-unwritable".to_owned()), "{boot}"),
        Err(fault) => {
            assert_eq!((&fault["kind"], &fault["id"]), (&json!("storage"), &json!("not-saved")), "{fault}");
            assert!(fault["advice"].as_str().is_some_and(|text| text.contains("still here")), "{fault}");
            assert_eq!(names(&app.boot()), before, "what was not saved is not shown");
            save(&app, &big).expect_err("it is still full");
        }
    }
    println!("held: full-disk");
}
