//! What the device is shown, for every kind and form: hashed by a program that is not ours, it is what is found signed.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use domain::{Digest, HashAlgorithm, SignatureProfile};
use signer::{Act, Format, Limits, Shown, ShownError, Wish, asic};

use crate::{
    desk::{Desk, Task, claims, id, read, written},
    documents::every,
};

/// The digest as openssl finds it.
fn hashed(octets: &[u8], hash: HashAlgorithm) -> Digest {
    let mut openssl = Command::new("openssl")
        .args(["dgst", "-binary", &format!("-{}", hash.name())])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    openssl.stdin.take().unwrap().write_all(octets).unwrap();
    hash.parse(&openssl.wait_with_output().unwrap().stdout).unwrap()
}

/// All bytes that are shown, and those of them that are hashed.
fn octets(shown: &Shown, task: &Task) -> (Vec<u8>, Vec<u8>) {
    let mut file = Vec::new();
    match shown {
        Shown::Given => file.clone_from(&task.sources[0]),
        Shown::Made(output) | Shown::Hollow { file: output, .. } => {
            output.write_to(&read(&task.sources), &mut file).unwrap();
        }
    }
    let range = |range: &std::ops::Range<u64>| {
        let start = usize::try_from(range.start).unwrap();
        file[start..usize::try_from(range.end).unwrap()].to_vec()
    };
    let hashed = match shown {
        Shown::Hollow { hashed, .. } => hashed.each_ref().map(range).concat(),
        Shown::Given | Shown::Made(_) => file.clone(),
    };
    (file, hashed)
}

/// Issue 4: what the device hashed is what the validator finds signed.
#[test]
fn what_is_shown_is_what_is_found_signed_in_every_form() {
    for profile in [
        SignatureProfile::EcdsaP256Sha256,
        SignatureProfile::EcdsaP384Sha384,
        SignatureProfile::RsaPkcs1Sha512,
    ] {
        let desk = Desk::new(profile);
        let (names, tasks): (Vec<_>, Vec<_>) = every(&desk).into_iter().unzip();
        let limits = Limits::default();
        let act = desk.prepare(&tasks, &limits).unwrap();
        let asked: Vec<_> = act.shown().collect();
        let shown = shown_files(&act, &tasks, &limits);
        let batch = desk.sign(&act);
        let signed = act.finish(&batch).unwrap();
        for (number, name) in names.iter().enumerate() {
            let (task, shown, asked) = (&tasks[number], &shown[number], asked[number].digest);
            let (shown_file, shown_octets) = octets(shown, task);
            assert_eq!(hashed(&shown_octets, profile.hash()), asked, "{name}");
            assert_eq!(
                shown.digest(&read(&task.sources), profile.hash()).unwrap(),
                asked,
                "{name}"
            );
            let file = written(&signed[number], task);
            let claims = claims(&file, task);
            let mut over = claims.iter().filter(|claim| claim.covers(&asked));
            let claim = over
                .next()
                .unwrap_or_else(|| panic!("{name}: nothing covers {asked:?}: {claims:#?}"));
            assert!(over.next().is_none() && desk.holds(claim), "{name}: {claim:#?}");
            // XAdES covers its own properties beside, a container the files of its list.
            let beside = match (claim.format, &task.wish) {
                (
                    _,
                    Wish::Container {
                        kind: asic::Kind::Extended,
                        files,
                    },
                ) => files.len(),
                (Format::Xades, _) => 1,
                _ => 0,
            };
            assert_eq!(
                claim.covered.len(),
                1 + beside,
                "{name} covers that and nothing else"
            );
            let other = hashed(b"another document", profile.hash());
            assert!(!claim.covers(&other), "{name}");
            if let Shown::Hollow { hashed, .. } = shown {
                only_the_value_differs(&shown_file, &file, hashed);
            }
        }
    }
}

fn shown_files(act: &Act, tasks: &[Task], limits: &Limits) -> Vec<Shown> {
    let tasks = tasks.iter().enumerate();
    tasks
        .map(|(number, task)| act.shown_file(id(number), &read(&task.sources), limits).unwrap())
        .collect()
}

/// The PDF that was shown and the one that was signed are the same, but for hexadecimal digits between `<` and `>`.
fn only_the_value_differs(shown: &[u8], signed: &[u8], hashed: &[std::ops::Range<u64>; 2]) {
    assert_eq!(shown.len(), signed.len());
    let [start, end] = [hashed[0].end, hashed[1].start].map(|at| usize::try_from(at).unwrap());
    assert_eq!(
        (&shown[..start], &shown[end..]),
        (&signed[..start], &signed[end..])
    );
    for file in [shown, signed] {
        assert_eq!((file[start], file[end - 1]), (b'<', b'>'));
        assert!(file[start + 1..end - 1].iter().all(u8::is_ascii_hexdigit));
    }
    assert!(shown[start + 1..end - 1].iter().all(|digit| *digit == b'0'));
    assert_ne!(shown, signed);
}

#[test]
fn another_document_is_not_shown_in_the_place_of_the_prepared_one() {
    let desk = Desk::new(SignatureProfile::EcdsaP256Sha256);
    let (names, tasks): (Vec<_>, Vec<_>) = every(&desk).into_iter().unzip();
    let limits = Limits::default();
    let act = desk.prepare(&tasks, &limits).unwrap();
    let place = names.iter().position(|name| *name == "xml enveloped").unwrap();
    let other = b"<other/>".to_vec();
    let changed = act.shown_file(id(place), &[&other], &limits);
    assert!(matches!(changed, Err(ShownError::Changed(of)) if of == id(place)));
    assert!(matches!(
        act.shown_file(id(place), &[], &limits),
        Err(ShownError::Document(_))
    ));
    let stranger = act.shown_file(id(tasks.len()), &[&other], &limits);
    assert!(matches!(stranger, Err(ShownError::NoSuch(_))));
}
