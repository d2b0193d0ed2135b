//! What is not extended, and how a signature is named.

use pki::{crl::Reason, ocsp::CertStatus};
use signer::{
    ExtensionError, Inside, Material, Which,
    judgement::{Lacking, SubIndication},
};

use crate::{
    files,
    life::{Done, Years},
    world::{World, day},
};

#[test]
fn a_signature_that_was_made_after_its_certificate_was_revoked_is_not_kept() {
    let years = Years::new();
    let World {
        alice,
        unit,
        authority,
        ..
    } = &years.world;
    let revoked = CertStatus::Revoked {
        at: day(99),
        reason: Reason::KeyCompromise,
    };
    for mut file in files::all([alice, &years.second], authority) {
        years.go(&mut file, Done::Stamped, unit, &Material::default(), day(100));
        let mut said = years.said(&[unit], day(101));
        for party in [alice, &years.second] {
            said.answers
                .insert(authority.answer(authority, party, revoked, day(101)));
        }
        let refused = years
            .step(&file, unit, &said, day(101))
            .map(|(done, _)| done)
            .unwrap_err();
        assert!(!refused.may_succeed_later());
        let ExtensionError::Lacking(all) = refused else {
            panic!("{}: {refused}", file.name)
        };
        assert!(
            matches!(
                all[..],
                [Lacking::Unfit {
                    sub: SubIndication::RevokedNoPoe,
                    ..
                }]
            ),
            "{}: {all:?}",
            file.name
        );
    }
}

#[test]
fn a_signature_is_named_in_writing_and_never_another_for_it() {
    let years = Years::new();
    let World { alice, authority, .. } = &years.world;
    for file in files::all([alice, &years.second], authority) {
        let all = Which::all(&file.bytes).unwrap();
        assert!(all.contains(&file.which), "{}", file.name);
        let written = serde_json::to_string(&file.which).unwrap();
        assert_eq!(serde_json::from_str::<Which>(&written).unwrap(), file.which);
        for other in [
            Which::Field("Nobody".to_owned()),
            Which::Id("nobody".to_owned()),
            Which::Value("00".to_owned()),
            Which::Within {
                file: "META-INF/nobody.p7s".to_owned(),
                signature: Inside::Value("00".to_owned()),
            },
        ] {
            let mut wrong = file.clone();
            wrong.which = other;
            assert!(years.step(&wrong, alice, &Material::default(), day(100)).is_err());
        }
    }
}
