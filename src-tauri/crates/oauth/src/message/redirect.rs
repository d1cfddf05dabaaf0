//! Which redirects can arrive at this machine's own listener (RFC 8252 7.3).

use url::Url;

use crate::profile::Redirect;

/// Longest path of a redirect, in bytes.
const LONGEST_PATH: usize = 256;

/// Why no answer could arrive at a redirect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedirectFault {
    /// The profile's field, e.g. `redirect.path`.
    pub field: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub advice: String,
}

/// Says what is wrong with a redirect, if anything is: its host is one the listener answers for, and its path is exactly what a
/// browser will ask for.
pub fn redirect_fault(redirect: &Redirect) -> Option<RedirectFault> {
    let Redirect { host, path, .. } = redirect;
    if host != "127.0.0.1" && host != "localhost" {
        return Some(RedirectFault {
            field: "redirect.host",
            message: format!(
                "The redirect host \"{}\" is neither 127.0.0.1 nor localhost, so no answer would arrive here.",
                shown(host)
            ),
            advice: "Choose 127.0.0.1, which leads to one place only (RFC 8252 8.3).".into(),
        });
    }
    let wrong = if !path.starts_with('/') {
        "does not begin with /"
    } else if path.starts_with("//") {
        "begins with two slashes"
    } else if path.contains('?') {
        "holds a query, which the answer brings itself"
    } else if path.contains('#') {
        "holds a fragment, which no browser sends"
    } else if path.len() > LONGEST_PATH {
        "is longer than 256 characters"
    } else if !as_asked_for(path) {
        "is not what a browser would ask for: it has spaces, dots between slashes, or characters that are written in another way"
    } else {
        return None;
    };
    Some(RedirectFault {
        field: "redirect.path",
        message: format!("The redirect path \"{}\" {wrong}.", shown(path)),
        advice: "Use a plain path such as /callback, and register the same at the provider.".into(),
    })
}

/// Whether a browser asks for a path as it is written (WHATWG URL, path state).
fn as_asked_for(path: &str) -> bool {
    let plain =
        |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'"' | b'<' | b'>' | b'`' | b'{' | b'}' | b'|' | b'^');
    path.bytes().all(plain) && Url::parse(&format!("http://127.0.0.1:1{path}")).is_ok_and(|url| url.path() == path)
}

fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_arrive_is_accepted() {
        let field = |host: &str, path: &str| {
            let fault = redirect_fault(&Redirect { host: host.into(), port: 0, path: path.into() });
            if let Some(fault) = &fault {
                assert!(fault.message.ends_with('.') && fault.advice.ends_with('.'), "{fault:?}");
            }
            fault.map(|fault| fault.field)
        };
        for (host, path) in [
            ("127.0.0.1", "/callback"),
            ("localhost", "/"),
            ("localhost", "/a/b-c_d.e~f"),
            ("127.0.0.1", "/call%20back"),
            ("127.0.0.1", "/callback/"),
        ] {
            assert_eq!(field(host, path), None, "{host}{path}");
        }
        for host in [
            "",
            "localhost.",
            "LOCALHOST",
            "127.1",
            "127.0.0.2",
            "0.0.0.0",
            "[::1]",
            "::1",
            "evil.example",
            "localhost:80",
            "a@127.0.0.1",
        ] {
            assert_eq!(field(host, "/callback"), Some("redirect.host"), "{host}");
        }
        for path in [
            "",
            "callback",
            "//callback",
            "/callback?x=1",
            "/callback#x",
            "/a b",
            "/../callback",
            "/a/./b",
            "/a/..",
            "/ümlaut",
            "/a\\b",
            "/a\"b",
            "/a\nb",
            "/a/%2e%2e/b",
        ] {
            assert_eq!(field("127.0.0.1", path), Some("redirect.path"), "{path}");
        }
        assert_eq!(field("127.0.0.1", &format!("/{}", "a".repeat(300))), Some("redirect.path"));
    }
}
