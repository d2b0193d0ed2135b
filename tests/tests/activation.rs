//! A client signs: the happy path for every kind of key, and every refusal, each with its own error.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that fails may fail loudly"
)]

use std::time::Duration;

use domain::{Argon2Parameters, HashAlgorithm, Id, KeyAlgorithm, Purpose, Salt, SignatureProfile, base64url};
use hsm::{
    ActivateError, ActivateRequest, CertificateChange, CertifyRequest, ChallengeRequest, DestroyReason,
    DestroyRequest, Outcome, Service, TbsError, ToBeSigned, Unavailable, VerifierMode,
};
use world::{Client, World, assertion_claims, cms_attributes, documents, openssl_accepts, rng, signed_info};

const IIN: &str = "900101300017";
const OTHER: &str = "900101300027";
const RIGHT: u8 = 1;
const WRONG: u8 = 2;

/// What a structure's signature is over.
fn signed_bytes(structure: &ToBeSigned) -> &[u8] {
    match structure {
        ToBeSigned::CmsAttributes(bytes) | ToBeSigned::XmlSignedInfo { info: bytes, .. } => bytes,
        ToBeSigned::Digest(_) => panic!("a digest has no bytes"),
    }
}

/// Signs with this profile and has openssl judge every signature.
async fn judged_by_openssl(world: &World, client: &Client, profile: SignatureProfile) {
    let session = world.session();
    let shown = documents(4, profile.hash());
    let assertion = world.proven(session, client.iin).await;
    let (nonce, sad) = world
        .sad(session, client.credential, (RIGHT, shown.clone()))
        .await;
    let attributes = |at: usize| {
        ToBeSigned::CmsAttributes(cms_attributes(&shown[at].digest, &client.certificate_sha256()))
    };
    let certificate = client.certificate_sha256().try_into().unwrap();
    let info = signed_info(&[shown[2].digest, shown[3].digest], profile, &certificate);
    let list = vec![
        (vec![shown[0].id], attributes(0)),
        (vec![shown[1].id], attributes(1)),
        (vec![shown[2].id, shown[3].id], info),
    ];
    let structures: Vec<_> = list.iter().map(|(_, structure)| structure.clone()).collect();
    let batch = world
        .service
        .activate(ActivateRequest {
            assertion,
            nonce,
            sad,
            profile,
            list,
        })
        .await
        .unwrap();
    assert_eq!(batch.signatures.len(), 3);
    for (structure, (_, signature)) in structures.iter().zip(&batch.signatures) {
        let bytes = signed_bytes(structure);
        assert!(
            openssl_accepts(&client.public_key, profile, bytes, signature.as_bytes()),
            "{profile}"
        );
        assert!(
            !openssl_accepts(&client.public_key, profile, b"other", signature.as_bytes()),
            "{profile}"
        );
    }
}

/// R007, R124, R126, R129: a proven client's password signs with every kind of key and in every way.
#[tokio::test]
async fn every_algorithm_signs_what_was_shown() {
    let world = World::new().await;
    for algorithm in KeyAlgorithm::ALL {
        let client = world.client(IIN, algorithm, RIGHT).await;
        for profile in SignatureProfile::ALL
            .into_iter()
            .filter(|profile| profile.fits(algorithm))
        {
            judged_by_openssl(&world, &client, profile).await;
            world.clock.advance(Duration::from_secs(1));
        }
    }
}

/// R125: the hash that checks the password may live on the token itself.
#[tokio::test]
async fn a_resident_verifier_checks_and_dies_with_its_key() {
    let world = World::with(|settings| settings.verifier = VerifierMode::Resident).await;
    let client = world.client(IIN, KeyAlgorithm::P256, RIGHT).await;
    assert!(world.sign(&client, RIGHT, 1).await.is_ok());
    assert_eq!(
        world.sign(&client, WRONG, 1).await,
        Err(ActivateError::WrongPassword { left: 4 })
    );
    let destroy = DestroyRequest {
        credential: client.credential,
        reason: DestroyReason::Revoked,
    };
    let late = world.request(&client, RIGHT, 1).await;
    world.service.destroy(destroy.clone()).await.unwrap();
    world.service.destroy(destroy).await.unwrap();
    assert_eq!(world.service.activate(late).await, Err(ActivateError::Destroyed));
}

