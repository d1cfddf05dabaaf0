//! One request that is not the answer: it gets a 4xx, is counted, and the right answer still gets in.

use super::{Answer, GOOD, Open, get, send};
use crate::row::Attack;

/// Rows of requests that are refused, of requests that are taken, and of what comes after the answer.
pub fn rows() -> Vec<Attack> {
    let mut rows: Vec<Attack> =
        refused().into_iter().map(|(name, request, status)| Attack::new(name.clone(), stray(request, status))).collect();
    rows.extend(taken().into_iter().map(|(name, request)| Attack::new(name, answer(request))));
    rows.push(Attack::new("a second answer is told that the address was used", again()));
    rows.push(Attack::new("a stray, then another process with the wrong state after the answer", after()));
    rows
}

async fn stray(request: String, status: u16) -> Result<(), String> {
    let mut open = Open::start().await?;
    let request = open.filled(&request);
    let Answer { status: got, text } = send(open.port(), request.as_bytes()).await?;
    if got != status {
        return Err(format!("it got {got} instead of {status}"));
    }
    if text.contains(open.state) || text.contains("evil") || text.to_ascii_lowercase().contains("access-control") {
        return Err("the page repeats something of the request, or opens itself to other origins".into());
    }
    open.waits().await?;
    if open.strays() != 1 {
        return Err(format!("{} strays are counted", open.strays()));
    }
    open.answered().await
}

async fn answer(request: String) -> Result<(), String> {
    let mut open = Open::start().await?;
    let request = open.filled(&request);
    let got = send(open.port(), request.as_bytes()).await?.status;
    if got != 200 {
        return Err(format!("it got {got}"));
    }
    match tokio::time::timeout(super::SOON, open.loopback.arrived()).await {
        Ok(Some(_)) if open.strays() == 0 => Ok(()),
        other => Err(format!("{other:?}, {} strays", open.strays())),
    }
}

async fn again() -> Result<(), String> {
    let mut open = Open::start().await?;
    open.answered().await?;
    let request = open.filled(&get(GOOD, ""));
    let second = send(open.port(), request.as_bytes()).await?;
    (second.status == 410 && second.text.contains("used before")).then_some(()).ok_or(second.text)
}

async fn after() -> Result<(), String> {
    let mut open = Open::start().await?;
    let other = open.filled(&get("/callback?code=evil&state=other", ""));
    send(open.port(), other.as_bytes()).await?;
    open.answered().await?;
    let late = send(open.port(), other.as_bytes()).await?.status;
    (late == 400 && open.strays() == 1).then_some(()).ok_or(format!("{late}, {} strays", open.strays()))
}

/// Requests that are the answer, however a browser or a proxy may write them.
fn taken() -> Vec<(String, String)> {
    let mut rows: Vec<(String, String)> = [
        ("plain", get(GOOD, "")),
        ("as a browser goes there", get(GOOD, "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-User: ?1\r\nSec-Fetch-Dest: document\r\nUpgrade-Insecure-Requests: 1\r\n")),
        ("typed into the bar", get(GOOD, "Sec-Fetch-Site: none\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n")),
        ("with the host in capitals of its header", get(GOOD, "").replace("Host:", "HOST:")),
        ("in absolute form for the same place", get("http://127.0.0.1:{port}/callback?code=c&state={state}", "")),
        ("by HTTP/1.0 with a host", get(GOOD, "").replace("HTTP/1.1", "HTTP/1.0")),
        ("with 20 kB of cookies", get(GOOD, &format!("Cookie: a={}\r\n", "x".repeat(20_000)))),
        ("with names percent-encoded", get("/callback?c%6fde=c&st%61te={state}", "")),
        ("with parameters nobody knows, repeated", get("/callback?scope=a&scope=b&code=c&state={state}&x", "")),
        ("an error with the state", get("/callback?error=access_denied&state={state}", "")),
        ("a wrong issuer with the state, for the model to refuse", get("/callback?code=c&state={state}&iss=https://evil.example", "")),
        ("code and error at once, for the model to refuse", get("/callback?code=c&error=x&state={state}", "")),
        ("with an empty body that is said to be empty", get(GOOD, "Content-Length: 0\r\n")),
    ]
    .into_iter()
    .map(|(name, request)| (format!("taken: {name}"), request))
    .collect();
    rows.push(("taken: with a fragment no browser sends".into(), get("/callback?code=c&state={state}#x", "")));
    rows
}

