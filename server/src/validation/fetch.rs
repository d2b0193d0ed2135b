//! Fetching what certificates name: issuers, revocation lists, status answers. Over plain HTTP, as RFC 5280 §4.2.1.13
//! and RFC 6960 have it: what comes is signed.
//!
//! The addresses come from documents, so whoever sends one chooses them. Therefore a name is resolved once and only
//! public addresses are connected to, unless the configuration names the host; redirections are not followed; times,
//! sizes and numbers are bounded.

use core::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    task::{Context, Poll},
    time::Duration,
};
use std::{future::Future, pin::Pin};

use axum::{
    body::{Body, to_bytes},
    http::{Request, Uri, header},
};
use hyper_util::{
    client::legacy::{
        Client,
        connect::{HttpConnector, dns::Name},
    },
    rt::TokioExecutor,
};
use serde::Deserialize;
use signer::{
    Material,
    cms::SignedData,
    judgement::{Question, Wanted},
};
use tower::Service;

use super::anchors::{sort, unwrapped};
use crate::authority::random;

/// A certificate or an answer.
const SMALL: usize = 256 * 1_024;
/// A revocation list.
const LARGE: usize = 128 << 20;
/// One fetch.
const PATIENCE: Duration = Duration::from_secs(15);

/// What may be fetched.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FetchSettings {
    /// Whether anything is fetched.
    #[serde(default)]
    pub allowed: bool,
    /// Hosts that are asked wherever their addresses are; all others only at public addresses.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// Whether other hosts than those are asked at all.
    #[serde(default)]
    pub only_hosts: bool,
}

/// Asks the world.
#[derive(Debug)]
pub struct Fetcher {
    client: Client<HttpConnector<Guarded>, Body>,
    settings: FetchSettings,
}

impl Fetcher {
    /// One that keeps these limits; none if nothing may be fetched.
    pub fn new(settings: &FetchSettings) -> Option<Self> {
        let guarded = Guarded {
            hosts: settings.hosts.clone(),
        };
        let mut connector = HttpConnector::new_with_resolver(guarded);
        connector.set_connect_timeout(Some(Duration::from_secs(5)));
        connector.enforce_http(true);
        settings.allowed.then(|| Self {
            client: Client::builder(TokioExecutor::new()).build(connector),
            settings: settings.clone(),
        })
    }

    /// Fetches what is wanted, as far as it can be had. What does not come is not there.
    pub async fn fetch(&self, wanted: &Wanted) -> Material {
        self.fetch_asking(wanted, || None).await
    }

    /// The same, with questions that want answers of now: whoever keeps a signature needs what was said after it.
    pub async fn fetch_anew(&self, wanted: &Wanted) -> Material {
        self.fetch_asking(wanted, || Some(random())).await
    }

    async fn fetch_asking(&self, wanted: &Wanted, nonce: impl Fn() -> Option<[u8; 16]>) -> Material {
        let mut material = Material::default();
        for address in &wanted.issuers {
            let bytes = self.bytes(address, None, SMALL).await;
            take_certificates(bytes.unwrap_or_default(), &mut material);
        }
        for question in &wanted.answers {
            if let Some(asked) = asked(question, nonce())
                && let Some(bytes) = self.bytes(&question.address, Some(asked), SMALL).await
            {
                sort(bytes, &mut material);
            }
        }
        // Lists are long: they are fetched only where nobody answered.
        if material.answers.is_empty() {
            material = material.and(self.lists(wanted).await);
        }
        material
    }

    /// Fetches the lists that are wanted, for whoever got answers that were of no use.
    pub async fn lists(&self, wanted: &Wanted) -> Material {
        let mut material = Material::default();
        for address in &wanted.lists {
            for der in unwrapped(self.bytes(address, None, LARGE).await.unwrap_or_default()) {
                sort(der, &mut material);
            }
        }
        material
    }

    async fn bytes(&self, address: &str, body: Option<Vec<u8>>, most: usize) -> Option<Vec<u8>> {
        let fetched = tokio::time::timeout(PATIENCE, self.exchange(address, body, most)).await;
        match fetched {
            Ok(Ok(bytes)) => Some(bytes),
            Ok(Err(reason)) => {
                tracing::info!(address, reason, "nothing was fetched");
                None
            }
            Err(_) => {
                tracing::info!(address, "fetching took too long");
                None
            }
        }
    }

