//! Fetching what certificates name: issuers, revocation lists, status answers. Over plain HTTP, as RFC 5280 §4.2.1.13
//! and RFC 6960 have it: what comes is signed.
//!
//! The addresses come from documents, so whoever sends one chooses them. Therefore a name is resolved once and only
//! public addresses are connected to, unless the configuration names the host; redirections are not followed; times,
//! sizes and numbers are bounded, each and all together, and nothing is asked twice for one file.

use core::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    num::NonZeroU32,
    task::{Context, Poll},
    time::Duration,
};
use std::{collections::BTreeSet, future::Future, pin::Pin, time::Instant};

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
/// All that is fetched for a file.
const ALL: usize = 256 << 20;
/// One fetch.
const PATIENCE: Duration = Duration::from_secs(15);
/// All fetching for a file.
const SECONDS: NonZeroU32 = NonZeroU32::new(60).unwrap();

/// What may be fetched.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FetchSettings {
    /// Whether anything is fetched.
    pub allowed: bool,
    /// Hosts that are asked wherever their addresses are; all others only at public addresses.
    pub hosts: Vec<String>,
    /// Whether other hosts than those are asked at all.
    pub only_hosts: bool,
    /// Seconds that all fetching for one file may take; it is judged by what came.
    pub seconds: NonZeroU32,
}

impl Default for FetchSettings {
    fn default() -> Self {
        Self {
            allowed: false,
            hosts: Vec::new(),
            only_hosts: false,
            seconds: SECONDS,
        }
    }
}

/// What was asked for one file already, and what is left of its time and bytes.
#[derive(Debug)]
pub(crate) struct Errand {
    asked: BTreeSet<Vec<u8>>,
    until: Instant,
    bytes_left: usize,
    now: Option<Now>,
}

/// Answers of now are wanted: whoever keeps a signature needs what was said after it.
#[derive(Clone, Copy, Debug)]
struct Now;

impl Errand {
    /// As long as the settings say, and not beyond `deadline`.
    pub(crate) fn new(fetcher: &Fetcher, deadline: Option<Instant>) -> Self {
        let until = Instant::now() + Duration::from_secs(fetcher.settings.seconds.get().into());
        Self {
            asked: BTreeSet::new(),
            until: deadline.map_or(until, |deadline| deadline.min(until)),
            bytes_left: ALL,
            now: None,
        }
    }

    /// The same for answers of now.
    pub(crate) fn for_now(fetcher: &Fetcher) -> Self {
        Self {
            now: Some(Now),
            ..Self::new(fetcher, None)
        }
    }

    /// Asks once more what was asked before: the answers came a moment too early.
    pub(crate) fn ask_again(&mut self) {
        self.asked.clear();
    }

    /// Whether this is asked for the first time.
    fn is_new(&mut self, address: &str, question: &[u8]) -> bool {
        self.asked.insert([address.as_bytes(), &[0], question].concat())
    }
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

    /// Fetches of what is wanted what is not at hand, as far as it can be had. Lists are long: they come only when issuers
    /// and answers brought nothing new, because nobody answered or because the answers did not help.
    pub(crate) async fn fetch(&self, wanted: &Wanted, at_hand: &Material, errand: &mut Errand) -> Material {
        let mut material = Material::default();
        for address in &wanted.issuers {
            if let Some(bytes) = self.first(address, SMALL, errand).await {
                take_certificates(bytes, &mut material);
            }
        }
        for question in &wanted.answers {
            let Some(plain) = asked(question, None) else {
                continue;
            };
            if !errand.is_new(&question.address, &plain) {
                continue;
            }
            let body = match errand.now {
                Some(Now) => asked(question, Some(random())),
                None => Some(plain),
            };
            if let Some(bytes) = self.bytes(&question.address, body, SMALL, errand).await {
                sort(bytes, &mut material);
            }
        }
        let material = material.without(at_hand);
        if material != Material::default() {
            return material;
        }
        let mut lists = Material::default();
        for address in &wanted.lists {
            for der in unwrapped(self.first(address, LARGE, errand).await.unwrap_or_default()) {
                sort(der, &mut lists);
            }
        }
        lists.without(at_hand)
    }

    /// What lies at an address that was not asked yet.
    async fn first(&self, address: &str, most: usize, errand: &mut Errand) -> Option<Vec<u8>> {
        if !errand.is_new(address, &[]) {
            return None;
        }
        self.bytes(address, None, most, errand).await
    }

    async fn bytes(
        &self,
        address: &str,
        body: Option<Vec<u8>>,
        most: usize,
        errand: &mut Errand,
    ) -> Option<Vec<u8>> {
        let patience = errand
            .until
            .saturating_duration_since(Instant::now())
            .min(PATIENCE);
        let most = most.min(errand.bytes_left);
        if patience.is_zero() || most == 0 {
            tracing::info!(address, "nothing more is fetched for this file");
            return None;
        }
        match tokio::time::timeout(patience, self.exchange(address, body, most)).await {
            Ok(Ok(bytes)) => {
                errand.bytes_left -= bytes.len().min(errand.bytes_left);
                Some(bytes)
            }
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
        let named = is_named(&self.settings.hosts, host);
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
        let named = is_named(&self.hosts, name.as_str());
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

/// Whether the settings name a host; names of hosts have no case.
fn is_named(hosts: &[String], host: &str) -> bool {
    hosts.iter().any(|known| known.eq_ignore_ascii_case(host))
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
