//! The token endpoint: client and grant; the rest.

use super::family::{CALL, WSO2};
use crate::refusal::{
    entry::{Act, Refusal, Show, Tried},
    when::When,
};
use record::operation::Operation;

/// What most of these rows share.
const TOKEN: Refusal = Refusal { certain: true, ..WSO2 };

pub(crate) const ROWS: &[Refusal] = &[
    Refusal {
        id: "wso2-secret-ended",
        status: 401,
        error: &["invalid_client"],
        when: When::SecretEnded,
        cause: "The secret of {client} that was made last here (step {secret_step}) ended {secret_ended}.",
        fix: "Generate a secret for this key in Portal: the portal shows a secret only once, so an older one cannot be copied from it.",
        show: &[Show::SecretEnd, Show::Client],
        seen: "4.7",
        ..WSO2
    },
    Refusal {
        id: "wso2-client",
        status: 401,
        error: &["invalid_client"],
        cause: "The consumer key or secret of {client} is wrong.",
        fix: "Copy both from the portal again. 4.7 shows a secret only once: if it is lost, generate a further one there. Up to 4.6 a regenerated secret makes the old one void.",
        show: &[Show::Client],
        ..TOKEN
    },
    Refusal {
        id: "wso2-grant-client",
        status: 400,
        error: &["unauthorized_client"],
        cause: "The grant is not ticked for the keys of {client}.",
        fix: "Tick it among the grant types of the application's keys.",
        show: &[Show::Client],
        ..TOKEN
    },
    Refusal {
        id: "wso2-grant-server",
        status: 400,
        error: &["invalid_request", "unsupported_grant_type"],
        words: &["unsupported grant_type value"],
        cause: "The grant is switched off at the server.",
        fix: "Switch it on in deployment.toml.",
        ..TOKEN
    },
    Refusal {
        id: "wso2-userinfo-openid",
        operations: Tried::These(&[Operation::Userinfo]),
        status: 403,
        error: &["insufficient_scope"],
        cause: "The token's scope lacks openid.",
        fix: "Ask for openid when getting the gateway token.",
        show: &[Show::Scope],
        actions: &[Act::MapUser],
        ..TOKEN
    },
    Refusal {
        id: "wso2-introspect-auth",
        operations: Tried::These(&[Operation::Introspect]),
        status: 401,
        cause: "Introspection there is for users with an administrator's right by default, not for clients.",
        fix: "Allow BasicClientAuthentication for /oauth2/introspect in deployment.toml, or introspect at the provider.",
        show: &[Show::Client],
        ..WSO2
    },
    Refusal {
        id: "wso2-token-proxy",
        status: 404,
        cause: "There is nothing at this address. Token endpoints on the gateway's port ended with version 4.0.",
        fix: "Use the token endpoint of the control plane, e.g. https://localhost:9443/oauth2/token.",
        ..WSO2
    },
    Refusal {
        id: "wso2-server-error",
        status: 500,
        error: &["server_error"],
        cause: "The server failed inside.",
        fix: "Read wso2carbon.log for this time. Up to 4.0 an identity provider whose name differs from its issuer is enough.",
        show: &[Show::Iss],
        seen: "3.x-4.7",
        ..WSO2
    },
    Refusal {
        id: "wso2-web-page",
        operations: CALL,
        words: &["<!doctype html", "<html"],
        cause: "A web page came where the gateway or the API should answer: it is of a proxy or load balancer in front, of a portal, or of a server that is still starting.",
        fix: "Check host, port and path of the address (WSO2's gateway is at 8243, as it comes), and ask whoever runs the proxy what it says of this time.",
        ..TOKEN
    },
];
