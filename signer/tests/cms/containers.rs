//! ASiC-S and ASiC-E with CAdES: unpacked and packed by Python, their signatures judged by openssl.

use std::{fs, process::Command};

use domain::{HashAlgorithm, SignatureProfile};
use signer::{
    Coverage, Integrity, Material, Named, Output, Source, StampKind, Uncovered, What,
    asic::{Container, ContainerFault, Examined, Kind, Package, Payload, Prepared, examine},
    cades::{self, Reached, open},
    claims,
    cms::SignedData,
};

use crate::{
    house::{Hand, House},
    levels::said,
    openssl::must,
};

const FIRST: &[u8] = b"the first file\n";
const SECOND: &[u8] = b"the second file\n";
const NAMES: [&str; 2] = [
    "first.txt",
    "\u{49b}\u{430}\u{493}\u{430}\u{437}/the second & last.txt",
];

fn python(house: &House, script: &str) -> Vec<u8> {
    let output = Command::new("python3")
        .args(["-c", script])
        .current_dir(house.path())
        .output()
        .expect("python3 is not installed");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

fn payload(count: usize) -> Vec<Payload<'static>> {
    let files: [&'static dyn Source; 2] = [&FIRST, &SECOND];
    let all = NAMES.into_iter().zip(files).take(count);
    all.map(|(name, source)| Payload {
        name: name.to_owned(),
        mime: "text/plain".to_owned(),
        source,
    })
    .collect()
}

fn written(output: &Output, sources: &[&dyn Source]) -> Vec<u8> {
    let mut bytes = Vec::new();
    output.write_to(sources, &mut bytes).unwrap();
    bytes
}

/// A container of level B.
pub(crate) fn container(hand: &Hand<'_>, kind: Kind) -> Vec<u8> {
    let payload = payload(if kind == Kind::Simple { 1 } else { 2 });
    let prepared = Prepared::new(kind, &payload, &hand.certificate, &said()).unwrap();
    let raw = hand.sign(&prepared.to_be_signed(), prepared.shown());
    written(&prepared.finish(&raw).unwrap(), &[&FIRST, &SECOND])
}

pub(crate) fn examined(file: &[u8]) -> Examined {
    examine(&Container::open(&file).unwrap()).unwrap()
}

/// What is wrong with a container, if anything is.
fn wrong(examined: &Examined) -> Vec<String> {
    let mut wrong: Vec<String> = examined.faults.iter().map(ToString::to_string).collect();
    wrong.extend(examined.uncovered.iter().cloned());
    for claim in &examined.claims {
        wrong.extend(claim.faults.iter().map(ToString::to_string));
        let altered = claim
            .covered
            .iter()
            .filter(|covered| covered.integrity != Integrity::Intact);
        wrong.extend(altered.map(|covered| covered.what.to_string()));
    }
    wrong
}

fn judged(house: &House, file: &[u8], kind: Kind) {
    house.write("container", file);
    let script = "import zipfile; z = zipfile.ZipFile('container'); assert z.testzip() is None; z.extractall('out'); \
                  i = z.infolist()[0]; print(i.filename, i.compress_type, len(i.extra), z.read(i).decode(), end='')";
    assert_eq!(
        String::from_utf8(python(house, script)).unwrap(),
        format!("mimetype 0 0 {}", kind.mime())
    );
    assert_eq!(fs::read(house.path().join("out").join(NAMES[0])).unwrap(), FIRST);
    let (signature, content) = match kind {
        Kind::Simple => ("out/META-INF/signature.p7s", "out/first.txt"),
        Kind::Extended => (
            "out/META-INF/signature001.p7s",
            "out/META-INF/ASiCManifest001.xml",
        ),
    };
    must(
        house.path(),
        &[
            "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", signature, "-content", content,
            "-CAfile", "root.pem", "-purpose", "any",
        ],
    );
}

#[test]
fn containers_of_both_kinds_are_signed_read_and_led_to_lta() {
    let house = House::new();
    for profile in [SignatureProfile::EcdsaP384Sha384, SignatureProfile::RsaPssSha512] {
        let hand = house.hand(profile.name(), profile);
        for kind in Kind::ALL {
            let mut file = container(&hand, kind);
            judged(&house, &file, kind);
            let found = examined(&file);
            assert_eq!((found.kind, wrong(&found)), (Some(kind), vec![]));
            let [claim] = found.claims.as_slice() else {
                panic!("{found:?}")
            };
            assert_eq!(claim.signer, Named::Bound(hand.certificate.der().to_vec()));
            assert_eq!(claim.coverage, Coverage::Whole);
            let files: Vec<&What> = claim.covered.iter().map(|covered| &covered.what).collect();
            let [list, first, second] =
                ["META-INF/ASiCManifest001.xml", NAMES[0], NAMES[1]].map(|name| What::File {
                    file: name.to_owned(),
                });
            match kind {
                Kind::Simple => assert_eq!(files, [&first]),
                Kind::Extended => assert_eq!(files, [&list, &first, &second]),
            }
            for _ in 0..3 {
                file = extended(&house, &file);
                judged(&house, &file, kind);
                assert_eq!(wrong(&examined(&file)), Vec::<String>::new());
            }
            let stamps = &examined(&file).claims[0].stamps;
            assert_eq!(
                stamps.iter().map(|stamp| stamp.kind).collect::<Vec<_>>(),
                [StampKind::Signature, StampKind::Archive]
            );
            assert!(stamps.iter().all(|stamp| stamp.imprint == Integrity::Intact));
        }
    }
}

/// The container with its signature one level further.
fn extended(house: &House, file: &[u8]) -> Vec<u8> {
    let container = Container::open(&file).unwrap();
    let signature = container.signatures().unwrap().remove(0);
    let (before, over) = (signature.file.open().unwrap(), signature.over.open().unwrap());
    let output = match open(&before, Some(&over), 0).unwrap() {
        Reached::Unstamped(unstamped) => {
            let token = house.stamp(unstamped.to_stamp(HashAlgorithm::Sha256).unwrap());
            unstamped.stamp(&token)
        }
        Reached::Stamped(stamped) if SignedData::read(&before).unwrap().revocations.is_empty() => stamped
            .keep(Material {
                lists: [house.list()].into(),
                ..Material::default()
            }),
        Reached::Stamped(kept) => {
            let token = house.stamp(kept.to_stamp(HashAlgorithm::Sha256).unwrap());
            kept.archive(&token)
        }
    };
    let output = container.replaced(&signature, &output.unwrap()).unwrap();
    written(&output, &[&file])
}

#[test]
fn a_second_signer_joins_in_the_container() {
    let house = House::new();
    let first = house.hand("first", SignatureProfile::EcdsaP256Sha256);
    let second = house.hand("second", SignatureProfile::RsaPkcs1Sha384);
    for kind in Kind::ALL {
        let file = container(&first, kind);
        let container = Container::open(&file).unwrap();
        let signature = container.signatures().unwrap().remove(0);
        let (before, over) = (signature.file.open().unwrap(), signature.over.open().unwrap());
        let prepared = cades::Joining::new(&before, Some(&over), &second.certificate, &said()).unwrap();
        let raw = second.sign(&prepared.to_be_signed(), prepared.shown());
        let output = container
            .replaced(&signature, &prepared.finish(&raw).unwrap())
            .unwrap();
        let both = written(&output, &[&file]);
        judged(&house, &both, kind);
        let found = examined(&both);
        assert_eq!((found.claims.len(), wrong(&found)), (2, vec![]));
    }
}

#[test]
fn containers_that_others_packed_are_read() {
    let house = House::new();
    let hand = house.hand("signer", SignatureProfile::EcdsaP256Sha256);
    for kind in Kind::ALL {
        house.write("ours", &container(&hand, kind));
        let pack = "import zipfile, sys\n\
                    class Pipe:\n\
                    \x20 def __init__(s, f): s.f = f\n\
                    \x20 def write(s, b): return s.f.write(b)\n\
                    \x20 def flush(s): pass\n\
                    o = zipfile.ZipFile('ours'); f = open('theirs', 'wb')\n\
                    z = zipfile.ZipFile(Pipe(f) if PIPE else f, 'w')\n\
                    for i in o.infolist():\n\
                    \x20 z.writestr(i.filename, o.read(i), 0 if i.filename == 'mimetype' else 8)\n\
                    EXTRA\n\
                    z.close()";
        for pipe in ["False", "True"] {
            python(&house, &pack.replace("PIPE", pipe).replace("EXTRA", ""));
            let theirs = fs::read(house.path().join("theirs")).unwrap();
            assert_eq!(wrong(&examined(&theirs)), Vec::<String>::new(), "{kind:?} {pipe}");

            python(
                &house,
                &pack
                    .replace("PIPE", pipe)
                    .replace("EXTRA", "z.writestr('extra.txt', b'not signed')"),
            );
            let theirs = fs::read(house.path().join("theirs")).unwrap();
            let found = examined(&theirs);
            match kind {
                Kind::Simple => assert!(!found.faults.is_empty() && !wrong(&found).is_empty()),
                Kind::Extended => {
                    assert_eq!(found.uncovered, ["extra.txt"]);
                    assert_eq!(found.claims[0].coverage, Coverage::Parts);
                }
            }
        }
        for (old, new) in [("the first file", "THE first file"), ("second", "SECOND")] {
            let swap = format!("\nz.close(); o = None; b = open('theirs','rb').read()\n#{old}{new}");
            let change = pack
                .replace("PIPE", "False")
                .replace(
                    "o.read(i)",
                    &format!(
                        "o.read(i).replace(b'{old}', b'{new}') if 'META' not in i.filename else o.read(i)"
                    ),
                )
                .replace("EXTRA", "");
            python(&house, &format!("{change}{swap}"));
            let theirs = fs::read(house.path().join("theirs")).unwrap();
            let expected = match (kind, old) {
                (Kind::Simple, "second") => vec![],
                (_, "second") => vec![format!("file “{}”", NAMES[1])],
                _ => vec![format!("file “{}”", NAMES[0])],
            };
            assert_eq!(wrong(&examined(&theirs)), expected);
        }
    }
}

#[test]
fn a_manifest_that_misses_a_file_or_a_signature_without_one_is_told() {
    let house = House::new();
    let hand = house.hand("signer", SignatureProfile::EcdsaP256Sha256);
    house.write("ours", &container(&hand, Kind::Extended));
    let without = |name: &str| {
        let script = format!(
            "import zipfile\no = zipfile.ZipFile('ours'); z = zipfile.ZipFile('theirs', 'w')\n\
             for i in o.infolist():\n\x20 if not i.filename.endswith('{name}'): z.writestr(i.filename, o.read(i))\nz.close()"
        );
        python(&house, &script);
        examined(&fs::read(house.path().join("theirs")).unwrap())
    };
    let missing = without("first.txt");
    assert_eq!(missing.claims[0].covered[1].integrity, Integrity::Missing);
    let unsigned = without(".p7s");
    assert!(unsigned.claims.is_empty() && unsigned.faults.len() == 1 && unsigned.uncovered.len() == 2);
    let bare = without("001.xml");
    assert_eq!(bare.claims[0].covered[0].integrity, Integrity::Missing);
    assert_eq!((bare.claims[0].faults.len(), bare.uncovered.len()), (1, 2));
}

/// What a stranger puts into a container is named, wherever it lies, and the report never says "the whole file".
#[test]
fn files_that_no_signature_covers_are_named() {
    let house = House::new();
    let hand = house.hand("signer", SignatureProfile::EcdsaP256Sha256);
    let edited = |edit: &str| {
        let script = format!(
            "import zipfile\no = zipfile.ZipFile('ours'); files = [(i.filename, o.read(i)) for i in o.infolist()]\n\
             {edit}\nz = zipfile.ZipFile('theirs', 'w')\nfor n, b in files: z.writestr(n, b)\nz.close()"
        );
        python(&house, &script);
        let theirs = fs::read(house.path().join("theirs")).unwrap();
        claims(&theirs, None, &signer::Limits::default()).unwrap()
    };
    for kind in Kind::ALL {
        house.write("ours", &container(&hand, kind));
        assert_eq!(edited("").remove(0).coverage, Coverage::Whole);
        for name in [
            "META-INF/agreement.pdf",
            "meta-inf/agreement.pdf",
            "META-INF/sub/\u{49b}\u{430}\u{440}\u{44b}\u{437}.docx",
            "meta-inf/signature002.p7s",
            "META-INF/signatures9.xml",
        ] {
            let found = edited(&format!("files.append(('{name}', b'<a/>'))"));
            let file = name.to_owned();
            assert_eq!(
                found[0].coverage,
                Coverage::Except {
                    uncovered: vec![Uncovered::File { file }]
                }
            );
            assert!(found[0].faults.is_empty(), "{:?}", found[0].faults);
        }
        let bare = edited("files = files[1:]");
        assert_eq!(bare[0].faults[0], ContainerFault::NoMimetype.into());
    }
    let found = edited("files.append(('extra.pdf', b'x'))");
    let Coverage::Except { uncovered } = &found[0].coverage else {
        panic!("{:?}", found[0].coverage)
    };
    let file = "extra.pdf".to_owned();
    assert!(uncovered.contains(&Uncovered::File { file }));
    for (old, new) in [
        (
            "</manifest:manifest>",
            "<manifest:file-entry manifest:full-path=\"other\"/></manifest:manifest>",
        ),
        ("text/plain", "text/html"),
        ("</manifest:manifest>", "Loan 999</manifest:manifest>"),
        ("first.txt", "third.txt"),
    ] {
        let found = edited(&format!(
            "files = [(n, b.replace(b'{old}', b'{new}') if n == 'META-INF/manifest.xml' else b) for n, b in files]"
        ));
        let Coverage::Except { uncovered } = &found[0].coverage else {
            panic!("{new}: {:?}", found[0].coverage)
        };
        let file = "META-INF/manifest.xml".to_owned();
        assert_eq!(uncovered[0], Uncovered::List { file });
    }
    // Whatever is in a manifest that is not as it was signed, nobody signed: it is told so, and told once.
    let found = edited("files = [(n, b + b'\\n' if 'ASiCManifest' in n else b) for n, b in files]");
    assert_eq!(found[0].covered.len(), 1, "{:?}", found[0].covered);
    assert_eq!(found[0].covered[0].integrity, signer::Integrity::Altered);
    let Coverage::Except { uncovered } = &found[0].coverage else {
        panic!("{:?}", found[0].coverage)
    };
    let files = NAMES.map(|file| Uncovered::File {
        file: file.to_owned(),
    });
    assert_eq!(uncovered[..], files);
    let other = edited("files[0] = ('mimetype', b'application/vnd.etsi.asic-s+zip')");
    assert!(
        other[0]
            .faults
            .contains(&ContainerFault::SimpleWithManifest.into())
    );
}

#[test]
fn a_package_takes_signatures_of_any_kind_and_refuses_names_that_lead_elsewhere() {
    let package = Package::new(Kind::Extended, &payload(2), HashAlgorithm::Sha256).unwrap();
    assert_eq!(package.digests().count(), 2);
    let meta = [
        package.file_manifest(),
        ("META-INF/signatures.xml".to_owned(), b"<xml/>".to_vec()),
    ];
    let file = written(&package.with(&meta).unwrap(), &[&FIRST, &SECOND]);
    assert_eq!(examined(&file).xml, ["META-INF/signatures.xml"]);
    for name in [
        "",
        "/etc/passwd",
        "../x",
        "a/../b",
        "a//b",
        "./a",
        "a\\b",
        "C:a",
        "a\u{0}",
        "mimetype",
        "META-INF/x",
        "meta-inf/x",
        "a/",
    ] {
        let mut bad = payload(2);
        name.clone_into(&mut bad[0].name);
        assert!(
            Package::new(Kind::Extended, &bad, HashAlgorithm::Sha256).is_err(),
            "{name:?}"
        );
    }
    let twice = [payload(1), payload(1)].concat();
    assert!(Package::new(Kind::Extended, &twice, HashAlgorithm::Sha256).is_err());
    assert!(Package::new(Kind::Simple, &payload(2), HashAlgorithm::Sha256).is_err());
    assert!(Package::new(Kind::Extended, &[], HashAlgorithm::Sha256).is_err());
}

#[test]
fn what_could_not_be_read_again_is_refused_before_it_is_signed() {
    let house = House::new();
    let hand = house.hand("signer", SignatureProfile::EcdsaP256Sha256);
    let named = |names: &mut dyn Iterator<Item = String>| -> Vec<Payload<'static>> {
        let file = |name| Payload {
            name,
            ..payload(1).remove(0)
        };
        names.map(file).collect()
    };
    let prepare =
        |payload: &[Payload<'_>]| Prepared::new(Kind::Extended, payload, &hand.certificate, &said());
    let largest = named(&mut (0..9_798).map(|number| format!("{number}.txt")));
    let prepared = prepare(&largest).unwrap();
    let raw = hand.sign(&prepared.to_be_signed(), prepared.shown());
    let output = prepared.finish(&raw).unwrap();
    let sources: Vec<&dyn Source> = largest.iter().map(|file| file.source).collect();
    let mut file = Vec::new();
    output.write_to(&sources, &mut file).unwrap();
    let found = examined(&file);
    assert!(found.claims[0].covered.len() == 9_799 && found.uncovered.is_empty());

    let refusal = |payload: &[Payload<'_>]| prepare(payload).err().map(|error| error.to_string());
    assert!(prepare(&named(&mut core::iter::once("x".repeat(1_024)))).is_ok());
    for (what, payload, words) in [
        (
            "files",
            named(&mut (0..9_799).map(|number| number.to_string())),
            "at most 9798 files",
        ),
        (
            "a name",
            named(&mut core::iter::once("x".repeat(1_025))),
            "is too long",
        ),
        (
            // Each letter takes six bytes in a URI.
            "a manifest",
            named(&mut (0..9_000).map(|number| format!("{number}{}", "\u{430}".repeat(200)))),
            "at most 8388608 bytes of signature, manifest",
        ),
        (
            "a PDF's head",
            named(&mut core::iter::once("%PDF-1.7".to_owned())),
            "head of a PDF",
        ),
    ] {
        let found = refusal(&payload).unwrap_or_default();
        assert!(found.contains(words), "{what}: {found}");
    }
}
