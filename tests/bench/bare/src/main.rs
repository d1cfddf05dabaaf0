//! One window, one static page, no plugin, no command: the floor that `cargo xtask bench` divides by.

fn main() -> tauri::Result<()> {
    tauri::Builder::default().run(tauri::generate_context!())
}
