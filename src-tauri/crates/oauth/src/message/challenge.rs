//! Challenges of a refusal: `WWW-Authenticate` with all its schemes (RFC 9110 11.6.1, RFC 6750 3).
//!
//! A server may send several, in one line or in many, and the one that says why need not be the first. The grammar is the crate
//! `http-auth`'s; a line that does not keep to it is read from where a scheme of ours begins, because WSO2 writes
//! `Internal API Key realm="…", Bearer …` on every answer.

use http::HeaderMap;
use http_auth::parser::ChallengeParser;

/// Most of a line that is read, in bytes.
const LONGEST: usize = 16 * 1024;
/// Most lines that are read.
const MOST_LINES: usize = 16;
/// Most challenges that are kept.
const MOST: usize = 32;
/// The schemes whose parameters say why a token was refused, lower case.
const OURS: [&str; 2] = ["bearer", "dpop"];

/// One challenge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Challenge {
    /// Scheme as it was written, e.g. `Bearer`.
    pub scheme: String,
    /// Parameters in their order, unescaped.
    pub parameters: Vec<(String, String)>,
}

impl Challenge {
    /// The value of a parameter; its name is compared without regard to capitals (RFC 9110 11.2).
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    fn is_ours(&self) -> bool {
        OURS.iter().any(|scheme| self.scheme.eq_ignore_ascii_case(scheme))
    }
}

/// All challenges of an answer, in their order.
pub fn challenges(headers: &HeaderMap) -> Vec<Challenge> {
    let lines = headers.get_all(http::header::WWW_AUTHENTICATE).iter().take(MOST_LINES);
    let readable = lines.filter_map(|line| line.to_str().ok()).filter(|line| line.len() <= LONGEST);
    let mut found: Vec<Challenge> = readable.flat_map(of_line).collect();
    found.truncate(MOST);
    found
}

/// A parameter of the challenges: of a scheme that is about tokens where one has it, else of any.
pub fn challenged(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = challenges(headers);
    let (ours, others): (Vec<&Challenge>, Vec<&Challenge>) = all.iter().partition(|challenge| challenge.is_ours());
    ours.into_iter().chain(others).find_map(|challenge| challenge.parameter(name)).map(str::to_owned)
}

fn of_line(line: &str) -> Vec<Challenge> {
    let (mut found, whole) = parsed(line);
    // AWS parts its parameters by blanks alone.
    if !whole && let Some(with_commas) = with_commas(line) {
        let (better, whole) = parsed(&with_commas);
        if whole {
            return better;
        }
    }
    if !whole
        && !found.iter().any(Challenge::is_ours)
        && let Some(rest) = from_ours(line)
    {
        found.extend(parsed(rest).0);
    }
    found
}

/// The line with a comma behind each quoted value that a name follows without one; none where there is nothing to add.
fn with_commas(line: &str) -> Option<String> {
    let (mut quoted, mut escaped, mut added) = (false, false, false);
    let mut out = String::with_capacity(line.len() + 16);
    for (at, letter) in line.char_indices() {
        out.push(letter);
        let closes = quoted && letter == '"' && !escaped;
        escaped = quoted && letter == '\\' && !escaped;
        if letter == '"' && !escaped {
            quoted = if quoted { !closes } else { true };
        }
        let rest = line.get(at + 1..).filter(|_| closes).unwrap_or_default();
        if rest.starts_with(' ') && rest.trim_start_matches(' ').starts_with(|next: char| next.is_ascii_alphabetic()) {
            out.push(',');
            added = true;
        }
    }
    added.then_some(out)
}

/// What the grammar gives, and whether it fits to the end.
fn parsed(line: &str) -> (Vec<Challenge>, bool) {
    let mut found = Vec::new();
    for read in ChallengeParser::new(line) {
        let Ok(challenge) = read else { return (found, false) };
        found.push(Challenge {
            scheme: challenge.scheme.to_owned(),
            parameters: challenge.params.iter().map(|(name, value)| ((*name).to_owned(), value.to_unescaped())).collect(),
        });
        if found.len() >= MOST {
            break;
        }
    }
    (found, true)
}

