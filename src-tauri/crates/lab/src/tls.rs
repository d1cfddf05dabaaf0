//! The lab's own certificate authority and the gateway's certificate.
//!
//! WSO2 ships a self-signed certificate that fails on `127.0.0.1`; the lab shows the right way instead: a small CA, made
//! at every start, that a profile trusts explicitly, and a leaf whose names cover both spellings of loopback. On request it
//! has WSO2's kind of certificate, with the three mistakes one meets in the field.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose, SanType,
};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::TlsAcceptor;

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A certificate could not be made.
    #[error("no certificate: {0}")]
    Certificate(#[from] rcgen::Error),
    /// The TLS library refused the certificate or key.
    #[error("no TLS: {0}")]
    Tls(#[from] rustls::Error),
    /// The crypto library made no key.
    #[error("no key for the certificate")]
    Key,
}

/// What the gateway shows when a client connects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Certificate {
    /// A leaf of the lab's own authority, good for `127.0.0.1` and `localhost`.
    #[default]
    LabAuthority,
    /// As WSO2 ships it: RSA, self-signed, for the name `localhost` and nothing else, without a word on being an authority.
    SelfSigned,
    /// The same, ended in 2025.
    SelfSignedExpired,
    /// The same, made as an authority: what people make by hand, and what no strict client takes as a server's.
    SelfSignedAuthority,
}

impl Certificate {
    /// The host the gateway is reached by.
    pub(crate) fn host(self) -> &'static str {
        if self == Certificate::LabAuthority { "127.0.0.1" } else { "localhost" }
    }
}

/// What the gateway listens with, and the authority that a client has to trust.
pub(crate) struct Tls {
    pub acceptor: TlsAcceptor,
    pub ca_pem: String,
}

pub(crate) fn make(kind: Certificate) -> Result<Tls, TlsError> {
    match kind {
        Certificate::LabAuthority => by_authority(),
        other => self_signed(other),
    }
}

fn by_authority() -> Result<Tls, TlsError> {
    let ca_key = KeyPair::generate()?;
    let mut ca = CertificateParams::default();
    ca.distinguished_name.push(DnType::CommonName, "Claimscope lab CA (simulation)");
    ca.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    ca.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let ca_certificate = ca.self_signed(&ca_key)?;
    let issuer = Issuer::new(ca, ca_key);

    let key = KeyPair::generate()?;
    let mut leaf = CertificateParams::new(vec!["localhost".to_owned()])?;
    leaf.subject_alt_names.push(SanType::IpAddress(IpAddr::V4(Ipv4Addr::LOCALHOST)));
    leaf.distinguished_name.push(DnType::CommonName, "localhost");
    leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let certificate = leaf.signed_by(&key, &issuer)?;

    let acceptor = acceptor(certificate.der().clone(), key.serialize_der())?;
    Ok(Tls { acceptor, ca_pem: ca_certificate.pem() })
}

fn self_signed(kind: Certificate) -> Result<Tls, TlsError> {
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| TlsError::Key)?;
    let pkcs8: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| TlsError::Key)?;
    let key = KeyPair::try_from(pkcs8.as_ref())?;
    let mut leaf = CertificateParams::new(vec!["localhost".to_owned()])?;
    for (part, value) in [
        (DnType::CountryName, "US"),
        (DnType::StateOrProvinceName, "CA"),
        (DnType::LocalityName, "Mountain View"),
        (DnType::OrganizationName, "WSO2"),
        (DnType::OrganizationalUnitName, "WSO2"),
        (DnType::CommonName, "localhost"),
    ] {
        leaf.distinguished_name.push(part, value);
    }
    leaf.key_usages = vec![
        KeyUsagePurpose::DigitalSignature,
        KeyUsagePurpose::ContentCommitment,
        KeyUsagePurpose::KeyEncipherment,
        KeyUsagePurpose::DataEncipherment,
    ];
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
    leaf.not_before = rcgen::date_time_ymd(2023, 2, 22);
    leaf.not_after = rcgen::date_time_ymd(if kind == Certificate::SelfSignedExpired { 2025 } else { 2045 }, 5, 27);
    if kind == Certificate::SelfSignedAuthority {
        leaf.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        leaf.key_usages.push(KeyUsagePurpose::KeyCertSign);
    }
    let certificate = leaf.self_signed(&key)?;
    let acceptor = acceptor(certificate.der().clone(), pkcs8.as_ref().to_vec())?;
    Ok(Tls { acceptor, ca_pem: certificate.pem() })
}

fn acceptor(certificate: CertificateDer<'static>, pkcs8: Vec<u8>) -> Result<TlsAcceptor, TlsError> {
    // The provider is named here and never installed for the process: that choice is the host application's.
    let mut config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate], PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(pkcs8)))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}
