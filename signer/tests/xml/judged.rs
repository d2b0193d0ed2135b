//! Every form and key, judged by programs that are not ours.

use domain::SignatureProfile;
use signer::xml::{Around, External, Form, Limits, Others, Prepared, claims};

use crate::{
    judges,
    keys::Key,
    signing::{DOCUMENT, PROFILES, finished, holds, key, now, read, sign, swap},
};

#[test]
fn every_form_and_key_is_accepted_by_xmlsec() {
    let forms = [
        Form::Enveloped(Others::Excluded),
        Form::Enveloped(Others::Covered),
        Form::ById("total".to_owned()),
        Form::Enveloping,
        Form::EnvelopingFile {
            media_type: "text/plain".to_owned(),
        },
        Form::National,
        Form::NationalById("total".to_owned()),
    ];
    for profile in PROFILES {
        let key = Key::new("Aigul", profile);
        for form in &forms {
            let file = sign(DOCUMENT.as_bytes(), form, &key);
            // xmlsec 1.2 does not know the names of RSA-PSS; signxml does.
            if profile != SignatureProfile::RsaPssSha256 {
                let words = judges::xmlsec(&file, 0, &[&key.pem()]);
                words.unwrap_or_else(|words| panic!("{profile} {form:?}: {words}"));
            }
            let found = read(&file);
            assert!(
                found.len() == 1 && holds(&found[0], &key),
                "{profile} {form:?}: {:?}",
                found[0]
            );
        }
    }
}

#[test]
fn what_xmlsec_refuses_is_altered() {
    let key = key("Aigul");
    for form in [
        Form::Enveloped(Others::Excluded),
        Form::National,
        Form::Enveloping,
    ] {
        let file = sign(DOCUMENT.as_bytes(), &form, &key);
        let altered = swap(&file, "₸", "$");
        assert!(judges::xmlsec(&altered, 0, &[&key.pem()]).is_err());
        assert!(!holds(&read(&altered)[0], &key));
    }
}

#[test]
fn signxml_accepts_what_it_knows() {
    for profile in PROFILES {
        let key = Key::new("Aigul", profile);
        for (form, is_xades) in [
            (Form::Enveloped(Others::Covered), true),
            (Form::Enveloping, true),
            (Form::ById("total".to_owned()), true),
            (Form::National, false),
            (Form::NationalById("total".to_owned()), false),
        ] {
            // Of namespaces and comments in inclusive form signxml 5 has its own opinion: it cuts the subtree out first.
            let file = sign(b"<a><total Id=\"total\">1</total></a>", &form, &key);
            let words = judges::signxml(&file, is_xades, &key.pem());
            words.unwrap_or_else(|words| panic!("{profile} {form:?}: {words}"));
        }
    }
}

#[test]
fn detached_signatures_cover_files_beside() {
    for profile in PROFILES {
        let key = Key::new("Aigul", profile);
        let hash = profile.hash();
        let files: [(&str, &[u8]); 2] = [("one.txt", b"one"), ("two%20б.bin", b"\0two")];
        let externals = files.map(|(uri, content)| External {
            uri: uri.to_owned(),
            digest: hash.digest(content),
            media_type: "text/plain".to_owned(),
        });
        for around in [Around::Nothing, Around::Container] {
            let prepared = Prepared::detached(&externals, around, key.signer(), now()).unwrap();
            assert_eq!(
                prepared.shown(),
                externals.clone().map(|external| external.digest)
            );
            let file = finished(prepared, &key, b"");
            let (one, two) = (files[0].1.to_vec(), files[1].1.to_vec());
            let given: [(&str, &dyn signer::Source); 2] = [("one.txt", &one), ("two б.bin", &two)];
            let found = claims(&file, &given, &Limits::default()).unwrap();
            assert!(holds(&found[0], &key), "{:?}", found[0]);
            let one: [(&str, &dyn signer::Source); 1] = [("one.txt", &two)];
            let found = claims(&file, &one, &Limits::default()).unwrap();
            assert_eq!(found[0].covered[0].integrity, signer::Integrity::Altered);
            assert_eq!(found[0].covered[1].integrity, signer::Integrity::Missing);
        }
    }
}

#[test]
fn xmlsec_follows_detached_references() {
    let key = key("Aigul");
    let external = External {
        uri: "beside.txt".to_owned(),
        digest: domain::HashAlgorithm::Sha256.digest(b"beside"),
        media_type: "text/plain".to_owned(),
    };
    let prepared = Prepared::detached(&[external], Around::Container, key.signer(), now()).unwrap();
    let file = finished(prepared, &key, b"");
    judges::xmlsec_beside(&file, Some(("beside.txt", b"beside")), 0, &[&key.pem()]).unwrap();
    assert!(judges::xmlsec_beside(&file, Some(("beside.txt", b"Beside")), 0, &[&key.pem()]).is_err());
}
