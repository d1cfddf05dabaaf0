//! The system's browser: the desktop's own opener first, then what the user named in `$BROWSER`.
//!
//! An opener may know a default browser that does not start, e.g. one that was removed; it says so and tries no other. A user
//! who set `$BROWSER` has said what to do then.

use std::{
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use engine::world::Browser;

/// See the module.
pub struct SystemBrowser;

impl Browser for SystemBrowser {
    fn open(&self, address: &str) -> Result<(), String> {
        // Elsewhere nobody reads the variable, and a colon belongs to paths.
        let named = if cfg!(unix) { std::env::var("BROWSER").unwrap_or_default() } else { String::new() };
        open_with(open::commands(address), &named, address)
    }
}

/// Tries the desktop's openers, then the commands of `$BROWSER`. The error says of each that was there why it failed.
fn open_with(openers: Vec<Command>, named: &str, address: &str) -> Result<(), String> {
    let mut problems = Vec::new();
    // The first opener there is decides: xdg-open has tried the others itself when it fails, and some of those report
    // success before they know.
    for mut command in openers {
        match start(&mut command) {
            Start::Opened => return Ok(()),
            Start::Failed(why) => {
                problems.push(why);
                break;
            }
            Start::Absent(_) => {}
        }
    }
    for mut command in commands_of(named, address) {
        match start(&mut command) {
            Start::Opened => return Ok(()),
            Start::Failed(why) | Start::Absent(why) => problems.push(format!("$BROWSER: {why}")),
        }
    }
    Err(if problems.is_empty() { "no program to open addresses with was found".to_owned() } else { problems.join("; ") })
}

/// How starting a program went.
enum Start {
    Opened,
    Failed(String),
    Absent(String),
}

fn start(command: &mut Command) -> Start {
    let name = command.get_program().to_string_lossy().into_owned();
    match command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn() {
        Ok(child) => settled(child).map_or(Start::Opened, |why| Start::Failed(format!("{name} {why}"))),
        Err(error) => Start::Absent(format!("{name} did not start: {error}")),
    }
}

/// The commands of `$BROWSER`: a list with colons between, each with `%s` where the address belongs, or without, and then it
/// is the last argument. `%c` is a colon and `%%` a percent sign. No shell reads them, so an address can start nothing.
fn commands_of(named: &str, address: &str) -> Vec<Command> {
    named
        .split(':')
        .filter_map(|one| {
            let mut words = one.split_whitespace();
            let mut command = Command::new(filled(words.next()?, address));
            let mut placed = false;
            for word in words {
                placed |= holds_address(word);
                command.arg(filled(word, address));
            }
            if !placed {
                command.arg(address);
            }
            Some(command)
        })
        .collect()
}

fn holds_address(word: &str) -> bool {
    word.replace("%%", "").contains("%s")
}

fn filled(word: &str, address: &str) -> String {
    let mut text = String::new();
    let mut letters = word.chars().peekable();
    while let Some(letter) = letters.next() {
        let with = match (letter, letters.peek()) {
            ('%', Some('s')) => address,
            ('%', Some('c')) => ":",
            ('%', Some('%')) => "%",
            _ => {
                text.push(letter);
                continue;
            }
        };
        letters.next();
        text.push_str(with);
    }
    text
}

/// How long an opener may take to say that it cannot. One that is still running then has become the browser, or waits for it.
const OPENER: Duration = Duration::from_millis(1500);

/// Why an opener failed; none when it succeeded or goes on running.
fn settled(mut child: Child) -> Option<String> {
    let began = Instant::now();
    while began.elapsed() < OPENER {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return None,
            Ok(Some(status)) => return Some(format!("ended with {status}")),
            Ok(None) => std::thread::sleep(Duration::from_millis(20)),
            Err(error) => return Some(error.to_string()),
        }
    }
    // Waited for on a thread of its own, so that no ended process is left behind.
    std::thread::spawn(move || child.wait());
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESS: &str = "https://id.example.org/auth?a=1&b=$(touch%20x)";

    fn parts(named: &str) -> Vec<Vec<String>> {
        let text = |part: &std::ffi::OsStr| part.to_string_lossy().into_owned();
        commands_of(named, ADDRESS)
            .iter()
            .map(|command| std::iter::once(text(command.get_program())).chain(command.get_args().map(text)).collect())
            .collect()
    }

    #[test]
    fn the_variable_is_a_list_with_a_place_for_the_address() {
        assert_eq!(parts(""), Vec::<Vec<String>>::new());
        assert_eq!(parts("firefox"), [["firefox", ADDRESS]]);
        assert_eq!(parts("w3m: :lynx -x"), [vec!["w3m", ADDRESS], vec!["lynx", "-x", ADDRESS]]);
        assert_eq!(parts("chrome --app=%s --x"), [["chrome", &format!("--app={ADDRESS}"), "--x"]]);
        assert_eq!(parts("run a%cb 100%% %%s"), [["run", "a:b", "100%", "%s", ADDRESS]]);
    }

    #[cfg(unix)]
    mod programs {
        use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

        use super::*;

        fn script(folder: &Path, name: &str, body: &str) -> String {
            let path = folder.join(name);
            fs::write(&path, format!("#!/bin/sh\n{body}\n")).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
            path.to_string_lossy().into_owned()
        }

        #[test]
        fn what_the_user_named_is_tried_after_the_desktop_failed() {
            let folder = tempfile::tempdir().unwrap();
            let said = folder.path().join("said");
            let broken = script(folder.path(), "opener", "exit 4");
            let works = script(folder.path(), "works", &format!("printf '%s\\n' \"$@\" > '{}'", said.display()));
            let named = format!("/no/such/browser:{broken}:{works} --new %s");
            open_with(vec![Command::new("/no/such/opener"), Command::new(&broken)], &named, ADDRESS).unwrap();
            assert_eq!(fs::read_to_string(&said).unwrap(), format!("--new\n{ADDRESS}\n"));

            // The desktop's opener comes first.
            fs::remove_file(&said).unwrap();
            let opens = script(folder.path(), "opens", "exit 0");
            open_with(vec![Command::new(&opens)], &works, ADDRESS).unwrap();
            assert!(!said.exists());
        }

        #[test]
        fn each_failure_is_said_once() {
            let folder = tempfile::tempdir().unwrap();
            let broken = script(folder.path(), "opener", "exit 4");
            let told = open_with(vec![Command::new(&broken)], "/no/such/browser", ADDRESS).unwrap_err();
            assert!(
                told.starts_with(&format!("{broken} ended with exit status: 4; $BROWSER: /no/such/browser did not start: ")),
                "{told}"
            );
            assert_eq!(told.matches("exit status").count(), 1);
            assert_eq!(open_with(Vec::new(), "", ADDRESS).unwrap_err(), "no program to open addresses with was found");
        }
    }
}
