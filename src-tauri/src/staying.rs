//! The window shows the app's own page and goes nowhere else.
//!
//! The content security policy keeps scripts and forms from it; this keeps everything else: links, a refresh in a page, a dropped
//! link or file, `location`, and new windows.

use std::path::Path;

use tauri::{App, Runtime, Url, WebviewWindowBuilder, webview::NewWindowResponse};

/// Opens the configured windows; WebKit keeps what it keeps in the data folder, or, where that cannot be written, nothing.
///
/// # Errors
/// When there is no display, or no web view.
pub fn open<R: Runtime>(app: &App<R>, folder: &Path) -> tauri::Result<()> {
    let writable = engine::storage::try_folder(folder).is_ok();
    for config in &app.config().app.windows {
        let mut window =
            WebviewWindowBuilder::from_config(app, config)?.on_navigation(is_home).on_new_window(|_, _| NewWindowResponse::Deny);
        if !writable {
            // Any folder that is there will do: nothing is written into it.
            window = window.incognito(true).data_directory(std::env::temp_dir());
        }
        window.build()?;
    }
    Ok(())
}

/// Whether an address is the app's own page: where Tauri serves it, and nothing beside it.
fn is_home(url: &Url) -> bool {
    let own = match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        // WebView2 and Android know no schemes of one's own.
        "http" | "https" if cfg!(any(windows, target_os = "android")) => url.host_str() == Some("tauri.localhost"),
        _ => false,
    };
    let plain = url.port().is_none() && url.username().is_empty() && url.password().is_none() && url.query().is_none();
    own && plain && matches!(url.path(), "" | "/" | "/index.html")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_goes_nowhere() {
        let home = |text: &str| is_home(&text.parse().unwrap());
        for own in ["tauri://localhost", "tauri://localhost/", "tauri://localhost/index.html", "tauri://localhost/#x"] {
            assert!(home(own), "{own}");
        }
        for other in [
            "https://example.org/",
            "http://127.0.0.1:4711/callback",
            "http://localhost/",
            "tauri://localhost.example.org/",
            "tauri://example.org/",
            "tauri://localhost:80/",
            "tauri://user@localhost/",
            "tauri://localhost/other.html",
            "tauri://localhost/?token=x",
            "file:///etc/passwd",
            "data:text/html,<p>Log in",
            "javascript:alert(1)",
            "about:blank",
            "blob:tauri://localhost/0",
            "ipc://localhost/boot",
            "mailto:a@example.org",
            "view-source:tauri://localhost/",
        ] {
            assert!(!home(other), "{other}");
        }
        assert_eq!(home("http://tauri.localhost/"), cfg!(windows));
    }
}
