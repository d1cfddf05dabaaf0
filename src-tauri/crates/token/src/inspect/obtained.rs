//! How a token came to be here.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How a token came to be on the shelf. What is done with a token goes by this, never by the words beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Obtained {
    /// By the authorization code of a log in (RFC 6749 4.1).
    LogIn,
    /// By token exchange (RFC 8693).
    Exchanged,
    /// By an assertion as authorization grant (RFC 7521 4.1).
    Asserted,
    /// By client credentials (RFC 6749 4.4).
    ClientCredentials,
    /// By a user's password (RFC 6749 4.3).
    Password,
    /// By a refresh token (RFC 6749 6).
    Refreshed,
    /// From the developer portal of a gateway.
    Portal,
    /// In another answer of a server, e.g. a signed one of userinfo (OpenID Connect Core 5.3.2).
    Answered,
    /// Pasted, or dropped as a file.
    Pasted,
    /// A prediction of the server: it was never issued.
    Predicted,
    /// Kept by a gateway that exchanged it by itself and told what is in it.
    KeptByGateway,
    /// Found inside an encrypted token that was opened.
    Opened,
    /// Not known, or by a way this release does not know.
    #[default]
    #[serde(other)]
    Unknown,
}

impl Obtained {
    /// Of a record of an earlier release, which had the words of its origin and its heading on the shelf alone.
    pub fn of_earlier_words(origin: &str, group: &str) -> Self {
        const BY_ORIGIN: [(&str, Obtained); 10] = [
            ("log in", Obtained::LogIn),
            ("token exchange", Obtained::Exchanged),
            ("jwt-bearer", Obtained::Asserted),
            ("client credentials", Obtained::ClientCredentials),
            ("password grant", Obtained::Password),
            ("refresh", Obtained::Refreshed),
            ("the developer portal", Obtained::Portal),
            ("userinfo", Obtained::Answered),
            ("inside the encrypted token", Obtained::Opened),
            ("the clipboard", Obtained::Pasted),
        ];
        match group {
            "Predicted" => return Self::Predicted,
            "Kept by the gateway" => return Self::KeptByGateway,
            _ => {}
        }
        BY_ORIGIN.iter().find(|(words, _)| origin.starts_with(words)).map_or(Self::Unknown, |(_, obtained)| *obtained)
    }
}

#[cfg(test)]
mod tests {
    use super::Obtained;

    #[test]
    fn records_of_earlier_releases_are_understood_and_later_ones_unknown() {
        let rows = [
            ("refresh by portal", "alice", Obtained::Refreshed),
            ("jwt-bearer by orders-app", "alice", Obtained::Asserted),
            ("prediction", "Predicted", Obtained::Predicted),
            ("kept by the gateway since its exchange as portal", "Kept by the gateway", Obtained::KeptByGateway),
            ("the clipboard", "Pasted", Obtained::Pasted),
            ("something else", "alice", Obtained::Unknown),
        ];
        for (origin, group, expected) in rows {
            assert_eq!(Obtained::of_earlier_words(origin, group), expected, "{origin}");
        }
        assert_eq!(serde_json::from_str::<Obtained>("\"by_magic\"").ok(), Some(Obtained::Unknown));
        assert_eq!(serde_json::to_string(&Obtained::KeptByGateway).ok().as_deref(), Some("\"kept_by_gateway\""));
    }
}
