//! What a server will likely refuse, said before it is asked.

use crate::{
    message::{Materials, client_of, token_id, value},
    operation::{TokenField, definition::Remarked},
    profile::{Profile, ServerRole},
    server::{Remarks, habits},
};
use record::operation::Draft;
use token::{
    finding::{Finding, Severity},
    inspect::{TokenView, Verification},
    words,
};

/// Remarks on a draft, worst first. Lifetimes are judged only when the materials know the time.
pub fn warnings(draft: &Draft, profile: &Profile, materials: &dyn Materials) -> Vec<Finding> {
    let mut found = Remarks::none();
    let definition = crate::operation::of(draft.operation);
    let client = value(draft, "client").and_then(|id| client_of(profile, id, definition.prefer));
    let dialect = match (client.map(|client| client.server), &profile.gateway) {
        (Some(ServerRole::Gateway), Some(gateway)) => gateway.dialect,
        _ => profile.provider.dialect,
    };
    let own = &habits(dialect).warnings;
    let remarked = Remarked { draft, profile, client, own, now_s: materials.now_s() };
    for field in definition.tokens.iter().filter(|field| (definition.sends)(draft, field.name)) {
        let material = value(draft, field.name).and_then(token_id).and_then(|id| materials.token(id));
        let Some(material) = material else { continue };
        if material.text.is_none() {
            found.add(
                "evidence-only",
                Severity::Error,
                "Not sendable",
                format!("Only the claims of {} are left, so it can be compared but not sent.", material.view.label),
                None,
                field.name,
            );
        }
        token(&material.view, field, remarked.now_s, &mut found);
        // An API behind a gateway looks at its own issuer.
        if !definition.calls_api() {
            (own.token)(profile, &material.view, field.name, &mut found);
        }
        (field.remarks)(&remarked, &material.view, &mut found);
    }
    (definition.remarks)(&remarked, &mut found);
    common(draft, &mut found);
    if let Some(client) = client
        && let Some(refusal) = materials.refused_before(draft.operation, &client.client_id)
    {
        found.add(
            "refused-before",
            Severity::Warning,
            "Refused before",
            format!(
                "At step {} the server refused this: {} It will again, unless that was set right.",
                refusal.step, refusal.cause
            ),
            None,
            "client",
        );
    }
    found.worst_first()
}

fn token(view: &TokenView, of: &TokenField, now_s: Option<i64>, found: &mut Remarks) {
    let field = of.name;
    if let Some(ended) = view.expires_at.zip(now_s).map(|(end, now)| now.saturating_sub(end)) {
        if ended >= 0 && !of.may_be_over {
            found.add(
                "subject-expired",
                Severity::Error,
                "Token expired",
                format!(
                    "{} ended {} ago; the server will refuse it. Refresh it or log in again.",
                    view.label,
                    words::duration(ended)
                ),
                None,
                field,
            );
        } else if (-30..0).contains(&ended) && !of.may_be_over {
            found.add(
                "subject-expiring",
                Severity::Warning,
                "Expires soon",
                format!("{} ends in {}.", view.label, words::duration(ended)),
                None,
                field,
            );
        }
    }
    match &view.verification {
        Verification::BadSignature { .. } => found.add(
            "subject-bad-signature",
            Severity::Error,
            "Bad signature",
            format!("The signature of {} does not fit its issuer's key.", view.label),
            None,
            field,
        ),
        Verification::Unsecured => found.add(
            "subject-unsecured",
            Severity::Error,
            "Not signed",
            format!("{} is not signed (alg none).", view.label),
            Some("RFC 8725 3.2"),
            field,
        ),
        _ => {}
    }
    if view.active == Some(false) {
        found.add(
            "subject-inactive",
            Severity::Warning,
            "Not active",
            format!("Introspection said that {} is not active.", view.label),
            Some("RFC 7662 2.2"),
            field,
        );
    }
    if let Some(detail) = (of.misfit)(view.kind) {
        found.add("wrong-token-kind", Severity::Warning, "Other kind of token", detail.into(), None, field);
    }
}

fn common(draft: &Draft, found: &mut Remarks) {
    for (index, pair) in draft.extra.iter().enumerate() {
        let name = pair.name.trim();
        let repeatable = matches!(name, "audience" | "resource");
        if !name.is_empty()
            && !repeatable
            && (draft.extra[..index].iter().any(|other| other.name.trim() == name) || value(draft, name).is_some())
        {
            found.add(
                "repeated-parameter",
                Severity::Warning,
                "Sent twice",
                format!("{name} is sent more than once, which servers refuse."),
                Some("RFC 6749 3.2"),
                "extra",
            );
        }
    }
}
