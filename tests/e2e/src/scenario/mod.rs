//! The scenarios: each starts with a fresh desk and proves one thing a user relies on.

mod access;
mod audit;
mod environments;
mod faults;
mod keep;
mod keycloak;
mod leak;
mod main_job;
mod portal;
mod shell;
mod stays;
mod tokens;
mod whole_loop;

pub(crate) use main_job::{newest, newest_of};
pub(crate) use portal::application;

use crate::{Result, desk::Make, scene::Scene};

/// A scenario.
pub struct Scenario {
    /// Its name, as typed after `cargo xtask e2e`.
    pub name: &'static str,
    /// What it proves.
    pub about: &'static str,
    /// The desk it needs.
    pub make: Make,
    /// Its play.
    pub play: fn(&mut Scene) -> Result<()>,
}

const USUAL: Make = Make { keychain: true, browser: true };

/// All of them, in the order they are played.
pub const ALL: &[Scenario] = &[
    Scenario { name: "first-start", about: "from the first start to the comparison", make: USUAL, play: main_job::first_start },
    Scenario { name: "refusal", about: "refused exchanges are explained", make: USUAL, play: main_job::refusal },
    Scenario {
        name: "gateway",
        about: "user and application tokens at the gateway, both identities at the API",
        make: USUAL,
        play: main_job::gateway,
    },
    Scenario {
        name: "portal",
        about: "an application made in the developer portal, its user and itself at the API, and who refuses which token",
        make: USUAL,
        play: portal::portal,
    },
    Scenario {
        name: "way-back",
        about: "a gateway's token becomes the provider's by hand, or the window says why not",
        make: USUAL,
        play: portal::way_back,
    },
    Scenario {
        name: "audit",
        about: "steps joined with the provider's events, and drawn as a sequence",
        make: USUAL,
        play: audit::audit,
    },
    Scenario {
        name: "tokens",
        about: "tokens pasted, read, opened, compared, held against servers and expectations, and kept as evidence",
        make: USUAL,
        play: tokens::tokens,
    },
    Scenario {
        name: "environments",
        about: "a token of one environment is never taken for another one, and the two are compared",
        make: USUAL,
        play: environments::environments,
    },
    Scenario { name: "curl", about: "a copied request runs in a real shell", make: USUAL, play: shell::curl },
    Scenario { name: "restart", about: "a restart keeps what was saved", make: USUAL, play: keep::restart },
    Scenario {
        name: "own-provider",
        about: "a provider of one's own is connected, its secret kept in the keychain",
        make: USUAL,
        play: keep::own_provider,
    },
    Scenario {
        name: "encrypted-file",
        about: "without a keychain a secret is kept in an encrypted file, locked until its passphrase is given",
        make: Make { keychain: false, ..USUAL },
        play: keep::encrypted_file,
    },
    Scenario { name: "keyboard", about: "the main job by keyboard alone", make: USUAL, play: access::keyboard },
    Scenario { name: "axe", about: "no accessibility violation on any view in either theme", make: USUAL, play: access::axe },
    Scenario { name: "cancelled", about: "a log in that is cancelled, here or there", make: USUAL, play: faults::cancelled },
    Scenario {
        name: "no-browser",
        about: "no browser can be started: the address is there to copy",
        make: Make { browser: false, ..USUAL },
        play: faults::no_browser,
    },
    Scenario {
        name: "no-keychain",
        about: "no keychain: said so, and the main job goes on",
        make: Make { keychain: false, ..USUAL },
        play: faults::no_keychain,
    },
    Scenario {
        name: "bad-input",
        about: "bad input gets a message at its place and nothing typed is lost",
        make: USUAL,
        play: faults::bad_input,
    },
    Scenario { name: "stays", about: "the window goes nowhere, whatever a page tries", make: USUAL, play: stays::stays },
    Scenario {
        name: "broken-start",
        about: "a broken profile list and a journal that is none: said so, and it works",
        make: USUAL,
        play: stays::broken_start,
    },
    Scenario { name: "leak", about: "no secret, code or token in clear in anything written", make: USUAL, play: leak::leak },
];

/// Those that need a real Keycloak with the realms of `tests/fixtures/keycloak`.
pub const AT_KEYCLOAK: &[Scenario] = &[Scenario {
    name: "keycloak",
    about: "a real Keycloak, from pasting its address to the log out",
    make: USUAL,
    play: keycloak::real_server,
}];

/// Those that need one with the legacy exchange and its permissions.
pub const AT_LEGACY: &[Scenario] = &[Scenario {
    name: "loop",
    about: "the whole loop between a real Keycloak and the lab's gateway, each trusting the other's tokens",
    make: USUAL,
    play: whole_loop::whole_loop,
}];
