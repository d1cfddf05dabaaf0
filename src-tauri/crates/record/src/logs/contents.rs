//! What a file holds, by its first bytes: lines of a log, a metrics page, or nothing that can be read.

use memchr::{memchr, memmem};

use super::export;

/// What a file turns out to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Contents {
    /// Lines of a log.
    Log,
    /// A metrics page.
    Metrics,
    /// Neither, with what to do about it.
    Unreadable {
        /// What it is.
        message: &'static str,
        /// What to do.
        advice: &'static str,
    },
}

/// Looks at the first bytes of a file.
pub fn sniff(head: &[u8]) -> Contents {
    let unreadable = |message, advice| Contents::Unreadable { message, advice };
    match head {
        [0x1f, 0x8b, ..] | [b'P', b'K', 3, 4, ..] | [0x28, 0xb5, 0x2f, 0xfd, ..] => {
            unreadable("This file is compressed.", "Unpack it first, then open the log inside.")
        }
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => unreadable(
            "This file is UTF-16, as PowerShell writes it with >.",
            "Write it again as UTF-8, for example with Out-File -Encoding utf8.",
        ),
        _ if export::begins(head) => Contents::Log,
        _ if memchr(0, &head[..head.len().min(4096)]).is_some() => {
            unreadable("This file is binary, not text.", "Choose the server's log file, for example keycloak.log.")
        }
        _ if head.starts_with(b"# HELP ") || head.starts_with(b"# TYPE ") || metrics_line(head) => Contents::Metrics,
        _ => Contents::Log,
    }
}

fn metrics_line(head: &[u8]) -> bool {
    head.starts_with(b"keycloak_") || memmem::find(head, b"\nkeycloak_user_events").is_some()
}
