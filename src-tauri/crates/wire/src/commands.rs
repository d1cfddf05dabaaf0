//! The one list of commands.
//!
//! [`for_each_command!`] hands the list to a macro of the caller: the shell makes Tauri's handler of it, the build
//! script the permission list, and [`crate::export`] the TypeScript map. A command that is not here does not exist.

use std::collections::BTreeMap;

use oauth::{
    acceptance::{Trace, repeat::RepeatPlan},
    certificate::Certificate,
    drift::DriftOf,
    events::{EventFilter, PredictAsk, Purpose, RightsHelp},
    form::Preview,
    import::ImportPreview,
    mapping::Mapping,
    profile::{Profile, ServerRole},
};
use record::{
    audit::{AuditPage, AuditQuery, Event, Sequence, Step},
    logs::{LogLine, LogPage, LogQuery, LogSource, LogState, PathChoice},
    operation::{Draft, Operation},
};
use token::{
    bounded::{Part, TokenText},
    inspect::{Inspection, TokenView},
    truth::Truth,
};
use ts_rs::{Config, TS};

use crate::{lab::*, portal::*, types::*};

/// Calls `$callback! { … }` with every command as `name { argument: Type, … } -> Answer;`.
#[macro_export]
macro_rules! for_each_command {
    ($callback:ident) => {
        $callback! {
            // start and preferences
            boot {} -> Boot;
            save_view { view: SavedView } -> ();
            dismiss_notice { id: String } -> ();
            hold_window { held: bool } -> ();
            leave {} -> ();
            // lab
            start_lab { legacy: bool, release: LabRelease } -> LabState;
            stop_lab {} -> LabState;
            change_lab { change: LabChange } -> LabState;
            join_lab { profile: String, how: LabJoin } -> OpenProfile;
            // profiles
            list_profiles {} -> Vec<ProfileSummary>;
            open_profile { id: String } -> OpenProfile;
            choose_profile { id: String } -> Profile;
            save_profile { profile: Profile } -> OpenProfile;
            duplicate_profile { id: String, name: String, take_along: bool } -> OpenProfile;
            delete_profile { id: String } -> Vec<ProfileSummary>;
            restore_profile { id: String } -> Vec<ProfileSummary>;
            export_profile { id: String } -> String;
            read_import { text: String, server: String } -> ImportPreview;
            import_profile { text: String, server: String } -> OpenProfile;
            discover { issuer: String, realm: String, profile: Option<Profile> } -> Discovered;
            read_server_info { profile: String } -> OpenProfile;
            redirect_hint { profile: Profile } -> OpenProfile;
            // secrets
            save_secret { profile: String, client_id: String, server: ServerRole, sort: SecretSort, secret: String } -> SecretState;
            reveal_secret { profile: String, client_id: String, server: ServerRole } -> String;
            clear_secret { profile: String, client_id: String, server: ServerRole } -> SecretState;
            secret_questions {} -> Vec<SecretQuestion>;
            answer_secret_question { id: String, consent: SecretConsent } -> bool;
            take_back_address { profile: String, address: AllowedAddress } -> Vec<AllowedAddress>;
            secret_store {} -> SecretStoreState;
            choose_secret_store { kind: SecretStoreKind, passphrase: String } -> SecretStoreState;
            // run
            open_form { profile: String, operation: Operation, token: Option<String> } -> OpenForm;
            preview { draft: Draft } -> Preview;
            run { run: String, draft: Draft } -> Ran;
            repeat { run: String, draft: Draft, plan: RepeatPlan } -> Repeated;
            cancel_run { run: String } -> ();
            open_again { run: String } -> ();
            // developer portal
            open_portal { profile: String } -> OpenPortal;
            ask_portal { run: String, draft: Draft } -> PortalAnswered;
            mapping { token: String, other: Option<String>, claim: Option<String> } -> Mapping;
            read_certificate { address: String } -> Certificate;
            // tokens
            list_tokens {} -> Vec<TokenView>;
            paste { text: String, chosen: Option<Vec<usize>> } -> Pasted;
            remove_token { token: String } -> Vec<TokenView>;
            restore_token { token: String } -> Vec<TokenView>;
            inspect { token: String } -> Inspection;
            raw_token { token: String } -> String;
            token_part { token: String, what: TokenText, from: usize } -> Part;
            verify_with_key { token: String, key: String, content: Option<String> } -> Inspection;
            compare { tokens: Vec<String>, resource: Option<String> } -> Compared;
            examine { token: String, resource: Option<String> } -> Examined;
            truth { token: String } -> Truth;
            ask_server { run: String, token: String } -> ServersAsked;
            trace { token: String, gateway: Option<String>, api: Option<String> } -> Trace;
            walk { run: String, token: String, gateway: Option<String>, api: Option<String> } -> Traced;
            drift { run: String, of: DriftOf } -> Drifted;
            open_prediction { token: String } -> PredictAsk;
            predict { profile: String, ask: PredictAsk } -> Ran;
            // expectations
            require_from { token: String } -> Required;
            read_expectations { text: String, profile: Profile, resource: String } -> Required;
            write_expectations { profile: Profile, resource: String } -> String;
            // audit
            audit { query: AuditQuery } -> AuditPage;
            read_step { step: i64 } -> Step;
            exchange_part { step: i64, seq: u32, from: usize } -> Part;
            read_events { profile: String } -> EventsRead;
            search_events { profile: String, filter: EventFilter } -> EventsRead;
            event_settings { profile: String } -> EventSettingsRead;
            rights_help { profile: Profile, purpose: Purpose } -> RightsHelp;
            choose_reader { profile: String, token: Option<String> } -> ();
            read_event { id: String } -> Event;
            sequence { steps: Vec<i64> } -> Sequence;
            current_run {} -> Vec<i64>;
            // server logs
            open_log { source: LogSource, profile: String } -> LogState;
            log_state {} -> LogState;
            log_page { query: LogQuery } -> LogPage;
            log_line { row: u32 } -> LogLine;
            stop_log {} -> LogState;
            follow_log { on: bool, profile: String } -> LogState;
            close_log {} -> LogState;
            join_log { profile: String, zone: Option<i32> } -> LogState;
            complete_path { text: String } -> Vec<PathChoice>;
            // clipboard
            copy { source: CopySource } -> Copied;
        }
    };
}

macro_rules! names {
    ($($name:ident { $($arg:ident : $ty:ty),* } -> $answer:ty;)*) => {
        /// Names of all commands, in the order of the list.
        pub const NAMES: &[&str] = &[$(stringify!($name)),*];

        /// TypeScript of every command: name, arguments as an object type, answer type.
        pub fn signatures(config: &Config) -> Vec<(&'static str, String, String)> {
            vec![$((
                stringify!($name),
                format!("{{ {} }}", (&[$(format!("{}: {}", stringify!($arg), <$ty as TS>::name(config))),*] as &[String]).join("; ")),
                <$answer as TS>::name(config),
            )),*]
        }

        /// Every type the commands mention with all they depend on: name to declaration.
        pub fn declarations(config: &Config) -> BTreeMap<String, String> {
            let mut found = BTreeMap::new();
            $($(crate::export::collect::<$ty>(config, &mut found);)* crate::export::collect::<$answer>(config, &mut found);)*
            crate::export::collect::<Progress>(config, &mut found);
            crate::export::collect::<crate::Fault>(config, &mut found);
            found
        }
    };
}

for_each_command!(names);
