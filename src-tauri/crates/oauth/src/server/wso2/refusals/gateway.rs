//! The gateway's codes and the portal.

use super::family::{CALL, WSO2};
use crate::refusal::{
    entry::{Act, Refusal, Show},
    when::When,
};

/// What most of these rows share.
const CODE: Refusal = Refusal { operations: CALL, certain: true, ..WSO2 };

/// The code that stands for many causes.
const CODE_FOR_ALL: Refusal = Refusal { error: &["900901"], ..CODE };

pub(crate) const ROWS: &[Refusal] = &[
    Refusal {
        id: "wso2-900900",
        error: &["900900"],
        certain: false,
        cause: "The gateway could not check the token at all: no key manager for the issuer {issuer}, its keys not reachable from the gateway, or an introspection that failed.",
        fix: "Give the key manager the exact issuer and a JWKS address that the gateway itself can reach, and trust its certificate there.",
        show: &[Show::Iss, Show::Alg],
        ..CODE_FOR_ALL
    },
    Refusal {
        id: "wso2-exchange-subject-ended",
        when: When::All(&[When::RefusedBehind, When::ParentEnded]),
        cause: "The gateway exchanges the provider's token of {user} for one of the API, and the provider refused that ({behind}): the provider's token ended {parent_ended}. This token lives longer than the one it was made from.",
        fix: "Log in again and map the user again: only a new token of the provider can be exchanged.",
        show: &[Show::Behind, Show::ParentExp],
        actions: &[Act::LogIn, Act::MapUser],
        ..CODE_FOR_ALL
    },
    Refusal {
        id: "wso2-exchange-refused",
        when: When::RefusedBehind,
        cause: "The gateway exchanges the provider's token of {user} for one of the API, and the provider refused that: {behind}.",
        fix: "Look at the gateway's own exchange among the step's HTTP exchanges. Where the user's session is over or the provider's token was revoked, log in again and map the user again.",
        show: &[Show::Behind],
        actions: &[Act::LogIn, Act::MapUser],
        ..CODE_FOR_ALL
    },
    Refusal {
        id: "wso2-900901-foreign",
        when: When::ForeignIssuer,
        certain: false,
        cause: "The token was issued by {issuer}, and the gateway takes tokens of {server}.",
        fix: "Get a gateway token first (user mapping for a user, client credentials for an application), or enable that issuer's key manager for the API.",
        show: &[Show::Iss],
        actions: &[Act::MapUser, Act::ApplicationToken],
        ..CODE_FOR_ALL
    },
    Refusal {
        id: "wso2-900901-expired",
        when: When::Expired,
        cause: "The token has ended {ended}.",
        fix: "Get a new one.",
        show: &[Show::Exp],
        actions: &[Act::MapUser, Act::ApplicationToken],
        ..CODE_FOR_ALL
    },
    Refusal {
        id: "wso2-900901-id-token",
        when: When::IsIdToken,
        certain: false,
        cause: "An ID token was sent. A gateway that checks the type of a token refuses it.",
        fix: "Use an access token.",
        ..CODE_FOR_ALL
    },
    Refusal {
        id: "wso2-900901",
        certain: false,
        cause: "The gateway refused the token. Its one code stands for expired, revoked, badly signed and unknown alike, and a token once refused stays so for 15 min in its cache.",
        fix: "Get a new token and try that. With versions up to 4.6 a newer token of the same client and user ends the earlier one.",
        show: &[Show::Exp, Show::Alg],
        actions: &[Act::Introspect, Act::MapUser],
        ..CODE_FOR_ALL
    },
    Refusal {
        id: "wso2-900902",
        error: &["900902"],
        cause: "The call carried no token the gateway could find.",
        fix: "Choose a token; the API may expect another header name, which the answer's description says.",
        actions: &[Act::ApplicationToken],
        ..CODE_FOR_ALL
    },
    Refusal {
        id: "wso2-900903",
        error: &["900903"],
        cause: "The token has ended {ended}.",
        fix: "Get a new one.",
        show: &[Show::Exp],
        actions: &[Act::MapUser, Act::ApplicationToken],
        seen: "3.x",
        ..CODE_FOR_ALL
    },
    Refusal {
        id: "wso2-900904",
        error: &["900904"],
        cause: "The token is not active: revoked, or replaced by a newer one.",
        fix: "Get a new one.",
        show: &[Show::Exp],
        actions: &[Act::MapUser, Act::ApplicationToken],
        seen: "3.x",
        ..CODE_FOR_ALL
    },
    Refusal {
        id: "wso2-900905-application",
        error: &["900905"],
        when: When::NoUser,
        cause: "The token was issued to an application and has no user behind it. This resource takes only tokens of a user.",
        fix: "Map the user's provider token to a gateway token, and call with that.",
        show: &[Show::Aut, Show::Sub],
        actions: &[Act::MapUser],
        ..CODE_FOR_ALL
    },
    Refusal {
        id: "wso2-900905-user",
        error: &["900905"],
        when: When::UserBehind,
        cause: "The token has a user behind it. This resource takes only tokens that an application got for itself.",
        fix: "Get an application token, and call with that.",
        show: &[Show::Aut, Show::Sub],
        actions: &[Act::ApplicationToken],
        ..CODE_FOR_ALL
    },
    Refusal {
        id: "wso2-900905",
        error: &["900905"],
        certain: false,
        cause: "The API asks for the other kind of token: one with a user behind it where an application's was sent, or the reverse. The token itself does not say which kind it is.",
        fix: "Introspect the token: aut says APPLICATION or APPLICATION_USER. For an API that needs a user, map the user's provider token to a gateway token first and call with that.",
        show: &[Show::Sub],
        actions: &[Act::Introspect, Act::MapUser, Act::ApplicationToken],
        ..CODE_FOR_ALL
    },
    Refusal {
        id: "wso2-900906",
        error: &["900906"],
        cause: "The API has no resource for {method} at this path.",
        fix: "Compare path and method with the API's definition.",
        ..CODE_FOR_ALL
    },
    Refusal {
        id: "wso2-900907",
        error: &["900907"],
        cause: "The subscription is blocked for this API.",
        fix: "Unblock it in the publisher or developer portal.",
        ..CODE_FOR_ALL
    },
    Refusal {
        id: "wso2-900908-foreign",
        error: &["900908"],
        when: When::ForeignIssuer,
        certain: false,
        cause: "The client {origin} of the token belongs to no application with a subscription; it was issued by {issuer}, whose client ids the gateway must know first.",
        fix: "Map the key of {origin} to an application (map keys), or call with a gateway token.",
        show: &[Show::Azp, Show::Iss],
        actions: &[Act::MapUser, Act::ApplicationToken],
        ..CODE_FOR_ALL
    },
    Refusal {
        id: "wso2-900908",
        error: &["900908"],
        cause: "The application behind {origin} is not subscribed to this API, or was subscribed only seconds ago.",
        fix: "Subscribe it in the developer portal; a new subscription takes some seconds to reach the gateway.",
        show: &[Show::Azp],
        ..CODE_FOR_ALL
    },
    Refusal {
        id: "wso2-900909",
        error: &["900909"],
        cause: "The subscription waits for approval or is on hold.",
        fix: "Approve it in the portal.",
        show: &[Show::Azp],
        ..CODE_FOR_ALL
    },
    Refusal {
        id: "wso2-900910",
        error: &["900910"],
        cause: "The token lacks a scope that this resource asks for.",
        fix: "Ask for the scope when getting the token. A scope bound to roles comes only when the user's role fits; look at scope in the token answer.",
        show: &[Show::Scope, Show::Roles],
        actions: &[Act::MapUser],
        ..CODE_FOR_ALL
    },
    Refusal {
        id: "wso2-900911",
        error: &["900911"],
        certain: false,
        cause: "The gateway does not hold the API's definition.",
        fix: "Deploy the API's revision again.",
        ..CODE_FOR_ALL
    },
    Refusal {
        id: "wso2-900912",
        error: &["900912", "900913"],
        certain: false,
        cause: "A claim of the token is not what the API demands.",
        fix: "Compare the token's claims with the API's claim validation.",
        show: &[Show::Aud, Show::Roles],
        ..CODE_FOR_ALL
    },
    Refusal {
        id: "wso2-900914",
        error: &["900914"],
        cause: "The API lists audiences, and the token has none of them.",
        fix: "Add the audience to the token, or to the API's list.",
        show: &[Show::Aud],
        seen: "4.3-4.7",
        ..CODE_FOR_ALL
    },
    Refusal {
        id: "wso2-throttled",
        error: &["900800", "900801", "900802", "900803", "900804", "900805", "900806", "900807"],
        cause: "Too many calls: a limit of the API, the resource, the application or the subscription was reached.",
        fix: "Wait until the time the answer names (nextAccessTime), or raise the policy.",
        ..CODE_FOR_ALL
    },
    Refusal {
        id: "wso2-blocked-api",
        error: &["700700"],
        cause: "The API is in the state BLOCKED.",
        fix: "Publish it again.",
        ..CODE_FOR_ALL
    },
    Refusal {
        id: "wso2-backend",
        error: &["101500", "101501", "101503", "101504", "101505", "101506", "101507", "101508", "303001"],
        cause: "The gateway accepted the token and could not reach the API behind it.",
        fix: "Look at the endpoint of the API and whether it runs. After repeated failures the gateway suspends it for a while.",
        ..CODE_FOR_ALL
    },
    Refusal {
        id: "wso2-not-deployed",
        status: 404,
        words: &["the requested resource is not available"],
        cause: "No API is deployed under this context and version.",
        fix: "Check the path, and deploy a revision of the API.",
        ..CODE
    },
    Refusal {
        id: "wso2-portal-401",
        status: 401,
        error: &["401"],
        words: &["unauthenticated request"],
        certain: false,
        cause: "The portal refused the token. It answers the same for a bad token and for a missing scope.",
        fix: "Look at the token's scope first: without a role mapping the exchange succeeds but apim:subscribe is not granted.",
        show: &[Show::Scope, Show::Iss],
        actions: &[Act::MapUser],
        ..CODE_FOR_ALL
    },
];
