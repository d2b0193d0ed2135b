//! `certify`: which certificate stands for a Credential, and whether it may be used.

use der::{Decode, Encode};
use domain::{Id, LeafKind, Time, word};
use serde::Serialize;
use sha2::{Digest, Sha256};
use x509_cert::Certificate as X509;

use super::{
    Inner,
    leaves::{About, leaf},
    rows::{self, journal_fault},
};
use crate::{
    Certificate, CertificateChange, CertifyError, CertifyRequest, Clock, CredentialRecord, CredentialRow,
    Journal, JournalError, KeyMaterial, Unavailable, Update,
};

#[derive(Serialize)]
struct CertifiedContent<'a> {
    credential: Id<word::Credential>,
    change: &'a str,
    certificate_sha256: String,
}

/// Tries against others who change the same Credential.
const TRIES: usize = 5;

pub(super) async fn certify<J: Journal, C: Clock>(
    inner: &Inner<J, C>,
    request: CertifyRequest,
) -> Result<(), CertifyError> {
    let mut last = Ok(());
    for _ in 0..TRIES {
        last = certify_once(inner, &request).await;
        if !matches!(last, Err(CertifyError::Unavailable(Unavailable::Busy { .. }))) {
            break;
        }
    }
    last
}

async fn certify_once<J: Journal, C: Clock>(
    inner: &Inner<J, C>,
    request: &CertifyRequest,
) -> Result<(), CertifyError> {
    inner.not_behind()?;
    let now = inner.clock.now();
    let row = live(inner, request.credential).await?;
    let Some(certificate) = changed(&row.record, &request.change)? else {
        return Ok(());
    };
    let what = match request.change {
        CertificateChange::Issued(_) => "issued",
        CertificateChange::Held => "held",
        CertificateChange::Released => "released",
    };
    let content = CertifiedContent {
        credential: row.record.id,
        change: what,
        certificate_sha256: domain::base64url(&sha256(&certificate)),
    };
    let record = row.record.next(|record| record.certificate = certificate);
    replace(
        inner,
        &row,
        record,
        (LeafKind::Certified, &content),
        now,
        "certify",
    )
    .await?;
    Ok(())
}

/// A Credential whose key still exists.
async fn live<J: Journal, C: Clock>(
    inner: &Inner<J, C>,
    id: Id<word::Credential>,
) -> Result<CredentialRow, CertifyError> {
    let row = inner
        .journal
        .credential(id)
        .await
        .map_err(journal_fault)?
        .ok_or(CertifyError::NoCredential)?;
    match row.record.material {
        KeyMaterial::Wrapped { .. } if inner.part(id).await?.is_some() => Ok(row),
        KeyMaterial::Wrapped { .. } | KeyMaterial::Destroyed { .. } => Err(CertifyError::NoCredential),
    }
}

/// The certificate after the change; `None` when nothing changes because it was made before.
fn changed(
    record: &CredentialRecord,
    change: &CertificateChange,
) -> Result<Option<Certificate>, CertifyError> {
    match (record.certificate, change) {
        (current, CertificateChange::Issued(der)) => {
            let issued = read(der, &record.public_key)?;
            match current {
                Certificate::Awaited => Ok(Some(issued)),
                same if same == issued => Ok(None),
                Certificate::Active { .. } | Certificate::Held { .. } => Err(CertifyError::State),
            }
        }
        (
            Certificate::Active {
                sha256,
                not_before,
                not_after,
            },
            CertificateChange::Held,
        ) => Ok(Some(Certificate::Held {
            sha256,
            not_before,
            not_after,
        })),
        (
            Certificate::Held {
                sha256,
                not_before,
                not_after,
            },
            CertificateChange::Released,
        ) => Ok(Some(Certificate::Active {
            sha256,
            not_before,
            not_after,
        })),
        (Certificate::Held { .. }, CertificateChange::Held)
        | (Certificate::Active { .. }, CertificateChange::Released) => Ok(None),
        (Certificate::Awaited, CertificateChange::Held | CertificateChange::Released) => {
            Err(CertifyError::State)
        }
    }
}

/// What matters of a certificate here: whose key, how long, and its hash.
fn read(der: &[u8], public_key: &[u8]) -> Result<Certificate, CertifyError> {
    let parsed = X509::from_der(der).map_err(|_| CertifyError::NotACertificate)?;
    let content = parsed.tbs_certificate();
    let certified = content
        .subject_public_key_info()
        .to_der()
        .map_err(|_| CertifyError::NotACertificate)?;
    if certified != public_key {
        return Err(CertifyError::AnotherKey);
    }
    let validity = content.validity();
    Ok(Certificate::Active {
        sha256: Sha256::digest(der).into(),
        not_before: Time::from_unix_duration(validity.not_before.to_unix_duration()),
        not_after: Time::from_unix_duration(validity.not_after.to_unix_duration()),
    })
}

fn sha256(certificate: &Certificate) -> [u8; 32] {
    match certificate {
        Certificate::Awaited => [0; 32],
        Certificate::Active { sha256, .. } | Certificate::Held { sha256, .. } => *sha256,
    }
}

/// Replaces a Credential's row by its next version, witnessed by a leaf.
pub(super) async fn replace<J: Journal, C: Clock>(
    inner: &Inner<J, C>,
    row: &CredentialRow,
    record: CredentialRecord,
    (kind, content): (LeafKind, &(impl Serialize + Sync)),
    now: Time,
    by: &'static str,
) -> Result<(), Unavailable> {
    let tag = inner.tag(Some(row), &record).await?;
    let leaf = leaf(
        kind,
        now,
        About::owner(&record),
        content,
        Some((record.version, tag)),
    )?;
    let written = record.clone();
    match inner
        .journal
        .update(Update {
            record,
            tag,
            leaf,
            at: now,
            by,
        })
        .await
    {
        Ok(head) => {
            inner.advanced(head);
            inner.versions.wrote(&written);
            Ok(())
        }
        Err(JournalError::Conflict) => Err(Unavailable::Busy {
            retry_after: core::time::Duration::from_secs(1),
        }),
        Err(error) => Err(rows::journal_fault(error)),
    }
}
