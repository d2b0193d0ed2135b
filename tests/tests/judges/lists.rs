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

impl Docket {
    /// Fetches and adds every published list.
    async fn bring_lists(&mut self, court: &Court, when: &str) {
        let root = Scope { issuer: 0, shard: None };
        let online = court.pki.authority().scopes().into_iter();
        let all = online.flat_map(|scope| [(scope, false), (scope, true)]);
        for (scope, delta) in all.chain([(root, false)]) {
            let kind = match (scope, delta) {
                (Scope { issuer: 0, .. }, _) => "root",
                (Scope { shard: None, .. }, false) => "full",
                (Scope { shard: None, .. }, true) => "delta",
                (Scope { shard: Some(_), .. }, false) => "shard",
                (Scope { shard: Some(_), .. }, true) => "shard delta",
            };
            let published = scope.file(delta);
            let file = format!("{when}-{published}");
            court.fetch(&format!("/pki/{published}"), &file).await;
            self.bring(court, ("crl", kind), &file);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn revocation_lists_say_nothing_that_pkilint_minds() {
    let mut docket = Docket::default();
    let mut courts = Vec::new();
    for (founding, shards) in [(Founding::USUAL, 1), (RSA, 2)] {
        let court = Court::founded(Founding { shards, ..founding }).await;
        docket.bring_lists(&court, "empty").await;

        let released = subjects::person(&court.pki).await;
        court.change(&released, Wish::Hold).await;
        for reason in Reason::ALL {
            match reason {
                // Reasons of authorities, and of certificates that are not revoked.
                Reason::CaCompromise | Reason::CertificateHold => {}
                _ => court.change(&subjects::person(&court.pki).await, Wish::Revoke(reason)).await,
            }
        }
        court.pki.world.clock.advance(UNTIL_RENEWED);
        court.publish().await;
        docket.bring_lists(&court, "filled").await;

        // The delta now says removeFromCRL, and certificateHold of another.
        court.change(&released, Wish::Release).await;
        court.change(&subjects::person(&court.pki).await, Wish::Hold).await;
        court.publish().await;
        let issuing = subjects::made(&court.pki, CertificateKind::Issuing).await;
        court.change(&issuing, Wish::Revoke(Reason::CaCompromise)).await;
        court.pki.authority().root_list(&court.pki.root).await.unwrap();
        docket.bring_lists(&court, "changed").await;
        let shown = court
            .says("openssl crl -inform DER -noout -text -in changed-issuing-1-delta.crl")
            .await;
        assert!(shards > 1 || shown.contains("Remove From CRL"), "{shown}");
        courts.push(court);
    }
    docket.judge().await;
}
