//! The list of profiles: saved as a whole, newest state in memory, deleted ones kept for undo until the app closes.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

use oauth::{
    belongs,
    import::{self, Import, ImportKind, ImportLine, ImportPreview},
    profile::{Client, Profile, SCHEMA_VERSION, ServerRole, Shape, Support},
};
use serde::Deserialize;
use serde_json::{Value, json, value::RawValue};
use token::shown::made_sentence;
use wire::{Fault, FaultKind, Notice, ProfileSummary};

use crate::{
    fault, lab,
    store::{KeptFile, LIST, is_object},
};

/// A line of the file: what this version can read of it, and the text it is kept as.
#[derive(Clone)]
struct Entry {
    text: Box<RawValue>,
    /// None for what cannot be read: it is kept as it is, and not shown.
    profile: Option<Profile>,
}

impl Entry {
    fn of(profile: Profile) -> Result<Self, Fault> {
        let text = serde_json::value::to_raw_value(&profile)
            .map_err(|error| fault::fault(FaultKind::Bug, "profiles", error.to_string(), "Report this."))?;
        Ok(Self { text, profile: Some(profile) })
    }

    fn is(&self, id: &str) -> bool {
        self.profile.as_ref().is_some_and(|profile| profile.id == id)
    }
}

struct Inner {
    entries: Vec<Entry>,
    deleted: Vec<Entry>,
}

impl Inner {
    fn profiles(&self) -> impl Iterator<Item = &Profile> {
        self.entries.iter().filter_map(|entry| entry.profile.as_ref())
    }

    fn put(&mut self, mut profile: Profile) -> Result<(), Fault> {
        self.mark()?;
        let before = self.profiles().find(|other| other.id == profile.id).and_then(|before| before.mark);
        if profile.mark.is_none() {
            let all: Vec<Profile> = self.profiles().cloned().chain([profile.clone()]).collect();
            profile.mark = before.or(Shape::of_all(&all).pop());
        }
        let entry = Entry::of(profile)?;
        let id = entry.profile.as_ref().map(|profile| profile.id.clone()).unwrap_or_default();
        match self.entries.iter_mut().find(|other| other.is(&id)) {
            Some(place) => *place = entry,
            None => self.entries.push(entry),
        }
        Ok(())
    }

    fn take_off(&mut self, id: &str) -> Result<(), Fault> {
        self.mark()?;
        if let Some(index) = self.entries.iter().position(|entry| entry.is(id)) {
            let entry = self.entries.remove(index);
            self.deleted.push(entry);
        }
        Ok(())
    }

    /// Writes down the shape of each profile that has none yet: it was given one by its neighbours, and they may go.
    fn mark(&mut self) -> Result<(), Fault> {
        let profiles: Vec<Profile> = self.profiles().cloned().collect();
        for (mut profile, mark) in profiles.clone().into_iter().zip(Shape::of_all(&profiles)) {
            if profile.mark.replace(mark).is_none()
                && let Some(place) = self.entries.iter_mut().find(|entry| entry.is(&profile.id))
            {
                *place = Entry::of(profile)?;
            }
        }
        Ok(())
    }
}

/// See the module.
pub struct Profiles {
    file: KeptFile,
    inner: Mutex<Inner>,
}

impl Profiles {
    /// Reads the file. A profile that cannot be read is named in the notice, and stays in the file as it is.
    pub fn open(file: KeptFile) -> (Self, Option<Notice>) {
        let (entries, unreadable) = read(file.read_list(LIST));
        let notice = (!unreadable.is_empty()).then(|| Notice {
            id: "profile-unreadable".into(),
            message: format!("Not every saved profile could be read: {}.", shortened(&unreadable)),
            advice: "They are not shown, and stay in the file as they are, also when others are saved.".into(),
            standing: false,
        });
        (Self { file, inner: Mutex::new(Inner { entries, deleted: Vec::new() }) }, notice)
    }

