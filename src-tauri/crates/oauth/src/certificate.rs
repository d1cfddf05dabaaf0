//! What a server's certificate says, for a person who has to decide whether to trust it.
//!
//! The decision is made by the fingerprint; everything else here is the certificate's own word, shown so that one sees whose it claims
//! to be and why a strict client refuses it.

use aws_lc_rs::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use x509_parser::{extensions::GeneralName, parse_x509_certificate};

/// A certificate in words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Certificate {
    /// SHA-256 of the whole certificate, pairs of hexadecimal digits joined by colons.
    pub sha256: String,
    /// Whom it names, e.g. `C=US, O=WSO2, CN=localhost`.
    pub subject: String,
    /// Who signed it.
    pub issuer: String,
    /// Host names and addresses it is good for (RFC 5280 4.2.1.6).
    pub names: Vec<String>,
    /// Begin, epoch seconds.
    pub not_before: i64,
    /// End, epoch seconds.
    pub not_after: i64,
    /// Signed by itself: no authority vouches for it.
    pub self_signed: bool,
    /// Says that it is an authority (RFC 5280 4.2.1.9), which strict clients do not take as a server's.
    pub authority: bool,
}

/// SHA-256 of a certificate (DER) as people compare it.
pub fn fingerprint(der: &[u8]) -> String {
    let pairs: Vec<String> = digest(&SHA256, der).as_ref().iter().map(|byte| format!("{byte:02X}")).collect();
    pairs.join(":")
}

/// Whether two fingerprints are the same one, however they are written.
pub fn same_fingerprint(one: &str, other: &str) -> bool {
    let bare = |text: &str| text.chars().filter(char::is_ascii_hexdigit).map(|c| c.to_ascii_uppercase()).collect::<String>();
    !bare(one).is_empty() && bare(one) == bare(other)
}

/// Reads a certificate (DER). One that cannot be read still has its fingerprint.
pub fn read(der: &[u8]) -> Certificate {
    let mut certificate = Certificate { sha256: fingerprint(der), ..Certificate::default() };
    let Ok((_, parsed)) = parse_x509_certificate(der) else { return certificate };
    certificate.subject = parsed.subject().to_string();
    certificate.issuer = parsed.issuer().to_string();
    certificate.not_before = parsed.validity().not_before.timestamp();
    certificate.not_after = parsed.validity().not_after.timestamp();
    certificate.self_signed = parsed.subject().as_raw() == parsed.issuer().as_raw();
    certificate.authority = parsed.is_ca();
    if let Ok(Some(names)) = parsed.subject_alternative_name() {
        certificate.names = names.value.general_names.iter().filter_map(name).collect();
    }
    certificate
}

fn name(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(text) => Some((*text).to_owned()),
        GeneralName::IPAddress([a, b, c, d]) => Some(format!("{a}.{b}.{c}.{d}")),
        GeneralName::IPAddress(bytes) => {
            let bytes: [u8; 16] = (*bytes).try_into().ok()?;
            Some(std::net::Ipv6Addr::from(bytes).to_string())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_are_compared_by_their_digits() {
        let text = fingerprint(b"");
        assert_eq!(text, "E3:B0:C4:42:98:FC:1C:14:9A:FB:F4:C8:99:6F:B9:24:27:AE:41:E4:64:9B:93:4C:A4:95:99:1B:78:52:B8:55");
        assert!(same_fingerprint(&text, &text.to_lowercase().replace(':', " ")));
        assert!(!same_fingerprint(&text, "E3:B0"));
        assert!(!same_fingerprint("", ""));
    }

    #[test]
    fn what_is_no_certificate_still_has_a_fingerprint() {
        let certificate = read(b"junk");
        assert_eq!((certificate.sha256, certificate.subject.as_str()), (fingerprint(b"junk"), ""));
    }
}
