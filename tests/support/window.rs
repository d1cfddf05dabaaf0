//! The shell in Tauri's mock runtime, started in a folder of a test's own, and asked as the window asks it.

use std::{path::Path, sync::Arc};

use claimscope::state::AppState;
use engine::world::World;
use serde_json::{Value, json};
use tauri::{
    App, Manager as _, State, WebviewWindow,
    ipc::{CallbackFn, InvokeBody},
    test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder},
    webview::InvokeRequest,
};

use crate::support::{
    browser::TestBrowser,
    world::{TestClock, TestRandom},
};

/// One start of the app in a folder.
pub struct Started {
    window: WebviewWindow<MockRuntime>,
    _app: App<MockRuntime>,
}

impl Started {
    pub fn in_folder(folder: &Path) -> Self {
        let world = World {
            clock: Arc::new(TestClock::new()),
            random: Arc::new(TestRandom::new(3)),
            browser: Arc::new(TestBrowser::new()),
        };
        let mut context = claimscope::context::<MockRuntime>();
        // The data folder is the identifier below the system's; an absolute one takes its place, so each test has its own.
        context.config_mut().identifier = folder.to_string_lossy().into_owned();
        let mut app = claimscope::assemble(mock_builder(), world).build(context).expect("the app starts");
        // The first turn of the event loop runs the setup; on the mock runtime it is also the whole turn.
        #[allow(deprecated)]
        app.run_iteration(|_, _| {});
        let window = app.get_webview_window("main").expect("the configured window");
        let started = Self { window, _app: app };
        // The user's own keychain is none of a test's business.
        started.ask("choose_secret_store", json!({"kind": "memory", "passphrase": ""})).expect("memory is always there");
        started
    }

    /// The shell's state, for commands that are to be called at a moment the window cannot choose.
    pub fn state(&self) -> State<'_, AppState> {
        self.window.state()
    }

    /// Calls a command as the window does.
    pub fn ask(&self, command: &str, arguments: Value) -> Result<Value, Value> {
        let request = InvokeRequest {
            cmd: command.into(),
            callback: CallbackFn(0),
            error: CallbackFn(1),
            url: if cfg!(windows) { "http://tauri.localhost" } else { "tauri://localhost" }.parse().expect("an address"),
            body: InvokeBody::Json(arguments),
            headers: Default::default(),
            invoke_key: INVOKE_KEY.to_owned(),
        };
        get_ipc_response(&self.window, request).map(|body| body.deserialize::<Value>().expect("JSON"))
    }

    pub fn boot(&self) -> Value {
        self.ask("boot", json!({})).expect("it boots")
    }

    /// A command that must fail; gives kind and id of its fault.
    pub fn fault(&self, command: &str, arguments: Value) -> (String, String, Value) {
        let fault = self.ask(command, arguments).expect_err("it cannot succeed");
        let text = |name: &str| fault[name].as_str().unwrap_or_else(|| panic!("{name} in {fault}")).to_owned();
        assert!(text("message").ends_with('.') && text("advice").ends_with('.'), "{fault}");
        (text("kind"), text("id"), fault)
    }
}
