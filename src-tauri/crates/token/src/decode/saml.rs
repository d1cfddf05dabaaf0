//! Assertions of SAML 2.0, as they are exchanged for tokens (RFC 7522, RFC 8693 3): named, and shown without being believed.
//!
//! They come as XML, as base64 of it (POST binding), as base64url (RFC 7522 2.1), or packed and then base64 (redirect
//! binding). The XML is read as a stream, with bounds on size, depth and number; a document type is refused, so there are no
//! entities to expand. Its signature is not checked: that asks for canonical XML and the certificate of who issued it.

use std::borrow::Cow;

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};

use super::{
    decoded::Decoded,
    notes::{note, warning, wrong},
};
use crate::{
    inspect::{ClaimGroup, ClaimRow, ClaimValue, TokenFormat},
    shown::{made_visible, shown},
};

/// Longest XML that is read, in bytes.
const LONGEST: usize = 256 * 1024;
/// Deepest nesting that is read.
const DEEPEST: usize = 48;
/// Most elements that are read.
const MOST_ELEMENTS: usize = 8_000;
/// Most rows that are shown of a kind.
const MOST_ROWS: usize = 200;
/// Namespace of the elements that are read.
const NAMESPACE: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
/// Namespace of the former version, which is named only.
const FORMER: &str = "urn:oasis:names:tc:SAML:1.0:assertion";
/// Id of the group that holds what the assertion itself says.
pub const GROUP: &str = "saml";
const RFC: Option<&str> = Some("RFC 7522 3");

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true).with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// How the XML was wrapped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wrapping {
    Plain,
    Base64,
    Deflated,
}

/// Whether the text is an assertion or an answer that carries one, in any of its spellings.
pub fn is_assertion(text: &str) -> bool {
    xml(text).is_some_and(|(xml, _)| names_saml(&xml))
}

/// The XML of an assertion in any of its spellings; none where the text is none.
pub fn assertion_xml(text: &str) -> Option<String> {
    xml(text).map(|(xml, _)| xml.into_owned()).filter(|xml| names_saml(xml))
}

/// Whether base64 may be that of XML, by its first letters: those of `<`, of a byte order mark, or of anything that is packed.
pub fn reaches_assertion(base64: &str) -> bool {
    let first = base64.bytes().take(64).map(|byte| match byte {
        b'+' => b'-',
        b'/' => b'_',
        other => other,
    });
    let bytes = LENIENT.decode(first.collect::<Vec<u8>>()).unwrap_or_default();
    let plain = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes).trim_ascii_start();
    plain.first() == Some(&b'<') || !bytes.is_ascii()
}

/// The XML of an assertion inside a longer text: from the element that opens it to its end.
pub fn assertion_in(text: &str) -> Option<&str> {
    // Whatever stands before it, the element is no farther from the namespace it declares than its own attributes are long.
    let at = text.find(NAMESPACE).or_else(|| text.find(FORMER))?;
    let mut start = None;
    for (open, _) in text[..at].rmatch_indices('<').take(16) {
        let name = name_of(&text[open + 1..]);
        if ["Assertion", "EncryptedAssertion", "Response"].contains(&local(name)) {
            start = Some((open, name));
        }
    }
    let (open, name) = start?;
    let close = format!("</{name}");
    let end = text[open..].find(&close).map(|at| open + at + close.len())?;
    let end = end + text[end..].find('>')? + 1;
    text.get(open..end)
}