/// R124: a thousand documents are one act; one that was not shown stops all of them.
#[tokio::test]
async fn a_thousand_documents_are_signed_or_none() {
    let world = World::new().await;
    let client = world.client(IIN, KeyAlgorithm::P256, RIGHT).await;
    let batch = world.sign(&client, RIGHT, 1_000).await.unwrap();
    assert_eq!(batch.signatures.len(), 1_000);
    let mut request = world.request(&client, RIGHT, 1_000).await;
    let other = HashAlgorithm::Sha256.digest(b"never shown");
    request.list[700].1 = ToBeSigned::CmsAttributes(cms_attributes(&other, &client.certificate_sha256()));
    let nonce = request.nonce;
    let refused = world.service.activate(request).await;
    assert_eq!(
        refused,
        Err(ActivateError::Structure {
            position: 700,
            reason: TbsError::AnotherDigest
        })
    );
    assert_eq!(world.service.outcome(nonce).await, Ok(Outcome::Unknown));
}

/// R126, R238: a Sad signs once; the answer can be asked for again.
#[tokio::test]
async fn a_replayed_sad_is_refused_and_its_outcome_is_remembered() {
    let world = World::new().await;
    let client = world.client(IIN, KeyAlgorithm::P256, RIGHT).await;
    let request = world.request(&client, RIGHT, 2).await;
    let batch = world.service.activate(request.clone()).await.unwrap();
    assert_eq!(
        world.service.activate(request.clone()).await,
        Err(ActivateError::Replayed)
    );
    assert_eq!(
        world.service.outcome(request.nonce).await,
        Ok(Outcome::Signed(batch))
    );
}

/// R129: proof of the client, nonce and certificate must all be fresh; nothing else signs.
#[tokio::test]
async fn stale_and_foreign_proofs_are_refused() {
    let world = World::new().await;
    let client = world.client(IIN, KeyAlgorithm::P256, RIGHT).await;
    let good = world.request(&client, RIGHT, 1).await;
    let session = world.session();
    let refused = async |request: ActivateRequest| world.service.activate(request).await.unwrap_err();

    let mut other = good.clone();
    other.assertion = world.proven(session, client.iin).await;
    assert_eq!(
        refused(other).await,
        ActivateError::UnknownNonce,
        "another session's assertion"
    );

    let mut other = good.clone();
    other.nonce = domain::Nonce::new(rng());
    assert_eq!(
        refused(other).await,
        ActivateError::UnknownNonce,
        "a nonce of nobody's"
    );

    let mut other = good.clone();
    other.assertion = other.assertion.replace('.', "A.");
    assert!(
        matches!(refused(other).await, ActivateError::Assertion(_)),
        "an altered assertion"
    );

    let late = world.request(&client, RIGHT, 1).await;
    world.clock.advance(Duration::from_secs(301));
    assert_eq!(refused(late).await, ActivateError::NonceExpired);

    let mut claims = assertion_claims(session, client.iin, domain::Time::from_micros(0));
    claims.proofed_at = hsm::Clock::now(&world.clock).minus(Duration::from_secs(1_801));
    claims.expires_at = hsm::Clock::now(&world.clock).plus(Duration::from_mins(1));
    let (nonce, sad) = world
        .sad(
            session,
            client.credential,
            (RIGHT, documents(1, HashAlgorithm::Sha256)),
        )
        .await;
    let assertion = world.assert(&claims).await;
    let old = ActivateRequest {
        assertion,
        nonce,
        sad,
        ..good.clone()
    };
    assert_eq!(refused(old).await, ActivateError::AssertionStale);

    claims.factors.pop();
    claims.proofed_at = hsm::Clock::now(&world.clock);
    let half = ActivateRequest {
        assertion: world.assert(&claims).await,
        ..good
    };
    assert!(
        matches!(
            refused(half).await,
            ActivateError::Assertion(domain::AssertionError::Factors)
        ),
        "R003"
    );
}

