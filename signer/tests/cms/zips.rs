//! ZIP files that two readers take differently, made by hand. Each is refused before anything in it is looked at.

use signer::asic::{Container, Kind};

/// A file with the knobs of its two headers.
#[derive(Clone)]
struct File {
    name: Vec<u8>,
    local_name: Vec<u8>,
    flags: u16,
    method: u16,
    crc: u32,
    bytes: Vec<u8>,
    length: u32,
    local_length: u32,
    extra: Vec<u8>,
    after: Vec<u8>,
    made_by: u16,
    attributes: u32,
    comment: Vec<u8>,
    offset: Option<u32>,
}

fn file(name: &str, bytes: &[u8]) -> File {
    let length = u32::try_from(bytes.len()).unwrap();
    File {
        name: name.into(),
        local_name: name.into(),
        flags: 0,
        method: 0,
        crc: crc32fast::hash(bytes),
        bytes: bytes.to_vec(),
        length,
        local_length: length,
        extra: Vec::new(),
        after: Vec::new(),
        made_by: 20,
        attributes: 0,
        comment: Vec::new(),
        offset: None,
    }
}

fn short(length: usize) -> [u8; 2] {
    u16::try_from(length).unwrap().to_le_bytes()
}

fn long(length: usize) -> [u8; 4] {
    u32::try_from(length).unwrap().to_le_bytes()
}

fn common(file: &File, length: u32, name: &[u8]) -> Vec<u8> {
    [
        &20_u16.to_le_bytes()[..],
        &file.flags.to_le_bytes(),
        &file.method.to_le_bytes(),
        &[0; 4],
        &file.crc.to_le_bytes(),
        &long(file.bytes.len()),
        &length.to_le_bytes(),
        &short(name.len()),
        &short(file.extra.len()),
    ]
    .concat()
}

fn zip(files: &[File]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for file in files {
        let offset = file.offset.unwrap_or(u32::try_from(out.len()).unwrap());
        directory.extend([&b"PK\x01\x02"[..], &file.made_by.to_le_bytes()].concat());
        directory.extend(common(file, file.length, &file.name));
        directory.extend([&short(file.comment.len())[..], &[0; 4]].concat());
        directory.extend(file.attributes.to_le_bytes());
        directory.extend([&offset.to_le_bytes()[..], &file.name, &file.extra, &file.comment].concat());
        if file.offset.is_none() {
            out.extend(
                [
                    b"PK\x03\x04",
                    &common(file, file.local_length, &file.local_name)[..],
                ]
                .concat(),
            );
            out.extend([&file.local_name[..], &file.extra, &file.bytes, &file.after].concat());
        }
    }
    let (offset, size, count) = (long(out.len()), long(directory.len()), short(files.len()));
    out.extend(directory);
    out.extend(
        [
            &b"PK\x05\x06\0\0\0\0"[..],
            &count,
            &count,
            &size,
            &offset,
            &[0, 0],
        ]
        .concat(),
    );
    out
}

fn good() -> Vec<File> {
    vec![
        file("mimetype", Kind::Extended.mime().as_bytes()),
        file("a.txt", b"text"),
        file("META-INF/signature.p7s", b"signature"),
    ]
}

fn opens(bytes: &[u8]) -> bool {
    Container::open(&bytes).is_ok()
}

#[test]
fn what_is_well_formed_opens() {
    assert!(opens(&zip(&good())));
    let mut with_comment = zip(&good());
    let comment = b"mimetype=application/vnd.etsi.asic-e+zip";
    let end = with_comment.len() - 2;
    with_comment[end..].copy_from_slice(&short(comment.len()));
    with_comment.extend(comment);
    assert!(opens(&with_comment));
    let mut folder = good();
    folder.insert(1, file("folder/", b""));
    assert!(opens(&zip(&folder)));
    let mut paper = good();
    paper[1] = file("a.pdf", b"%PDF-1.7");
    paper[1].comment = b"a short one".to_vec();
    assert!(opens(&zip(&paper)));
}

