//! Where WSO2's servers do not do what their contract says. A row is a fact about the real product with the reason it is
//! known; a violation that no row explains is a mistake of ours.

/// What is looked at when a row is asked whether it explains a violation.
pub struct Met<'a> {
    /// `POST /applications`.
    pub operation: &'a str,
    /// Whether the request is at fault.
    pub in_request: bool,
    /// Status of the answer.
    pub status: u16,
    /// Where in the body, as a JSON pointer; empty for what is not about the body.
    pub place: &'a str,
    /// The validator's words, or `status`, `media type`.
    pub what: &'a str,
}

/// A known deviation.
pub struct Quirk {
    /// Stable id.
    pub id: &'static str,
    /// What the server does, and how that is known.
    pub fact: &'static str,
    explains: fn(&Met<'_>) -> bool,
}

/// All of them.
pub const QUIRKS: &[Quirk] = &[
    Quirk {
        id: "unlisted-refusal",
        fact: "Refusals of the portal have statuses their operations do not list: 401 for a bad token and for a missing scope alike, 403, 409, 404, 400 and 500 (server's source and its cucumber tests).",
        explains: |met| met.what == "status" && [400, 401, 403, 404, 409, 500].contains(&met.status),
    },
    Quirk {
        id: "dcr-call-back-url",
        fact: "Registration answers callBackURL where the document says callbackUrl (server's source).",
        explains: |met| met.operation == "POST /register" && !met.in_request && met.what.contains("'callBackURL'"),
    },
    Quirk {
        id: "dcr-booleans",
        fact: "saasApp, isSaasApplication and userstoreDomainInSubject are booleans on the wire and strings in the document (server's source).",
        explains: |met| {
            met.operation == "POST /register"
                && ["/saasApp", "/isSaasApplication", "/userstoreDomainInSubject"].contains(&met.place)
                && met.what.contains("is not of type \"string\"")
        },
    },
    Quirk {
        id: "dcr-null-uuid",
        fact: "applicationUUID is null in the answer of a registration (server's source).",
        explains: |met| met.operation == "POST /register" && met.place == "/applicationUUID" && met.what.starts_with("null "),
    },
    Quirk {
        id: "api-key-managers",
        fact: "keyManagers of an API is an array of names or [\"all\"]; the document says object (server's source).",
        explains: |met| met.operation == "GET /apis/{apiId}" && met.place == "/keyManagers",
    },
    Quirk {
        id: "secret-properties",
        fact: "additionalProperties of a consumer secret hold a text and a number; the document says objects (cucumber tests of 4.7).",
        explains: |met| met.place.contains("/additionalProperties/") && met.operation.contains("secret"),
    },
    Quirk {
        id: "configuration-default",
        fact: "default of a key manager's application configuration is a plain value such as N/A; the document says object (server's source).",
        explains: |met| met.operation == "GET /key-managers" && met.place.ends_with("/default"),
    },
    Quirk {
        id: "no-such-operation",
        fact: "An address the release does not have yet answers 404 (secrets on 4.6).",
        explains: |met| met.what == "operation" && met.status == 404,
    },
];

/// The row that explains a violation.
pub fn explaining(met: &Met<'_>) -> Option<&'static Quirk> {
    QUIRKS.iter().find(|quirk| (quirk.explains)(met))
}
