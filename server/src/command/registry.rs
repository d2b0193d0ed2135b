//! Registry commands: issue on a request, find, change, report.

use std::path::{Path, PathBuf};

use ca::{CertificateRecord, Serial, State, Subject};
use clap::Args;
use domain::{Bin, CertificateKind, Iin, hexadecimal, sha256};
use pki::{PublicKey, crl::Reason, requested_key};
use store::Search;

use super::{
    CommandError,
    ca::{Who, give, known},
    read,
    told::tell,
    write_new,
};
use crate::{
    Act, IssueRequest, KeySource, Wish,
    pem::{pem, pem_or_der},
    serve::ProgramAuthority,
};

/// Certificates on one page.
const PAGE: u16 = 100;
const COMMON_NAME: &str = "2.5.4.3";

/// By what the registry is searched.
#[derive(Clone, Debug, Args)]
#[group(required = true, multiple = true)]
pub struct By {
    /// By number.
    #[arg(long)]
    serial: Option<Serial>,
    /// By individual identification number.
    #[arg(long)]
    iin: Option<Iin>,
    /// By business identification number.
    #[arg(long)]
    bin: Option<Bin>,
    /// By public key, PEM or DER.
    #[arg(long)]
    key: Option<PathBuf>,
    /// By kind.
    #[arg(long)]
    kind: Option<CertificateKind>,
}

/// Where what was found goes.
#[derive(Clone, Debug, Args)]
pub struct Found {
    /// Write the certificates that were found here, PEM.
    #[arg(long)]
    out: Option<PathBuf>,
}

/// What shall be issued.
pub(super) struct Wanted {
    pub(super) kind: CertificateKind,
    pub(super) request: Vec<u8>,
    pub(super) request_path: PathBuf,
    pub(super) subject: PathBuf,
    pub(super) hosts: Vec<String>,
    pub(super) publish: bool,
}

pub(super) fn reason(name: &str) -> Result<Reason, String> {
    Reason::parse(name)
        .filter(|reason| *reason != Reason::CertificateHold)
        .ok_or_else(|| {
            let known: Vec<&str> = Reason::ALL
                .into_iter()
                .filter(|reason| *reason != Reason::CertificateHold)
                .map(Reason::name)
                .collect();
            format!("known reasons are {}", known.join(", "))
        })
}

pub(super) async fn issue(
    authority: &ProgramAuthority,
    wanted: Wanted,
    out: &Path,
    who: &Who,
) -> Result<(), CommandError> {
    let wrong = |path: &Path, reason: String| CommandError::File {
        path: path.to_owned(),
        reason,
    };
    let der = pem_or_der(&wanted.request, "CERTIFICATE REQUEST");
    let key = requested_key(&der).map_err(|error| wrong(&wanted.request_path, error.to_string()))?;
    let subject: Subject = toml::from_slice(&read(&wanted.subject)?)
        .map_err(|error| wrong(&wanted.subject, error.to_string()))?;
    let act = Act::Issue {
        kind: wanted.kind.name().to_owned(),
        request_sha256: hexadecimal(&sha256(&der)),
        subject: Box::new(subject.clone()),
        hosts: wanted.hosts.clone(),
        publish: wanted.publish,
    };
    // Made before anything is issued: a certificate that cannot be written down is not issued.
    write_new(out, b"")?;
    let made = order_and_issue(authority, (&act, who), wanted, (subject, key)).await;
    let issued = match made {
        Ok(issued) => issued,
        Err(error) => {
            // Nothing stands in it.
            let _ = std::fs::remove_file(out);
            return Err(error);
        }
    };
    std::fs::write(out, pem("CERTIFICATE", issued.der.as_deref().unwrap_or_default())).map_err(|error| {
        wrong(
            out,
            format!(
                "{error}; the certificate {0} is issued: tamga ca find --serial {0} --out FILE",
                issued.serial
            ),
        )
    })?;
    println!(
        "issued {} until {}; it is in {}",
        issued.serial,
        issued.not_after,
        out.display()
    );
    Ok(())
}

async fn order_and_issue(
    authority: &ProgramAuthority,
    (act, who): (&Act, &Who),
    wanted: Wanted,
    (subject, key): (Subject, PublicKey),
) -> Result<CertificateRecord, CommandError> {
    let statement = give(authority, act, who).await?;
    Ok(authority
        .issue(IssueRequest {
            statement,
            kind: wanted.kind,
            subject,
            key: KeySource::Given(key),
            hosts: wanted.hosts,
            published: wanted.publish,
            issuer: None,
        })
        .await?)
}