    fn with<T>(&self, use_it: impl FnOnce(&mut Inner) -> T) -> T {
        use_it(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What is wrong with the file's safety copy, if anything.
    pub fn problem(&self) -> Option<Notice> {
        self.file.problem()
    }

    /// Changes the list and saves it. What was not saved is not shown: the list then is what it was before.
    fn change(&self, change: impl FnOnce(&mut Inner) -> Result<(), Fault>) -> Result<(), Fault> {
        // Held while the file is written, so that of two changes at once the later one is what stays.
        self.with(|inner| {
            let mut next = Inner { entries: inner.entries.clone(), deleted: inner.deleted.clone() };
            change(&mut next)?;
            let texts: Vec<Box<RawValue>> = next.entries.iter().map(|entry| entry.text.clone()).collect();
            // Another window may have added some of its own.
            let saved = self.file.write_list(LIST, &texts).map_err(fault::storage)?;
            next.entries = read(saved).0;
            *inner = next;
            Ok(())
        })
    }

    /// Lines for the list, the lab first.
    pub fn summaries(&self, lab_runs: bool) -> Vec<ProfileSummary> {
        let mut list: Vec<ProfileSummary> = self.with(|inner| {
            let profiles: Vec<Profile> = inner.profiles().cloned().collect();
            let marks = Shape::of_all(&profiles);
            profiles.iter().zip(marks).map(|(profile, mark)| summary(profile, mark, lab_runs)).collect()
        });
        list.sort_by_key(|line| line.id != lab::ID);
        list
    }

    /// A profile.
    pub fn find(&self, id: &str) -> Result<Profile, Fault> {
        self.with(|inner| inner.profiles().find(|profile| profile.id == id).cloned()).ok_or_else(|| {
            fault::fault(FaultKind::Input, "no-such-profile", "This profile is no longer there.", "Choose another profile.")
        })
    }

    /// All profiles, the one with this id first.
    pub fn from(&self, id: Option<&str>) -> Vec<Profile> {
        let mut all: Vec<Profile> = self.with(|inner| inner.profiles().cloned().collect());
        all.sort_by_key(|profile| Some(profile.id.as_str()) != id);
        all
    }

    /// Copies of the lab's profile.
    pub fn copies_of_lab(&self) -> Vec<Profile> {
        self.with(|inner| inner.profiles().filter(|profile| profile.simulated && profile.id != lab::ID).cloned().collect())
    }

    /// Saves a profile: a new one, or the one with the same id. From then on it has its shape, whatever becomes of the others.
    pub fn save(&self, profile: Profile) -> Result<(), Fault> {
        self.change(|inner| inner.put(profile))
    }

    /// Takes a profile off the list; it can be restored until the app closes.
    pub fn delete(&self, id: &str) -> Result<(), Fault> {
        self.change(|inner| inner.take_off(id))
    }

    /// Brings a deleted profile back.
    pub fn restore(&self, id: &str) -> Result<(), Fault> {
        self.change(|inner| {
            if let Some(index) = inner.deleted.iter().rposition(|entry| entry.is(id)) {
                let entry = inner.deleted.remove(index);
                inner.entries.push(entry);
            }
            Ok(())
        })
    }

    /// An id made of a name that no profile has, nor anything else that `used` knows of.
    pub fn free_id_where(&self, name: &str, used: impl Fn(&str) -> bool) -> String {
        let mut base: String = name.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
        while base.contains("--") {
            base = base.replace("--", "-");
        }
        let base = match base.trim_matches('-') {
            "" | lab::ID => "profile".to_owned(),
            other => other.to_owned(),
        };
        // An entry nobody can read has its id all the same.
        let taken = |id: &str| {
            used(id) || self.with(|inner| inner.entries.iter().chain(&inner.deleted).any(|entry| id_of(&entry.text) == id))
        };
        if !taken(&base) {
            return base;
        }
        (2..).map(|number| format!("{base}-{number}")).find(|id| !taken(id)).unwrap_or(base)
    }
}

/// The entries of the file, and the names of those that cannot be read with why.
fn read(list: Vec<Box<RawValue>>) -> (Vec<Entry>, Vec<String>) {
    let (mut entries, mut unreadable, mut ids) = (Vec::new(), Vec::new(), HashSet::new());
    for text in list {
        let read = serde_json::from_str::<Profile>(text.get()).map_err(|error| in_short(&error)).and_then(|profile| {
            if !is_object(&text) {
                Err("it is no object".into())
            } else if profile.id.is_empty() {
                Err("it has no id".into())
            } else if ids.insert(profile.id.clone()) {
                Ok(profile)
            } else {
                Err(format!("another one before it has the id {}", profile.id))
            }
        });
        let profile = match read {
            // Saved by a version that took one without a name.
            Ok(profile) => {
                let name = name_of(&profile).unwrap_or_else(|| "Profile without a name".into());
                Some(Profile { name, ..profile })
            }
            Err(error) => {
                unreadable.push(format!("{} ({error})", called(&text)));
                None
            }
        };
        entries.push(Entry { text, profile });
    }
    (entries, unreadable)
}

/// What is wrong, without everything that would have been right, and without a place in a text nobody sees.
fn in_short(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let end = [", expected", " at line "].iter().filter_map(|mark| text.find(mark)).min().unwrap_or(text.len());
    text[..end].chars().filter(|c| !c.is_control()).take(120).collect()
}

/// The first few of a list in words.
fn shortened(names: &[String]) -> String {
    const SHOWN: usize = 5;
    let mut text = names.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN {
        text.push_str(&format!(" and {} more", names.len() - SHOWN));
    }
    text
}

/// What an entry that cannot be read calls itself.
fn called(text: &RawValue) -> String {
    let value: Value = serde_json::from_str(text.get()).unwrap_or_default();
    let name = value.get("name").and_then(Value::as_str).unwrap_or("a profile without a name");
    name.chars().filter(|c| !c.is_control()).take(60).collect()
}

fn id_of(text: &RawValue) -> String {
    let value: Value = serde_json::from_str(text.get()).unwrap_or_default();
    value.get("id").and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Empties what belongs to the server a profile was copied from: what was seen of it, whom it was told to trust by name of the
/// lab, and the address of its events.
pub fn forget_evidence(copy: &mut Profile) {
    let provider = &mut copy.provider;
    provider.read_ms = 0;
    provider.keys.clear();
    provider.capabilities.clear();
    provider.iss_in_response = false;
    provider.events.clear();
    if let Some(gateway) = &mut copy.gateway {
        gateway.activity.clear();
        gateway.release.clear();
    }
}

fn summary(profile: &Profile, mark: Shape, lab_runs: bool) -> ProfileSummary {
    let read = profile.provider.read_ms > 0;
    let note = match (profile.id == lab::ID, &profile.gateway) {
        (true, _) => format!("built in, {}", if lab_runs { "running" } else { "stopped" }),
        (false, _) if !read => "not read yet".into(),
        (false, Some(_)) => format!("{}, {}", profile.place(ServerRole::Provider), profile.place(ServerRole::Gateway)),
        (false, None) => profile.place(ServerRole::Provider),
    };
    ProfileSummary {
        id: profile.id.clone(),
        name: made_sentence(profile.name.clone()),
        note: made_sentence(note),
        state: if read { Support::Supported } else { Support::Unknown },
        simulated: profile.simulated,
        mark,
        production: profile.production,
        issuers: [ServerRole::Provider, ServerRole::Gateway]
            .into_iter()
            .filter(|server| *server == ServerRole::Provider || profile.gateway.is_some())
            .map(|server| belongs::provenance_at(profile, server).issuer)
            .collect(),
    }
}

/// The text of an export. There are no secrets in a profile, so there are none in it.
pub fn export(profile: &Profile) -> Result<String, Fault> {
    serde_json::to_string_pretty(&json!({ "claimscope_profile": SCHEMA_VERSION, "profile": profile }))
        .map_err(|error| fault::fault(FaultKind::Bug, "export", error.to_string(), "Report this."))
}

/// Reads whatever can become a profile: an export of ours, or the configuration of another program.
pub fn read_import(text: &str, server: &str) -> Result<Import, Fault> {
    // Told by the one member an export of ours always has; what comes after it is read strictly.
    let ours = text.len() <= import::LIMIT
        && serde_json::from_str::<Value>(text.trim_start_matches('\u{feff}'))
            .is_ok_and(|value| value.get("claimscope_profile").is_some());
    if !ours {
        return import::read(text, server).map_err(|wrong| fault::at_field(wrong.field, wrong.id, wrong.message, wrong.advice));
    }
    let mut profile = import(text.trim_start_matches('\u{feff}'))?;
    let unnamed = profile.name.trim().is_empty();
    profile.name = name_of(&profile).ok_or_else(|| {
        fault::at_field(
            "text",
            "empty-profile",
            "This profile has neither a name nor an issuer, so there is nothing to import.",
            "Export it again, or give it a \"name\" in the text.",
        )
    })?;
    if let Some(index) = nameless_client(&profile) {
        return Err(fault::at_field(
            "text",
            "no-client-id",
            format!("Client {} of this profile has no client_id.", index + 1),
            "Give it the id it is registered under, or take it out of the text.",
        ));
    }
    let line = |what: &str, words: String| ImportLine { what: what.into(), words };
    let clients: Vec<&str> = profile.clients.iter().map(|client| client.client_id.as_str()).collect();
    let resources: Vec<&str> = profile.resources.iter().map(|resource| resource.name.as_str()).collect();
    let list = |names: Vec<&str>| if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    let issuer = if profile.provider.issuer.is_empty() { "none".to_owned() } else { profile.provider.issuer.clone() };
    let name = match unnamed {
        true => format!("The text has none, so it is called {}. It can be changed afterwards.", profile.name),
        false => profile.name.clone(),
    };
    let preview = ImportPreview {
        kind: ImportKind::Profile,
        title: "Profile exported by Claimscope".into(),
        name: profile.name.clone(),
        warned: Vec::new(),
        taken: vec![
            line("Name", name),
            line("Identity provider", issuer),
            line("Gateway", profile.gateway.as_ref().map_or_else(|| "none".into(), |gateway| gateway.base.clone())),
            line("Clients", list(clients)),
            line("Resources", list(resources)),
        ],
        left: vec![line("Secrets", "Never in an export. Add them at the clients.".into())],
        secrets: Vec::new(),
        asks_server: false,
        next: "Add the secrets of its clients.".into(),
    };
    let import = Import { profile, secrets: Vec::new(), preview };
    import.distrusted().map_err(|wrong| fault::at_field(wrong.field, wrong.id, wrong.message, wrong.advice))
}

/// What a profile is called: its name, or else what is known of its provider, or its id; none when it has nothing of these.
fn name_of(profile: &Profile) -> Option<String> {
    let issuer = profile.provider.issuer.trim();
    let place = issuer.split_once("://").map_or(issuer, |(_, place)| place).trim_end_matches('/');
    [profile.name.as_str(), profile.provider.name.as_str(), place, profile.id.as_str()]
        .into_iter()
        .map(str::trim)
        .find(|text| !text.is_empty())
        .map(str::to_owned)
}

/// Position of the first client without an id: nothing can be asked as it.
pub fn nameless_client(profile: &Profile) -> Option<usize> {
    profile.clients.iter().position(|client| client.client_id.trim().is_empty())
}

/// Position of the first client that has the id of one before it at the same server: which of the two is meant could not be said.
pub fn repeated_client(profile: &Profile) -> Option<usize> {
    let clients = &profile.clients;
    (1..clients.len()).find(|at| {
        let same =
            |other: &Client| (other.client_id.trim(), other.server) == (clients[*at].client_id.trim(), clients[*at].server);
        clients[..*at].iter().any(same)
    })
}

/// The part of an export that is read; its version was looked at before.
#[derive(Deserialize)]
struct Exported {
    profile: Profile,
}

/// Reads an exported profile.
pub fn import(text: &str) -> Result<Profile, Fault> {
    let input = |id: &str, message: String, advice: &str| fault::at_field("text", id, message, advice);
    let value: Value = serde_json::from_str(text).map_err(|error| {
        let wrong = import::broken_json(text, &error);
        fault::at_field(wrong.field, wrong.id, wrong.message, wrong.advice)
    })?;
    match value.get("claimscope_profile").and_then(Value::as_u64) {
        None => {
            return Err(input(
                "not-a-profile",
                "This is JSON, but no Claimscope profile.".into(),
                "Paste the text that Export without secrets gave.",
            ));
        }
        Some(version) if version > u64::from(SCHEMA_VERSION) => {
            return Err(input(
                "newer-profile",
                format!("This profile was exported by a newer version (schema {version})."),
                "Update Claimscope, then import it.",
            ));
        }
        Some(_) => {}
    }
    let exported: Exported = import::parse(text).map_err(|wrong| {
        input("broken-profile", wrong.message, "Export it again and paste it unchanged, or mend that place in the text.")
    })?;
    Ok(exported.profile)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_keeps_its_shape_whatever_becomes_of_the_others() {
        let mut inner = Inner { entries: Vec::new(), deleted: Vec::new() };
        // Files of before know no shapes.
        for id in ["lab", "a", "b", "c"] {
            inner.entries.push(Entry::of(Profile { id: id.into(), ..Profile::default() }).unwrap());
        }
        let shapes = |inner: &Inner| {
            let profiles: Vec<Profile> = inner.profiles().cloned().collect();
            let marks = Shape::of_all(&profiles);
            profiles.into_iter().map(|profile| profile.id).zip(marks).collect::<Vec<_>>()
        };
        let before = shapes(&inner);
        inner.take_off("a").unwrap();
        let left: Vec<_> = before.iter().filter(|(id, _)| id != "a").cloned().collect();
        assert_eq!(shapes(&inner), left);
        inner.put(Profile { id: "b".into(), name: "another name".into(), ..Profile::default() }).unwrap();
        assert_eq!(shapes(&inner), left);
        inner.put(Profile { id: "d".into(), ..Profile::default() }).unwrap();
        assert_eq!(shapes(&inner)[..3], left[..], "a new one changes none before it");
        let Inner { entries, deleted } = &mut inner;
        entries.append(deleted);
        assert!(shapes(&inner).contains(&before[1]), "one that is put back has the shape it had");
    }

    #[test]
    fn two_clients_of_one_server_have_two_ids() {
        let client = |id: &str, server| Client { client_id: id.into(), server, ..Client::default() };
        let (provider, gateway) = (ServerRole::Provider, ServerRole::Gateway);
        for (clients, repeated) in [
            (vec![client("a", provider), client("b", provider)], None),
            (vec![client("a", provider), client("a", gateway)], None),
            (vec![client("a", provider), client("a", provider)], Some(1)),
            (vec![client("a", provider), client("b", gateway), client(" a ", provider)], Some(2)),
            (Vec::new(), None),
        ] {
            assert_eq!(repeated_client(&Profile { clients, ..Profile::default() }), repeated);
        }
    }

    #[test]
    fn an_exported_profile_can_be_imported_and_everything_else_says_why_not() {
        let profile = Profile { id: "a".into(), name: "A".into(), ..Profile::default() };
        assert_eq!(import(&export(&profile).unwrap()).unwrap(), profile);
        for (text, id) in [
            ("", "not-json"),
            ("{", "not-json"),
            ("{}", "not-a-profile"),
            (r#"{"claimscope_profile":99}"#, "newer-profile"),
            (r#"{"claimscope_profile":1,"profile":{"id":7}}"#, "broken-profile"),
            (r#"{"claimscope_profile":1,"profile":{"unknown":7}}"#, "broken-profile"),
        ] {
            assert_eq!(import(text).unwrap_err().id, id, "{text}");
        }
    }

    #[test]
    fn an_export_of_ours_that_is_refused_says_so_in_plain_words() {
        let whole = |profile: &str| format!("{{\"claimscope_profile\":1,\n \"profile\":{profile}}}");
        for (text, said) in [
            (whole(r#"{"unknown":7}"#), "The member profile holds unknown, which is not known here: line 2,"),
            (whole(r#"{"provider":{"isuer":"x"}}"#), "The member profile.provider holds isuer, which is not known here: line 2,"),
            (whole(r#"{"hunter2 \u202e<b>":7}"#), "The member profile holds a member that is not known here: line 2,"),
            (whole(r#"{"id":7}"#), "The member profile.id is not of the kind it should be: line 2,"),
            (whole(r#"{"clients":{}}"#), "The member profile.clients is not of the kind it should be: line 2,"),
            (
                whole(r#"{"clients":[{"client_id":"a","auth":"hunter2"}]}"#),
                "The member profile.clients[0].auth has a value that is none of those it may have: line 2,",
            ),
            (whole(r#"{"id":"a","id":"b"}"#), "The member profile holds id twice: line 2,"),
            (whole("null"), "The member profile is not of the kind it should be: line 2,"),
            (whole("7"), "The member profile is not of the kind it should be: line 2,"),
            (r#"{"claimscope_profile":1}"#.into(), "The text lacks profile: line 1,"),
            (r#"{"claimscope_profile":1,"#.into(), "The JSON stops before its end: line 1,"),
            (r#"{"claimscope_profile":1,}"#.into(), "This is not valid JSON from here on: line 1,"),
        ] {
            let fault = import(&text).unwrap_err();
            assert!(fault.message.starts_with(said), "{text}: {}", fault.message);
            let all = format!("{} {}", fault.message, fault.advice);
            for word in ["`", "invalid type", "expected", "missing field", "variant", "EOF", "hunter2", "\u{202e}"] {
                assert!(!all.contains(word), "{text}: {all}");
            }
        }
    }

    #[test]
    fn the_name_a_file_brings_for_its_servers_stands_in_the_preview() {
        let text = r#"{"claimscope_profile":1,"profile":{"name":"Shop","provider":{"name":"Keycloak, issuer verified","issuer":"https://id.example.org"},
            "gateway":{"name":"\u2713 checked","base":"https://gw.example.org"}}}"#;
        let import = read_import(text, "").unwrap();
        let said: Vec<&str> =
            import.preview.taken.iter().filter(|line| line.what == "Shown as").map(|line| line.words.as_str()).collect();
        assert_eq!(said.len(), 2, "{said:?}");
        assert!(said[0].starts_with("\"Keycloak, issuer verified\": so the file calls the provider."), "{said:?}");
        assert!(said[1].contains("so the file calls the gateway") && !said[1].contains('\u{2713}'), "{said:?}");
        let note = summary(
            &Profile { provider: oauth::profile::Provider { read_ms: 1, ..import.profile.provider.clone() }, ..import.profile },
            Shape::Ring,
            false,
        )
        .note;
        assert_eq!(note, "id.example.org, gw.example.org");
    }

    #[test]
    fn no_profile_is_imported_without_a_name_or_with_a_client_nobody_can_ask_as() {
        let read = |profile: &str| read_import(&format!("{{\"claimscope_profile\":1,\"profile\":{profile}}}"), "");
        for (text, name) in [
            (r#"{"id":"x"}"#, "x"),
            (
                r#"{"id":"x","name":"  ","provider":{"issuer":"https://id.example.org/realms/shop/"}}"#,
                "id.example.org/realms/shop",
            ),
            (r#"{"provider":{"name":"Keycloak, realm shop","issuer":"https://id.example.org"}}"#, "Keycloak, realm shop"),
        ] {
            let import = read(text).unwrap();
            assert_eq!((import.profile.name.as_str(), import.preview.name.as_str()), (name, name), "{text}");
            let said = &import.preview.taken[0];
            assert_eq!(said.words, format!("The text has none, so it is called {name}. It can be changed afterwards."));
        }
        assert_eq!(read(r#"{"id":"x","name":"Shop"}"#).unwrap().preview.taken[0].words, "Shop");
        for (text, id) in
            [("{}", "empty-profile"), (r#"{"name":"A","clients":[{"client_id":"a"},{"client_id":" "}]}"#, "no-client-id")]
        {
            let fault = read(text).unwrap_err();
            assert_eq!((fault.id.as_str(), fault.field.as_deref()), (id, Some("text")), "{text}");
        }
    }

    #[test]
    fn what_is_imported_is_recognised_by_its_content() {
        let profile = Profile { id: "a".into(), name: "A".into(), ..Profile::default() };
        let ours = read_import(&export(&profile).unwrap(), "").unwrap();
        // Its id is not taken from a file: what is kept under an id belongs to the profile that has it here.
        assert_eq!((ours.preview.kind, ours.profile), (ImportKind::Profile, Profile { id: String::new(), ..profile }));
        let adapter = r#"{"realm":"shop","auth-server-url":"http://localhost:8080","resource":"portal"}"#;
        assert_eq!(read_import(adapter, "").unwrap().preview.kind, ImportKind::Adapter);
        for (text, id, field) in [
            ("{", "not-json", "text"),
            (r#"{"claimscope_profile":99}"#, "newer-profile", "text"),
            (r#"{"realm":"shop","clients":[]}"#, "bad-server", "server"),
        ] {
            let fault = read_import(text, "no address").unwrap_err();
            assert_eq!((fault.id.as_str(), fault.field.as_deref()), (id, Some(field)), "{text}");
        }
    }
}
