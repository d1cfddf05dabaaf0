//! The words that stand where a token stood.

use token::{
    inspect::{TokenKind, TokenView},
    measure,
};

/// The words that stand for a token: kind, owner and a part of its id, never a part of its text.
pub fn evidence(view: &TokenView) -> String {
    let kind = match view.kind {
        TokenKind::Access => "access",
        TokenKind::Id => "id token",
        TokenKind::Refresh => "refresh",
        TokenKind::Other => "token",
    };
    let mut parts = vec![kind.to_owned()];
    if !view.who.is_empty() {
        parts.push(view.who.clone());
    }
    // A reference token that was its own id has a placeholder in its place, which tells nothing.
    match view.jti.as_ref().filter(|jti| !jti.starts_with('[')) {
        // Keycloak's prefix says session, kind and grant, and is worth keeping whole.
        Some(jti) => {
            parts.push(format!("jti {}", measure::middle_cut(jti, jti.find(':').map_or(4, |colon| colon.min(12) + 5), 4)))
        }
        None => parts.push(measure::size(view.size)),
    }
    format!("[{}]", parts.join(", "))
}
