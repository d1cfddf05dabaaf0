//! What all commands share.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use engine::secrets::{BoundSecret, Owner};
use engine::{journal::Recovered, workbench::Workbench, world::World};
use lab::{Caches, Lab, Standing};
use oauth::{profile::Profile, progress::Progress};
use token::words;
use tokio::sync::OnceCell;
use wire::{Fault, LabPerson, LabRelease, LabRole, LabState, Notice, SavedView};

use crate::{
    clipboard::Clipboard,
    fault,
    profiles::Profiles,
    store::{self, KeptFile, KeptFiles},
};

/// What the shell does outside its own state.
pub struct Outside {
    /// Tells the window how a step goes.
    pub progress: Box<dyn Fn(Progress) + Send + Sync>,
    /// Closes the window.
    pub leave: Box<dyn Fn() + Send + Sync>,
    /// Brings the window to the front.
    pub come_forward: Box<dyn Fn() + Send + Sync>,
    /// Writes to the clipboard.
    pub clipboard: Clipboard,
}

/// A running lab and how long it took.
pub(crate) struct RunningLab {
    pub(crate) lab: Lab,
    pub(crate) started_in_ms: i64,
    pub(crate) legacy: bool,
    pub(crate) release: LabRelease,
    /// Profiles of other providers its gateway stands before; their secrets at the gateway lie over the store.
    pub(crate) joined: Vec<String>,
}

/// See the module.
pub struct AppState {
    folder: PathBuf,
    world: World,
    bench: OnceCell<Arc<Workbench>>,
    notices: Mutex<Vec<Notice>>,
    preferences: KeptFile,
    pub(crate) view: Mutex<SavedView>,
    pub(crate) profiles: Profiles,
    lab: Mutex<Option<RunningLab>>,
    lab_turn: tokio::sync::Mutex<()>,
    pub(crate) outside: Outside,
    /// Secrets of deleted profiles by profile, for undo; memory only.
    deleted: Mutex<HashMap<String, Vec<(Owner, BoundSecret)>>>,
    /// Whether something is typed in the window that closing it would lose.
    held: AtomicBool,
}

impl AppState {
    pub(crate) fn new(folder: PathBuf, world: World, kept: KeptFiles, outside: Outside, mut notices: Vec<Notice>) -> Self {
        let (profiles, notice) = Profiles::open(kept.profiles);
        notices.extend(notice);
        let view = kept.preferences.read("view").and_then(|value| serde_json::from_value(value).ok()).unwrap_or_default();
        Self {
            folder,
            world,
            bench: OnceCell::new(),
            notices: Mutex::new(notices),
            preferences: kept.preferences,
            view: Mutex::new(view),
            profiles,
            lab: Mutex::default(),
            lab_turn: tokio::sync::Mutex::default(),
            outside,
            deleted: Mutex::default(),
            held: AtomicBool::new(false),
        }
    }

    /// Whether closing the window would lose something that was typed.
    pub(crate) fn held(&self) -> bool {
        self.held.load(Ordering::Relaxed)
    }

    /// Says whether it would.
    pub(crate) fn hold(&self, held: bool) {
        self.held.store(held, Ordering::Relaxed);
    }

    /// Holds the secrets of a deleted profile, by owner, until the app closes.
    pub(crate) fn keep_deleted(&self, profile: &str, secrets: Vec<(Owner, BoundSecret)>) {
        self.deleted.lock().unwrap_or_else(PoisonError::into_inner).insert(profile.to_owned(), secrets);
    }

    /// Gives the secrets of a deleted profile back.
    pub(crate) fn take_deleted(&self, profile: &str) -> Vec<(Owner, BoundSecret)> {
        self.deleted.lock().unwrap_or_else(PoisonError::into_inner).remove(profile).unwrap_or_default()
    }

    /// The workbench, opened at first use.
    pub async fn bench(&self) -> Result<Arc<Workbench>, Fault> {
        let bench = self
            .bench
            .get_or_try_init(|| async {
                let (bench, recovered) = Workbench::open(&self.folder, self.world.clone())?;
                let mut notices = self.notices.lock().unwrap_or_else(PoisonError::into_inner);
                // Where nothing at all can be saved, that the journal is not either has been said.
                let said = notices.iter().any(|notice| notice.id == store::UNWRITABLE);
                let news = recovered.into_iter().filter(|one| !(said && one.memory_only));
                notices.extend(news.map(|Recovered { id, message, advice, memory_only }| Notice {
                    id: id.into(),
                    message,
                    advice,
                    standing: memory_only,
                }));
                drop(notices);
                Ok(Arc::new(bench))
            })
            .await
            .map_err(|error| fault::journal(&error))?;
        Ok(Arc::clone(bench))
    }

