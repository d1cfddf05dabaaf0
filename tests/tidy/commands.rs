//! The functions of the shell's commands are those of the one list (invariant 10). The compiler asks for a function to each line of
//! the list and for nothing else: a function without a line, or with other arguments, is a command the window cannot call.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use super::{files::rust, root};

/// What a function takes of Tauri, and not of the window.
const OF_TAURI: &[&str] = &["State<", "AppHandle", "Webview", "Window"];

/// A command's arguments and answer, as they are written.
type Written = BTreeMap<String, (Vec<String>, String)>;

/// The parts of a list, parted by the commas that stand in no brackets.
fn parts(list: &str) -> Vec<String> {
    let mut depth = 0;
    let pieces = list.split(|letter| {
        depth += i32::from(matches!(letter, '<' | '(' | '[')) - i32::from(matches!(letter, '>' | ')' | ']'));
        letter == ',' && depth == 0
    });
    pieces.map(str::trim).filter(|piece| !piece.is_empty()).map(str::to_owned).collect()
}

/// The commands of the list: `name { argument: Type } -> Answer;`.
fn listed(text: &str) -> Written {
    let lines = text.lines().skip_while(|line| line.trim() != "$callback! {").skip(1).take_while(|line| line.trim() != "}");
    let lines = lines.map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines
        .map(|line| {
            let read = || {
                let (name, rest) = line.strip_suffix(';')?.split_once(" {")?;
                let (arguments, answer) = rest.split_once("} -> ")?;
                let name = name.split('<').next().unwrap_or(name);
                Some((name.to_owned(), (parts(arguments), answer.to_owned())))
            };
            read().unwrap_or_else(|| panic!("no line of the list: {line}"))
        })
        .collect()
}

/// The functions of a file that are commands.
fn functions(text: &str) -> Written {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    words
        .split("#[tauri::command")
        .skip(1)
        .map(|after| {
            let read = || {
                let (head, _) = after.split_once("fn ")?.1.split_once(", Fault> {")?;
                let (name, rest) = head.split_once('(')?;
                let (arguments, answer) = rest.rsplit_once(") -> Result<")?;
                let of_window = |one: &String| !OF_TAURI.iter().any(|word| one.contains(word));
                let name = name.split('<').next().unwrap_or(name);
                Some((name.to_owned(), (parts(arguments).into_iter().filter(of_window).collect(), answer.to_owned())))
            };
            read().unwrap_or_else(|| panic!("no command that answers with a Fault: {after:.80}"))
        })
        .collect()
}

#[test]
fn every_command_is_in_the_list_as_its_function_is_written() {
    let list = fs::read_to_string(root().join("src-tauri/crates/wire/src/commands.rs")).expect("the list");
    let functions: Written = rust(&["src-tauri/src/commands"]).iter().flat_map(|(_, text)| functions(text)).collect();
    let list = listed(&list);
    let names: BTreeSet<&String> = list.keys().chain(functions.keys()).collect();
    for name in names {
        assert_eq!(list.get(name), functions.get(name), "{name}: the list and the function differ");
    }
}

#[test]
fn how_both_are_read() {
    let list = "$callback! {\n // lab\n ask { run: String, of: HashMap<A, B> } -> Vec<(A, B)>;\n go {} -> ();\n }\n";
    let file = "#[tauri::command(rename_all = \"snake_case\")]\npub async fn ask(\n    state: State<'_, AppState>,\n    run: String,\n\
        of: HashMap<A, B>,\n) -> Result<Vec<(A, B)>, Fault> {\n} #[tauri::command]\npub fn go() -> Result<(), Fault> {\n}";
    assert_eq!(listed(list), functions(file));
    assert_eq!(functions(file)["ask"].0, ["run: String", "of: HashMap<A, B>"]);
}
