//! From the errors of the engine to the fault the window shows.

use engine::{
    drift::DriftFault,
    flow::{DiscoverFault, RunFault},
    journal::JournalFault,
    secrets::SecretFault,
    workbench::TokenFault,
};
use wire::{Fault, FaultKind};

/// A fault in one line.
pub fn fault(kind: FaultKind, id: &str, message: impl Into<String>, advice: impl Into<String>) -> Fault {
    // A server's word in it may be as long as its answer was.
    let short = |text: String| token::bounded::sentence(&text);
    Fault { kind, id: id.into(), message: short(message.into()), advice: short(advice.into()), field: None, step: None }
}

/// Something typed into a field is wrong.
pub fn at_field(field: &str, id: &str, message: impl Into<String>, advice: impl Into<String>) -> Fault {
    Fault { field: Some(field.into()), ..fault(FaultKind::Input, id, message, advice) }
}

/// The journal failed.
pub fn journal(error: &JournalFault) -> Fault {
    let advice = match error {
        JournalFault::Unread(_) | JournalFault::Record(_) => {
            "The other steps can be read. A version that knows the record shows this one."
        }
        error if error.is_locked() => "Another program has the journal open and writes to it. Try again, or close it.",
        _ => "Check the free space and the rights of the data folder.",
    };
    fault(FaultKind::Storage, "journal", error.to_string(), advice)
}

/// The secret store failed.
pub fn secret(error: &SecretFault) -> Fault {
    fault(
        FaultKind::Storage,
        "secret-store",
        error.to_string(),
        "Unlock the keychain, or choose an encrypted file or memory only under Settings.",
    )
}

/// A file of the shell cannot be written.
pub fn storage(message: String) -> Fault {
    fault(
        FaultKind::Storage,
        "not-saved",
        message,
        "Check the free space and the rights of the data folder. What you typed is still here.",
    )
}

/// A question about a token cannot be answered.
pub fn token(error: TokenFault) -> Fault {
    fault(FaultKind::Input, error.id, error.message, error.advice)
}

/// Nothing was run.
pub fn run(error: RunFault) -> Fault {
    match error {
        RunFault::Fields(faults) => {
            let first = faults.first().map(|fault| fault.field.clone());
            let message = faults.into_iter().map(|fault| fault.message).collect::<Vec<_>>().join(" ");
            Fault { field: first, ..fault(FaultKind::Input, "incomplete", message, "Complete the form and run it again.") }
        }
        RunFault::Foreign(problem) => fault(FaultKind::Input, &problem.id, problem.message, &problem.advice),
        RunFault::Secret(error) => secret(&error),
        RunFault::Journal(error) => journal(&error),
    }
}

/// A kept token could not be held against a fresh exchange.
pub fn drift(error: DriftFault) -> Fault {
    match error {
        DriftFault::Unknown(error) => token(error),
        DriftFault::Run(error) => run(error),
    }
}

/// Nothing was discovered because of what was typed.
pub fn discover(error: DiscoverFault) -> Fault {
    match error {
        DiscoverFault::Field(error) => {
            at_field("issuer", "not-an-issuer", error.message, "Paste the issuer URL, e.g. https://id.example.com/realms/shop.")
        }
        DiscoverFault::Journal(error) => journal(&error),
    }
}
