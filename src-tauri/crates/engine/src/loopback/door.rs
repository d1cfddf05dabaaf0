//! What is read of a request, whether it is the answer, and the page it gets. Nothing of a request is repeated in a page.

use std::sync::{Mutex, PoisonError};

use oauth::message;
use token::secret::Secret;
use tokio::sync::{oneshot, watch};

use super::strays::{Stray, Strays};

/// Most headers that are read; a browser sends about fifteen.
const MOST_HEADERS: usize = 128;
/// Longest query that gets the page of success; the model refuses to read a longer one.
const LONGEST_QUERY: usize = 16 * 1024;

/// Whom the listener waits for, and who came meanwhile.
pub(super) struct Listener {
    /// `127.0.0.1:49213`.
    place: String,
    path: String,
    state: Secret,
    sender: Mutex<Option<oneshot::Sender<String>>>,
    strays: watch::Sender<Strays>,
}

/// What a request gets.
pub(super) struct Reply {
    /// The whole response.
    pub(super) text: String,
    /// Hands on the answer, once the page is on its way.
    pub(super) taken: Option<(oneshot::Sender<String>, String)>,
}

impl Listener {
    pub(super) fn new(
        place: String,
        path: String,
        state: Secret,
        sender: oneshot::Sender<String>,
    ) -> (Self, watch::Receiver<Strays>) {
        let (strays, seen) = watch::channel(Strays::default());
        (Self { place, path, state, sender: Mutex::new(Some(sender)), strays }, seen)
    }

    /// Answers one request by its head: request line and headers, up to and with the empty line.
    pub(super) fn answer(&self, head: &[u8]) -> Reply {
        let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut request = httparse::Request::new(&mut headers);
        match request.parse(head) {
            Ok(httparse::Status::Complete(_)) => {}
            Err(httparse::Error::TooManyHeaders) => return self.refuse(431),
            _ => return self.refuse(400),
        }
        let (Some(method), Some(target)) = (request.method, request.path) else { return self.refuse(400) };
        match self.judge(method, target, &Headers(request.headers)) {
            Ok(query) => self.take(query),
            Err((stray, page)) => {
                self.count(stray);
                Reply { text: response(&page, method == "HEAD"), taken: None }
            }
        }
    }

    /// Answers what is no request, with this status.
    pub(super) fn refuse(&self, status: u16) -> Reply {
        self.count(Stray::Malformed);
        Reply { text: response(&Page::malformed(status), false), taken: None }
    }

    /// Notes what was not the answer. Who comes after the answer is of no interest to anybody.
    pub(super) fn count(&self, stray: Stray) {
        if self.sender.lock().unwrap_or_else(PoisonError::into_inner).is_some() {
            self.strays.send_modify(|strays| strays.count(stray));
        }
    }