/// R123: an assertion of one client does not open another's key, nor does a Sad for one key open another.
#[tokio::test]
async fn another_persons_credential_is_refused() {
    let world = World::new().await;
    let client = world.client(IIN, KeyAlgorithm::P256, RIGHT).await;
    let other = world.client(OTHER, KeyAlgorithm::P256, RIGHT).await;
    let mut request = world.request(&client, RIGHT, 1).await;
    let session = world.session();
    let shown = documents(1, HashAlgorithm::Sha256);
    let (nonce, sad) = world
        .sad(session, client.credential, (RIGHT, shown.clone()))
        .await;
    request.assertion = world.proven(session, other.iin).await;
    (request.nonce, request.sad) = (nonce, sad);
    assert_eq!(
        world.service.activate(request).await,
        Err(ActivateError::AnotherClient)
    );

    let first = world.request(&client, RIGHT, 1).await;
    let second = world.request(&client, RIGHT, 1).await;
    let crossed = ActivateRequest {
        sad: second.sad,
        ..first
    };
    let refused = world.service.activate(crossed).await;
    assert!(
        matches!(refused, Err(ActivateError::SadUnreadable(_))),
        "a Sad is sealed to its session and nonce"
    );
}

/// R124: swapped, missing, surplus and repeated documents are refused, and so is another certificate or profile.
#[tokio::test]
async fn what_is_signed_is_what_was_shown() {
    let world = World::new().await;
    let client = world.client(IIN, KeyAlgorithm::P256, RIGHT).await;
    let good = world.request(&client, RIGHT, 2).await;
    let refused = async |request: ActivateRequest| world.service.activate(request).await.unwrap_err();

    let mut other = good.clone();
    other.list.swap(0, 1);
    assert_eq!(
        refused(other).await,
        ActivateError::AnotherDocument,
        "another order"
    );
    let mut other = good.clone();
    other.list.pop();
    assert_eq!(
        refused(other).await,
        ActivateError::AnotherDocument,
        "one missing"
    );
    let mut other = good.clone();
    other.list.push(other.list[0].clone());
    assert_eq!(refused(other).await, ActivateError::AnotherDocument, "one twice");
    let mut other = good.clone();
    other.list[0].0 = vec![Id::from_random(domain::Time::from_micros(0), rng())];
    assert_eq!(refused(other).await, ActivateError::AnotherDocument, "another id");
    let mut other = good.clone();
    let digest = documents(1, HashAlgorithm::Sha256)[0].digest;
    other.list[0].1 = ToBeSigned::CmsAttributes(cms_attributes(&digest, &[7; 32]));
    let wrong = ActivateError::Structure {
        position: 0,
        reason: TbsError::Certificate,
    };
    assert_eq!(refused(other).await, wrong, "another signing certificate");
    let other = ActivateRequest {
        profile: SignatureProfile::RsaPssSha256,
        ..good.clone()
    };
    assert_eq!(
        refused(other).await,
        ActivateError::Profile(SignatureProfile::RsaPssSha256)
    );
    assert!(
        world.service.activate(good).await.is_ok(),
        "no refusal spent the nonce"
    );
}

