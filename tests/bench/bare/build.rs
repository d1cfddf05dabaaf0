//! Gives Tauri what its window needs, and nothing else.

fn main() {
    tauri_build::build();
}
