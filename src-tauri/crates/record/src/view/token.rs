//! Tokens.

use ::token::inspect::{KeyEvidence, Obtained, Provenance, ShelfGroup, TokenView, Verification};

use super::words::KnownWord as _;
use crate::v1::{self, More, SignatureState, Unread};

/// The shelf line of a token.
///
/// # Errors
/// When it holds a word without which it cannot be shown.
pub fn token(record: v1::Token) -> Result<TokenView, Unread> {
    let word = |what, word: &str| Unread::Word { what, word: word.to_owned() };
    let obtained = record.obtained.known().unwrap_or(Obtained::Unknown);
    Ok(TokenView {
        shelf: shelf(record.heading.as_ref(), &record.group, obtained, record.step),
        id: record.id,
        label: record.label,
        note: record.note,
        group: record.group,
        who: record.who,
        kind: record.kind.known().ok_or_else(|| word("kind of token", record.kind.word()))?,
        format: record.format.known().ok_or_else(|| word("format of a token", record.format.word()))?,
        verification: verification(record.verification),
        parent: record.parent,
        step: record.step,
        obtained,
        origin: record.origin,
        issuer: record.issuer,
        provenance: record.provenance.map(|v1::Provenance { profile, name, issuer, .. }| Provenance { profile, name, issuer }),
        client: record.client,
        subject: record.subject,
        audience: record.audience,
        scope: record.scope,
        granted: record.granted,
        jti: record.jti,
        session: record.session,
        issued_at: record.issued_at,
        expires_at: record.expires_at,
        size: record.size,
        alg: record.alg,
        kid: record.kid,
        evidence_only: record.evidence_only,
        active: record.active,
        decrypted: record.decrypted,
        simulated: record.simulated,
        findings: record.findings,
    })
}

/// The heading of a record; one that has none, or one of a later version, stands where its words put it.
fn shelf(heading: Option<&v1::Heading>, group: &str, obtained: Obtained, step: Option<i64>) -> ShelfGroup {
    match heading {
        Some(v1::Heading::Person) => ShelfGroup::Person { name: group.to_owned() },
        Some(v1::Heading::Applications) => ShelfGroup::Applications,
        Some(v1::Heading::Pasted) => ShelfGroup::Pasted,
        Some(v1::Heading::Predicted) => ShelfGroup::Predicted,
        Some(v1::Heading::KeptByGateway) => ShelfGroup::KeptByGateway,
        Some(v1::Heading::Other(_)) | None => ShelfGroup::of_earlier_words(group, obtained, step),
    }
}

fn heading(shelf: &ShelfGroup) -> v1::Heading {
    match shelf {
        ShelfGroup::Person { .. } => v1::Heading::Person,
        ShelfGroup::Applications => v1::Heading::Applications,
        ShelfGroup::Pasted => v1::Heading::Pasted,
        ShelfGroup::Predicted => v1::Heading::Predicted,
        ShelfGroup::KeptByGateway => v1::Heading::KeptByGateway,
    }
}

/// The record of a token's shelf line. `more` is what a record of it had beside that, written by a later version.
pub fn token_record(view: TokenView, more: More) -> v1::Token {
    let TokenView {
        id,
        label,
        note,
        group,
        shelf,
        who,
        kind,
        format,
        verification,
        parent,
        step,
        obtained,
        origin,
        issuer,
        provenance,
        client,
        subject,
        audience,
        scope,
        granted,
        jti,
        session,
        issued_at,
        expires_at,
        size,
        alg,
        kid,
        evidence_only,
        active,
        decrypted,
        simulated,
        findings,
    } = view;
    v1::Token {
        id,
        label,
        note,
        group,
        who,
        kind: kind.into(),
        format: format.into(),
        verification: stored_verification(verification),
        parent,
        step,
        obtained: obtained.into(),
        heading: Some(heading(&shelf)),
        origin,
        issuer,
        provenance: provenance.map(|Provenance { profile, name, issuer }| v1::Provenance {
            profile,
            name,
            issuer,
            more: More::new(),
        }),
        client,
        subject,
        audience,
        scope,
        granted,
        jti,
        session,
        issued_at,
        expires_at,
        size,
        alg,
        kid,
        evidence_only,
        active,
        decrypted,
        simulated,
        findings,
        more,
    }
}

/// A verification that lacks its key, or of a kind that is not known, verifies nothing.
fn verification(record: v1::Verification) -> Verification {
    let v1::Verification { state, key, reason, .. } = record;
    let key = key.map(|v1::Key { kid, alg, kind, source, read_ms, nonce_hashed, .. }| KeyEvidence {
        kid,
        alg,
        kind,
        source,
        read_ms,
        nonce_hashed,
    });
    match (state, key) {
        (SignatureState::Verified, Some(key)) => Verification::Verified { key },
        (SignatureState::BadSignature, Some(key)) => Verification::BadSignature { key, reason: reason.unwrap_or_default() },
        (SignatureState::Unsecured, _) => Verification::Unsecured,
        (SignatureState::Unverifiable, _) => Verification::Unverifiable { reason: reason.unwrap_or_default() },
        (state, _) => Verification::Unverifiable {
            reason: format!("The record says “{}”, which this version cannot read.", state.word()),
        },
    }
}

fn stored_verification(verification: Verification) -> v1::Verification {
    let stored = |state, key: Option<KeyEvidence>, reason| v1::Verification {
        state,
        key: key.map(|KeyEvidence { kid, alg, kind, source, read_ms, nonce_hashed }| v1::Key {
            kid,
            alg,
            kind,
            source,
            read_ms,
            nonce_hashed,
            more: More::new(),
        }),
        reason,
        more: More::new(),
    };
    match verification {
        Verification::Verified { key } => stored(SignatureState::Verified, Some(key), None),
        Verification::BadSignature { key, reason } => stored(SignatureState::BadSignature, Some(key), Some(reason)),
        Verification::Unverifiable { reason } => stored(SignatureState::Unverifiable, None, Some(reason)),
        Verification::Unsecured => stored(SignatureState::Unsecured, None, None),
    }
}