    pub(crate) fn notices(&self) -> Vec<Notice> {
        let mut notices = self.notices.lock().unwrap_or_else(PoisonError::into_inner).clone();
        notices.extend(self.profiles.problem());
        notices
    }

    /// Adds a notice, once.
    pub(crate) fn notify(&self, notice: Notice) {
        let mut notices = self.notices.lock().unwrap_or_else(PoisonError::into_inner);
        if notices.iter().all(|other| other.id != notice.id) {
            notices.push(notice);
        }
    }

    pub(crate) fn dismiss(&self, id: &str) {
        self.notices.lock().unwrap_or_else(PoisonError::into_inner).retain(|notice| notice.standing || notice.id != id);
    }

    pub(crate) fn save_view(&self, view: SavedView) -> Result<(), Fault> {
        let value = serde_json::to_value(&view).unwrap_or_default();
        *self.view.lock().unwrap_or_else(PoisonError::into_inner) = view;
        self.preferences.write("view", &value).map_err(fault::storage)
    }

    pub(crate) fn saved_view(&self) -> SavedView {
        self.view.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The profile that is worked with.
    pub(crate) fn current(&self) -> Option<Profile> {
        self.saved_view().profile.and_then(|id| self.profiles.find(&id).ok())
    }

    /// All profiles, the chosen one first.
    pub(crate) fn profiles_from_current(&self) -> Vec<Profile> {
        self.profiles.from(self.saved_view().profile.as_deref())
    }

    /// Keeps something else of the preferences.
    pub(crate) fn keep(&self, key: &str, value: serde_json::Value) -> Result<(), Fault> {
        self.preferences.write(key, &value).map_err(fault::storage)
    }

    /// Reads something else of the preferences.
    pub(crate) fn kept(&self, key: &str) -> Option<serde_json::Value> {
        self.preferences.read(key)
    }

    /// Writes the profile's own certificate authorities to a file that curl can be pointed at.
    pub(crate) fn authority_file(&self, profile: &Profile) -> Result<String, Fault> {
        let path = self.folder.join("ca").join(format!("{}.pem", profile.id));
        engine::storage::write_whole(&path, profile.tls.ca_pem.as_bytes())
            .map_err(|error| fault::storage(format!("{} cannot be written: {error}.", path.display())))?;
        Ok(path.display().to_string())
    }

    /// The lab, where it runs; for a look or a change, and never over a wait.
    pub(crate) fn lab(&self) -> MutexGuard<'_, Option<RunningLab>> {
        self.lab.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The turn of whoever starts, stops or joins the lab. It may be held over a wait: only those three ask for it, so whoever
    /// only looks at the lab is answered meanwhile.
    pub(crate) async fn lab_turn(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.lab_turn.lock().await
    }

    /// Where other servers reach the key manager of this profile's gateway without TLS: at the lab's, while it runs.
    pub(crate) fn plain_address(&self, profile: &Profile) -> Option<String> {
        let place = self.lab();
        let description = place.as_ref()?.lab.description();
        let ours = profile.gateway.as_ref().is_some_and(|gateway| gateway.base == description.gateway);
        ours.then(|| description.gateway_plain.clone())
    }

    pub(crate) fn lab_state(&self) -> LabState {
        match &*self.lab() {
            Some(running) => LabState {
                running: true,
                issuer: running.lab.description().issuer.clone(),
                started_in_ms: running.started_in_ms,
                legacy: running.legacy,
                release: running.release,
                people: running.lab.people().into_iter().map(person).collect(),
                short_caches: running.lab.caches() == Caches::SHORT,
                caches: caches(running.lab.caches()),
            },
            None => LabState::default(),
        }
    }
}

fn person(standing: Standing) -> LabPerson {
    let roles = standing.roles.into_iter().map(|role| LabRole { client: role.client, role: role.role, held: role.held });
    LabPerson { username: standing.username, enabled: standing.enabled, roles: roles.collect() }
}

fn caches(caches: Caches) -> String {
    let span = |ms: i64| words::duration(ms / 1000);
    format!(
        "what introspection said of an opaque token {}, a refused token {}, a token the portal has seen {}",
        span(caches.introspected_ms),
        span(caches.refused_ms),
        span(caches.portal_ms)
    )
}
