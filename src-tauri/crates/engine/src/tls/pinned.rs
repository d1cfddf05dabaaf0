//! The verifier behind a pin: for a pinned host exactly that certificate, for every other host what the system says.

use std::{fmt, sync::Arc};

use oauth::{certificate, profile::Pin};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::CryptoProvider,
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use rustls_platform_verifier::Verifier;

/// A pinned server showed another certificate than the one it was pinned by.
#[derive(Debug)]
pub struct OtherCertificate {
    /// What it showed.
    pub shown: String,
    /// What was pinned.
    pub pinned: String,
}

impl fmt::Display for OtherCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the certificate is {} and not the pinned {}", self.shown, self.pinned)
    }
}

impl std::error::Error for OtherCertificate {}

/// A TLS configuration that trusts the system, these further authorities, and these pins.
pub(crate) fn config(pins: &[Pin], authorities: Vec<CertificateDer<'static>>) -> Result<ClientConfig, Error> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    // A machine without any system certificates refuses to build the merged store; then only the profile's own count.
    let system: Arc<dyn ServerCertVerifier> =
        match Verifier::new_with_extra_roots(authorities.iter().cloned(), Arc::clone(&provider)) {
            Ok(verifier) => Arc::new(verifier),
            Err(error) => own_only(authorities, &provider).ok_or(error)?,
        };
    let verifier = Pinned { pins: pins.to_vec(), system, provider: Arc::clone(&provider) };
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        // The name of the danger is rustls's; what is put there is stricter for a pinned host than the default.
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(config)
}

/// A verifier that knows the profile's own authorities alone.
fn own_only(authorities: Vec<CertificateDer<'static>>, provider: &Arc<CryptoProvider>) -> Option<Arc<dyn ServerCertVerifier>> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(authorities);
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider)).build().ok()?;
    Some(verifier)
}

#[derive(Debug)]
struct Pinned {
    pins: Vec<Pin>,
    system: Arc<dyn ServerCertVerifier>,
    provider: Arc<CryptoProvider>,
}

/// The host of `host:port`, without the brackets of an IPv6 address.
fn host(server: &str) -> &str {
    let host = match server.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => server,
    };
    host.trim_start_matches('[').trim_end_matches(']')
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let name = server_name.to_str();
        // Two ports of one host may be two servers, and rustls tells no port: any pin of the host counts.
        let mut own = self.pins.iter().filter(|pin| host(&pin.server).eq_ignore_ascii_case(&name)).peekable();
        let Some(first) = own.peek().copied() else {
            return self.system.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        };
        let shown = certificate::fingerprint(end_entity);
        if own.any(|pin| certificate::same_fingerprint(&pin.sha256, &shown)) {
            return Ok(ServerCertVerified::assertion());
        }
        let other = OtherCertificate { shown, pinned: first.sha256.clone() };
        Err(Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(other)))))
    }

    // The handshake is signed by the key of the certificate; without these a copy of the public certificate would do.
    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        rustls::crypto::verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        rustls::crypto::verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::host;

    #[test]
    fn a_pin_names_host_and_port() {
        for (server, expected) in [("localhost:9443", "localhost"), ("127.0.0.1", "127.0.0.1"), ("[::1]:9443", "::1")] {
            assert_eq!(host(server), expected);
        }
    }
}
