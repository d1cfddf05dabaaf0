//! Files that need each other: no crate may have a circle among its files (ARCHITECTURE.md, style 1).

use std::collections::{BTreeMap, BTreeSet};

use super::{
    files::rust,
    uses::{Uses, uses},
};

/// The crates that are looked at, each with the files that may stand in a circle all the same: none.
const CRATES: &[(&str, &[&str])] = &[
    ("src-tauri/crates/token/src", &[]),
    ("src-tauri/crates/record/src", &[]),
    ("src-tauri/crates/oauth/src", &[]),
    ("src-tauri/crates/engine/src", &[]),
    ("src-tauri/crates/lab/src", &[]),
];

/// The groups of files in which each can be reached from each (strongly connected components, after Tarjan), in order of their
/// first file.
fn circles(uses: &Uses) -> Vec<Vec<&str>> {
    let mut search = Search { uses, order: BTreeMap::new(), lowest: BTreeMap::new(), open: Vec::new(), found: Vec::new() };
    for file in uses.keys() {
        if !search.order.contains_key(file.as_str()) {
            search.visit(file);
        }
    }
    search.found.sort();
    search.found
}

struct Search<'a> {
    uses: &'a Uses,
    /// When a file was come to.
    order: BTreeMap<&'a str, usize>,
    /// The earliest file that can be reached from it without leaving the files that are still open.
    lowest: BTreeMap<&'a str, usize>,
    open: Vec<&'a str>,
    found: Vec<Vec<&'a str>>,
}

impl<'a> Search<'a> {
    fn visit(&mut self, file: &'a str) {
        let number = self.order.len();
        self.order.insert(file, number);
        self.lowest.insert(file, number);
        self.open.push(file);
        for target in self.uses.get(file).into_iter().flat_map(BTreeMap::keys) {
            if !self.order.contains_key(target.as_str()) {
                self.visit(target);
            } else if !self.open.contains(&target.as_str()) {
                continue;
            }
            let lowest = self.lowest[file].min(self.lowest[target.as_str()]);
            self.lowest.insert(file, lowest);
        }
        if self.lowest[file] == number {
            let first = self.open.iter().position(|other| *other == file).expect("a file is open until its group is found");
            let mut group = self.open.split_off(first);
            if group.len() > 1 {
                group.sort_unstable();
                self.found.push(group);
            }
        }
    }
}

/// A circle as a person reads it: its files, then who takes what from whom.
fn shown(circle: &[&str], uses: &Uses) -> String {
    let mut lines = vec![format!("a circle of {} files: {}", circle.len(), circle.join(", "))];
    for file in circle {
        for (target, names) in uses.get(*file).into_iter().flatten().filter(|(target, _)| circle.contains(&target.as_str())) {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            lines.push(format!("  {file} -> {target}: {}", names.join(", ")));
        }
    }
    lines.join("\n")
}

/// The circles with a file that is not known to stand in one, and the files that are said to and do not.
fn complaints(files: &BTreeMap<String, String>, known: &[&str]) -> Vec<String> {
    let root = if files.contains_key("lib.rs") { "lib.rs" } else { "main.rs" };
    let uses = uses(files, root);
    let circles = circles(&uses);
    let within: BTreeSet<&str> = circles.iter().flatten().copied().collect();
    let new = circles.iter().filter(|circle| circle.iter().any(|file| !known.contains(file))).map(|circle| shown(circle, &uses));
    let over = known.iter().filter(|file| !within.contains(*file)).map(|file| format!("{file} stands in no circle any more"));
    new.chain(over).collect()
}

/// The files of a crate by their path below its `src`.
fn texts(src: &str) -> BTreeMap<String, String> {
    let below = |name: String| name[src.len() + 1..].to_owned();
    rust(&[src]).into_iter().map(|(name, text)| (below(name), text)).collect()
}

