//! pkilint reads every kind of revocation list, empty and with every kind of entry.

use core::time::Duration;

use ca::Scope;
use domain::CertificateKind;
use pki::crl::Reason;
use server::Wish;
use world::Founding;

use crate::{Court, RSA, docket::Docket, subjects};

/// After this time lists are made anew, and what was revoked before stands on the list that deltas complete.
const UNTIL_RENEWED: Duration = Duration::from_hours(9);

/// The root's; none of its parts.
const ROOT: Scope = Scope {
    issuer: 0,
    shard: None,
};

impl Docket {
    /// Fetches and adds a published list.
    async fn bring_list(&mut self, court: &Court, (scope, delta): (Scope, bool), when: &str) {
        let kind = match (scope, delta) {
            (ROOT, _) => "root",
            (Scope { shard: None, .. }, false) => "full",
            (Scope { shard: None, .. }, true) => "delta",
            (Scope { shard: Some(_), .. }, false) => "shard",
            (Scope { shard: Some(_), .. }, true) => "delta of a shard",
        };
        let published = scope.file(delta);
        let file = format!("{when}-{published}");
        court.fetch(&format!("/pki/{published}"), &file).await;
        self.bring(court, ("crl", kind), &file);
    }

    /// The same with every list that is made online.
    async fn bring_lists(&mut self, court: &Court, when: &str) {
        for scope in court.pki.authority().scopes() {
            for delta in [false, true] {
                self.bring_list(court, (scope, delta), when).await;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn revocation_lists_say_nothing_that_pkilint_minds() {
    let mut docket = Docket::default();
    let mut courts = Vec::new();
    for (founding, shards) in [(Founding::USUAL, 1), (RSA, 2)] {
        let court = Court::founded(Founding { shards, ..founding }).await;
        docket.bring_list(&court, (ROOT, false), "empty").await;
        docket.bring_lists(&court, "empty").await;

        let released = subjects::person(&court.pki).await;
        court.change(&released, Wish::Hold).await;
        for reason in Reason::ALL {
            // The one is for authorities, the other for certificates that are not revoked.
            if !matches!(reason, Reason::CaCompromise | Reason::CertificateHold) {
                let issued = subjects::person(&court.pki).await;
                court.change(&issued, Wish::Revoke(reason)).await;
            }
        }
        court.pki.world.clock.advance(UNTIL_RENEWED);
        court.publish().await;
        docket.bring_lists(&court, "filled").await;

        // The delta now says removeFromCRL, and certificateHold of another.
        court.change(&released, Wish::Release).await;
        court
            .change(&subjects::person(&court.pki).await, Wish::Hold)
            .await;
        court.publish().await;
        docket.bring_lists(&court, "changed").await;
        if shards == 1 {
            let line = "openssl crl -inform DER -noout -text -in changed-issuing-1-delta.crl";
            court.hears(line, "Remove From CRL").await;
        }

        let issuing = subjects::made(&court.pki, CertificateKind::Issuing).await;
        court.change(&issuing, Wish::Revoke(Reason::CaCompromise)).await;
        court.pki.authority().root_list(&court.pki.root).await.unwrap();
        docket.bring_list(&court, (ROOT, false), "filled").await;
        courts.push(court);
    }
    docket.judge().await;
}
