//! A request the browser makes, laid out for reading.

use crate::message::Authorization;
use record::{
    operation::FieldFault,
    redact::{self, KnownSecrets},
};
use token::text::{Ink, Line, Span};

/// A request the browser makes: `made` says in words what is made at run time, by name, words and remark.
pub(crate) fn lines(request: &Authorization, made: &[(&str, String, &str)]) -> Result<Vec<Line>, Vec<FieldFault>> {
    let url = url::Url::parse(&request.endpoint).map_err(|_| Vec::new())?;
    let mut lines = vec![vec![Span::new(Ink::Strong, "GET"), Span::new(Ink::Plain, format!(" {}", url.path()))]];
    let mut sign = "?";
    let own: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let known = KnownSecrets::default();
    for (name, value) in own.iter().chain(&request.params) {
        let mut line = vec![Span::new(Ink::Plain, sign), Span::new(Ink::Key, name.clone()), Span::new(Ink::Plain, "=")];
        match made.iter().find(|(made, ..)| made == name && value == "?") {
            Some((_, words, remark)) => {
                line.push(Span::new(Ink::Quiet, words.clone()));
                if !remark.is_empty() {
                    line.push(Span::new(Ink::Quiet, format!("  {remark}")));
                }
            }
            None if redact::sensitive_parameter(name) => line.push(Span::new(Ink::Secret, redact::DOTS)),
            None => line.push(Span::new(Ink::Plain, redact::text(value, &known))),
        }
        lines.push(line);
        sign = "&";
    }
    if let Some(last) = lines.last_mut() {
        last.push(Span::new(Ink::Plain, " HTTP/1.1"));
    }
    let host = url.host_str().unwrap_or_default();
    let host = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    lines.push(vec![Span::new(Ink::Quiet, "Host: "), Span::new(Ink::Plain, host)]);
    Ok(lines)
}