/// R116, R129: only a certificate that is valid now signs.
#[tokio::test]
async fn the_certificates_state_decides() {
    let world = World::new().await;
    let client = world.uncertified(IIN, KeyAlgorithm::P256, RIGHT).await;
    let credential = client.credential;
    let certify = async |change| world.service.certify(CertifyRequest { credential, change }).await;
    assert_eq!(
        world.sign(&client, RIGHT, 1).await,
        Err(ActivateError::NotCertified)
    );
    assert_eq!(
        certify(CertificateChange::Held).await,
        Err(hsm::CertifyError::State)
    );
    assert_eq!(
        certify(CertificateChange::Issued(b"junk".to_vec())).await,
        Err(hsm::CertifyError::NotACertificate)
    );
    let strange = world
        .uncertified(OTHER, KeyAlgorithm::P256, RIGHT)
        .await
        .certificate;
    assert_eq!(
        certify(CertificateChange::Issued(strange)).await,
        Err(hsm::CertifyError::AnotherKey)
    );
    certify(CertificateChange::Issued(client.certificate.clone()))
        .await
        .unwrap();
    certify(CertificateChange::Issued(client.certificate.clone()))
        .await
        .unwrap();
    certify(CertificateChange::Held).await.unwrap();
    assert_eq!(
        world.sign(&client, RIGHT, 1).await,
        Err(ActivateError::CertificateHeld)
    );
    certify(CertificateChange::Released).await.unwrap();
    assert!(world.sign(&client, RIGHT, 1).await.is_ok());

    let late = world.uncertified(OTHER, KeyAlgorithm::P256, RIGHT).await;
    let change = CertificateChange::Issued(world.authority.certify(&late.public_key, (2019, 2020)));
    world
        .service
        .certify(CertifyRequest {
            credential: late.credential,
            change,
        })
        .await
        .unwrap();
    assert_eq!(
        world.sign(&late, RIGHT, 1).await,
        Err(ActivateError::CertificateNotValid)
    );
}

/// R098: five wrong passwords lock for 15 minutes, then 1 hour, then 24 hours, then only a new key helps.
#[tokio::test]
async fn wrong_passwords_lock_longer_each_time() {
    let world = World::new().await;
    let client = world.client(IIN, KeyAlgorithm::P256, RIGHT).await;
    for minutes in [15, 60, 1_440] {
        for left in [4, 3, 2, 1, 0] {
            assert_eq!(
                world.sign(&client, WRONG, 1).await,
                Err(ActivateError::WrongPassword { left })
            );
        }
        let locked = world.sign(&client, RIGHT, 1).await;
        assert!(
            matches!(locked, Err(ActivateError::Locked { .. })),
            "{minutes} minutes, even for the right one"
        );
        world.clock.advance(Duration::from_secs(minutes * 60 - 1));
        assert!(matches!(
            world.sign(&client, RIGHT, 1).await,
            Err(ActivateError::Locked { .. })
        ));
        world.clock.advance(Duration::from_secs(2));
    }
    for left in [4, 3, 2, 1, 0] {
        assert_eq!(
            world.sign(&client, WRONG, 1).await,
            Err(ActivateError::WrongPassword { left })
        );
    }
    world.clock.advance(Duration::from_hours(240));
    assert_eq!(world.sign(&client, RIGHT, 1).await, Err(ActivateError::Exhausted));
}

/// R098: a right password clears what came before it, and a restart forgets no attempt.
#[tokio::test]
async fn attempts_survive_restarts_and_end_with_the_right_password() {
    let world = World::new().await;
    let client = world.client(IIN, KeyAlgorithm::P256, RIGHT).await;
    for left in [4, 3, 2] {
        assert_eq!(
            world.sign(&client, WRONG, 1).await,
            Err(ActivateError::WrongPassword { left })
        );
    }
    let world = world.restart().await;
    assert_eq!(
        world.sign(&client, WRONG, 1).await,
        Err(ActivateError::WrongPassword { left: 1 })
    );
    assert!(world.sign(&client, RIGHT, 1).await.is_ok());
    assert_eq!(
        world.sign(&client, WRONG, 1).await,
        Err(ActivateError::WrongPassword { left: 4 })
    );
}

/// R098: of 64 parallel wrong passwords exactly five reach the verifier and count; 59 are answered Locked.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parallel_wrong_passwords_get_no_more_guesses() {
    let world = World::new().await;
    let client = world.client(IIN, KeyAlgorithm::P256, RIGHT).await;
    let mut requests = Vec::new();
    for _ in 0..64 {
        requests.push(world.request(&client, WRONG, 1).await);
    }
    let tries = requests.into_iter().map(|request| {
        let service = world.service.clone();
        tokio::spawn(async move { service.activate(request).await.unwrap_err() })
    });
    let tries: Vec<_> = tries.collect();
    let (mut wrong, mut locked) = (0, 0);
    for attempt in tries {
        match attempt.await.unwrap() {
            ActivateError::WrongPassword { .. } => wrong += 1,
            ActivateError::Locked { .. } => locked += 1,
            other => panic!("{other}"),
        }
    }
    assert_eq!((wrong, locked), (5, 59));
}

