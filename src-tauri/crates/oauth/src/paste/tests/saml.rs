//! One assertion is one token, whatever it is written as.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};

use super::*;
use token::decode::decode;

fn assertion(value: &str) -> String {
    format!(
        r#"<saml2:Assertion xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion" ID="_a75" IssueInstant="2026-11-30T19:00:00.000Z" Version="2.0"><saml2:Issuer>https://idp.example.org/shibboleth</saml2:Issuer><ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/></ds:SignedInfo><ds:SignatureValue>AAAA</ds:SignatureValue></ds:Signature><saml2:Subject><saml2:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">ada@example.org</saml2:NameID><saml2:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml2:SubjectConfirmationData NotOnOrAfter="2026-11-30T23:05:00Z" Recipient="https://gw.example.org/token?a=1"/></saml2:SubjectConfirmation></saml2:Subject><saml2:Conditions NotBefore="2026-11-30T18:55:00Z" NotOnOrAfter="2026-11-30T23:05:00Z"><saml2:AudienceRestriction><saml2:Audience>https://gw.example.org</saml2:Audience></saml2:AudienceRestriction></saml2:Conditions><saml2:AttributeStatement><saml2:Attribute Name="groups"><saml2:AttributeValue>staff</saml2:AttributeValue><saml2:AttributeValue>{value}</saml2:AttributeValue></saml2:Attribute></saml2:AttributeStatement></saml2:Assertion>"#
    )
}

