//! The wire form of a sealed message: exactly one text, and what opens it.

use p256::ecdh;
use proptest::prelude::*;

use super::*;
use crate::{Secret, sample};

const SEED: u8 = 7;
const NONCE: Nonce = Nonce::new([3; 32]);

/// A generator that hands out its seed over and over; enough to seal in tests.
struct Same(u8);

impl rand_core::TryRng for Same {
    type Error = core::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Ok(u32::from_ne_bytes([self.0; 4]))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Ok(u64::from_ne_bytes([self.0; 8]))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Self::Error> {
        out.fill(self.0);
        Ok(())
    }
}

impl rand_core::TryCryptoRng for Same {}

fn sealed(sealing: Sealing, plaintext: &[u8]) -> Sealed {
    let key = sample::activation(SEED);
    Sealed::seal(sealing, (sample::id(1), &NONCE), &key, plaintext, &mut Same(9)).unwrap()
}

/// What the token would derive.
fn shared(sealed: &Sealed) -> SharedSecret {
    let private = p256::SecretKey::from_slice(&[SEED; 32]).unwrap();
    let sender = p256::PublicKey::from_sec1_bytes(sealed.enc()).unwrap();
    let dh = ecdh::diffie_hellman(private.to_nonzero_scalar(), sender.as_affine());
    let dh = Secret::new((*dh.raw_secret_bytes()).into());
    SharedSecret::from_dh(&dh, sealed.enc(), sample::activation(SEED).point())
}

#[test]
fn the_info_is_label_session_and_nonce() {
    let info = Sealing::Sad.info(sample::id(1), &NONCE);
    assert_eq!(info, [&b"tamga/sad/1"[..], &[1; 16], &[3; 32]].concat());
    let info = Sealing::Enrolment.info(sample::id(1), &NONCE);
    assert_eq!(info, [&b"tamga/enrol/1"[..], &[1; 16], &[3; 32]].concat());
}

#[test]
fn it_opens_only_for_its_kind_session_and_nonce() {
    let message = sealed(Sealing::Sad, b"plaintext");
    let open = |sealing: Sealing, session, nonce: [u8; 32]| {
        message.open(
            &shared(&message),
            &sealing.info(sample::id(session), &Nonce::new(nonce)),
        )
    };
    assert_eq!(&**open(Sealing::Sad, 1, [3; 32]).unwrap(), b"plaintext");
    assert_eq!(open(Sealing::Enrolment, 1, [3; 32]).unwrap_err(), OpenError);
    assert_eq!(open(Sealing::Sad, 2, [3; 32]).unwrap_err(), OpenError);
    assert_eq!(open(Sealing::Sad, 1, [4; 32]).unwrap_err(), OpenError);
}

