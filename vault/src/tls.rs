//! Mutual TLS for callers on another host: the certificate decides the role, handshakes cannot hold each other up.

use core::{future::Future, time::Duration};
use std::{io, path::Path, sync::Arc};

use hsm::{Role, Service, serve};
use rustls::{
    RootCertStore, ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    server::WebPkiClientVerifier,
};
use tokio::{
    net::TcpListener,
    sync::{Semaphore, watch},
    task::JoinSet,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use crate::{serve::wait, settings::Tls};

const HANDSHAKE: Duration = Duration::from_secs(5);
const CONNECTIONS: usize = 64;

/// Opens the port; the future that comes back serves it until the stop.
pub(crate) async fn listen<S: Service + 'static>(
    settings: &Tls,
    service: Arc<S>,
    stopped: watch::Receiver<bool>,
) -> Result<impl Future<Output = ()> + Send + 'static, Box<dyn std::error::Error>> {
    let acceptor = TlsAcceptor::from(Arc::new(configuration(settings)?));
    let listener = TcpListener::bind(settings.listen).await?;
    let callers = Arc::new(settings.callers.clone());
    Ok(async move {
        let places = Arc::new(Semaphore::new(CONNECTIONS));
        let mut connections = JoinSet::new();
        let stop = wait(stopped.clone());
        tokio::pin!(stop);
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = &mut stop => break,
            };
            let (Ok((stream, peer)), Ok(place)) = (accepted, places.clone().try_acquire_owned()) else {
                continue;
            };
            let (acceptor, service) = (acceptor.clone(), service.clone());
            let (callers, stopped) = (callers.clone(), stopped.clone());
            connections.spawn(async move {
                let _place = place;
                let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await else {
                    tracing::warn!(%peer, "a TLS handshake failed");
                    return;
                };
                let Some(role) = role(&stream, &callers) else {
                    tracing::warn!(%peer, "a caller with an unknown certificate was turned away");
                    return;
                };
                let ended = serve(service, stream, role, wait(stopped)).await;
                tracing::debug!(?ended, %peer, "a connection ended");
            });
            while connections.try_join_next().is_some() {}
        }
        while connections.join_next().await.is_some() {}
    })
}

/// The role that the configuration gives to this very certificate.
fn role(
    stream: &TlsStream<tokio::net::TcpStream>,
    callers: &std::collections::BTreeMap<String, Role>,
) -> Option<Role> {
    let certificate = stream.get_ref().1.peer_certificates()?.first()?;
    let digest = domain::sha256(certificate);
    callers.get(&domain::hexadecimal(&digest)).copied()
}

fn configuration(settings: &Tls) -> Result<ServerConfig, Box<dyn std::error::Error>> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut roots = RootCertStore::empty();
    for certificate in certificates(&settings.authorities)? {
        roots.add(certificate)?;
    }
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone()).build()?;
    let key = PrivateKeyDer::from_pem_file(&settings.key)?;
    Ok(ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_client_cert_verifier(verifier)
        .with_single_cert(certificates(&settings.certificate)?, key)?)
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, Box<dyn std::error::Error>> {
    let certificates = CertificateDer::pem_file_iter(path)?.collect::<Result<Vec<_>, _>>()?;
    if certificates.is_empty() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            format!("{} holds no certificate", path.display()),
        )
        .into());
    }
    Ok(certificates)
}
