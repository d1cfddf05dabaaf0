//! Reading the certificate a server shows, so that a person can decide about it. Only the handshake is made; nothing is sent.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use oauth::certificate::{self, Certificate};
use rustls::{
    ClientConfig, DigitallySignedStruct, Error, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::CryptoProvider,
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::http::NetFault;

const PATIENCE: Duration = Duration::from_secs(10);

/// The certificate of the server at an https address.
///
/// # Errors
/// When it cannot be reached, or speaks no TLS.
pub async fn shown(address: &str) -> Result<Certificate, NetFault> {
    let url = url::Url::parse(address.trim()).ok().filter(|url| url.scheme() == "https");
    let host = url.as_ref().and_then(|url| url.host_str()).map(|host| host.trim_matches(['[', ']']).to_owned());
    let (Some(url), Some(host)) = (url, host) else {
        return Err(fault("not-https", format!("{address} is no https address."), "Enter the server's address with https://."));
    };
    let port = url.port_or_known_default().unwrap_or(443);
    let place = format!("{host}:{port}");
    match tokio::time::timeout(PATIENCE, handshake(&host, port)).await {
        Ok(Ok(Some(certificate))) => Ok(certificate),
        Ok(Ok(None)) => Err(fault("no-tls", format!("{place} showed no certificate."), "Check that the port speaks https.")),
        Ok(Err(error)) => Err(fault(
            "unreachable",
            format!("{place} cannot be asked for its certificate: {error}."),
            "Check host and port, and that the server runs and speaks https there.",
        )),
        Err(_) => Err(fault("timeout", format!("{place} did not answer within 10 s."), "Check host, port, network and VPN.")),
    }
}

fn fault(id: &'static str, message: String, advice: &str) -> NetFault {
    NetFault { id, message, advice: advice.into() }
}

async fn handshake(host: &str, port: u16) -> std::io::Result<Option<Certificate>> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let looker = Arc::new(Looker { seen: Mutex::new(None), provider: Arc::clone(&provider) });
    let verifier: Arc<dyn ServerCertVerifier> = Arc::clone(&looker) as _;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(std::io::Error::other)?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    let name = ServerName::try_from(host.to_owned()).map_err(std::io::Error::other)?;
    let stream = TcpStream::connect((host, port)).await?;
    // The looker refuses every certificate, so the handshake ends here whatever happens.
    let outcome = TlsConnector::from(Arc::new(config)).connect(name, stream).await.map(drop);
    let seen = looker.seen.lock().unwrap_or_else(PoisonError::into_inner).take();
    match (seen, outcome) {
        (Some(der), _) => Ok(Some(certificate::read(&der))),
        (None, Err(error)) => Err(error),
        (None, Ok(())) => Ok(None),
    }
}

/// Keeps what it is shown and trusts nothing.
#[derive(Debug)]
struct Looker {
    seen: Mutex<Option<Vec<u8>>>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Looker {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(end_entity.to_vec());
        Err(Error::General("only looked at".into()))
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(Error::General("only looked at".into()))
    }

    fn verify_tls13_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(Error::General("only looked at".into()))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
