//! What is known of a certificate's status, and from whom: RFC 5280 §6.3, RFC 6960 §3.2 and §4.2.2.2.
//!
//! A list or an answer counts only if it is about this certificate, signed by whom the issuer lets speak, and by an
//! algorithm that proves something. Whether it is new enough is another question, asked by who judges at a time.

use domain::Time;
use pki::{
    KeyUsage, Presented, VerifyError,
    crl::{self, Listed, Reason},
    ocsp::{self, CertStatus},
    oid,
};

use super::{
    context::Constraints,
    finding::{Code, Finding},
    library::Library,
};

/// What is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// Not revoked.
    Good,
    /// Revoked for good.
    Revoked(Time, Reason),
    /// On hold.
    Hold(Time),
}

/// One thing that says it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Evidence<'a> {
    /// The list or answer, and the delta list that completes it.
    pub(super) objects: [Option<&'a [u8]>; 2],
    /// What its maker is believed by, where that is not the issuer: a certificate, and a list that speaks of it.
    pub(super) makers: [Option<&'a [u8]>; 2],
    pub(super) said: Said,
    pub(super) issued: Time,
    pub(super) next: Option<Time>,
    /// Until when it is believed without proof that it is older: the end of its signer's certificate or algorithm.
    pub(super) believed_until: Time,
}

/// All that is said, and why something is not heard.
#[derive(Debug, Default)]
pub(super) struct Heard<'a> {
    pub(super) evidence: Vec<Evidence<'a>>,
    pub(super) refused: Vec<Finding>,
}

/// A certificate with those above it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'p> {
    pub(super) certificate: &'p Presented,
    pub(super) issuer: &'p Presented,
    /// Who issued the issuer; none for an anchor.
    pub(super) above: Option<&'p Presented>,
}

/// Everything that the library says of a certificate up to a time.
pub(super) fn hear<'a>(
    asked: Asked<'_>,
    library: &'a Library<'a>,
    constraints: &Constraints,
    at: Time,
) -> Heard<'a> {
    let mut heard = Heard::default();
    let latest = at.plus(constraints.skew);
    let listener = Listener {
        asked,
        library,
        constraints,
    };
    for (der, answer) in &library.answers {
        let Some(status) = answer.status_of(asked.certificate.serial(), asked.issuer) else {
            continue;
        };
        if status.this_update > latest || answer.produced_at() > latest {
            continue;
        }
        match listener.answer(der, answer, status) {
            Ok(evidence) => heard.evidence.extend(evidence),
            Err(refused) => heard.refused.push(listener.refused(refused)),
        }
    }
    let full = library.lists.iter().filter(|(_, list)| !list.is_delta());
    for (der, list) in full.filter(|(_, list)| list.this_update() <= latest) {
        match list.covers(asked.certificate) {
            Err(crl::OutOfScope::Issuer) => continue,
            Err(scope) => {
                heard.refused.push(listener.refused(scope.to_string()));
                continue;
            }
            Ok(()) => {}
        }
        match listener.list(der, list, latest) {
            Ok(evidence) => heard.evidence.extend(evidence),
            Err(refused) => heard.refused.push(listener.refused(refused)),
        }
    }
    let outlived = |evidence: &Evidence<'_>| {
        evidence.said == Said::Good && evidence.issued > asked.certificate.not_after()
    };
    heard.evidence.retain(|evidence| !outlived(evidence));
    heard
}

#[derive(Clone, Copy)]
struct Listener<'a, 'p> {
    asked: Asked<'p>,
    library: &'a Library<'a>,
    constraints: &'p Constraints,
}