    /// The query of the answer, or what is wrong with the request.
    fn judge<'t>(&self, method: &str, target: &'t str, headers: &Headers<'_>) -> Result<&'t str, (Stray, Page)> {
        match headers.only("host") {
            Ok(Some(host)) if self.is_place(host) => {}
            Ok(Some(_)) => return Err((Stray::Host, Page::ELSEWHERE)),
            _ => return Err((Stray::Host, Page::malformed(400))),
        }
        // RFC 9112 3.2.2: a server takes the absolute form as well; it must name the same place.
        let origin_form = match target.split_at_checked(7) {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http://") => {
                let end = rest.find(['/', '?']).unwrap_or(rest.len());
                let (authority, rest) = rest.split_at(end);
                if !self.is_place(authority) {
                    return Err((Stray::Host, Page::ELSEWHERE));
                }
                rest
            }
            _ => target,
        };
        let without_fragment = origin_form.split('#').next().unwrap_or_default();
        let (path, query) = without_fragment.split_once('?').unwrap_or((without_fragment, ""));
        if path != self.path {
            return Err((Stray::Path, Page::NOTHING));
        }
        match method {
            "GET" => {}
            "POST" => return Err((Stray::Posted, Page::METHOD)),
            _ => return Err((Stray::Method, Page::METHOD)),
        }
        if headers.of_a_page() {
            return Err((Stray::Fetched, Page::FETCHED));
        }
        if headers.with_a_body() {
            return Err((Stray::Malformed, Page::malformed(400)));
        }
        if !message::answers_login(query, self.state.expose()) {
            return Err((Stray::State, Page::STRANGER));
        }
        Ok(query)
    }

    /// RFC 9110 4.2.3: a host is compared without regard to case, and port 80 need not be named.
    fn is_place(&self, host: &str) -> bool {
        host.eq_ignore_ascii_case(&self.place)
            || self.place.strip_suffix(":80").is_some_and(|without| host.eq_ignore_ascii_case(without))
    }

    /// Takes the answer, if it is the first.
    fn take(&self, query: &str) -> Reply {
        let Some(sender) = self.sender.lock().unwrap_or_else(PoisonError::into_inner).take() else {
            return Reply { text: response(&Page::USED, false), taken: None };
        };
        let page = if query.len() > LONGEST_QUERY { Page::LONG } else { Page::DONE };
        Reply { text: response(&page, false), taken: Some((sender, query.to_owned())) }
    }
}

struct Headers<'h>(&'h [httparse::Header<'h>]);

impl Headers<'_> {
    fn all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s [u8]> {
        self.0.iter().filter(move |header| header.name.eq_ignore_ascii_case(name)).map(|header| header.value)
    }

    /// The value of a header that may stand there once. The error: it stands there more often, or is no text.
    fn only<'s>(&'s self, name: &'s str) -> Result<Option<&'s str>, ()> {
        let mut found = self.all(name);
        match (found.next(), found.next()) {
            (None, _) => Ok(None),
            (Some(value), None) => std::str::from_utf8(value).map(|text| Some(text.trim())).map_err(|_| ()),
            _ => Err(()),
        }
    }

    /// Whether a page asked for it instead of the user's browser going there, as browsers say themselves (Fetch Metadata); or
    /// whether it was only fetched ahead, in which case the browser will come again.
    fn of_a_page(&self) -> bool {
        let other = |name, wanted: &str| match self.only(name) {
            Ok(None) => false,
            Ok(Some(value)) => value != wanted,
            Err(()) => true,
        };
        other("sec-fetch-dest", "document")
            || other("sec-fetch-mode", "navigate")
            || ["sec-purpose", "purpose", "x-purpose", "x-moz", "service-worker", "upgrade"]
                .iter()
                .any(|name| self.all(name).next().is_some())
    }

    fn with_a_body(&self) -> bool {
        self.all("transfer-encoding").next().is_some()
            || match self.only("content-length") {
                Ok(None) => false,
                Ok(Some(length)) => length != "0",
                Err(()) => true,
            }
    }
}

struct Page {
    status: u16,
    reason: &'static str,
    title: &'static str,
    text: &'static str,
}

impl Page {
    const DONE: Self =
        Self::new(200, "OK", "Back to Claimscope", "The answer has arrived. You can close this tab and go back to the window.");
    const LONG: Self =
        Self::new(414, "URI Too Long", "Too long", "This is not an authorization response. See Claimscope for details.");
    const USED: Self = Self::new(410, "Gone", "Already used", "This address has been used before. Start again in Claimscope.");
    const ELSEWHERE: Self = Self::new(
        421,
        "Misdirected Request",
        "Not for this address",
        "This listener answers only for the address Claimscope gave to the provider.",
    );
    const NOTHING: Self = Self::new(404, "Not Found", "Nothing here", "Claimscope waits for the browser at another path.");
    const METHOD: Self =
        Self::new(405, "Method Not Allowed", "Not understood", "Only a redirect by GET is expected here. See Claimscope.");
    const FETCHED: Self =
        Self::new(403, "Forbidden", "Not asked for by a page", "Only the browser itself may come here, not a page in it.");
    const STRANGER: Self = Self::new(
        400,
        "Bad Request",
        "Not the answer Claimscope waits for",
        "This address does not belong to the log in that is going on. Go back to Claimscope; it says what to do.",
    );

