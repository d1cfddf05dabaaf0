//! Which release of WSO2 API Manager is played.

/// Which release of WSO2 API Manager the gateway plays. They differ in what a caller sees of secrets and of earlier tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum GatewayRelease {
    /// 4.6: one secret, readable again, to be regenerated; tokens are kept on the server, so a new token for the same
    /// application, user and scope revokes the earlier one; refresh tokens are opaque.
    V4_6,
    /// 4.7: several secrets, each readable once; nothing is kept on the server, so every token lives its own life; refresh
    /// tokens are JWTs.
    #[default]
    V4_7,
}