fn name_of(text: &str) -> &str {
    let end = text.find(|letter: char| letter.is_whitespace() || matches!(letter, '>' | '/')).unwrap_or(text.len());
    &text[..end.min(crate::bounded::up_to(text, 64).len())]
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// Reads an assertion; none when the text is something else.
pub(super) fn read(token: &str) -> Option<Decoded> {
    let (xml, wrapping) = xml(token)?;
    if !names_saml(&xml) {
        return None;
    }
    let mut decoded = Decoded::empty(TokenFormat::Saml, token.len());
    decoded.refuse("The signature of a SAML assertion is XML Signature, which is not checked here. Whoever accepts it checks it with the certificate of its issuer.");
    if !xml.contains(NAMESPACE) {
        let detail = "It is an assertion of SAML 1.1, which no OAuth grant takes. It is not read here.";
        decoded.findings.push(warning("saml-former", "SAML 1.1", detail, RFC));
        return Some(decoded);
    }
    let wrapped = match wrapping {
        Wrapping::Plain => "as XML",
        Wrapping::Base64 => "as base64",
        Wrapping::Deflated => "packed and as base64, as the redirect binding sends it",
    };
    let detail = format!(
        "It is an assertion of SAML 2.0, written {wrapped}. It can be exchanged for a token (RFC 7522, RFC 8693 3); it is no bearer token of an API."
    );
    decoded.findings.push(note("saml", "SAML 2.0 assertion", &detail, RFC));
    let mut assertion = Assertion::default();
    if let Err(reason) = assertion.walk(&xml) {
        decoded.findings.push(wrong("saml-broken", "XML is not read to its end", &reason, RFC));
    }
    assertion.describe(&mut decoded);
    decoded.groups = assertion.groups();
    Some(decoded)
}

/// Whether XML speaks of an assertion. Metadata and log out messages of SAML carry the namespace at most.
fn names_saml(xml: &str) -> bool {
    (xml.contains(NAMESPACE) || xml.contains(FORMER))
        && ["Assertion>", "Assertion ", "Assertion\n", "Assertion\t", "Assertion\r"].iter().any(|name| xml.contains(name))
}

/// The XML of a text, and how it was wrapped.
fn xml(text: &str) -> Option<(Cow<'_, str>, Wrapping)> {
    let text = text.trim();
    if text.len() > LONGEST * 2 {
        return None;
    }
    if text.starts_with('<') {
        return Some((Cow::Borrowed(text), Wrapping::Plain));
    }
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_+/=\r\n\t ".contains(&byte);
    if text.len() < 100 || !text.bytes().all(fits) {
        return None;
    }
    let bare: String = text
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .map(|letter| match letter {
            '+' => '-',
            '/' => '_',
            other => other,
        })
        .collect();
    let bytes = LENIENT.decode(bare.trim_end_matches('=')).ok()?;
    let as_xml = |bytes: Vec<u8>| {
        let text = String::from_utf8(bytes).ok()?;
        let text = text.trim_start_matches('\u{feff}').trim_start();
        text.starts_with('<').then(|| text.to_owned())
    };
    if bytes.trim_ascii_start().first() == Some(&b'<') || bytes.starts_with("\u{feff}".as_bytes()) {
        return as_xml(bytes).map(|text| (Cow::Owned(text), Wrapping::Base64));
    }
    // XML is packed to a fourth or a tenth; what grows more was made to.
    let unpacked = decompress_to_vec_with_limit(&bytes, LONGEST.min(bytes.len() * 32)).ok()?;
    as_xml(unpacked).map(|text| (Cow::Owned(text), Wrapping::Deflated))
}

/// What an assertion says, as far as it is shown.
#[derive(Default)]
struct Assertion {
    /// Path, label, value and meaning, in the order of the text.
    facts: Vec<(&'static str, &'static str, String, &'static str)>,
    audiences: Vec<String>,
    attributes: Vec<(String, Vec<String>)>,
    assertions: usize,
    signatures: usize,
    encrypted: bool,
    /// Nothing but the outermost element was met.
    started: bool,
}

impl Assertion {
    /// Reads the elements in their order. The error is a sentence.
    fn walk(&mut self, xml: &str) -> Result<(), String> {
        if xml.len() > LONGEST {
            return Err(format!("The XML is longer than {} KiB; what stands beyond is not read.", LONGEST >> 10));
        }
        let mut reader = Reader::from_str(xml);
        let mut path: Vec<String> = Vec::new();
        let mut text = String::new();
        let mut elements = 0_usize;
        loop {
            match reader.read_event() {
                Ok(Event::Start(element)) => {
                    elements += 1;
                    if path.len() >= DEEPEST || elements > MOST_ELEMENTS {
                        return Err(format!(
                            "The XML nests deeper than {DEEPEST} levels or has more than {MOST_ELEMENTS} elements; the rest is not read."
                        ));
                    }
                    let name = local(element.name().as_ref()).to_owned();
                    self.open(&name, &element, &path);
                    path.push(name);
                    text.clear();
                }
                Ok(Event::Empty(element)) => {
                    elements += 1;
                    if elements > MOST_ELEMENTS {
                        return Err(format!("The XML has more than {MOST_ELEMENTS} elements; the rest is not read."));
                    }
                    let name = local(element.name().as_ref()).to_owned();
                    self.open(&name, &element, &path);
                    self.close(&name, &path, "");
                }
                Ok(Event::Text(part)) => text.push_str(&part.xml10_content()),
                Ok(Event::CData(part)) => text.push_str(&part.xml10_content()),
                Ok(Event::GeneralRef(reference)) => match (&*reference.xml10_content(), reference.resolve_char_ref()) {
                    (_, Ok(Some(letter))) => text.push(letter),
                    ("lt", _) => text.push('<'),
                    ("gt", _) => text.push('>'),
                    ("amp", _) => text.push('&'),
                    ("quot", _) => text.push('"'),
                    ("apos", _) => text.push('\''),
                    (other, _) => {
                        return Err(format!(
                            "The XML uses the entity {}, which is not expanded; nothing after it is read.",
                            shown(other)
                        ));
                    }
                },
                Ok(Event::End(_)) => {
                    if let Some(name) = path.pop() {
                        self.close(&name, &path, text.trim());
                    }
                    text.clear();
                }
                Ok(Event::DocType(_)) => {
                    return Err("The XML has a document type, with which entities are smuggled in. SAML forbids it, and nothing after it is read.".into());
                }
                Ok(Event::Eof) if path.is_empty() => return Ok(()),
                Ok(Event::Eof) => return Err("The XML stops before its end. It may have been cut when it was copied.".into()),
                Ok(Event::Comment(_)) if !text.trim().is_empty() => {
                    return Err("A comment stands inside a value, where programs differ in what they read of it; nothing after it is read.".into());
                }
                Ok(_) => {}
                Err(_) => return Err(format!("It is no well-formed XML from byte {} on.", reader.error_position())),
            }
        }
    }

    fn open(&mut self, name: &str, element: &BytesStart<'_>, path: &[String]) {
        let within = |outer: &str| path.iter().any(|one| one == outer);
        self.started = true;
        match name {
            "Assertion" => {
                self.assertions += 1;
                if self.assertions == 1 {
                    self.attribute(element, "ID", "Assertion.ID", "id", "");
                    self.attribute(element, "IssueInstant", "Assertion.IssueInstant", "issued", "");
                }
            }
            "EncryptedAssertion" | "EncryptedID" | "EncryptedAttribute" => self.encrypted = true,
            "Signature" => self.signatures += 1,
            _ if self.assertions > 1 => {}
            "NameID" if within("Subject") && !within("SubjectConfirmation") => {
                self.attribute(element, "Format", "Subject.NameID.Format", "format of the name", "");
            }
            "SubjectConfirmation" => self.attribute(
                element,
                "Method",
                "Subject.SubjectConfirmation.Method",
                "confirmed by",
                "How whoever presents it proves to be meant; bearer asks for no proof.",
            ),
            "SubjectConfirmationData" => {
                let path = "Subject.SubjectConfirmationData";
                for (attribute, label, meaning) in [
                    (
                        "Recipient",
                        "recipient",
                        "The address it may be presented at: the token endpoint, where it is exchanged (RFC 7522 3).",
                    ),
                    ("NotOnOrAfter", "to be presented before", ""),
                    ("InResponseTo", "in response to", "The request it answers; it is of no use for another one."),
                ] {
                    let path = match attribute {
                        "Recipient" => "Subject.SubjectConfirmationData.Recipient",
                        "NotOnOrAfter" => "Subject.SubjectConfirmationData.NotOnOrAfter",
                        "InResponseTo" => "Subject.SubjectConfirmationData.InResponseTo",
                        _ => path,
                    };
                    self.attribute(element, attribute, path, label, meaning);
                }
            }
            "Conditions" => {
                self.attribute(element, "NotBefore", "Conditions.NotBefore", "not before", "");
                self.attribute(
                    element,
                    "NotOnOrAfter",
                    "Conditions.NotOnOrAfter",
                    "not on or after",
                    "From then on it is refused.",
                );
            }
            "OneTimeUse" => self.fact("Conditions.OneTimeUse", "one time use", "yes".into(), "It is of use once."),
            "AuthnStatement" => {
                self.attribute(element, "AuthnInstant", "AuthnStatement.AuthnInstant", "logged in", "");
                self.attribute(element, "SessionIndex", "AuthnStatement.SessionIndex", "session", "");
                self.attribute(element, "SessionNotOnOrAfter", "AuthnStatement.SessionNotOnOrAfter", "session ends", "");
            }
            "Attribute" if self.attributes.len() < MOST_ROWS => {
                let of = |name: &str| value(element, name).filter(|value| !value.is_empty());
                let name = of("FriendlyName").or_else(|| of("Name")).unwrap_or_else(|| "unnamed".into());
                self.attributes.push((name, Vec::new()));
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str, path: &[String], text: &str) {
        if self.assertions > 1 || text.is_empty() {
            return;
        }
        let parent = path.last().map_or("", String::as_str);
        match (parent, name) {
            ("Assertion", "Issuer") => {
                self.fact("Issuer", "issuer", text.to_owned(), "Who made the assertion, by its own words.");
            }
            ("Subject", "NameID") => self.fact("Subject.NameID", "subject", text.to_owned(), "Whom it speaks of."),
            ("AudienceRestriction", "Audience") if self.audiences.len() < MOST_ROWS => self.audiences.push(text.to_owned()),
            ("AuthnContext", "AuthnContextClassRef") => {
                self.fact("AuthnContext.AuthnContextClassRef", "by", text.to_owned(), "How the user logged in.");
            }
            ("Attribute", "AttributeValue") => {
                if let Some((_, values)) = self.attributes.last_mut().filter(|(_, values)| values.len() < MOST_ROWS) {
                    values.push(text.to_owned());
                }
            }
            _ => {}
        }
    }

    fn attribute(
        &mut self,
        element: &BytesStart<'_>,
        name: &str,
        path: &'static str,
        label: &'static str,
        meaning: &'static str,
    ) {
        if let Some(value) = value(element, name) {
            self.fact(path, label, value, meaning);
        }
    }

    fn fact(&mut self, path: &'static str, label: &'static str, value: String, meaning: &'static str) {
        if self.facts.len() < MOST_ROWS && !self.facts.iter().any(|(known, ..)| *known == path) {
            self.facts.push((path, label, value, meaning));
        }
    }

    fn describe(&self, decoded: &mut Decoded) {
        let found = &mut decoded.findings;
        if self.signatures > 0 {
            let detail = "A signature is there and is not verified: what is shown may have been written by anybody until somebody checks it with the issuer's certificate.";
            found.push(warning("saml-signature", "Signature not verified", detail, RFC));
        } else if self.started && !self.encrypted {
            let detail = "There is no signature in it. Every receiver must refuse it, unless what carries it is signed.";
            found.push(wrong("saml-unsigned", "No signature", detail, RFC));
        }
        if self.encrypted {
            let detail = "A part of it is encrypted for whom it was made; that part is not read here.";
            found.push(note("saml-encrypted", "Encrypted in part", detail, RFC));
        }
        if self.assertions > 1 {
            let detail = format!(
                "The text holds {} assertions; the first is shown. Receivers that check one and read another have been fooled so.",
                self.assertions
            );
            found.push(warning("saml-several", "Several assertions", &detail, RFC));
        }
        if self.assertions == 1 && self.audiences.is_empty() {
            let detail = "It names no audience; a token endpoint must refuse it (RFC 7522 3, 2).";
            found.push(warning("saml-no-audience", "No audience", detail, RFC));
        }
    }

    /// The rows of the inspector.
    fn groups(&self) -> Vec<ClaimGroup> {
        let text = |text: &str| ClaimValue::Text { text: made_visible(text.to_owned()) };
        let set = |members: &[String]| ClaimValue::Set { members: members.iter().cloned().map(made_visible).collect(), more: 0 };
        let mut rows: Vec<ClaimRow> = self
            .facts
            .iter()
            .map(|(path, label, value, meaning)| ClaimRow {
                path: (*path).into(),
                label: (*label).into(),
                value: text(value),
                meaning: (!meaning.is_empty()).then(|| (*meaning).to_owned()),
            })
            .collect();
        // The issuer and the subject come first, whatever stands before them.
        rows.sort_by_key(|row| match row.path.as_str() {
            "Issuer" => 0,
            "Subject.NameID" => 1,
            _ => 2,
        });
        if !self.audiences.is_empty() {
            rows.push(ClaimRow {
                path: "Conditions.AudienceRestriction".into(),
                label: "audience".into(),
                value: set(&self.audiences),
                meaning: Some("For whom it was made; anybody else must refuse it.".into()),
            });
        }
        rows.push(ClaimRow {
            path: "Signature".into(),
            label: "signature".into(),
            value: text(if self.signatures > 0 { "present, not verified" } else { "none" }),
            meaning: None,
        });
        let mut groups = vec![ClaimGroup { id: GROUP.into(), title: "SAML assertion".into(), rows }];
        if !self.attributes.is_empty() {
            let rows = self.attributes.iter().enumerate().map(|(at, (name, values))| ClaimRow {
                path: format!("Attribute[{at}]"),
                label: made_visible(name.clone()),
                value: match values.as_slice() {
                    [one] => text(one),
                    several => set(several),
                },
                meaning: None,
            });
            groups.push(ClaimGroup { id: "saml-attributes".into(), title: "Attributes".into(), rows: rows.collect() });
        }
        groups
    }
}

/// An attribute of an element, without what cannot be read of it.
fn value(element: &BytesStart<'_>, name: &str) -> Option<String> {
    // Checking each against each other costs the square of their number.
    let found = element.attributes().with_checks(false).take(64).filter_map(Result::ok).find(|one| one.key.as_ref() == name)?;
    found.normalized_value(XmlVersion::Explicit1_0).ok().map(Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

    use super::*;
    use crate::decode::decode;

    fn assertion(signed: bool, prefix: &str) -> String {
        let (p, x) = if prefix.is_empty() {
            (String::new(), "xmlns".to_owned())
        } else {
            (format!("{prefix}:"), format!("xmlns:{prefix}"))
        };
        let signature = if signed {
            "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:SignatureValue>AAAA</ds:SignatureValue></ds:Signature>"
        } else {
            ""
        };
        format!(
            "<{p}Assertion {x}=\"{NAMESPACE}\" ID=\"_1\" Version=\"2.0\" IssueInstant=\"2026-11-20T10:00:00Z\"><{p}Issuer>https://idp.example.org</{p}Issuer>{signature}\
             <{p}Subject><{p}NameID Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress\">alice&amp;co@example.org</{p}NameID>\
             <{p}SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"><{p}SubjectConfirmationData NotOnOrAfter=\"2026-11-20T10:05:00Z\" Recipient=\"https://as.example.org/token\"/></{p}SubjectConfirmation></{p}Subject>\
             <{p}Conditions NotBefore=\"2026-11-20T09:59:00Z\" NotOnOrAfter=\"2026-11-20T10:05:00Z\"><{p}AudienceRestriction><{p}Audience>https://as.example.org</{p}Audience><{p}Audience>urn:shop</{p}Audience></{p}AudienceRestriction></{p}Conditions>\
             <{p}AttributeStatement><{p}Attribute Name=\"mail\"><{p}AttributeValue>alice@example.org</{p}AttributeValue></{p}Attribute><{p}Attribute Name=\"urn:oid:1\" FriendlyName=\"roles\"><{p}AttributeValue>admin</{p}AttributeValue><{p}AttributeValue>viewer</{p}AttributeValue></{p}Attribute></{p}AttributeStatement></{p}Assertion>"
        )
    }

    fn rows(text: &str) -> Vec<(String, ClaimValue)> {
        decode(text).groups.into_iter().flat_map(|group| group.rows).map(|row| (row.label, row.value)).collect()
    }

    fn ids(text: &str) -> Vec<String> {
        decode(text).findings.into_iter().map(|finding| finding.id).collect()
    }

    #[test]
    fn assertions_are_shown_in_every_spelling() {
        let xml = assertion(true, "saml2");
        let response = format!(
            "<?xml version=\"1.0\"?>\n<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\"><saml2:Issuer xmlns:saml2=\"{NAMESPACE}\">https://other.example.org</saml2:Issuer>{xml}</samlp:Response>"
        );
        let lines = STANDARD
            .encode(&xml)
            .as_bytes()
            .chunks(76)
            .map(|line| std::str::from_utf8(line).unwrap())
            .collect::<Vec<_>>()
            .join("\r\n");
        let deflated = STANDARD.encode(miniz_oxide::deflate::compress_to_vec(response.as_bytes(), 9));
        for text in [
            xml.clone(),
            format!("\n  {xml}\n"),
            assertion(true, "saml"),
            assertion(true, "ns0"),
            assertion(true, ""),
            STANDARD.encode(&xml),
            URL_SAFE_NO_PAD.encode(&xml),
            lines,
            response.clone(),
            STANDARD.encode(&response),
            deflated,
            STANDARD.encode(format!("\u{feff}{xml}")),
        ] {
            assert!(is_assertion(&text));
            let decoded = decode(&text);
            assert_eq!(decoded.format, TokenFormat::Saml, "{text}");
            let rows = rows(&text);
            let text_of = |label: &str| rows.iter().find(|(known, _)| known == label).map(|(_, value)| value.clone());
            let one = |text: &str| Some(ClaimValue::Text { text: text.into() });
            assert_eq!(rows[0].0, "issuer");
            assert_eq!(text_of("issuer"), one("https://idp.example.org"));
            assert_eq!(text_of("subject"), one("alice&co@example.org"));
            assert_eq!(text_of("recipient"), one("https://as.example.org/token"));
            assert_eq!(text_of("not on or after"), one("2026-11-20T10:05:00Z"));
            assert_eq!(text_of("mail"), one("alice@example.org"));
            assert_eq!(text_of("signature"), one("present, not verified"));
            let set = |members: [&str; 2]| Some(ClaimValue::Set { members: members.map(str::to_owned).to_vec(), more: 0 });
            assert_eq!(text_of("audience"), set(["https://as.example.org", "urn:shop"]));
            assert_eq!(text_of("roles"), set(["admin", "viewer"]));
            assert_eq!(ids(&text), ["saml", "saml-signature"], "{text}");
        }
    }

    #[test]
    fn what_is_wrong_with_an_assertion_is_said() {
        let check = |text: &str, id: &str| assert!(ids(text).iter().any(|found| found == id), "{id} in {:?}", ids(text));
        let xml = assertion(false, "saml");
        check(&xml, "saml-unsigned");
        check(&format!("{xml}{xml}"), "saml-several");
        check(&xml[..xml.len() - 40], "saml-broken");
        check(&xml.replace("AudienceRestriction", "Other"), "saml-no-audience");
        check(&xml.replace(NAMESPACE, FORMER), "saml-former");
        check(&format!("<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]>{xml}"), "saml-broken");
        check(&xml.replace("&amp;", "&b;"), "saml-broken");
        check(&xml.replace("alice&amp;co", "alice<!-- -->co"), "saml-broken");
        check(&xml.replace("<saml:Issuer>", &format!("{}<saml:Issuer>", "<a>".repeat(200))), "saml-broken");
        check(&xml.replace("<saml:Issuer>", &format!("{}<saml:Issuer>", "<a/>".repeat(20_000))), "saml-broken");
        check(
            &xml.replace("<saml:Subject>", "<saml:EncryptedAssertion></saml:EncryptedAssertion><saml:Subject>"),
            "saml-encrypted",
        );
        // Nothing after a document type is shown.
        assert_eq!(rows(&format!("<!DOCTYPE a [<!ENTITY b \"c\">]>{xml}")).len(), 1);
    }

    #[test]
    fn other_xml_and_base64_is_no_assertion() {
        for text in [
            "<html><body>Assertion failed</body></html>".to_owned(),
            format!("<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" xmlns:saml=\"{NAMESPACE}\"/>"),
            "<Assertion>no namespace, and nothing of what one says</Assertion>".into(),
            STANDARD.encode("x".repeat(200)),
            "A".repeat(400),
            STANDARD.encode(format!("<a>{}</a>", "b".repeat(200))),
        ] {
            assert!(!is_assertion(&text), "{text}");
            assert_ne!(decode(&text).format, TokenFormat::Saml);
        }
        // What grows without end when it is unpacked is not read.
        let bomb = miniz_oxide::deflate::compress_to_vec(" ".repeat(40 << 20).as_bytes(), 9);
        assert!(!is_assertion(&STANDARD.encode(bomb)));
    }

    #[test]
    fn an_assertion_inside_a_text_is_cut_out() {
        let xml = assertion(true, "saml2");
        for text in
            [format!("POST body: {xml} end"), format!("<soap:Envelope><soap:Body>{xml}</soap:Body></soap:Envelope>"), xml.clone()]
        {
            assert_eq!(assertion_in(&text), Some(xml.as_str()), "{text}");
        }
        assert_eq!(assertion_in("no assertion"), None);
        assert_eq!(assertion_in(NAMESPACE), None);
    }
}