    const fn new(status: u16, reason: &'static str, title: &'static str, text: &'static str) -> Self {
        Self { status, reason, title, text }
    }

    /// A page for what could not be read as a request.
    const fn malformed(status: u16) -> Self {
        let reason = match status {
            408 => "Request Timeout",
            414 => "URI Too Long",
            431 => "Request Header Fields Too Large",
            _ => "Bad Request",
        };
        Self::new(status, reason, "Not understood", "This is not a request Claimscope waits for.")
    }
}

fn response(page: &Page, head_only: bool) -> String {
    let Page { status, reason, title, text } = page;
    let body = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title} · Claimscope</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><style>:root{{color-scheme:light dark}}body{{font:15px/1.5 system-ui,sans-serif;\
         display:grid;place-content:center;min-height:90vh;margin:0 24px}}h1{{font-size:20px;margin:0 0 4px}}p{{margin:0;max-width:32em}}</style></head>\
         <body><main><h1>{title}</h1><p>{text}</p></main></body></html>"
    );
    let allow = if *status == 405 { "allow: GET\r\n" } else { "" };
    let shown = if head_only { "" } else { body.as_str() };
    format!(
        "HTTP/1.1 {status} {reason}\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\n\
         content-security-policy: default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'\r\n\
         cache-control: no-store\r\nreferrer-policy: no-referrer\r\nx-content-type-options: nosniff\r\n\
         cross-origin-resource-policy: same-origin\r\n{allow}connection: close\r\n\r\n{shown}",
        body.len()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The status a request gets, whether it was taken, and what was counted.
    fn ask(head: &str) -> (u16, bool, Vec<String>) {
        let (sender, mut arrived) = oneshot::channel();
        let (door, strays) = Listener::new("127.0.0.1:4711".into(), "/callback".into(), Secret::new("st4te"), sender);
        let reply = door.answer(head.as_bytes());
        if let Some((sender, query)) = reply.taken {
            let _ = sender.send(query);
        }
        let status = reply.text.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or(0);
        (status, arrived.try_recv().is_ok(), strays.borrow().lines())
    }

    #[test]
    fn only_the_answer_is_taken() {
        let get = |target: &str, more: &str| format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1:4711\r\n{more}\r\n");
        let good = "/callback?code=c&state=st4te";
        for head in [
            get(good, ""),
            get(good, "Sec-Fetch-Dest: document\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Site: cross-site\r\n"),
            get(good, "Content-Length: 0\r\n"),
            get("http://127.0.0.1:4711/callback?state=st4te&error=access_denied", ""),
            get("/callback?st%61te=st4te&code=c", ""),
        ] {
            assert_eq!(ask(&head), (200, true, Vec::new()), "{head}");
        }
        for (head, status, kind) in [
            (get("/callback", ""), 400, "1 answer without the right state"),
            (get("/callback?code=c&state=st4te&state=st4te", ""), 400, "1 answer without the right state"),
            (get("/callback/?code=c&state=st4te", ""), 404, "1 request for another path"),
            (get(good, "Host: 127.0.0.1:4711\r\n"), 400, "1 request for another host"),
            (get(good, "Sec-Fetch-Dest: image\r\n"), 403, "1 request made by a page instead of going there"),
            (get(good, "Sec-Purpose: prefetch\r\n"), 403, "1 request made by a page instead of going there"),
            (get(good, "Transfer-Encoding: chunked\r\n"), 400, "1 connection that was no HTTP, too long or too slow"),
            ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".into(), 400, "1 connection that was no HTTP, too long or too slow"),
        ] {
            assert_eq!(ask(&head), (status, false, vec![kind.to_owned()]), "{head}");
        }
    }
}