/// R238: two racing uses of one Sad give one batch of signatures.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn racing_uses_of_one_sad_sign_once() {
    let world = World::new().await;
    let client = world.client(IIN, KeyAlgorithm::P256, RIGHT).await;
    for _ in 0..5 {
        let request = world.request(&client, RIGHT, 2).await;
        let race = |request: ActivateRequest| {
            let service = world.service.clone();
            tokio::spawn(async move { service.activate(request).await })
        };
        let racers = [race(request.clone()), race(request.clone()), race(request)];
        let mut signed = 0;
        for racer in racers {
            match racer.await.unwrap() {
                Ok(_) => signed += 1,
                Err(error) => assert_eq!(error, ActivateError::Replayed),
            }
        }
        assert_eq!(signed, 1);
    }
}

/// R129: one assertion leads to one successful Activation, also when two race with two right passwords.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_assertion_signs_once() {
    let world = World::new().await;
    let client = world.client(IIN, KeyAlgorithm::P256, RIGHT).await;
    let first = world.request(&client, RIGHT, 1).await;
    let claims: serde_json::Value = {
        let payload = first.assertion.split('.').nth(1).unwrap();
        serde_json::from_slice(&domain::from_base64url(payload).unwrap()).unwrap()
    };
    let session = claims["session"].as_str().unwrap().parse().unwrap();
    let shown = documents(1, HashAlgorithm::Sha256);
    let (nonce, sad) = world
        .sad(session, client.credential, (RIGHT, shown.clone()))
        .await;
    let structure = ToBeSigned::CmsAttributes(cms_attributes(&shown[0].digest, &client.certificate_sha256()));
    let second = ActivateRequest {
        nonce,
        sad,
        list: vec![(vec![shown[0].id], structure)],
        ..first.clone()
    };
    let (one, other) = tokio::join!(world.service.activate(first), world.service.activate(second));
    assert_eq!(
        usize::from(one.is_ok()) + usize::from(other.is_ok()),
        1,
        "{one:?} {other:?}"
    );
}

/// R238: a later use of the key makes earlier challenges void, so a recorded Sad stays spent whatever a database says.
#[tokio::test]
async fn a_use_of_the_key_voids_older_challenges() {
    let world = World::new().await;
    let client = world.client(IIN, KeyAlgorithm::P256, RIGHT).await;
    let older = world.request(&client, RIGHT, 1).await;
    assert!(world.sign(&client, RIGHT, 1).await.is_ok());
    assert_eq!(
        world.service.activate(older).await,
        Err(ActivateError::Superseded)
    );
}

/// A plain digest (CSC) is signed if it is the one that the device put into the Sad.
#[tokio::test]
async fn a_plain_digest_is_signed() {
    let world = World::new().await;
    let client = world.client(IIN, KeyAlgorithm::P256, RIGHT).await;
    let mut request = world.request(&client, RIGHT, 1).await;
    request.list[0].1 = ToBeSigned::Digest(HashAlgorithm::Sha256.digest(b"document 0"));
    let batch = world.service.activate(request).await.unwrap();
    let signature = batch.signatures[0].1.as_bytes();
    assert!(openssl_accepts(
        &client.public_key,
        client.profile(),
        b"document 0",
        signature
    ));
}