fn refused() -> Vec<(String, String, u16)> {
    let mut rows: Vec<(String, String, u16)> = Vec::new();
    let mut row = |name: &str, request: String, status: u16| rows.push((name.to_owned(), request, status));

    // A page that does not know the state: an image, a script, a link.
    for (name, target) in [
        ("no query at all", "/callback"),
        ("an empty query", "/callback?"),
        ("a code and no state", "/callback?code=evil"),
        ("an empty state", "/callback?code=evil&state="),
        ("another state", "/callback?code=evil&state=other"),
        ("the state in lower case", "/callback?code=evil&state=q0-zr_57ateofthislogin"),
        ("the state and one more letter", "/callback?code=evil&state={state}x"),
        ("the state without its last letter", "/callback?code=evil&state=q0-Zr_57ateOfThisLogi"),
        ("the state and a zero byte", "/callback?code=evil&state={state}%00"),
        ("the state and a space", "/callback?code=evil&state={state}+"),
        ("the state twice", "/callback?code=evil&state={state}&state={state}"),
        ("the state after another", "/callback?code=evil&state=x&state={state}"),
        ("the state before an empty one", "/callback?code=evil&state={state}&state="),
        ("the state as an array", "/callback?code=evil&state[]={state}"),
        ("the state under another name", "/callback?code=evil&State={state}"),
        ("the state behind a semicolon", "/callback?code=evil;state={state}"),
        ("the state in the fragment", "/callback?code=evil#state={state}"),
        ("an error without state", "/callback?error=access_denied"),
        ("an error with another state", "/callback?error=access_denied&error_description=evil&state=other"),
        ("tokens of the implicit flow without state", "/callback?access_token=evil&id_token=evil"),
        ("a thousand states", "/callback?{thousand}"),
        ("the state percent-encoded twice", "/callback?code=evil&state=q0-Zr%255f57ateOfThisLogin"),
        ("the state with an overlong underscore", "/callback?code=evil&state=q0-Zr%c1%9f57ateOfThisLogin"),
        ("the state with a soft hyphen", "/callback?code=evil&state=q0-Zr_57ate%c2%adOfThisLogin"),
        ("the state in quotes", "/callback?code=evil&state=%22{state}%22"),
        ("the state after a space", "/callback?code=evil&state=%20{state}"),
        ("the state with a line break", "/callback?code=evil&state={state}%0d%0a"),
        ("the state as a name", "/callback?code=evil&{state}=state"),
        ("the state behind a second question mark", "/callback?code=evil?state={state}"),
        ("the state with an encoded ampersand", "/callback?code=evil%26state={state}"),
        ("the state in a nested address", "/callback?code=evil&next=https://a/?state%3D{state}"),
        ("the state twice, once encoded", "/callback?code=evil&state={state}&%73tate={state}"),
        ("the state twice, once empty and encoded", "/callback?code=evil&state={state}&stat%65"),
    ] {
        row(&format!("state: {name}"), get(&target.replace("{thousand}", &"state=evil&".repeat(1000)), ""), 400);
    }
    // A page that fetches the right address, which it should not even know.
    for dest in [
        "image",
        "script",
        "style",
        "iframe",
        "frame",
        "object",
        "embed",
        "empty",
        "worker",
        "serviceworker",
        "audio",
        "video",
        "font",
        "track",
        "manifest",
        "report",
        "fencedframe",
        "webidentity",
        "",
    ] {
        row(&format!("page: Sec-Fetch-Dest {dest:?}"), get(GOOD, &format!("Sec-Fetch-Dest: {dest}\r\n")), 403);
    }
    for mode in ["cors", "no-cors", "same-origin", "websocket", "nested-navigate"] {
        row(
            &format!("page: Sec-Fetch-Mode {mode}"),
            get(GOOD, &format!("Sec-Fetch-Mode: {mode}\r\nSec-Fetch-Dest: document\r\n")),
            403,
        );
    }
    for (name, headers) in [
        ("two destinations", "Sec-Fetch-Dest: document\r\nSec-Fetch-Dest: image\r\n"),
        ("fetched ahead", "Sec-Purpose: prefetch\r\n"),
        ("rendered ahead", "Sec-Purpose: prefetch;prerender\r\nSec-Fetch-Dest: document\r\n"),
        ("fetched ahead as it was once said", "Purpose: prefetch\r\n"),
        ("fetched ahead by an old Firefox", "X-Moz: prefetch\r\n"),
        ("a service worker's script", "Service-Worker: script\r\n"),
        ("a WebSocket", "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n"),
        ("an upgrade to HTTP/2", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\n"),
    ] {
        row(&format!("page: {name}"), get(GOOD, headers), 403);
    }
    // Other methods.
    for method in ["POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "GETX"] {
        row(&format!("method: {method}"), get(GOOD, "").replacen("GET", method, 1), 405);
    }
    row("method: a preflight for private networks", get(GOOD, "Origin: https://evil.example\r\nAccess-Control-Request-Method: GET\r\nAccess-Control-Request-Private-Network: true\r\n").replacen("GET", "OPTIONS", 1), 405);
    row(
        "method: a form of a page",
        get(
            "/callback",
            "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 21\r\nOrigin: https://evil.example\r\n",
        )
        .replacen("GET", "POST", 1)
            + "code=evil&state=other",
        405,
    );
    row("method: in lower case", get(GOOD, "").replacen("GET", "get", 1), 400);
    row("method: CONNECT", "CONNECT 127.0.0.1:{port} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".into(), 404);
    // Other hosts: names that were made to lead here, and none.
    for host in [
        "evil.example",
        "evil.example:{port}",
        "localhost:{port}",
        "127.0.0.1",
        "127.0.0.1:1",
        "127.0.0.1:{port}.",
        "127.0.0.1.:{port}",
        "127.1:{port}",
        "0.0.0.0:{port}",
        "[::1]:{port}",
        "[::ffff:127.0.0.1]:{port}",
        "evil@127.0.0.1:{port}",
        "127.0.0.1:{port}/evil",
        "127.0.0.1:{port},evil.example",
        "",
    ] {
        row(&format!("host: {host:?}"), format!("GET {GOOD} HTTP/1.1\r\nHost: {host}\r\n\r\n"), 421);
    }
    row("host: none", format!("GET {GOOD} HTTP/1.1\r\nAccept: */*\r\n\r\n"), 400);
    row("host: none in HTTP/1.0", format!("GET {GOOD} HTTP/1.0\r\n\r\n"), 400);
    row("host: twice the same", get(GOOD, "Host: 127.0.0.1:{port}\r\n"), 400);
    row("host: the right one and another", get(GOOD, "Host: evil.example\r\n"), 400);
    row(
        "host: forwarded as the right one",
        format!("GET {GOOD} HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: 127.0.0.1:{{port}}\r\n\r\n"),
        421,
    );
    row("host: another in the absolute form", get("http://evil.example/callback?code=c&state={state}", ""), 421);
    row("host: another port in the absolute form", get("http://127.0.0.1:1/callback?code=c&state={state}", ""), 421);
    row("host: a user in the absolute form", get("http://x@127.0.0.1:{port}/callback?code=c&state={state}", ""), 421);
    // Other paths.
    for path in [
        "/",
        "/favicon.ico",
        "//callback",
        "/callback/",
        "/%63allback",
        "/Callback",
        "/callback%20",
        "/callback;x",
        "/a/../callback",
        "/./callback",
        "/callback%00",
        "/callback/evil",
        "/callbackx",
        "/robots.txt",
        "callback",
        "*",
        "https://127.0.0.1:{port}/callback",
    ] {
        row(&format!("path: {path}"), get(&format!("{path}?code=c&state={{state}}"), ""), 404);
    }
    // What is no request, or more than one.
    row("form: a TLS client hello", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}".into(), 400);
    row("form: the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".into(), 400);
    row("form: HTTP/0.9", format!("GET {GOOD}\r\n\r\n"), 400);
    row("form: HTTP/3.0", get(GOOD, "").replace("HTTP/1.1", "HTTP/3.0"), 400);
    row("form: a mail client", "EHLO evil.example\r\n\r\n".into(), 400);
    row("form: a secure shell", "SSH-2.0-evil\r\n\r\n".into(), 400);
    row("form: SOCKS", "\u{5}\u{1}\u{0}".into(), 400);
    row("form: JSON", "{\"jsonrpc\": \"2.0\"}\r\n\r\n".into(), 400);
    row("form: an empty line first", format!("\r\n{}", get(GOOD, "")), 400);
    row("form: a header without a colon", get(GOOD, "evil\r\n"), 400);
    row("form: a space before the colon", get(GOOD, "X-Evil : 1\r\n"), 400);
    row("form: a zero byte in a header", get(GOOD, "X-Evil: \u{0}\r\n"), 400);
    row("form: a folded header", get(GOOD, "X-Evil: 1\r\n 2\r\n"), 400);
    row("form: 200 headers", get(GOOD, &"X-Evil: 1\r\n".repeat(200)), 431);
    row("form: 70 kB of headers", get(GOOD, &format!("X-Evil: {}\r\n", "x".repeat(70_000))), 431);
    row("form: an address of 70 kB", get(&format!("/callback?code=c&state={{state}}&x={}", "x".repeat(70_000)), ""), 414);
    row("form: an address of 1 MB on another path", get(&format!("/{}", "x".repeat(1 << 20)), ""), 414);
    row("form: a body", get(GOOD, "Content-Length: 4\r\n") + "evil", 400);
    row("form: a body in chunks", get(GOOD, "Transfer-Encoding: chunked\r\n") + "0\r\n\r\n", 400);
    row("form: two lengths", get(GOOD, "Content-Length: 0\r\nContent-Length: 4\r\n") + "evil", 400);
    row("form: a length that is none", get(GOOD, "Content-Length: -1\r\n"), 400);
    row("form: a request hidden in the body of another", get("/", "Content-Length: 400\r\n") + &get(GOOD, ""), 404);
    row("form: the right request behind a wrong one", get("/favicon.ico", "") + &get(GOOD, ""), 404);
    rows
}
