//! Who may ask a server of the lab: only who knows it by its own name.
//!
//! A page anywhere can send a browser here, and a name of its owner's can be made to lead to 127.0.0.1 (DNS rebinding), after
//! which the page reads every answer. Such a request names the page's host, and is refused whatever it asks for. A page that
//! posts to what changes something says by its Origin where it is from, and is refused there.

use axum::extract::Request;
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderValue, Method};
use axum::response::Response;

use crate::serve::text;

/// Paths below which a request changes something for whoever is signed in, or manages something. The others are asked with a
/// token or a client's secret, which no foreign page has.
const GUARDED: [&str; 6] =
    ["/admin/", "/api/am/", "/client-registration/", "/login-actions/", "/oauth2/authorize", "/protocol/openid-connect/logout"];

/// The names a server answers to.
pub(crate) struct Home {
    hosts: [String; 2],
    port: u16,
}

impl Home {
    /// The names of this machine's loopback address with the server's port. The gateway's certificate names both.
    pub(crate) fn at(port: u16) -> Self {
        Self { hosts: [format!("127.0.0.1:{port}"), format!("localhost:{port}")], port }
    }

    /// What a request gets that is not let in: 421 when it is for another host, 403 when a page of another origin sends it.
    pub(crate) fn refusal(&self, request: &Request) -> Option<Response> {
        let mut named = request.headers().get_all(HOST).iter().map(HeaderValue::to_str);
        // HTTP/2 names the host in the address; a request may do both and then means one.
        let authority = request.uri().authority().map(|authority| authority.as_str());
        let own = |host: &str| self.hosts.iter().any(|home| home.eq_ignore_ascii_case(host));
        let by_header = match (named.next(), named.next()) {
            (None, _) => None,
            (Some(Ok(host)), None) => Some(host),
            _ => return Some(misdirected()),
        };
        if by_header.or(authority).is_none() || ![by_header, authority].into_iter().flatten().all(own) {
            return Some(misdirected());
        }
        let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
        let path = request.uri().path();
        let guarded = GUARDED.iter().any(|part| path.contains(part));
        if changes && guarded && request.headers().get_all(ORIGIN).iter().any(|origin| !self.is_own(origin, path)) {
            return Some(text(403, "text/plain", "This server takes no requests from pages of other origins.\n".into()));
        }
        None
    }

    /// Whether a page of this server sends it. A login form says `null` where its page hides where it leads from
    /// (Referrer-Policy), as Keycloak's does; what is managed is never sent by a form.
    fn is_own(&self, origin: &HeaderValue, path: &str) -> bool {
        let by_form = path.contains("/login-actions/") || path.contains("/oauth2/authorize") || path.contains("/logout");
        match origin.to_str() {
            Ok("null") => by_form,
            Ok(origin) => ["http", "https"]
                .iter()
                .any(|scheme| ["127.0.0.1", "localhost"].iter().any(|host| origin == format!("{scheme}://{host}:{}", self.port))),
            Err(_) => false,
        }
    }
}

fn misdirected() -> Response {
    text(421, "text/plain", "This server of the lab answers only for its own address.\n".into())
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn status(method: &str, uri: &str, headers: &[(&str, &str)]) -> u16 {
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).expect("a request");
        Home::at(4711).refusal(&request).map_or(200, |refusal| refusal.status().as_u16())
    }

    #[test]
    fn only_the_own_host_is_answered() {
        for host in ["127.0.0.1:4711", "localhost:4711", "LocalHost:4711"] {
            assert_eq!(status("GET", "/x", &[("host", host)]), 200, "{host}");
        }
        for host in [
            "evil.example",
            "evil.example:4711",
            "127.0.0.1",
            "localhost",
            "127.0.0.1:4712",
            "localhost.:4711",
            "127.1:4711",
            "[::1]:4711",
            "",
        ] {
            assert_eq!(status("GET", "/x", &[("host", host)]), 421, "{host}");
        }
        assert_eq!(status("GET", "/x", &[]), 421);
        assert_eq!(status("GET", "/x", &[("host", "127.0.0.1:4711"), ("host", "127.0.0.1:4711")]), 421);
        assert_eq!(status("GET", "https://127.0.0.1:4711/x", &[]), 200, "as HTTP/2 names it");
        assert_eq!(status("GET", "https://evil.example/x", &[("host", "127.0.0.1:4711")]), 421);
    }

    #[test]
    fn pages_of_other_origins_change_nothing() {
        let host = ("host", "127.0.0.1:4711");
        let post = |path: &str, origin: &str| status("POST", path, &[host, ("origin", origin)]);
        let (form, portal) = ("/realms/lab/login-actions/authenticate", "/api/am/devportal/v3/applications");
        for path in [form, portal, "/admin/realms/lab/clients", "/client-registration/v0.17/register", "/oauth2/authorize"] {
            assert_eq!(post(path, "http://127.0.0.1:4711"), 200, "{path}");
            for origin in
                ["https://evil.example", "http://127.0.0.1:4712", "http://localhost", "http://127.0.0.1:4711.evil.example"]
            {
                assert_eq!(post(path, origin), 403, "{path} {origin}");
            }
        }
        assert_eq!((post(form, "null"), post(portal, "null")), (200, 403));
        assert_eq!(post("/orders/1.0/list", "https://app.example"), 200, "an API is called by pages, with a token");
        assert_eq!(status("GET", portal, &[host, ("origin", "https://evil.example")]), 200, "and answers without CORS");
    }
}