/// R125: salt and cost come from the boundary, signed, the same for every Activation of a Credential.
#[tokio::test]
async fn a_challenge_carries_the_credentials_own_salt() {
    let world = World::new().await;
    let client = world.client(IIN, KeyAlgorithm::P256, RIGHT).await;
    let ask = async |purpose| {
        let session = world.session();
        let signed = world
            .service
            .challenge(ChallengeRequest { session, purpose })
            .await
            .unwrap();
        signed.verify(&world.tokens.root_key(), world.now()).unwrap()
    };
    let first = ask(Purpose::Activate(client.credential)).await;
    let second = ask(Purpose::Activate(client.credential)).await;
    assert_eq!(
        (first.salt, first.argon2),
        (second.salt, Argon2Parameters::STANDARD)
    );
    assert_ne!(first.nonce, second.nonce);
    assert_ne!(ask(Purpose::Enrol).await.salt, first.salt);
    assert_ne!(first.salt, Salt::new([0; 16]));
    let unknown = ChallengeRequest {
        session: world.session(),
        purpose: Purpose::Activate(Id::from_random(domain::Time::from_micros(0), rng())),
    };
    assert_eq!(
        world.service.challenge(unknown).await,
        Err(hsm::ChallengeError::NoCredential)
    );
}

/// R138: a destroyed key never signs again, and its blob is gone from the database.
#[tokio::test]
async fn a_destroyed_key_is_gone() {
    let world = World::new().await;
    let client = world.client(IIN, KeyAlgorithm::P256, RIGHT).await;
    let late = world.request(&client, RIGHT, 1).await;
    let credential = client.credential;
    world
        .service
        .destroy(DestroyRequest {
            credential,
            reason: DestroyReason::Revoked,
        })
        .await
        .unwrap();
    assert_eq!(world.service.activate(late).await, Err(ActivateError::Destroyed));
    let purpose = Purpose::Activate(credential);
    let asked = world
        .service
        .challenge(ChallengeRequest {
            session: world.session(),
            purpose,
        })
        .await;
    assert_eq!(asked, Err(hsm::ChallengeError::NoCredential));
    let kept = "SELECT COUNT(*) FROM credential WHERE key_blob IS NOT NULL OR verifier_blob IS NOT NULL";
    assert_eq!(world.tokens.engine.number(kept).await, 0);
    let nobody = DestroyRequest {
        credential: Id::from_bytes([9; 16]),
        reason: DestroyReason::Expired,
    };
    assert_eq!(
        world.service.destroy(nobody).await,
        Err(hsm::DestroyError::NoCredential)
    );
}

/// Every refusal of a proven client is a leaf of the Ledger, as is every signature.
#[tokio::test]
async fn every_use_and_every_refusal_is_a_leaf() {
    let world = World::new().await;
    let client = world.client(IIN, KeyAlgorithm::P256, RIGHT).await;
    let leaves = async || world.service.status().await.unwrap().leaves;
    let before = leaves().await;
    let request = world.request(&client, RIGHT, 3).await;
    world.service.activate(request.clone()).await.unwrap();
    assert_eq!(leaves().await, before + 1 + 3, "the attempt and three signatures");
    world.service.activate(request.clone()).await.unwrap_err();
    assert_eq!(leaves().await, before + 5, "the replay");
    world.sign(&client, WRONG, 1).await.unwrap_err();
    assert_eq!(leaves().await, before + 7, "the attempt and its wrong password");
    let forged = ActivateRequest {
        assertion: base64url(b"nobody"),
        ..request
    };
    world.service.activate(forged).await.unwrap_err();
    assert_eq!(
        leaves().await,
        before + 7,
        "nobody without a genuine assertion makes the ledger grow"
    );
}

/// An edited row is refused by name.
#[tokio::test]
async fn tampering_is_named() {
    let world = World::new().await;
    let client = world.client(IIN, KeyAlgorithm::P256, RIGHT).await;
    let request = world.request(&client, RIGHT, 1).await;
    let engine = &world.tokens.engine;
    engine
        .execute("UPDATE credential SET tries_base = 0, tries = 0, lock_level = 9")
        .await;
    let refused = world.service.activate(request).await;
    assert_eq!(
        refused,
        Err(ActivateError::Unavailable(Unavailable::Tampered {
            row: format!("credential {}", client.credential)
        }))
    );
}