/// The rest of a line from where a scheme of ours begins, after a comma or a blank.
fn from_ours(line: &str) -> Option<&str> {
    let small = line.to_ascii_lowercase();
    let begins = |scheme: &str| {
        let mut places = small.match_indices(scheme).map(|(at, _)| at);
        places.find(|at| {
            let before = small[..*at].bytes().next_back();
            let after = small[*at + scheme.len()..].bytes().next();
            before.is_none_or(|byte| matches!(byte, b',' | b' ' | b'\t')) && after.is_none_or(|byte| byte == b' ')
        })
    };
    let at = OURS.iter().filter_map(|scheme| begins(scheme)).min()?;
    line.get(at..)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(http::header::WWW_AUTHENTICATE, line.parse().expect("a header value"));
        }
        headers
    }

    #[test]
    fn www_authenticate_is_read_with_all_its_challenges() {
        let rows: &[(&[&str], Option<&str>, Option<&str>)] = &[
            (
                &[r#"Bearer realm="r", error="invalid_token", error_description="The token is expired""#],
                Some("invalid_token"),
                Some("The token is expired"),
            ),
            (&[r#"Basic realm="a, b", Bearer error="invalid_token""#], Some("invalid_token"), None),
            (&[r#"Negotiate, Bearer error="insufficient_scope", scope="orders""#], Some("insufficient_scope"), None),
            (&["Negotiate", r#"Basic realm="x""#, r#"Bearer error="invalid_token""#], Some("invalid_token"), None),
            (
                &[r#"bearer ERROR="invalid_token" , Error_Description="a \"quoted\" word""#],
                Some("invalid_token"),
                Some("a \"quoted\" word"),
            ),
            (&["Bearer error=invalid_token, realm=r"], Some("invalid_token"), None),
            (&[r#"Basic error="of_basic", Bearer error="of_bearer""#], Some("of_bearer"), None),
            (&[r#"Basic error="of_basic", Bearer"#], Some("of_basic"), None),
            (&[r#"DPoP algs="ES256", error="use_dpop_nonce""#], Some("use_dpop_nonce"), None),
            (
                &[
                    r#"Internal API Key realm="WSO2 API Manager", Bearer realm="WSO2 API Manager", error="invalid_token", error_description="The provided token is invalid""#,
                ],
                Some("invalid_token"),
                Some("The provided token is invalid"),
            ),
            (&[r#"Bearer resource_metadata="http://127.0.0.1:1/.well-known/oauth-protected-resource""#], None, None),
            (&[r#"Bearer error="""#], None, None),
            (&["Bearer"], None, None),
            (&[r#"Forbearer error="x""#], Some("x"), None),
            (&["="], None, None),
        ];
        for (lines, error, description) in rows {
            let headers = headers(lines);
            assert_eq!(challenged(&headers, "error").as_deref(), *error, "{lines:?}");
            assert_eq!(challenged(&headers, "error_description").as_deref(), *description, "{lines:?}");
        }
        assert_eq!(challenges(&headers(&["Negotiate, Basic realm=\"x\", Bearer"])).len(), 3);
    }

    #[test]
    fn parameters_that_only_blanks_part_are_read() {
        // The authorizer of AWS API Gateway for JWTs.
        let aws = headers(&[
            "Bearer scope=\"orders/read\" error=\"invalid_token\" error_description=\"the token does not have a valid audience\"",
        ]);
        assert_eq!(
            ["scope", "error", "error_description"].map(|name| challenged(&aws, name)),
            ["orders/read", "invalid_token", "the token does not have a valid audience"].map(|value| Some(value.to_owned()))
        );
        let escaped = headers(&["Bearer realm=\"a \\\" b\" error=\"invalid_token\""]);
        assert_eq!(challenged(&escaped, "realm").as_deref(), Some("a \" b"));
        // Nothing is invented where a line is broken in another way.
        assert_eq!(challenged(&headers(&["Bearer error=\"invalid_token"]), "error"), None);
    }

    #[test]
    fn hostile_challenges_are_bounded() {
        let many = "Bearer error=\"e\", ".repeat(700);
        assert_eq!(challenges(&headers(&[&many])).len().min(MOST), challenges(&headers(&[&many])).len());
        assert!(challenges(&headers(&[&"Bearer x=\"".repeat(4_000)])).is_empty(), "a longer line is left alone");
        let lines = vec!["Bearer"; 100];
        assert_eq!(challenges(&headers(&lines)).len(), MOST_LINES);
    }
}
