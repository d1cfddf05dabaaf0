//! How long the gateway goes by what it found out before.
//!
//! WSO2 keeps the outcome for a token in several places, for minutes: that lets a revoked token pass and keeps a mended one out.
//! The times are its own; whoever wants to see the end of a cache without waiting for it shortens them, and they say so.

/// Times in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caches {
    /// A token that was refused stays refused (`apim.cache.gateway_token`); 15 min.
    pub refused_ms: i64,
    /// What introspection said of an opaque token (`apim.cache.gateway_token`); 15 min.
    pub introspected_ms: i64,
    /// A token the product's own APIs have seen (`apim.cache.restapi_token`); 5 min.
    pub portal_ms: i64,
}

impl Default for Caches {
    fn default() -> Self {
        Caches { refused_ms: 900_000, introspected_ms: 900_000, portal_ms: 300_000 }
    }
}

impl Caches {
    /// A sixtieth of WSO2's: 15 s and 5 s, to be watched from beginning to end.
    pub const SHORT: Caches = Caches { refused_ms: 15_000, introspected_ms: 15_000, portal_ms: 5000 };
}
