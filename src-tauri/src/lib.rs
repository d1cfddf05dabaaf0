//! The shell: one window, one state, thin commands.
//!
//! A command unpacks its arguments, asks the engine and hands the model's value on. No protocol knowledge stands here.

mod browser;
mod clipboard;
pub mod commands;
mod fault;
pub mod lab;
mod painting;
mod profiles;
pub mod state;
mod staying;
mod store;

use std::sync::Arc;

use engine::{
    journal::Journal,
    world::{SystemClock, SystemRandom, World},
};
use oauth::progress::Progress;
use tauri::{Emitter as _, Manager as _, Runtime};

use browser::SystemBrowser;
use state::{AppState, Outside};

/// Tauri's handler for every command of the list.
macro_rules! handler {
    ($($name:ident { $($arg:ident : $ty:ty),* } -> $answer:ty;)*) => {
        /// Handles every command of [`wire::commands::NAMES`].
        pub fn handler<R: Runtime>() -> impl Fn(tauri::ipc::Invoke<R>) -> bool + Send + Sync + 'static {
            use crate::commands::*;
            tauri::generate_handler![$($name),*]
        }
    };
}
wire::for_each_command!(handler);

/// Starts the app and returns when its window is closed.
pub fn run() {
    let world = World { clock: Arc::new(SystemClock), random: Arc::new(SystemRandom), browser: Arc::new(SystemBrowser) };
    let built = assemble(tauri::Builder::default(), world).build(context());
    match built {
        Ok(app) => app.run(|_, _| {}),
        Err(error) => {
            eprintln!("Claimscope cannot start: {error}");
            std::process::exit(1);
        }
    }
}

/// Configuration, assets and permissions as they were built in.
pub fn context<R: Runtime>() -> tauri::Context<R> {
    tauri::generate_context!()
}

/// Adds plugins, state and commands to a builder; the same for the real window and for tests on the mock runtime.
pub fn assemble<R: Runtime>(builder: tauri::Builder<R>, world: World) -> tauri::Builder<R> {
    let builder = builder.on_window_event(|window, event| {
        // What was typed and is not saved yet is asked about first; the window itself then says that it leaves.
        if let tauri::WindowEvent::CloseRequested { api, .. } = event
            && let Some(state) = window.try_state::<AppState>()
            && state.held()
        {
            api.prevent_close();
            let _ = window.emit("leaving", ());
        }
    });
    builder.plugin(tauri_plugin_store::Builder::default().build()).invoke_handler(handler()).setup(move |app| {
        let handle = app.handle().clone();
        // Where the system names no data folder, nothing is kept, and that is said.
        let folder = app.path().app_data_dir().unwrap_or_else(|_| engine::storage::nowhere());
        let (store, notices) = store::open(&handle, &folder);
        staying::open(app, &folder)?;
        painting::choose(app);
        let told = handle.clone();
        let outside = Outside {
            progress: Box::new(move |progress: Progress| {
                // A window that is gone needs no progress.
                let _ = told.emit("progress", progress);
            }),
            come_forward: Box::new(move || {
                for window in handle.webview_windows().values() {
                    let _ = window.unminimize();
                    let _ = window.set_focus();
                }
            }),
            leave: {
                let gone = app.handle().clone();
                Box::new(move || {
                    for window in gone.webview_windows().values() {
                        let _ = window.destroy();
                    }
                })
            },
            clipboard: clipboard::system(),
        };
        let whole = folder.clone();
        app.manage(AppState::new(folder, world, store, outside, notices));
        let early = app.handle().clone();
        tauri::async_runtime::spawn(async move {
            // Opened while the page loads; a failure is told by the first command.
            if let Ok(bench) = early.state::<AppState>().bench().await {
                bench.secrets.ask().await;
            }
            // After everything the window waits for. Damage is marked beside the journal and told at the next start, when the file
            // is moved aside; this run goes on with what can be read.
            let _ = tokio::task::spawn_blocking(move || Journal::check(&whole)).await;
        });
        Ok(())
    })
}