pub(super) async fn find(
    authority: &ProgramAuthority,
    (by, to): (By, Found),
    who: &Who,
) -> Result<(), CommandError> {
    give(authority, &Act::Look, who).await?;
    let key_sha256 = match &by.key {
        None => None,
        Some(path) => {
            let der = pem_or_der(&read(path)?, "PUBLIC KEY");
            let key = PublicKey::from_der(&der).map_err(|error| CommandError::File {
                path: path.clone(),
                reason: error.to_string(),
            })?;
            Some(sha256(key.der()))
        }
    };
    let mut search = Search {
        serial: by.serial,
        iin: by.iin,
        bin: by.bin,
        kind: by.kind,
        key_sha256,
        most: PAGE,
        ..Search::default()
    };
    let (mut shown, mut told) = (0, Ok(()));
    let mut written = Vec::new();
    loop {
        let found = authority.store().certificates(&search).await?;
        if told.is_ok() {
            told = found.iter().try_for_each(show);
        }
        if told.is_err() && to.out.is_none() {
            return told;
        }
        written.extend(
            found
                .iter()
                .filter_map(|record| record.der.as_deref())
                .map(|der| pem("CERTIFICATE", der)),
        );
        shown += found.len();
        match found.last() {
            Some(last) if found.len() == usize::from(PAGE) => search.after = Some(last.id),
            Some(_) | None => break,
        }
    }
    if shown == 0 {
        return Err(CommandError::Nothing("no certificate was found".to_owned()));
    }
    if let Some(out) = to.out {
        write_new(&out, written.concat().as_bytes())?;
    }
    told
}

fn show(record: &CertificateRecord) -> Result<(), CommandError> {
    let state = match record.state {
        State::Prepared => "not issued yet".to_owned(),
        State::Good { .. } => "good".to_owned(),
        State::Held { at } => format!("on hold since {at}"),
        State::Revoked { at, reason } => format!("revoked since {at}: {}", reason.name()),
    };
    tell(format_args!(
        "{}  {}  valid {} to {}  {state}  (Ledger entry {})",
        record.serial, record.kind, record.not_before, record.not_after, record.position
    ))
}

pub(super) async fn change(
    authority: &ProgramAuthority,
    serial: Serial,
    wish: Wish,
    who: &Who,
) -> Result<(), CommandError> {
    // Before anything is looked up: who is no operator learns nothing from the answer.
    known(authority, who).await?;
    let search = Search {
        serial: Some(serial),
        most: 2,
        ..Search::default()
    };
    let found = authority.store().certificates(&search).await?;
    let [record] = found.as_slice() else {
        return Err(CommandError::Nothing(format!(
            "no certificate has the number {serial}"
        )));
    };
    let words = match wish {
        Wish::Hold => "hold",
        Wish::Release => "release",
        Wish::Revoke(reason) => reason.name(),
    };
    let (serial, wish_named) = (serial.to_string(), words.to_owned());
    let act = if record.kind.of_house() {
        Act::ChangeHouse {
            serial,
            kind: record.kind.name().to_owned(),
            wish: wish_named,
        }
    } else {
        Act::Change {
            serial,
            wish: wish_named,
        }
    };
    let statement = give(authority, &act, who).await?;
    let changed = authority.change(record.id, wish, statement).await?;
    show(&changed)
}

pub(super) async fn report(authority: &ProgramAuthority, who: &Who) -> Result<(), CommandError> {
    give(authority, &Act::Look, who).await?;
    for (kind, state, many) in authority.store().certificate_counts().await? {
        tell(format_args!("{many:>9}  {kind}  {state}"))?;
    }
    let now = authority.now();
    let house = authority.house();
    let parts = house
        .root()
        .into_iter()
        .chain(house.generations().values())
        .chain(house.services());
    for part in parts {
        let (_, until) = part.validity();
        let soon = if part.ends_soon(now) { "  ENDS SOON" } else { "" };
        tell(format_args!(
            "until {until}  {}{soon}",
            part.named(COMMON_NAME).unwrap_or_default()
        ))?;
    }
    for person in authority.store().operators().await? {
        tell(format_args!(
            "operator  {}  {}  {}",
            person.name,
            person.roles,
            hexadecimal(&person.certificate_sha256)
        ))?;
    }
    Ok(())
}