#[test]
fn no_files_go_round_in_a_circle() {
    let found: Vec<String> = CRATES
        .iter()
        .flat_map(|(src, known)| complaints(&texts(src), known).into_iter().map(move |text| format!("{src}: {text}")))
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// The files of a made-up crate, each with its text.
type Files = &'static [(&'static str, &'static str)];

/// A crate that is made up.
fn made(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

const CIRCLE: Files = &[
    ("lib.rs", "mod a; mod b; mod c; pub use a::one;"),
    ("a.rs", "use crate::b::two; pub fn one() { two() }"),
    ("b/mod.rs", "mod deep; pub use deep::two;"),
    ("b/deep.rs", "use super::super::c; pub fn two() { c::three(); }"),
    ("c.rs", "pub fn three() { let _ = format!(\"{:?}\", crate::one()); }"),
];

#[test]
fn a_circle_is_found_with_the_names_that_tie_it() {
    let told = [
        "a circle of 3 files: a.rs, b/deep.rs, c.rs",
        "  a.rs -> b/deep.rs: two",
        "  b/deep.rs -> c.rs: three",
        "  c.rs -> a.rs: one",
    ];
    assert_eq!(complaints(&made(CIRCLE), &[]), [told.join("\n")]);
}

#[test]
fn a_known_circle_is_let_through_until_it_is_gone() {
    assert_eq!(complaints(&made(CIRCLE), &["a.rs", "b/deep.rs", "c.rs"]), [""; 0]);
    assert_eq!(complaints(&made(CIRCLE), &["a.rs", "b/deep.rs"]).len(), 1, "a new file came into the circle");
    let none = made(&[("lib.rs", "mod a;"), ("a.rs", "")]);
    assert_eq!(complaints(&none, &["a.rs"]), ["a.rs stands in no circle any more"]);
}

#[test]
fn what_counts_as_a_use() {
    // The files besides `lib.rs`, and whether they make a circle.
    let table: &[(&str, Files, bool)] = &[
        (
            "a parent that re-exports a child which takes the parent's own",
            &[("a/mod.rs", "mod b; pub use b::B; pub struct A;"), ("a/b.rs", "use super::A; pub struct B(A);")],
            true,
        ),
        (
            "a parent that only declares the child",
            &[("a/mod.rs", "mod b; pub struct A;"), ("a/b.rs", "use super::A; pub struct B(A);")],
            false,
        ),
        (
            "a sibling, by way of the parent that re-exports both",
            &[
                ("a/mod.rs", "mod b; mod c; pub use self::{b::B, c::C};"),
                ("a/b.rs", "pub struct B;"),
                ("a/c.rs", "use super::B; pub struct C(B);"),
            ],
            false,
        ),
        (
            "a parent by a glob",
            &[("a/mod.rs", "mod b; pub use b::*; pub struct A;"), ("a/b.rs", "use super::*; pub struct B(A);")],
            true,
        ),
        (
            "a path without an import",
            &[("a/mod.rs", "mod b; fn f() { b::g(); } pub struct A;"), ("a/b.rs", "pub fn g() -> crate::a::A { loop {} }")],
            true,
        ),
        (
            "a path in a macro",
            &[
                ("a/mod.rs", "mod b; fn f() { b::g(); } pub const A: u8 = 0;"),
                ("a/b.rs", "pub fn g() { println!(\"{}\", [super::A.max(1)][0]); }"),
            ],
            true,
        ),
        (
            "a module under another name, and one inside a file",
            &[
                ("a/mod.rs", "mod b; use b as other; fn f() { other::g(); } pub mod inner { pub struct A; }"),
                ("a/b.rs", "use crate::a::inner::A; pub fn g() -> A { A }"),
            ],
            true,
        ),
        (
            "tests",
            &[
                ("a/mod.rs", "mod b; pub use b::B; pub struct A;"),
                (
                    "a/b.rs",
                    "pub struct B; #[cfg(test)] mod tests { use super::super::A; } impl B { #[cfg(test)] fn f(_: super::A) {} }",
                ),
            ],
            false,
        ),
        (
            "another crate's name that is one of ours too",
            &[
                ("a/mod.rs", "mod http; pub use http::B; pub struct A;"),
                ("a/http.rs", "use ::http::Method; use std::fmt; pub struct B(Method, fmt::Error);"),
            ],
            false,
        ),
    ];
    for (what, files, expected) in table {
        let mut files = made(files);
        files.insert("lib.rs".to_owned(), "mod a;".to_owned());
        assert_eq!(!complaints(&files, &[]).is_empty(), *expected, "{what}");
    }
}