    async fn exchange(&self, address: &str, body: Option<Vec<u8>>, most: usize) -> Result<Vec<u8>, String> {
        let address: Uri = address.parse().map_err(|_| "not an address".to_owned())?;
        let host = address.host().ok_or("no host")?;
        let named = self.settings.hosts.iter().any(|known| known == host);
        if self.settings.only_hosts && !named {
            return Err("the host is not one that may be asked".to_owned());
        }
        // A literal address is not resolved, so it is looked at here.
        let literal = host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .parse::<IpAddr>();
        if literal.is_ok_and(|address| !is_public(address)) && !named {
            return Err("the address is not a public one".to_owned());
        }
        let request = match body {
            None => Request::get(address).body(Body::empty()),
            Some(body) => Request::post(address)
                .header(header::CONTENT_TYPE, "application/ocsp-request")
                .body(Body::from(body)),
        };
        let request = request.map_err(|error| error.to_string())?;
        let answer = self
            .client
            .request(request)
            .await
            .map_err(|error| error.to_string())?;
        if !answer.status().is_success() {
            return Err(answer.status().to_string());
        }
        let bytes = to_bytes(Body::new(answer.into_body()), most).await;
        Ok(bytes.map_err(|error| error.to_string())?.to_vec())
    }
}

fn asked(question: &Question, nonce: Option<[u8; 16]>) -> Option<Vec<u8>> {
    let certificate = pki::Presented::parse(&question.certificate).ok()?;
    let issuer = pki::Presented::parse(&question.issuer).ok()?;
    Some(pki::ocsp::question_about(&certificate, &issuer, nonce))
}

/// A certificate, some in PEM, or a CMS of certificates alone.
fn take_certificates(bytes: Vec<u8>, material: &mut Material) {
    for der in unwrapped(bytes) {
        if let Ok(bundle) = SignedData::read(&der) {
            for certificate in bundle.certificates {
                sort(certificate, material);
            }
        } else {
            sort(der, material);
        }
    }
}

/// Resolves names to addresses that may be connected to.
#[derive(Clone, Debug)]
struct Guarded {
    hosts: Vec<String>,
}

impl Service<Name> for Guarded {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = std::io::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let named = self.hosts.iter().any(|known| known == name.as_str());
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let addresses: Vec<SocketAddr> =
                found.filter(|address| named || is_public(address.ip())).collect();
            if addresses.is_empty() {
                return Err(std::io::Error::other("the host has no public address"));
            }
            Ok(addresses.into_iter())
        })
    }
}

/// Whether an address is one of the public network: RFC 6890.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || first == 0
        || first >= 224
        || (first == 100 && (64..128).contains(&second))
        || (first == 192 && second == 0 && third == 0)
        || (first == 192 && second == 88 && third == 99)
        || (first == 198 && (18..20).contains(&second)))
}

/// Only what is unicast today (`2000::/3`), and nothing that carries an address of version 4.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    (0x2000..0x4000).contains(&first)
        && first != 0x2002
        && !(first == 0x2001 && (second < 0x0200 || second == 0x0DB8))
        && !(first == 0x3FFF && second < 0x1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_public() {
        for (address, public) in [
            ("8.8.8.8", true),
            ("195.12.113.1", true),
            ("127.0.0.1", false),
            ("10.1.2.3", false),
            ("172.31.0.1", false),
            ("192.168.0.1", false),
            ("169.254.169.254", false),
            ("100.64.0.1", false),
            ("0.0.0.0", false),
            ("224.0.0.1", false),
            ("255.255.255.255", false),
            ("198.18.0.1", false),
            ("2a00:1450:4001::1", true),
            ("::1", false),
            ("::ffff:127.0.0.1", false),
            ("::ffff:8.8.8.8", false),
            ("fe80::1", false),
            ("fd00::1", false),
            ("64:ff9b::7f00:1", false),
            ("2002:7f00:1::", false),
            ("2001:db8::1", false),
        ] {
            assert_eq!(is_public(address.parse().unwrap()), public, "{address}");
        }
    }

    #[tokio::test]
    async fn addresses_inside_are_not_asked() {
        let settings = FetchSettings {
            allowed: true,
            ..FetchSettings::default()
        };
        let fetcher = Fetcher::new(&settings).unwrap();
        for address in [
            "http://127.0.0.1:9/x",
            "http://[::1]:9/x",
            "http://localhost:9/x",
            "http://2130706433/x",
            "https://example.com/x",
            "file:///etc/passwd",
            "ldap://example.com/x",
        ] {
            assert!(fetcher.exchange(address, None, SMALL).await.is_err(), "{address}");
        }
    }
}
