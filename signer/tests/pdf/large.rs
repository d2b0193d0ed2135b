//! Large files: signing finds its page without reading all, and memory does not grow with the file.

use std::{
    env,
    fmt::Write as _,
    fs::{self, File},
    io::{Read, Seek, SeekFrom, Write},
    path::Path,
    process::Command,
};

use domain::SignatureProfile;
use signer::{
    Source,
    pdf::{Appearance, Options, Place, Sheet, claims},
};

use crate::{
    claims::is_accepted,
    house::House,
    judges,
    making::Making,
    signing::{options, sign},
};

/// A box with a frame.
#[derive(Debug)]
pub(crate) struct Frame;

impl Appearance for Frame {
    fn objects(&self, first: u32) -> Vec<Vec<u8>> {
        let content = "/G gs 0 0 1 RG 1 1 98 48 re S";
        let form = format!(
            "<</Type/XObject/Subtype/Form/BBox[0 0 100 50]/Resources<</ExtGState<</G {} 0 R>>>>/Length {}>>\nstream\n{content}\nendstream",
            first + 1,
            content.len()
        );
        vec![form.into_bytes(), b"<</Type/ExtGState/CA 1>>".to_vec()]
    }

    fn words(&self) -> &'static str {
        "Қол қойылды"
    }

    fn language(&self) -> &'static str {
        "kk"
    }
}

pub(crate) fn marked<'a>(page: u32) -> Options<'a> {
    Options {
        place: Some(Place {
            page,
            rectangle: [100.0, 100.0, 250.5, 175.0],
            appearance: &Frame,
        }),
        ..options()
    }
}

pub(crate) fn many_pages(pages: usize) -> Vec<u8> {
    let kids = (0..pages).fold(String::new(), |mut kids, page| {
        write!(kids, "{} 0 R ", page + 6).unwrap();
        kids
    });
    let mut making = Making::page();
    making.objects[1] = format!("<</Type/Pages/Kids[{kids}]/Count {pages}/MediaBox[0 0 595 842]>>");
    making
        .objects
        .extend((0..pages).map(|_| {
            "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>".to_owned()
        }));
    making.table()
}

pub(crate) fn deep_tree(depth: usize) -> Vec<u8> {
    let mut making = Making::page();
    making.objects[1] = "<</Type/Pages/Kids[6 0 R]/Count 1/MediaBox[0 0 300 400]/Rotate 90>>".into();
    for level in 0..depth {
        let number = level + 6;
        let kid = if level + 1 == depth { 3 } else { number + 1 };
        let parent = if level == 0 { 2 } else { number - 1 };
        making.objects.push(format!(
            "<</Type/Pages/Parent {parent} 0 R/Kids[{kid} 0 R]/Count 1>>"
        ));
    }
    making.objects[2] = format!(
        "<</Type/Page/Parent {} 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        depth + 5
    );
    making.table()
}

#[test]
fn the_last_of_ten_thousand_pages_and_the_end_of_a_deep_tree_take_a_mark() {
    let house = House::new();
    let hand = house.hand("signer", SignatureProfile::EcdsaP256Sha256);
    for (name, document, page) in [
        ("pages.pdf", many_pages(10_000), 10_000),
        ("deep.pdf", deep_tree(400), 1),
    ] {
        assert_eq!(Sheet::count(&document).unwrap(), page);
        let signed = sign(&document, &hand, &marked(page));
        assert_eq!(
            Sheet::read(&signed, page).unwrap().taken,
            [[100.0, 100.0, 250.5, 175.0]]
        );
        assert!(claims(&signed).unwrap().iter().all(is_accepted));
        fs::write(house.path().join(name), &signed).unwrap();
        judges::qpdf(house.path(), name);
        judges::pdfsig(house.path(), name, 1, true);
    }
    let sheet = Sheet::read(&deep_tree(400), 1).unwrap();
    assert_eq!(sheet.page.seen().map(|side| side.to_string()), ["400", "300"]);
}

/// One page with a stream of so many bytes, most of which are a hole.
pub(crate) fn write_large(path: &Path, bytes: u64) {
    let mut file = File::create(path).unwrap();
    let mut head = Making::page().table();
    let previous = head.windows(5).rposition(|window| window == b"xref\n").unwrap() - 5;
    let previous = String::from_utf8_lossy(&head)[..previous + 5]
        .rfind("xref\n")
        .unwrap();
    let at = head.len();
    head.extend(format!("6 0 obj\n<</Length {bytes}>>\nstream\n").bytes());
    file.write_all(&head).unwrap();
    file.seek(SeekFrom::Current(i64::try_from(bytes).unwrap()))
        .unwrap();
    file.write_all(b"\nendstream\nendobj\n").unwrap();
    let start = file.stream_position().unwrap();
    let end = format!(
        "xref\n6 1\n{at:010} 00000 n\r\ntrailer\n<</Size 7/Root 1 0 R/Prev {previous}>>\nstartxref\n{start}\n%%EOF\n"
    );
    file.write_all(end.as_bytes()).unwrap();
}

fn peak() -> u64 {
    let mut status = String::new();
    File::open("/proc/self/status")
        .unwrap()
        .read_to_string(&mut status)
        .unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Runs in a process of its own, and says how much memory it took at most.
#[test]
#[ignore = "is started by the test of memory"]
fn sign_and_read_in_a_process_of_its_own() {
    let house = House::new();
    let hand = house.hand("signer", SignatureProfile::EcdsaP256Sha256);
    let source = File::open(env::var("TAMGA_LARGE").unwrap()).unwrap();
    let prepared = signer::pdf::Prepared::new(&source, &hand.certificate, &marked(1)).unwrap();
    let raw = hand.sign(&prepared.to_be_signed(), &prepared.shown());
    let path = house.path().join("signed.pdf");
    let mut out = File::create(&path).unwrap();
    prepared
        .finish(&raw)
        .unwrap()
        .write_to(&[&source], &mut out)
        .unwrap();
    let signed = File::open(&path).unwrap();
    assert!(signed.length() > source.length());
    assert!(claims(&signed).unwrap().iter().all(is_accepted));
    println!("peak {} kB", peak());
}

#[test]
fn memory_does_not_grow_with_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let peak_of = |megabytes: u64| {
        let path = folder.path().join(format!("{megabytes}.pdf"));
        write_large(&path, megabytes << 20);
        let output = Command::new(env::current_exe().unwrap())
            .args([
                "--exact",
                "large::sign_and_read_in_a_process_of_its_own",
                "--ignored",
                "--nocapture",
            ])
            .env("TAMGA_LARGE", &path)
            .output()
            .unwrap();
        let words = String::from_utf8_lossy(&output.stdout).into_owned();
        let peak = words
            .lines()
            .find_map(|line| line.strip_prefix("peak ")?.strip_suffix(" kB"));
        peak.unwrap_or_else(|| panic!("{words}")).parse::<u64>().unwrap()
    };
    let (small, large) = (peak_of(1), peak_of(300));
    println!("1 MB: {small} kB, 300 MB: {large} kB");
    assert!(large < small + 8 * 1024, "{small} kB, then {large} kB");
}
