//! What Keycloak's refusals teach of its features. The first that fits counts.

use crate::{
    profile::Support::{NotSupported, Supported},
    refusal::lesson::Lesson,
};

const LEGACY: &[&str] = &["legacy-exchange", "impersonation", "external-to-internal", "internal-to-external"];
const V1: &[&str] = &["impersonation", "external-to-internal", "internal-to-external"];

pub(super) const LESSONS: &[Lesson] = &[
    Lesson { tried: &[], error: "", words: "feature not enabled", teaches: &[("", NotSupported)] },
    Lesson {
        tried: V1,
        error: "",
        words: "is not supported for standard token exchange",
        teaches: &[("", NotSupported), ("legacy-exchange", NotSupported), ("standard-exchange", Supported)],
    },
    // The switch of the client is off. With the legacy exchange on, the request would have gone there instead.
    Lesson {
        tried: &["standard-exchange", "legacy-exchange"],
        error: "",
        words: "standard token exchange is not enabled for the requested client",
        teaches: &[("standard-exchange", Supported), ("legacy-exchange", NotSupported)],
    },
    Lesson {
        tried: V1,
        error: "",
        words: "standard token exchange is not enabled for the requested client",
        teaches: &[("", NotSupported), ("standard-exchange", Supported), ("legacy-exchange", NotSupported)],
    },
    Lesson { tried: &["standard-exchange"], error: "", words: "requested audience not available", teaches: &[("", Supported)] },
    // The permission is missing, so the feature that asks for it is there.
    Lesson {
        tried: LEGACY,
        error: "access_denied",
        words: "client not allowed to exchange",
        teaches: &[("", Supported), ("legacy-exchange", Supported)],
    },
    Lesson { tried: V1, error: "not_linked", words: "", teaches: &[("", Supported), ("legacy-exchange", Supported)] },
    Lesson { tried: V1, error: "token_expired", words: "", teaches: &[("", Supported), ("legacy-exchange", Supported)] },
    Lesson { tried: V1, error: "invalid_issuer", words: "", teaches: &[("", Supported), ("legacy-exchange", Supported)] },
    Lesson { tried: &["delegation"], error: "", words: "may_act", teaches: &[("", Supported)] },
    Lesson { tried: &["delegation"], error: "", words: "invalid actor", teaches: &[("", Supported)] },
    Lesson { tried: &["delegation"], error: "", words: "actor is not allowed to delegate", teaches: &[("", Supported)] },
];