fn percent(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

fn in_lines(text: &str, width: usize, end: &str) -> String {
    let pieces: Vec<&str> = text.as_bytes().chunks(width).map(|piece| std::str::from_utf8(piece).unwrap()).collect();
    pieces.join(end)
}

#[test]
fn one_assertion_is_one_token() {
    let mut wrong = Vec::new();
    let mut tried = 0;
    for value in [
        "admins",
        "admins &amp; co",
        "a &lt;x&gt; b",
        "a&#38;b",
        "a &quot;b&quot;",
        "x=1&amp;access_token=abcdefghijklmnop",
        "grün 100%",
    ] {
        let xml = assertion(value);
        let response = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_r\"><saml2:Issuer xmlns:saml2=\"urn:oasis:names:tc:SAML:2.0:assertion\">https://idp.example.org</saml2:Issuer>{xml}</samlp:Response>"
        );
        let html = xml.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
        for (name, xml, b64) in [
            ("assertion", &xml, STANDARD.encode(&xml)),
            ("response", &response, STANDARD.encode(&response)),
            ("base64url", &xml, URL_SAFE_NO_PAD.encode(&xml)),
        ] {
            let lines = in_lines(&b64, 76, "\n");
            for (writing, text) in [
                ("xml", xml.clone()),
                (
                    "declared",
                    format!(
                        "<?xml version=\"1.0\"?>\n{}",
                        xml.trim_start_matches("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
                    ),
                ),
                ("indented", xml.replace("><", ">\n  <")),
                ("indented, windows", xml.replace("><", ">\r\n\t<")),
                ("prose", format!("The IdP sends this:\n{xml}\nand the gateway refuses it.")),
                ("prose after", format!("{xml}\nis what it sends")),
                ("soap", format!("<soap:Envelope xmlns:soap=\"http://x\"><soap:Body>{xml}</soap:Body></soap:Envelope>")),
                ("json", serde_json::json!({"assertion": xml, "expires_in": 300}).to_string()),
                ("json, no name", serde_json::json!({"body": format!("got {xml} back")}).to_string()),
                ("json in prose", format!("it says \"assertion\": {} there", serde_json::Value::from(xml.as_str()))),
                ("html", html.clone()),
                ("percent", percent(xml)),
                (
                    "parameter",
                    format!(
                        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Asaml2-bearer&assertion={}&scope=a",
                        percent(xml)
                    ),
                ),
                ("base64", b64.clone()),
                ("base64 in lines", lines.clone()),
                ("base64 in lines of 64", in_lines(&b64, 64, "\r\n")),
                ("base64 in lines, quoted", format!("> {}", in_lines(&b64, 72, "\n> "))),
                ("base64 in lines, prose", format!("Hi Bea,\n\nthis one fails:\n\n{lines}\n\nCan you look at it?\nAda")),
                ("base64 in lines, then words", format!("this one fails:\n{lines}\nThanks\nAda")),
                ("base64 in lines, named", format!("SAMLResponse={lines}")),
                ("base64 in json", serde_json::json!({"saml": b64}).to_string()),
                ("base64 lines in json", serde_json::json!({"SAMLResponse": lines}).to_string()),
                ("base64 in prose", format!("It sent {b64} to us.")),
                ("SAMLResponse", format!("SAMLResponse={}", percent(&b64))),
                ("SAMLResponse bare", format!("SAMLResponse={b64}")),
                ("SAMLResponse and state", format!("SAMLResponse={}&RelayState=abc", percent(&b64))),
                ("form", format!("<form><input type=\"hidden\" name=\"SAMLResponse\" value=\"{b64}\"/></form>")),
                ("curl", format!("curl -d 'SAMLResponse={}' https://gw.example.org/acs", percent(&b64))),
                ("header", format!("Authorization: SAML {b64}")),
                ("curl, raw", format!("curl --data-urlencode 'assertion={xml}' -d grant_type=saml https://gw.example.org/token")),
                ("curl, json", format!("curl https://gw.example.org/token --json '{}'", serde_json::json!({"assertion": xml}))),
                ("curl, json of base64", format!("curl -d '{}' https://gw.example.org", serde_json::json!({"assertion": b64}))),
                (
                    "message",
                    format!(
                        "POST /acs HTTP/1.1\r\nHost: gw.example.org\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\nSAMLResponse={}&RelayState=a",
                        percent(&b64)
                    ),
                ),
                ("yaml", format!("user: ada\nassertion: |\n  {}\nscope: a\n", in_lines(&b64, 76, "\n  "))),
                ("escaped lines", format!("it logged \"{}\" there", in_lines(&b64, 76, "\\n"))),
                ("python", format!("saml = (\"{}\")", in_lines(&b64, 76, "\"\n        \""))),
                ("cdata", format!("<msg><![CDATA[{xml}]]></msg>")),
                ("log", format!("2026-11-30 19:02:11,900 DEBUG [org.keycloak.saml] (t) received: {xml}")),
                ("javascript", format!("const a = `{xml}`;")),
                ("both", format!("{b64}\n\nwhich is\n\n{xml}")),
            ] {
                tried += 1;
                match find_tokens(&text) {
                    Ok(pasting) => {
                        let broken = |token: &FoundToken| {
                            let decoded = decode(token.text.expose());
                            decoded.format != TokenFormat::Saml
                                || decoded.findings.iter().any(|finding| finding.id == "saml-broken")
                        };
                        if pasting.tokens.len() != 1 || pasting.tokens.iter().any(broken) {
                            let found: Vec<String> = pasting
                                .tokens
                                .iter()
                                .map(|token| format!("{:?} {}, {} bytes", token.format, token.source, token.text.expose().len()))
                                .collect();
                            wrong.push(format!("{name}, {writing}, {value}: {found:?}"));
                        }
                    }
                    Err(reason) => wrong.push(format!("{name}, {writing}, {value}: {reason}")),
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {tried}\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_stands_beside_an_assertion_is_still_found() {
    let xml = assertion("a &amp; b");
    let lines = in_lines(&STANDARD.encode(&xml), 76, "\n");
    for text in [
        format!("{xml}\nwas exchanged for {JWT}"),
        format!("access_token={JWT}\n\n{xml}"),
        format!("{lines}\n\nwas exchanged for {JWT}"),
        format!("{lines}\n{JWT}"),
    ] {
        let mut kinds: Vec<TokenFormat> = find_tokens(&text).unwrap().tokens.into_iter().map(|token| token.format).collect();
        kinds.sort_by_key(|format| *format != TokenFormat::Saml);
        assert_eq!(kinds, [TokenFormat::Saml, TokenFormat::Jws], "{text}");
    }
    let two = format!("{xml}\nand\n{}", xml.replace("_a75", "_a76"));
    assert_eq!(find_tokens(&format!("one: {two}")).unwrap().tokens.len(), 2);
}