impl<'a> Listener<'a, '_> {
    fn refused(&self, reason: String) -> Finding {
        Finding::new(Code::StatusRefused)
            .text("subject", self.asked.certificate.subject_text())
            .text("reason", reason)
    }

    fn answer(
        &self,
        der: &'a [u8],
        answer: &'a ocsp::Received,
        status: &ocsp::Status,
    ) -> Result<Option<Evidence<'a>>, String> {
        let issuer = self.asked.issuer;
        let delegated = || {
            self.library
                .certificates
                .iter()
                .filter(|responder| responder.der() != issuer.der() && answer.responder().is(responder))
        };
        let mut why = "the answer is signed by nobody whom the issuer lets speak".to_owned();
        let mut believed_until = None;
        let mut makers = [None; 2];
        if answer.responder().is(issuer) {
            match answer.verify(issuer.key()) {
                Ok(()) => believed_until = Some(Time::from_micros(i64::MAX)),
                Err(error) => why = error.to_string(),
            }
        }
        for responder in delegated() {
            if believed_until.is_some() {
                break;
            }
            let speaks = self.may_speak(responder, answer.produced_at()).and_then(|list| {
                match answer.verify(responder.key()) {
                    Ok(()) => Ok(list),
                    Err(error) => Err(error.to_string()),
                }
            });
            match speaks {
                Ok(list) => {
                    let scheme = responder.scheme().map_err(|error| error.to_string())?;
                    let end = self.constraints.end(scheme, issuer.key().kind());
                    believed_until = Some(responder.not_after().min(end));
                    makers = [Some(responder.der()), list];
                }
                Err(error) => why = error,
            }
        }
        let believed_until = believed_until.ok_or(why)?;
        let kept = status
            .archive_cutoff
            .is_some_and(|since| since <= self.asked.certificate.not_after());
        let said = match status.status {
            CertStatus::Good => Said::Good,
            CertStatus::Unknown => return Err("the responder does not know this certificate".to_owned()),
            CertStatus::Revoked { at, reason } => revoked(at, reason),
        };
        Ok(Some(Evidence {
            objects: [Some(der), None],
            makers,
            said,
            issued: self.issued(status.this_update, kept),
            next: status.next_update,
            believed_until,
        }))
    }

    /// Where expired certificates are remembered, something issued later speaks of them as if issued at their end.
    fn issued(&self, issued: Time, kept: bool) -> Time {
        if kept {
            issued.min(self.asked.certificate.not_after())
        } else {
            issued
        }
    }

    /// RFC 6960 §4.2.2.2: the issuer's own delegate, alive when it spoke, whose status need not be asked or is known
    /// from a list, which is given.
    fn may_speak(&self, responder: &Presented, at: Time) -> Result<Option<&'a [u8]>, String> {
        let extensions = responder.extensions();
        let purposes = extensions.purposes.as_ref();
        if !purposes.is_some_and(|(purposes, _)| purposes.contains(&oid::OCSP_SIGNING)) {
            return Err("the certificate of the responder is not one for status answers".to_owned());
        }
        if !pki::distinguished::same(responder.issuer(), self.asked.issuer.subject()) {
            return Err("the certificate of the responder is another issuer's".to_owned());
        }
        responder
            .verify(self.asked.issuer.key())
            .map_err(|error| format!("the certificate of the responder: {error}"))?;
        if at < responder.not_before() || at > responder.not_after() {
            return Err("the certificate of the responder had no force when it answered".to_owned());
        }
        let signs = KeyUsage::DIGITAL_SIGNATURE.or(KeyUsage::CONTENT_COMMITMENT);
        if !extensions.unknown.is_empty() || extensions.usage.is_some_and(|usage| !usage.allows(signs)) {
            return Err("the key of the responder is not for such signatures".to_owned());
        }
        if extensions.no_check {
            return Ok(None);
        }
        // Lists only: an answer about the responder would need a responder again.
        let listener = Listener {
            asked: Asked {
                certificate: responder,
                ..self.asked
            },
            ..*self
        };
        let mut known = self
            .library
            .lists
            .iter()
            .filter(|(_, list)| !list.is_delta() && list.covers(responder).is_ok())
            .filter_map(|(der, list)| {
                listener
                    .list(der, list, at.plus(self.constraints.skew))
                    .ok()
                    .flatten()
            })
            .filter(|evidence| self.constraints.is_fresh((evidence.issued, evidence.next), at));
        match known.next() {
            None => Err("the status of the responder is not known".to_owned()),
            Some(first) if first.said != Said::Good || known.any(|other| other.said != Said::Good) => {
                Err("the responder is revoked".to_owned())
            }
            Some(first) => Ok(first.objects.first().copied().flatten()),
        }
    }

    fn list(
        &self,
        der: &'a [u8],
        list: &'a crl::Received<'a>,
        latest: Time,
    ) -> Result<Option<Evidence<'a>>, String> {
        let (believed_until, maker) = self.signer_of(list)?;
        let serial = self.asked.certificate.serial();
        let find = |list: &crl::Received<'_>| list.find(serial).map_err(|error| error.to_string());
        let mut listed = find(list)?;
        let mut newest = (list, None);
        let deltas = self
            .library
            .lists
            .iter()
            .filter(|(_, delta)| delta.completes(list));
        let delta = deltas
            .filter(|(_, delta)| delta.this_update() <= latest && delta.this_update() >= list.this_update())
            .max_by_key(|(_, delta)| delta.this_update());
        if let Some((der, delta)) = delta
            && self.signer_of(delta).is_ok()
        {
            newest = (delta, Some(*der));
            match find(delta)? {
                Listed::No => {}
                changed => listed = changed,
            }
        }
        let (newest, delta) = newest;
        let kept = newest
            .expired_since()
            .is_some_and(|since| since <= self.asked.certificate.not_after());
        Ok(Some(Evidence {
            objects: [Some(der), delta],
            makers: [maker, None],
            said: match listed {
                Listed::No | Listed::Removed => Said::Good,
                Listed::Revoked { at, reason } => revoked(at, reason),
            },
            issued: self.issued(newest.this_update(), kept),
            next: newest.next_update(),
            believed_until,
        }))
    }

    /// The issuer's key signed it, or another key of the same authority that the same superior certified: until when
    /// that is believed, and the other's certificate.
    fn signer_of(&self, list: &crl::Received<'_>) -> Result<(Time, Option<&'a [u8]>), String> {
        let issuer = self.asked.issuer;
        let speaks = |signer: &Presented| {
            let usage = signer.extensions().usage;
            usage.is_none_or(|usage| usage.allows(KeyUsage::LISTS)) && list.verify(signer.key()).is_ok()
        };
        let end = |signer: &Presented| {
            let scheme = list.scheme().map_err(|error| error.to_string())?;
            Ok::<Time, String>(self.constraints.end(scheme, signer.key().kind()))
        };
        if speaks(issuer) {
            return Ok((end(issuer)?, None));
        }
        let other = self.library.certificates.iter().find(|other| {
            other.extensions().authority.is_some()
                && other.extensions().unknown.is_empty()
                && pki::distinguished::same(other.subject(), issuer.subject())
                && list.this_update() >= other.not_before()
                && list.this_update() <= other.not_after()
                && self
                    .asked
                    .above
                    .into_iter()
                    .chain([issuer])
                    .any(|above| other.verify(above.key()).is_ok())
                && speaks(other)
        });
        if let Some(other) = other {
            return Ok((end(other)?.min(other.not_after()), Some(other.der())));
        }
        Err(match list.verify(issuer.key()) {
            Err(pki::NotIssued::Value(VerifyError::Invalid)) | Ok(()) => {
                "the list is not signed by a key of the issuer that may sign lists".to_owned()
            }
            Err(error) => error.to_string(),
        })
    }
}

fn revoked(at: Time, reason: Reason) -> Said {
    match reason {
        Reason::CertificateHold => Said::Hold(at),
        for_good => Said::Revoked(at, for_good),
    }
}
