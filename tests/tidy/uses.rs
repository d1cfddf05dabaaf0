//! Which file of a crate uses which other, read from the paths in its code.
//!
//! Modules are followed from the crate's root as the compiler follows them. A path is resolved through imports and re-exports to
//! the file that defines the item, so a parent that only hands on what its children define is not blamed for it; where a name
//! cannot be traced further (a macro made it), the file of the last module on the way stands for it. A `mod` declaration alone is
//! no use. Code under `#[cfg(test)]` is passed over. Methods are not traced to their `impl`: only paths count.

use std::collections::{BTreeMap, BTreeSet};

use syn::{
    Attribute, Ident, ImplItem, Item, Local, Macro, Meta, Path, Token, UseTree,
    ext::IdentExt as _,
    parse::{ParseStream, Parser as _},
    visit::{self, Visit},
};

/// From file to file: the names that the first takes from the second.
pub(super) type Uses = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

/// The uses between the files of one crate. `files` holds the text of each by its path below `src`; `root` is `lib.rs` or
/// `main.rs`. Panics at a file that is no Rust, and at a module without a file, because a check of half a crate proves nothing.
pub(super) fn uses(files: &BTreeMap<String, String>, root: &str) -> Uses {
    let mut modules = Modules { files, all: Vec::new() };
    modules.add_file(root, None);
    let mut found = Uses::new();
    for (index, module) in modules.all.iter().enumerate() {
        for path in &module.paths {
            let Place::Item(at, name) = modules.place(index, path, &mut BTreeSet::new()) else { continue };
            let target = &modules.all[at].file;
            if *target != module.file {
                found.entry(module.file.clone()).or_default().entry(target.clone()).or_default().insert(name);
            }
        }
    }
    found
}

/// One module, in a file of its own or inside one.
struct Module {
    file: String,
    parent: Option<usize>,
    children: BTreeMap<String, usize>,
    items: BTreeSet<String>,
    /// What a `use` brings into scope under a name.
    imports: BTreeMap<String, Vec<String>>,
    /// What `use path::*` brings into scope.
    globs: Vec<Vec<String>>,
    /// Every path in the module's code. One that ends in `*` is a glob.
    paths: Vec<Vec<String>>,
}

struct Modules<'a> {
    files: &'a BTreeMap<String, String>,
    all: Vec<Module>,
}

/// Where a path leads.
enum Place {
    Module(usize),
    /// An item that is defined in this module, by its name there.
    Item(usize, String),
    /// Outside the crate, or a name that is local to a function.
    Elsewhere,
}

impl Modules<'_> {
    fn add_file(&mut self, file: &str, parent: Option<usize>) -> usize {
        let text = &self.files[file];
        let parsed = syn::parse_file(text).unwrap_or_else(|error| panic!("{file}: {error}"));
        let folder = match file.rsplit_once('/') {
            None if parent.is_none() => String::new(),
            Some((folder, "mod.rs")) => format!("{folder}/"),
            _ => format!("{}/", file.trim_end_matches(".rs")),
        };
        self.add(file, &folder, parent, &parsed.items)
    }

    fn add(&mut self, file: &str, folder: &str, parent: Option<usize>, items: &[Item]) -> usize {
        let index = self.all.len();
        let mut reader = Reader::default();
        items.iter().for_each(|item| reader.visit_item(item));
        let Reader { names, imports, globs, paths, modules } = reader;
        let file = file.to_owned();
        self.all.push(Module { file: file.clone(), parent, children: BTreeMap::new(), items: names, imports, globs, paths });
        for (name, inside) in modules {
            let child = match inside {
                Some(items) => self.add(&file, &format!("{folder}{name}/"), Some(index), &items),
                None => {
                    let places = [format!("{folder}{name}.rs"), format!("{folder}{name}/mod.rs")];
                    let place = places.iter().find(|place| self.files.contains_key(*place));
                    let place = place.unwrap_or_else(|| panic!("{file}: none of {places:?} is there for the module {name}"));
                    self.add_file(place, Some(index))
                }
            };
            self.all[index].children.insert(name, child);
        }
        index
    }

    /// Follows a path from the module it is written in. `seen` ends the search where names go round in a ring.
    fn place(&self, from: usize, path: &[String], seen: &mut BTreeSet<(usize, String)>) -> Place {
        let mut here = from;
        for (index, name) in path.iter().enumerate() {
            let more = index + 1 < path.len();
            let found = match name.as_str() {
                "crate" => Place::Module(0),
                "self" => Place::Module(here),
                "super" => self.all[here].parent.map_or(Place::Elsewhere, Place::Module),
                "*" => return Place::Item(here, name.clone()),
                _ => self.named(here, name, more, seen),
            };
            match found {
                Place::Module(next) => here = next,
                // What follows is a variant or an associated item.
                Place::Item(at, name) => return Place::Item(at, name),
                // A module of ours hands on what is another crate's, or has what nothing is known of.
                Place::Elsewhere if index == 0 || self.all[here].imports.contains_key(name) => return Place::Elsewhere,
                Place::Elsewhere => return Place::Item(here, name.clone()),
            }
        }
        Place::Module(here)
    }

    /// What a name means inside a module. Only a module can have `more` segments behind it as well as an item of its name.
    fn named(&self, module: usize, name: &str, more: bool, seen: &mut BTreeSet<(usize, String)>) -> Place {
        let scope = &self.all[module];
        let child = scope.children.get(name).map(|child| Place::Module(*child));
        if scope.items.contains(name) && !(more && child.is_some()) {
            return Place::Item(module, name.to_owned());
        }
        if let Some(child) = child {
            return child;
        }
        if !seen.insert((module, name.to_owned())) {
            return Place::Elsewhere;
        }
        if let Some(path) = scope.imports.get(name) {
            return self.place(module, path, seen);
        }
        for glob in &scope.globs {
            if let Place::Module(other) = self.place(module, glob, seen)
                && other != module
                && let found @ (Place::Module(_) | Place::Item(..)) = self.named(other, name, more, seen)
            {
                return found;
            }
        }
        Place::Elsewhere
    }
}

