//! What the lab does otherwise than a real Keycloak, on purpose: one table that the suite reads its expectations from and
//! that `docs/keycloak-differences.md` shows. Anything that differs and does not stand here is a fault of the lab.

/// Which provider a test of the suite runs at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The built-in lab.
    Lab,
    /// A real Keycloak.
    Keycloak,
}

/// One row.
pub struct Difference {
    /// Its name, by which the suite asks.
    pub id: &'static str,
    /// What the lab does.
    pub lab: &'static str,
    /// What Keycloak does.
    pub keycloak: &'static str,
    /// Why it stays so.
    pub why: &'static str,
}

/// The table, in the order of the page.
pub const ALL: &[Difference] = &[
    Difference {
        id: "simulated",
        lab: "tokens are marked as simulated",
        keycloak: "tokens are not marked",
        why: "nobody shall take a token of the lab for a real one",
    },
    Difference { id: "realm name", lab: "lab", keycloak: "platform", why: "the addresses of the two must not be confused" },
];

impl Target {
    /// What is expected here in this respect.
    pub fn expect(self, id: &str) -> &'static str {
        let row = ALL.iter().find(|row| row.id == id).unwrap_or_else(|| panic!("`{id}` is no known difference"));
        match self {
            Self::Lab => row.lab,
            Self::Keycloak => row.keycloak,
        }
    }
}
