//! Attacks on signed attributes, one row each.

use super::*;

pub(super) fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = match content.len() {
        short @ ..128 => vec![u8::try_from(short).unwrap()],
        long @ 128..256 => vec![0x81, u8::try_from(long).unwrap()],
        longer => [vec![0x82], u16::try_from(longer).unwrap().to_be_bytes().to_vec()].concat(),
    };
    [vec![tag], length, content.to_vec()].concat()
}

pub(super) fn attribute(oid: &[u8], values: &[u8]) -> Vec<u8> {
    tlv(0x30, &[tlv(6, oid), tlv(0x31, values)].concat())
}

pub(super) const DATA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
pub(super) const CONTENT_TYPE: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x03";
pub(super) const MESSAGE_DIGEST: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04";
pub(super) const SIGNING_TIME: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x05";
pub(super) const PROTECTION: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x34";
pub(super) const CERTIFICATE_V1: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x02\x0c";
pub(super) const CERTIFICATE_V2: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x02\x2f";
pub(super) const SHA256: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x02\x01";
pub(super) const SHA512: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x02\x03";
pub(super) const ECDSA_SHA256: &[u8] = b"\x2a\x86\x48\xce\x3d\x04\x03\x02";

pub(super) fn content_type() -> Vec<u8> {
    attribute(CONTENT_TYPE, &tlv(6, DATA))
}

pub(super) fn message_digest(text: &str) -> Vec<u8> {
    attribute(MESSAGE_DIGEST, &tlv(4, digest(text).as_bytes()))
}

pub(super) fn signing_certificate(certificate: &[u8], algorithm: Option<&[u8]>) -> Vec<u8> {
    let algorithm = algorithm.map_or_else(Vec::new, |oid| tlv(0x30, &tlv(6, oid)));
    let id = tlv(0x30, &[algorithm, tlv(4, certificate)].concat());
    attribute(CERTIFICATE_V2, &tlv(0x30, &tlv(0x30, &id)))
}

pub(super) fn good() -> Vec<Vec<u8>> {
    vec![
        content_type(),
        message_digest("shown"),
        signing_certificate(&CERTIFICATE, None),
    ]
}

pub(super) fn set(mut attributes: Vec<Vec<u8>>) -> Vec<u8> {
    attributes.sort();
    tlv(0x31, &attributes.concat())
}

pub(super) fn with(more: Vec<u8>) -> Vec<u8> {
    set([good(), vec![more]].concat())
}

