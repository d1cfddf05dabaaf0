//! The system clipboard, written from here so that copied secrets never cross to the window.

use std::sync::{Mutex, PoisonError};

/// Writes a text to a clipboard; the error is a sentence.
pub type Clipboard = Box<dyn Fn(String) -> Result<(), String> + Send + Sync>;

/// The system's clipboard, opened at first use and kept open: on X11 the text lives in the program that copied it.
pub fn system() -> Clipboard {
    let open: Mutex<Option<arboard::Clipboard>> = Mutex::new(None);
    Box::new(move |text| {
        let mut open = open.lock().unwrap_or_else(PoisonError::into_inner);
        let clipboard = match open.take() {
            Some(clipboard) => Ok(clipboard),
            None => arboard::Clipboard::new(),
        };
        let mut clipboard = clipboard.map_err(|error| format!("The system clipboard cannot be used: {error}."))?;
        let written = clipboard.set_text(text).map_err(|error| format!("The text could not be copied: {error}."));
        *open = Some(clipboard);
        written
    })
}
