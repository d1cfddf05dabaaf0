//! Faults of a call to an API, in WSO2's shapes.

use axum::http::{HeaderMap, Method};
use axum::response::Response;
use serde_json::json;

use crate::serve;

/// A fault in WSO2's JSON shape; `code` is a string on the wire.
pub(super) struct Fault {
    pub(super) status: u16,
    pub(super) code: &'static str,
    pub(super) message: &'static str,
    pub(super) description: String,
}

pub(super) fn no_resource() -> Fault {
    Fault {
        status: 403,
        code: "900906",
        message: "No matching resource found in the API for the given request",
        description: "Check the API documentation and add a proper REST resource path to the invocation URL".to_owned(),
    }
}

pub(super) fn unclassified() -> Fault {
    Fault {
        status: 500,
        code: "900900",
        message: "Unclassified Authentication Failure",
        description: "Error while accessing backend services for API key validation".to_owned(),
    }
}

pub(super) fn unreachable_backend() -> Fault {
    Fault { status: 500, code: "101503", message: "Runtime Error", description: "Error connecting to the back end".to_owned() }
}

pub(super) fn invalid_credentials() -> Fault {
    Fault {
        status: 401,
        code: "900901",
        message: "Invalid Credentials",
        description: "Make sure you have provided the correct security credentials".to_owned(),
    }
}

/// A fault of a request with a body comes in the media type of that body.
pub(super) fn wants_xml(method: &Method, headers: &HeaderMap) -> bool {
    let kind = headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    [Method::POST, Method::PUT, Method::PATCH].contains(method) && kind.contains("xml")
}

pub(super) fn faulty(fault: &Fault, xml: bool) -> Response {
    let response = if xml { xml_fault(fault) } else { json_fault(fault) };
    match (fault.status, fault.code) {
        (401, "900902") => serve::with_header(response, "www-authenticate", "Bearer realm=\"WSO2 API Manager\""),
        (401, _) => {
            let challenge = "Bearer realm=\"WSO2 API Manager\", error=\"invalid_token\", \
                             error_description=\"The provided token is invalid\"";
            serve::with_header(response, "www-authenticate", challenge)
        }
        _ => response,
    }
}

fn xml_fault(fault: &Fault) -> Response {
    let safe = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let (code, message, description) = (fault.code, safe(fault.message), safe(&fault.description));
    let body = format!(
        "<ams:fault xmlns:ams=\"http://wso2.org/apimanager/security\"><ams:code>{code}</ams:code>\
         <ams:message>{message}</ams:message><ams:description>{description}</ams:description></ams:fault>"
    );
    serve::text(fault.status, "application/xml; charset=UTF-8", body)
}

fn json_fault(fault: &Fault) -> Response {
    let mut body = json!({"code": fault.code, "message": fault.message, "description": fault.description});
    // Faults that are not about security say so in one more member.
    if !fault.code.starts_with("9009") {
        body = json!({"code": fault.code, "type": "Status report", "message": fault.message, "description": fault.description});
    }
    serve::json(fault.status, &body)
}
