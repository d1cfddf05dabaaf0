//! What a mapping is made from.

use super::{back::Back, side::Side};

/// What the check is made from. At least one side is there.
pub struct MappingFacts<'a> {
    /// The Keycloak token.
    pub source: Option<Side<'a>>,
    /// The WSO2 token made from it.
    pub issued: Option<Side<'a>>,
    /// Scopes that were asked for when it was made; none = not known.
    pub asked: Option<Vec<String>>,
    /// The claim WSO2 is told to read roles from; none = the likeliest.
    pub claim: Option<&'a str>,
    /// The servers, for the way back; none where the provider is no Keycloak.
    pub back: Option<Back<'a>>,
}