/// Collects what stands in one module; the modules inside it are kept for later.
#[derive(Default)]
struct Reader {
    names: BTreeSet<String>,
    imports: BTreeMap<String, Vec<String>>,
    globs: Vec<Vec<String>>,
    paths: Vec<Vec<String>>,
    modules: Vec<(String, Option<Vec<Item>>)>,
}

impl Reader {
    fn import(&mut self, tree: &UseTree, mut path: Vec<String>) {
        match tree {
            UseTree::Path(part) => {
                path.push(plain(&part.ident));
                self.import(&part.tree, path);
            }
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.import(tree, path.clone())),
            UseTree::Name(name) if name.ident == "self" => self.bind(path.last().cloned().unwrap_or_default(), path),
            UseTree::Name(name) => {
                path.push(plain(&name.ident));
                self.bind(plain(&name.ident), path);
            }
            UseTree::Rename(name) => {
                if name.ident != "self" {
                    path.push(plain(&name.ident));
                }
                self.bind(plain(&name.rename), path);
            }
            UseTree::Glob(_) => {
                self.globs.push(path.clone());
                path.push("*".to_owned());
                self.paths.push(path);
            }
        }
    }

    fn bind(&mut self, name: String, path: Vec<String>) {
        self.paths.push(path.clone());
        self.imports.entry(name).or_insert(path);
    }

    /// Paths in the arguments of a macro or an attribute, which are no syntax tree yet.
    fn tokens(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        while !input.is_empty() {
            if input.peek(Ident::peek_any) {
                let mut path = vec![plain(&input.call(Ident::parse_any)?)];
                // A double colon counts as two.
                while input.peek(Token![::]) && input.peek3(Ident::peek_any) {
                    input.parse::<Token![::]>()?;
                    path.push(plain(&input.call(Ident::parse_any)?));
                }
                self.paths.push(path);
            } else if input.peek(syn::token::Paren) || input.peek(syn::token::Bracket) || input.peek(syn::token::Brace) {
                let inside = input.step(|cursor| {
                    let (inside, _, _, rest) = cursor.any_group().ok_or_else(|| cursor.error("a group"))?;
                    Ok((inside.token_stream(), rest))
                })?;
                (|input: ParseStream<'_>| self.tokens(input)).parse2(inside)?;
            } else {
                input.step(|cursor| cursor.token_tree().ok_or_else(|| cursor.error("a token")))?;
            }
        }
        Ok(())
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast Item) {
        if for_tests(attributes(item)) {
            return;
        }
        match item {
            Item::Mod(module) => {
                self.modules.push((plain(&module.ident), module.content.as_ref().map(|(_, items)| items.clone())));
                return;
            }
            Item::Use(import) => {
                self.import(&import.tree, Vec::new());
                return;
            }
            _ => {}
        }
        self.names.extend(name(item).map(plain));
        visit::visit_item(self, item);
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        let attributes: &[Attribute] = match item {
            ImplItem::Const(item) => &item.attrs,
            ImplItem::Fn(item) => &item.attrs,
            ImplItem::Type(item) => &item.attrs,
            _ => &[],
        };
        if !for_tests(attributes) {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_local(&mut self, local: &'ast Local) {
        if !for_tests(&local.attrs) {
            visit::visit_local(self, local);
        }
    }

    fn visit_path(&mut self, path: &'ast Path) {
        if path.leading_colon.is_none() {
            self.paths.push(path.segments.iter().map(|segment| plain(&segment.ident)).collect());
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, called: &'ast Macro) {
        self.visit_path(&called.path);
        (|input: ParseStream<'_>| self.tokens(input)).parse2(called.tokens.clone()).expect("any tokens will do");
    }
}

fn plain(ident: &Ident) -> String {
    ident.unraw().to_string()
}

/// `cfg(test)`, alone or with other conditions that must hold with it.
fn for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg") => {
            let condition = list.tokens.to_string();
            condition == "test" || condition.starts_with("all (") && condition.contains("test") && !condition.contains("not")
        }
        _ => false,
    })
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

fn name(item: &Item) -> Option<&Ident> {
    match item {
        Item::Const(item) => Some(&item.ident),
        Item::Enum(item) => Some(&item.ident),
        Item::Fn(item) => Some(&item.sig.ident),
        Item::Macro(item) => item.ident.as_ref(),
        Item::Static(item) => Some(&item.ident),
        Item::Struct(item) => Some(&item.ident),
        Item::Trait(item) => Some(&item.ident),
        Item::Type(item) => Some(&item.ident),
        Item::Union(item) => Some(&item.ident),
        _ => None,
    }
}
