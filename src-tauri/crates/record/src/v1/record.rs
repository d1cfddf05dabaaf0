//! A record as text: its form number before it, what a later version wrote kept, and why it cannot be read where it cannot.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

/// Number of the form new records are written in. It rises with every change of the form.
pub const FORM: u32 = 1;

/// What stands in a record that this version knows no name for.
pub type More = Map<String, Value>;

/// Why a record cannot be read.
#[derive(Debug)]
pub enum Unread {
    /// It is not what was written.
    Broken(serde_json::Error),
    /// It has the form of a later version.
    Newer(u64),
    /// It holds a word of a later version where nothing can be shown without knowing it.
    Word {
        /// What the word stands for, e.g. `operation`.
        what: &'static str,
        /// The word.
        word: String,
    },
}

impl std::fmt::Display for Unread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Broken(error) => write!(f, "it is not what was written ({error})"),
            Self::Newer(form) => write!(f, "a newer version of Claimscope wrote it (form {form})"),
            Self::Word { what, word } => write!(f, "a newer version of Claimscope wrote it (with the {what} “{word}”)"),
        }
    }
}

impl std::error::Error for Unread {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Broken(error) => Some(error),
            Self::Newer(_) | Self::Word { .. } => None,
        }
    }
}

impl From<serde_json::Error> for Unread {
    fn from(error: serde_json::Error) -> Self {
        Self::Broken(error)
    }
}

/// What is written down as a record of its own.
pub trait Record: Serialize + DeserializeOwned {
    /// Brings a record from before there was a form number to this form.
    fn earlier(value: &mut Value);

    /// What a later version wrote into it.
    fn more(&mut self) -> &mut More;
}

/// A record with the number of its form before it.
#[derive(Serialize)]
struct Numbered<'a, T> {
    form: u32,
    #[serde(flatten)]
    record: &'a T,
}

#[derive(Deserialize)]
struct Number {
    form: Option<u64>,
}

/// The text of a record.
///
/// # Errors
/// When a value in it cannot be written as JSON.
pub fn write<T: Record>(record: &T) -> Result<String, Unread> {
    Ok(serde_json::to_string(&Numbered { form: FORM, record })?)
}

/// A record of this or any earlier form.
///
/// # Errors
/// When it is not what was written, or has the form of a later version.
pub fn read<T: Record>(text: &str) -> Result<T, Unread> {
    match serde_json::from_str::<Number>(text)?.form {
        Some(form) if form == u64::from(FORM) => {
            let mut record: T = serde_json::from_str(text)?;
            // It is written anew with the number of its writer.
            record.more().shift_remove("form");
            Ok(record)
        }
        Some(form) => Err(Unread::Newer(form)),
        None => {
            let mut value: Value = serde_json::from_str(text)?;
            T::earlier(&mut value);
            Ok(serde_json::from_value(value)?)
        }
    }
}