#[test]
fn each_fault_of_the_text_is_refused() {
    let good = sealed(Sealing::Sad, b"").to_text();
    assert!(Sealed::parse(&good).is_ok());
    let point = base64url(sealed(Sealing::Sad, b"").enc());
    let (start, end) = point.split_at(point.len() - 1);
    let off_curve = format!("{}A{}", &start[..50], &point[51..]);
    let compressed = base64url(&[&[2_u8][..], &sample::point(1)[1..33]].concat());
    let hybrid = base64url(&[&[6_u8][..], &sample::point(1)[1..]].concat());
    let padded = format!("{point}=");
    let stray = format!("{start}{}", char::from(end.as_bytes()[0] + 1));
    let long_kid = "k".repeat(65);
    let ct = good
        .split_once(r#""ct":""#)
        .unwrap()
        .1
        .trim_end_matches(r#""}"#)
        .to_owned();
    let (short_ct, padded_ct) = (base64url(&[0; 15]), format!("{ct}=="));
    let array = good
        .replace(r#""v":"#, "")
        .replace(r#""kid":"#, "")
        .replace(r#""enc":"#, "");
    let array = array.replace(r#""ct":"#, "").replace('{', "[").replace('}', "]");
    for (reason, from, to, refused) in [
        (
            "unknown field",
            r#""v":1"#,
            r#""v":1,"aad":"""#,
            SealedError::Form,
        ),
        ("duplicate field", r#""v":1"#, r#""v":1,"v":1"#, SealedError::Form),
        ("missing version", r#""v":1,"#, "", SealedError::Form),
        ("version as text", r#""v":1"#, r#""v":"1""#, SealedError::Form),
        ("negative version", r#""v":1"#, r#""v":-1"#, SealedError::Form),
        ("bytes after it", "}", "}0", SealedError::Form),
        ("white space before it", "{", "\n{", SealedError::Form),
        ("an array", good.as_str(), array.as_str(), SealedError::Form),
        ("an older version", r#""v":1"#, r#""v":0"#, SealedError::Version),
        ("a newer version", r#""v":1"#, r#""v":2"#, SealedError::Version),
        ("no key", "activation/1", "", SealedError::Field),
        (
            "a key's name too long",
            "activation/1",
            long_kid.as_str(),
            SealedError::Field,
        ),
        ("no point", point.as_str(), "", SealedError::Field),
        ("the point at infinity", point.as_str(), "AA", SealedError::Field),
        (
            "a point off the curve",
            point.as_str(),
            off_curve.as_str(),
            SealedError::Field,
        ),
        (
            "a compressed point",
            point.as_str(),
            compressed.as_str(),
            SealedError::Field,
        ),
        (
            "a hybrid point",
            point.as_str(),
            hybrid.as_str(),
            SealedError::Field,
        ),
        (
            "a padded point",
            point.as_str(),
            padded.as_str(),
            SealedError::Field,
        ),
        (
            "stray bits in a point",
            point.as_str(),
            stray.as_str(),
            SealedError::Field,
        ),
        (
            "a ciphertext without tag",
            ct.as_str(),
            short_ct.as_str(),
            SealedError::Field,
        ),
        (
            "a padded ciphertext",
            ct.as_str(),
            padded_ct.as_str(),
            SealedError::Field,
        ),
    ] {
        let text = sample::altered(&good, from, to);
        assert_eq!(Sealed::parse(&text).unwrap_err(), refused, "{reason}: {text}");
    }
    let long = format!("{good}{}", " ".repeat(Sealed::MAX_TEXT));
    assert_eq!(Sealed::parse(&long).unwrap_err(), SealedError::TooLong);
}

#[test]
fn it_prints_only_the_name_of_its_key() {
    let message = sealed(Sealing::Sad, b"plaintext");
    assert_eq!(format!("{message:?}"), r#"Sealed { kid: "activation/1", .. }"#);
}

#[test]
fn a_key_to_seal_to_is_a_named_point() {
    let point = sample::point(1);
    for kid in ["", "key 1", "key\n", "ключ", &"k".repeat(65)] {
        assert_eq!(ActivationKey::new(kid, point), None, "{kid}");
    }
    assert_eq!(ActivationKey::new("key", [0; POINT_LENGTH]), None);
    let text = serde_json::to_string(&sample::activation(1)).unwrap();
    assert_eq!(
        serde_json::from_str::<ActivationKey>(&text).unwrap(),
        sample::activation(1)
    );
    for (from, to) in [
        ("activation/1", ""),
        (r#""kid""#, r#""kid":"x","kid""#),
        (r#""point""#, r#""use":"x","point""#),
    ] {
        assert!(
            serde_json::from_str::<ActivationKey>(&sample::altered(&text, from, to)).is_err(),
            "{to}"
        );
    }
}

proptest! {
    #[test]
    fn what_is_written_is_what_is_read(plaintext in prop::collection::vec(any::<u8>(), 0..2_000)) {
        let message = sealed(Sealing::Enrolment, &plaintext);
        let read = Sealed::parse(&message.to_text()).unwrap();
        prop_assert_eq!(&read, &message);
        prop_assert_eq!(read.kid(), "activation/1");
        let opened = read.open(&shared(&read), &Sealing::Enrolment.info(sample::id(1), &NONCE)).unwrap();
        prop_assert_eq!(&*opened, &plaintext);
    }

    #[test]
    fn no_text_makes_the_parser_stumble(text in "\\PC{0,200}") {
        prop_assert!(Sealed::parse(&text).is_err());
    }
}
