//! A request as the window shows it: masked, inked, one thing a line.

use http::Request;

use super::{Secrets, Sensitive, write};
use crate::snippet::SnippetFormat;
use record::redact::{self, DOTS, JWT_DOTS, KnownSecrets};
use token::text::{Ink, Line, Span};

/// The request in one format, secrets masked and tokens named.
pub fn lines(format: SnippetFormat, request: &Request<Vec<u8>>, known: &KnownSecrets) -> Vec<Line> {
    if format == SnippetFormat::Raw {
        return redact::request(request, known);
    }
    let sensitive: Vec<Sensitive> = known
        .tokens()
        .into_iter()
        .map(|(value, evidence)| (value, evidence.as_str()))
        .chain(known.secrets().into_iter().map(|value| (value, "")))
        .map(|(value, what)| Sensitive { value: value.clone(), variable: "CLAIMSCOPE_VALUE".into(), what: what.into() })
        .collect();
    let masked = write(format, request, &sensitive, Secrets::Mask, false).text;
    // The dots stand where the value was; a second pass catches what is neither listed nor named but looks like one.
    let mut remarks = evidence_in_order(request, known).into_iter();
    redact::text(&masked, known).lines().map(|line| ink(line, &mut remarks)).collect()
}

/// Evidence of the tokens in the order they stand in the request.
fn evidence_in_order(request: &Request<Vec<u8>>, known: &KnownSecrets) -> Vec<String> {
    redact::request(request, known)
        .iter()
        .flat_map(|line| {
            line.windows(2)
                .filter(|pair| pair[0].ink == Ink::Secret && pair[0].text == JWT_DOTS && pair[1].ink == Ink::Quiet)
                .map(|pair| pair[1].text.clone())
                .collect::<Vec<_>>()
        })
        .collect()
}

fn ink(line: &str, remarks: &mut impl Iterator<Item = String>) -> Line {
    let mut spans = Line::new();
    let mut rest = line;
    if let Some(after) = ["curl.exe", "curl"].into_iter().find_map(|word| rest.strip_prefix(word).map(|after| (word, after))) {
        spans.push(Span::new(Ink::Strong, after.0));
        rest = after.1;
    }
    // `--data-urlencode 'audience=…`: the name between quote and `=` is the parameter's.
    if let Some(at) = ["--data-urlencode ", "--data "].into_iter().find_map(|word| rest.find(word).map(|at| at + word.len())) {
        let value = &rest[at..];
        let start = at + value.len() - value.trim_start_matches(['\'', '"']).len();
        if let Some(end) = rest[start..].find('=').map(|end| start + end) {
            spans.push(Span::new(Ink::Plain, &rest[..start]));
            spans.push(Span::new(Ink::Key, &rest[start..end]));
            rest = &rest[end..];
        }
    }
    let mut remark = None;
    while let Some(at) = rest.find(DOTS) {
        let start = if rest[..at].ends_with("eyJ") { at - 3 } else { at };
        if start > 0 {
            spans.push(Span::new(Ink::Plain, &rest[..start]));
        }
        let jwt = start < at;
        spans.push(Span::new(Ink::Secret, if jwt { JWT_DOTS } else { DOTS }));
        if jwt {
            remark = remarks.next();
        }
        rest = &rest[at + DOTS.len()..];
    }
    if !rest.is_empty() {
        spans.push(Span::new(Ink::Plain, rest));
    }
    if let Some(remark) = remark {
        spans.push(Span::new(Ink::Quiet, remark));
    }
    spans
}
