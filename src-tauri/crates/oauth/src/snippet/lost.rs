//! What a recorded request had and a text written from its draft has not: secrets of the user's own are not kept, so a step that was
//! read from the journal may be less than what was sent.

use record::audit::Exchange;
use token::{shown::shown, text::Line};

/// Headers that curl sets by itself or that say nothing of the request.
const OWN: [&str; 6] = ["host", "content-length", "user-agent", "accept-encoding", "connection", "authorization"];
/// Most headers that are named; an exchange has a few.
const MOST: usize = 8;

/// The parts of the exchange's request that are not in `written`, in words: `the header X-Api-Key`, `the query`, `the body`.
pub fn lost(sent: &Exchange, written: &str) -> Vec<String> {
    let lines: Vec<String> = sent.request.iter().map(plain).collect();
    let head = lines.iter().position(String::is_empty).unwrap_or(lines.len());
    let small = written.to_ascii_lowercase();
    let mut lost = Vec::new();
    let query =
        |text: &str| text.split_once('?').map_or(0, |(_, query)| query.split('&').filter(|pair| !pair.is_empty()).count());
    let target = sent.url.split('#').next().unwrap_or_default();
    let address = written.lines().find(|line| line.contains("://") || line.contains(" HTTP/1.1")).unwrap_or_default();
    if query(target) > query(address) {
        lost.push(if query(address) == 0 { "the query of the address".to_owned() } else { "a part of the query".to_owned() });
    }
    let names = lines[..head].iter().skip(1).filter_map(|line| line.split_once(':').map(|(name, _)| name.trim()));
    for name in names.filter(|name| !name.is_empty() && !OWN.iter().any(|own| own.eq_ignore_ascii_case(name))).take(MOST) {
        if !small.contains(&format!("{}:", name.to_ascii_lowercase())) {
            lost.push(format!("the header {}", shown(name)));
        }
    }
    let body = ["--data", "-d ", "@body", "\n\n"].iter().any(|sign| written.contains(sign));
    if head + 1 < lines.len() && !body {
        lost.push("the body".to_owned());
    }
    lost
}

fn plain(line: &Line) -> String {
    line.iter().map(|span| span.text.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use record::audit::Actor;
    use token::text::{Ink, Span};

    fn sent(url: &str, lines: &[&str]) -> Exchange {
        let line = |text: &&str| if text.is_empty() { Line::new() } else { vec![Span::new(Ink::Plain, *text)] };
        Exchange {
            seq: 1,
            from: Actor::Claimscope,
            to: Actor::Api,
            label: String::new(),
            through_browser: false,
            purpose: record::audit::ExchangePurpose::Other,
            reported: false,
            cached: false,
            method: "POST".into(),
            url: url.into(),
            request: lines.iter().map(line).collect(),
            response: Vec::new(),
            rest: None,
            response_headers: 0,
            status: None,
            failure: None,
            started_ms: 0,
            duration_us: 0,
            response_bytes: 0,
            token_id: None,
        }
    }

    #[test]
    fn what_is_not_written_is_named() {
        let whole = ["POST /a?sig=x HTTP/1.1", "Host: api", "X-Api-Key: x", "Accept: text/plain", "", "{}"];
        let rows: [(&str, &[&str], &str, &[&str]); 7] = [
            (
                "https://api/a?sig=x",
                &whole,
                "curl -X POST 'https://api/a'",
                &["the query of the address", "the header X-Api-Key", "the header Accept", "the body"],
            ),
            (
                "https://api/a?sig=x",
                &whole,
                "curl 'https://api/a?sig=y' -H 'X-Api-Key: z' -H 'accept: text/plain' --data-raw '{}'",
                &[],
            ),
            (
                "https://api/a?page=1&sig=x",
                &whole,
                "curl 'https://api/a?page=1' -H 'X-Api-Key: z' -H 'accept: text/plain' --data-raw '{}'",
                &["a part of the query"],
            ),
            ("https://api/a", &["GET /a HTTP/1.1", "Host: api", "User-Agent: x"], "curl 'https://api/a'", &[]),
            ("https://api/a", &["POST /a HTTP/1.1", "Host: api", "", "a=b"], "curl 'https://api/a' --data-urlencode 'a=b'", &[]),
            ("https://api/a", &["POST /a HTTP/1.1", "Host: api", "", "a=b"], "POST /a HTTP/1.1\nHost: api\n\na=b", &[]),
            ("https://api/a", &[], "curl 'https://api/a'", &[]),
        ];
        for (url, lines, written, expected) in rows {
            assert_eq!(lost(&sent(url, lines), written), expected, "{url} {written}");
        }
    }
}
