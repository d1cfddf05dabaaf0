//! Writes the wire types as one TypeScript file, so that the window cannot drift from the shell.

use std::{any::TypeId, collections::BTreeMap};

use oauth::server;
use serde_json::json;
use ts_rs::{Config, TS, TypeVisitor};

use crate::commands;

/// Numbers are JavaScript numbers: epoch milliseconds and sizes stay far below 2^53.
pub fn config() -> Config {
    Config::default().with_large_int("number")
}

/// The whole of `ui/src/wire/types.ts`.
pub fn typescript() -> String {
    let config = config();
    let mut text = String::from("// Written by `cargo xtask wire` from the Rust types; a test compares. Do not edit.\n\n");
    for declaration in commands::declarations(&config).values() {
        text.push_str("export ");
        text.push_str(declaration.trim());
        text.push_str("\n\n");
    }
    text.push_str("/** Every command: its arguments and its answer. */\nexport interface Commands {\n");
    for (name, arguments, answer) in commands::signatures(&config) {
        text.push_str(&format!("  {name}: {{ arguments: {arguments}; answer: {answer} }};\n"));
    }
    text.push_str("}\n");
    text.push_str(&servers());
    text
}

/// The servers a person chooses from, so that a new one needs no edit of the window.
fn servers() -> String {
    let mut text = String::from(
        "\n/** Every server, as a person chooses one. */\nexport const SERVERS: { value: Dialect; label: string; note?: string }[] = [\n",
    );
    for (dialect, server::Habits { title, note, .. }) in server::choices() {
        let mut choice = json!({"value": dialect, "label": title});
        if !note.is_empty() {
            choice["note"] = json!(note);
        }
        text.push_str(&format!("  {choice},\n"));
    }
    text + "];\n"
}

/// Adds the declaration of `T` and of everything it mentions.
pub fn collect<T: TS + 'static + ?Sized>(config: &Config, found: &mut BTreeMap<String, String>) {
    let mut visit = Collect { config, found, seen: Vec::new() };
    visit.visit::<T>();
}

struct Collect<'a> {
    config: &'a Config,
    found: &'a mut BTreeMap<String, String>,
    seen: Vec<TypeId>,
}

impl TypeVisitor for Collect<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        let id = TypeId::of::<T>();
        if self.seen.contains(&id) {
            return;
        }
        self.seen.push(id);
        if T::output_path().is_some() {
            self.found.insert(T::ident(self.config), T::decl(self.config));
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_command_is_written() {
        let text = super::typescript();
        for name in crate::commands::NAMES {
            assert!(text.contains(&format!("  {name}: {{ arguments:")), "{name} is missing");
        }
        assert!(!text.contains("bigint"));
    }

    #[test]
    fn every_server_can_be_chosen() {
        let text = super::typescript();
        let choices = text.split_once("export const SERVERS").expect("the servers").1;
        assert!(choices.contains(
            r#"[
  {"value":"plain","label":"Any OAuth server","note":"nothing beyond the RFCs"},
"#
        ));
        for dialect in oauth::server::ALL {
            let word = serde_json::to_string(&dialect).expect("a word");
            assert_eq!(choices.matches(&format!("\"value\":{word},\"label\":\"")).count(), 1, "{word}");
        }
    }
}
