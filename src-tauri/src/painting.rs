//! How the window's page is painted on Linux.
//!
//! WebKitGTK paints with the graphics processor. Where there is none it lets Mesa imitate one, which costs a quarter of a
//! second at the start and 80 MiB for nothing: a page of text is painted faster by the processor itself. So on a machine
//! without a render device the imitation is left out (docs/decisions/0009).

use tauri::{App, Runtime};

/// Chooses how the app's windows are painted.
pub fn choose<R: Runtime>(app: &App<R>) {
    #[cfg(target_os = "linux")]
    if !linux::has_graphics() {
        use tauri::Manager as _;
        for window in app.webview_windows().values() {
            // A window that cannot be reached is painted as WebKit sees fit.
            let _ = window.with_webview(|webview| linux::paint_without_graphics(&webview.inner()));
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = app;
}

#[cfg(target_os = "linux")]
mod linux {
    use std::{env, fs, path::Path};

    use webkit2gtk::{HardwareAccelerationPolicy, SettingsExt as _, WebView, WebViewExt as _};

    /// Whether a graphics processor paints for this process.
    pub(super) fn has_graphics() -> bool {
        // Mesa's own switch: whoever sets it wants none used.
        let imitated = env::var_os("LIBGL_ALWAYS_SOFTWARE").is_some_and(|value| value != "0" && value != "false");
        !imitated && has_render_device(Path::new("/dev/dri"))
    }

    /// Whether the kernel offers a render device (`renderD128` and up) in `folder`.
    fn has_render_device(folder: &Path) -> bool {
        let devices = fs::read_dir(folder).into_iter().flatten().flatten();
        devices.map(|device| device.file_name()).any(|name| name.to_string_lossy().starts_with("renderD"))
    }

    pub(super) fn paint_without_graphics(webview: &WebView) {
        if let Some(settings) = webview.settings() {
            settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn only_a_render_device_paints() -> std::io::Result<()> {
            let folder = tempfile::tempdir()?;
            assert!(!has_render_device(&folder.path().join("dri")));
            fs::write(folder.path().join("card0"), "")?;
            assert!(!has_render_device(folder.path()), "a card that only shows pictures");
            fs::write(folder.path().join("renderD128"), "")?;
            assert!(has_render_device(folder.path()));
            Ok(())
        }
    }
}