#[test]
fn what_has_two_readings_is_refused() {
    type Trick = (&'static str, fn(&mut Vec<File>));
    let tricks: [Trick; 34] = [
        ("duplicate", |files| files.push(file("a.txt", b"other"))),
        ("duplicate by case", |files| files.push(file("A.TXT", b"other"))),
        ("duplicate as folder", |files| files.push(file("a.txt/", b""))),
        ("parent", |files| files.push(file("../x", b""))),
        ("inner parent", |files| files.push(file("a/../../x", b""))),
        ("absolute", |files| files.push(file("/etc/passwd", b""))),
        ("drive", |files| files.push(file("C:/x", b""))),
        ("backslash", |files| files.push(file("..\\x", b""))),
        ("control", |files| files.push(file("a\u{7}", b""))),
        ("empty", |files| files.push(file("", b""))),
        ("trailing dot", |files| files.push(file("b.txt.", b""))),
        ("unmarked letters", |files| files.push(file("\u{430}", b""))),
        ("folder with content", |files| files.push(file("b/", b"content"))),
        ("another local name", |files| {
            files[1].local_name = b"b.txt".to_vec();
        }),
        ("another local length", |files| files[1].local_length = 3),
        ("stored but longer", |files| {
            files[1].length = 9;
            files[1].local_length = 9;
        }),
        ("encrypted", |files| files[1].flags = 1),
        ("strongly encrypted", |files| files[1].flags = 1 << 6),
        ("unknown flag", |files| files[1].flags = 1 << 5),
        ("bzip2", |files| files[1].method = 12),
        ("gap", |files| files[1].after = b"hidden".to_vec()),
        ("described without descriptor", |files| files[1].flags = 1 << 3),
        ("false descriptor", |files| {
            files[1].flags = 1 << 3;
            files[1].after = vec![0; 12];
        }),
        ("second name", |files| files[1].extra = vec![0x75, 0x70, 1, 0, 1]),
        ("zip64", |files| files[1].extra = vec![1, 0, 0, 0]),
        ("cut extra", |files| files[1].extra = vec![9, 9, 9]),
        ("link", |files| {
            files[1].made_by = 3 << 8;
            files[1].attributes = 0xA1FF_0000;
        }),
        ("overlap", |files| {
            let mut other = file("b.txt", b"text");
            other.offset = Some(0);
            files.push(other);
        }),
        ("a document in a comment", |files| {
            files[1].comment = vec![b'A'; 60_000];
        }),
        ("PDF among the signatures", |files| {
            files.insert(1, file("META-INF/x.pdf", b"%PDF-1.7"));
        }),
        ("PDF in a name", |files| files[1] = file("%PDF-1.7", b"text")),
        ("PDF in an extra field", |files| {
            files[1].extra = b"\x09\x09\x05\0%PDF-".to_vec();
        }),
        ("late mimetype", |files| files.swap(0, 1)),
        ("mimetype with extra", |files| files[0].extra = vec![9, 9, 0, 0]),
    ];
    for (what, trick) in tricks {
        let mut files = good();
        trick(&mut files);
        assert!(!opens(&zip(&files)), "{what}");
    }
    let mut other = good();
    other[0] = file("mimetype", b"application/zip");
    assert!(!opens(&zip(&other)));
    let good = zip(&good());
    for bad in [
        [b"prefix", &good[..]].concat(),
        [&good[..], b"suffix"].concat(),
        [&good[..], &good].concat(),
        Vec::new(),
    ] {
        assert!(!opens(&bad));
    }
    for end in 0..good.len() {
        assert!(!opens(&good[..end]));
    }
}

/// A ZIP file whose numbers are all in the form of ZIP64, however small they are; `spoil` changes them.
fn wide_zip(spoil: impl Fn(&mut Vec<u8>, &mut Vec<u8>, &mut Vec<u8>)) -> Vec<u8> {
    let mask = [0xFF; 4];
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for file in good() {
        let offset = out.len() as u64;
        let length = file.bytes.len() as u64;
        let is_wide = file.name != b"mimetype";
        let sizes = [&length.to_le_bytes()[..], &length.to_le_bytes()].concat();
        let (mut local, mut central) = (sizes.clone(), [sizes, offset.to_le_bytes().to_vec()].concat());
        let mut after = Vec::new();
        if is_wide {
            spoil(&mut local, &mut central, &mut after);
        } else {
            local.clear();
            central.clear();
        }
        let extra = |numbers: &[u8]| {
            if numbers.is_empty() {
                return Vec::new();
            }
            [&[1, 0][..], &short(numbers.len()), numbers].concat()
        };
        let common = |extra: &[u8]| {
            let size = if is_wide { mask } else { long(file.bytes.len()) };
            let head = [
                &45_u16.to_le_bytes()[..],
                &[0; 8],
                &file.crc.to_le_bytes(),
                &size,
                &size,
            ];
            [&head.concat()[..], &short(file.name.len()), &short(extra.len())].concat()
        };
        let (local, central) = (extra(&local), extra(&central));
        let place = if is_wide { mask } else { long(out.len()) };
        directory.extend([b"PK\x01\x02\x14\0", &common(&central)[..], &[0; 10], &place].concat());
        directory.extend([&file.name[..], &central].concat());
        out.extend(
            [
                b"PK\x03\x04",
                &common(&local)[..],
                &file.name,
                &local,
                &file.bytes,
                &after,
            ]
            .concat(),
        );
    }
    let (offset, size) = (out.len() as u64, directory.len() as u64);
    out.extend(directory);
    let place = out.len() as u64;
    out.extend(
        [
            &b"PK\x06\x06"[..],
            &44_u64.to_le_bytes(),
            &[45, 0, 45, 0],
            &[0; 8],
        ]
        .concat(),
    );
    out.extend([3, 3, size, offset].into_iter().flat_map(u64::to_le_bytes));
    out.extend(
        [
            &b"PK\x06\x07\0\0\0\0"[..],
            &place.to_le_bytes(),
            &1_u32.to_le_bytes(),
        ]
        .concat(),
    );
    out.extend([&b"PK\x05\x06\0\0\0\0"[..], &[0xFF; 12], &[0, 0]].concat());
    out
}

#[test]
fn numbers_of_eight_bytes_are_read_where_both_headers_agree() {
    type Trick = (&'static str, fn(&mut Vec<u8>, &mut Vec<u8>, &mut Vec<u8>));
    let plain = wide_zip(|_, _, _| {});
    let container = Container::open(&plain).unwrap();
    assert_eq!(container.file("a.txt").unwrap().read(9).unwrap(), b"text");
    let tricks: [Trick; 8] = [
        ("another local length", |local, _, _| local[0] = 1),
        ("another length in the directory", |_, central, _| central[0] = 1),
        ("another place", |_, central, _| central[16] ^= 1),
        ("a place beyond all", |_, central, _| central[16..].fill(0xFF)),
        ("a length beyond all", |local, central, _| {
            local.fill(0xFF);
            central[..16].fill(0xFF);
        }),
        ("one number missing", |_, central, _| central.truncate(16)),
        ("one number too many", |local, _, _| local.extend([0; 8])),
        ("a gap", |_, _, after| after.push(0)),
    ];
    for (what, trick) in tricks {
        assert!(!opens(&wide_zip(trick)), "{what}");
    }
    let end = plain.len() - 22;
    let tampered: [(&str, usize, u8); 6] = [
        ("other files in the short record", end + 8, 2),
        ("another size in the short record", end + 12, 1),
        ("another place of the long record", end - 12, 1),
        ("two disks", end - 4, 2),
        ("a longer long record", end - 20 - 52, 45),
        ("other files in the long record", end - 20 - 32, 2),
    ];
    for (what, at, byte) in tampered {
        let mut bytes = plain.clone();
        bytes[at] = byte;
        assert!(!opens(&bytes), "{what}");
    }
    let without = [&plain[..end - 20 - 56], &plain[end..]].concat();
    assert!(!opens(&without), "no long record");
}

#[test]
fn a_bomb_is_not_unpacked() {
    use std::io::Write;
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&vec![0; 16 << 20]).unwrap();
    let mut files = good();
    files[1].bytes = encoder.finish().unwrap();
    files[1].method = 8;
    files[1].length = 16 << 20;
    files[1].local_length = files[1].length;
    let bytes = zip(&files);
    let container = Container::open(&bytes).unwrap();
    assert!(container.file("a.txt").unwrap().open().is_err());
    // One that says less than it unpacks to.
    files[1].length = 1 << 10;
    files[1].local_length = files[1].length;
    let bytes = zip(&files);
    let container = Container::open(&bytes).unwrap();
    let opened = container.file("a.txt").unwrap().open().unwrap();
    assert!(opened.bytes(0..1 << 10).is_err());
}