#[test]
fn good_attributes_pass_alone_and_with_what_is_admitted() {
    let time = attribute(SIGNING_TIME, &tlv(0x17, b"261120080000Z"));
    let protection = |hash, signature| {
        attribute(
            PROTECTION,
            &tlv(
                0x30,
                &[tlv(0x30, &tlv(6, hash)), tlv(0xA1, &tlv(6, signature))].concat(),
            ),
        )
    };
    for der in [
        set(good()),
        with(time),
        with(protection(SHA256, ECDSA_SHA256)),
        set(vec![
            content_type(),
            message_digest("shown"),
            signing_certificate(&CERTIFICATE, Some(SHA256)),
        ]),
    ] {
        assert_eq!(cms(&der), Ok(HashAlgorithm::Sha256.digest(&der)));
    }
    assert_eq!(
        cms(&with(protection(SHA512, ECDSA_SHA256))),
        Err(TbsError::Algorithms)
    );
    assert_eq!(cms(&with(protection(SHA256, SHA256))), Err(TbsError::Algorithms));
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table, one row per attack")]
fn every_attack_on_signed_attributes_is_refused_by_name() {
    let two_values = attribute(
        MESSAGE_DIGEST,
        &[tlv(4, digest("shown").as_bytes()), tlv(4, digest("x").as_bytes())].concat(),
    );
    let oid = |name: &str| name.to_owned();
    let der = |error: TbsError| matches!(error, TbsError::Der { .. });
    let strange = attribute(b"\x2a\x03\x04", &tlv(4, digest("shown").as_bytes()));
    let cases: Vec<(&str, Vec<u8>, TbsError)> = vec![
        (
            "two digests",
            with(message_digest("other")),
            TbsError::Twice {
                oid: oid("1.2.840.113549.1.9.4"),
            },
        ),
        (
            "the digest of another thing",
            set(vec![
                content_type(),
                message_digest("other"),
                signing_certificate(&CERTIFICATE, None),
            ]),
            TbsError::AnotherDigest,
        ),
        (
            "two values",
            set(vec![
                content_type(),
                two_values,
                signing_certificate(&CERTIFICATE, None),
            ]),
            TbsError::Value {
                oid: oid("1.2.840.113549.1.9.4"),
                at: 0,
            },
        ),
        (
            "no digest",
            set(vec![content_type(), signing_certificate(&CERTIFICATE, None)]),
            TbsError::Missing {
                oid: oid("1.2.840.113549.1.9.4"),
            },
        ),
        (
            "no content type",
            set(vec![
                message_digest("shown"),
                signing_certificate(&CERTIFICATE, None),
            ]),
            TbsError::Missing {
                oid: oid("1.2.840.113549.1.9.3"),
            },
        ),
        (
            "no certificate",
            set(vec![content_type(), message_digest("shown")]),
            TbsError::Missing {
                oid: oid("1.2.840.113549.1.9.16.2.47"),
            },
        ),
        (
            "another certificate",
            set(vec![
                content_type(),
                message_digest("shown"),
                signing_certificate(&[1; 32], None),
            ]),
            TbsError::Certificate,
        ),
        (
            "another hash of it",
            set(vec![
                content_type(),
                message_digest("shown"),
                signing_certificate(&CERTIFICATE, Some(SHA512)),
            ]),
            TbsError::CertificateHash {
                oid: oid("2.16.840.1.101.3.4.2.3"),
            },
        ),
        (
            "the first version of it",
            with(attribute(CERTIFICATE_V1, &tlv(0x30, &[]))),
            TbsError::Attribute {
                oid: oid("1.2.840.113549.1.9.16.2.12"),
            },
        ),
        (
            "the digest in a strange attribute",
            with(strange),
            TbsError::Attribute { oid: oid("1.2.3.4") },
        ),
        (
            "nothing",
            tlv(0x31, &[]),
            TbsError::Missing {
                oid: oid("1.2.840.113549.1.9.3"),
            },
        ),
        (
            "a time that is none",
            with(attribute(SIGNING_TIME, &tlv(4, b"now"))),
            TbsError::Value {
                oid: oid("1.2.840.113549.1.9.5"),
                at: 0,
            },
        ),
    ];
    for (name, structure, error) in cases {
        let mut found = cms(&structure).unwrap_err();
        if let TbsError::Value { at, .. } = &mut found {
            assert!(*at > 0, "{name}: where");
            *at = 0;
        }
        assert_eq!(found, error, "{name}");
    }
    let mut reversed = good();
    reversed.sort();
    reversed.reverse();
    assert!(matches!(
        cms(&tlv(0x31, &reversed.concat())),
        Err(TbsError::Order { .. })
    ));
    let body = set(good())[2..].to_vec();
    let long = [
        vec![0x31, 0x82, 0],
        u8::try_from(body.len()).unwrap().to_be_bytes().to_vec(),
        body.clone(),
    ]
    .concat();
    let indefinite = [vec![0x31, 0x80], body.clone(), vec![0, 0]].concat();
    let implicit = [vec![0xA0], set(good())[1..].to_vec()].concat();
    let mut trailing = set(good());
    trailing.push(0);
    for (name, structure) in [
        ("long length", long),
        ("indefinite length", indefinite),
        ("implicit tag", implicit),
        ("trailing byte", trailing),
    ] {
        assert!(der(cms(&structure).unwrap_err()), "{name}");
    }
    assert!(matches!(cms(&vec![0x31; 70_000]), Err(TbsError::TooLarge { .. })));
}

pub(super) const MIME_TYPE: &[u8] = b"\x04\x00\x8d\x45\x02\x01";
pub(super) const COMMITMENT: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x02\x10";
pub(super) const TST_INFO: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x04";

fn signing_certificate_with(algorithm: &[u8]) -> Vec<u8> {
    set(vec![
        content_type(),
        message_digest("shown"),
        signing_certificate(&CERTIFICATE, Some(algorithm)),
    ])
}

/// Attributes whose signing certificate is this `ESSCertIDv2`, with `after` behind the list.
pub(super) fn certified(id: &[u8], after: &[u8]) -> Vec<u8> {
    let value = tlv(0x30, &[tlv(0x30, id), after.to_vec()].concat());
    set(vec![
        content_type(),
        message_digest("shown"),
        attribute(CERTIFICATE_V2, &value),
    ])
}

#[test]
fn every_value_is_der_to_its_end_and_of_its_form() {
    let id = |after: &[u8]| tlv(0x30, &[tlv(4, &CERTIFICATE), after.to_vec()].concat());
    let protection = |parameters: &[u8]| {
        let signature = tlv(0xA1, &[tlv(6, ECDSA_SHA256), parameters.to_vec()].concat());
        with(attribute(
            PROTECTION,
            &tlv(0x30, &[tlv(0x30, &tlv(6, SHA256)), signature].concat()),
        ))
    };
    let time = |tag, text: &[u8]| with(attribute(SIGNING_TIME, &tlv(tag, text)));
    let mime = |value: &[u8]| with(attribute(MIME_TYPE, value));
    let commitment = |value: &[u8]| with(attribute(COMMITMENT, &tlv(0x30, value)));
    for (name, good) in [
        ("a chain", certified(&[id(&[]), id(&[])].concat(), &[])),
        ("policies", certified(&id(&[]), &tlv(0x30, &[]))),
        (
            "issuer and serial",
            certified(&id(&tlv(0x30, &[tlv(0x30, &[]), tlv(2, &[1])].concat())), &[]),
        ),
        ("2050", time(0x18, b"20500101000000Z")),
        ("MIME type", mime(&tlv(0x0C, b"text/plain"))),
        ("commitment", commitment(&tlv(6, DATA))),
        ("protection", protection(&[])),
    ] {
        assert!(cms(&good).is_ok(), "{name}: {:?}", cms(&good));
    }
    for (name, bad) in [
        ("a second hash", certified(&id(&tlv(4, &[1; 32])), &[])),
        ("rubbish in the id", certified(&id(&[0xFF, 0xFF]), &[])),
        ("rubbish behind the ids", certified(&id(&[]), &[0x24, 0x80])),
        (
            "rubbish as second id",
            certified(&[id(&[]), vec![0x24, 0x80]].concat(), &[]),
        ),
        (
            "a second id without hash",
            certified(&[id(&[]), tlv(0x30, &[])].concat(), &[]),
        ),
        ("no id", certified(&[], &[])),
        ("indefinite inside", mime(&tlv(0x30, &[0x30, 0x80, 0, 0]))),
        ("MIME type in octets", mime(&tlv(4, b"text/plain"))),
        ("MIME type not in UTF-8", mime(&tlv(0x0C, &[0xFF]))),
        ("boolean of BER", commitment(&tlv(1, &[1]))),
        ("long integer", commitment(&tlv(2, &[0, 1]))),
        ("empty integer", commitment(&tlv(2, &[]))),
        ("null with content", commitment(&tlv(5, &[0]))),
        ("unused bits set", commitment(&tlv(3, &[1, 1]))),
        ("constructed octets", commitment(&tlv(0x24, &tlv(4, &[])))),
        ("high tag number", commitment(&[0xBF, 0x1F, 0])),
        ("private class", commitment(&tlv(0xC1, &[]))),
        ("empty identifier", commitment(&tlv(6, &[]))),
        ("half an identifier", commitment(&tlv(6, &[0x2A, 0x86]))),
        (
            "padded hash",
            signing_certificate_with(&[0x60, 0x80, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01]),
        ),
        ("padded identifier", commitment(&tlv(6, &[0x2A, 0x80, 0x01]))),
        (
            "deep",
            commitment(&(0..40).fold(Vec::new(), |inner, _| tlv(0x30, &inner))),
        ),
        ("general time before 2050", time(0x18, b"20261120080000Z")),
        ("fractions", time(0x18, b"20500101000000.5Z")),
        ("no seconds", time(0x17, b"2611200800Z")),
        ("an offset", time(0x17, b"261120080000+0500")),
        ("month 13", time(0x17, b"261320080000Z")),
        (
            "implied policy",
            with(attribute(
                b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x02\x0f",
                &tlv(5, &[]),
            )),
        ),
    ] {
        let Err(refused) = cms(&bad) else {
            panic!("{name} passes")
        };
        assert!(
            matches!(refused, TbsError::Der { .. } | TbsError::Value { .. }),
            "{name}: {refused:?}"
        );
    }
    assert_eq!(cms(&protection(&tlv(5, &[]))), Err(TbsError::Algorithms));
    assert_eq!(cms(&protection(&tlv(6, SHA512))), Err(TbsError::Algorithms));
    let stamp = set(vec![
        attribute(CONTENT_TYPE, &tlv(6, TST_INFO)),
        message_digest("shown"),
        signing_certificate(&CERTIFICATE, None),
    ]);
    assert!(matches!(cms(&stamp), Err(TbsError::ContentType { .. })));
}

/// One OID stands for every PSS: the parameters must be the profile's.
#[test]
fn protected_pss_parameters_are_those_of_the_profile() {
    const PSS: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a";
    const MGF1: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08";
    let hash = |oid: &[u8]| tlv(0x30, &tlv(6, oid));
    let mask = |oid: &[u8]| tlv(0x30, &[tlv(6, MGF1), hash(oid)].concat());
    let parameters = |message: &[u8], masking: &[u8], salt: u8| {
        let fields = [
            tlv(0xA0, &hash(message)),
            tlv(0xA1, &mask(masking)),
            tlv(0xA2, &tlv(2, &[salt])),
        ];
        tlv(0x30, &fields.concat())
    };
    for (name, parameters, good) in [
        ("the profile's", parameters(SHA256, SHA256, 32), true),
        ("another hash", parameters(SHA512, SHA256, 32), false),
        ("another mask", parameters(SHA256, SHA512, 32), false),
        ("another salt", parameters(SHA256, SHA256, 20), false),
        ("SHA-1 by default", tlv(0x30, &[]), false),
        ("none", Vec::new(), false),
    ] {
        let signature = tlv(0xA1, &[tlv(6, PSS), parameters].concat());
        let der = with(attribute(
            PROTECTION,
            &tlv(0x30, &[hash(SHA256), signature].concat()),
        ));
        let result = ToBeSigned::CmsAttributes(der).check(&Expected {
            shown: &[digest("shown")],
            profile: SignatureProfile::RsaPssSha256,
            certificate: &CERTIFICATE,
        });
        assert_eq!(result.is_ok(), good, "{name}: {result:?}");
    }
}
