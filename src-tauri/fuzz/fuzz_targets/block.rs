//! An expectation block made up by a machine: read, and what was read is written and read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use token::check::Expectations;
use oauth::{resource::block, profile::Profile};

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let profile = Profile::default();
    match block::read(&text, &profile, "orders", &Expectations::default()) {
        Ok(read) => assert!(read.notes.len() <= 101 && read.notes.iter().all(|note| note.len() < 4_096)),
        Err(fault) => assert!(fault.line >= 1 && fault.column >= 1),
    }
});
