//! Papers as an archive keeps them: PDF/A-3a by what other readers say, equal for equal input, with data that come back.

use forms::{Form, Languages, Paper};

use crate::{Each, TONGUES, each, reader::File};

/// R074: every paper in every language is a file that is read without us, whose data are its own.
#[test]
fn every_paper_is_an_archives_file_with_its_data() {
    struct Archive;
    impl Each for Archive {
        fn see<F: Form + Clone + PartialEq + std::fmt::Debug>(&mut self, name: &str, paper: Paper<F>) {
            for languages in TONGUES {
                let rendered = paper.to_pdf(languages).unwrap();
                assert_eq!(paper.to_pdf(languages).unwrap().bytes, rendered.bytes, "{name}");
                assert_eq!(
                    domain::HashAlgorithm::Sha256.digest(&rendered.bytes),
                    rendered.digest
                );
                if languages == Languages::Official || languages == Languages::Only(forms::Language::English)
                {
                    keep(name, languages, &rendered.bytes);
                    let file = File::new(&rendered.bytes);
                    judge(name, &file);
                    assert_eq!(Paper::<F>::from_json(&file.data()).unwrap(), paper, "{name}");
                }
            }
        }
    }
    each(&mut Archive);
}

fn judge(name: &str, file: &File) {
    file.run("qpdf", &["--check", "paper.pdf"]);
    file.run("mutool", &["info", "paper.pdf"]);
    let metadata = file.run("pdfinfo", &["-meta", "paper.pdf"]);
    for claim in ["<pdfaid:part>3<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<"] {
        assert!(metadata.contains(claim), "{name}: {claim}\n{metadata}");
    }
    let fonts = file.run("pdffonts", &["paper.pdf"]);
    let fonts: Vec<_> = fonts.lines().filter(|line| line.contains("NotoSans")).collect();
    assert!(!fonts.is_empty(), "{name}");
    for font in fonts {
        let words: Vec<_> = font.split_whitespace().collect();
        assert!(
            words.windows(3).any(|three| three == ["yes", "yes", "yes"]),
            "{name}: {font}"
        );
    }
    let structure = file.run("pdfinfo", &["-struct", "paper.pdf"]);
    for tag in ["H1", "Table", "TH", "TD", "TR"] {
        assert!(structure.contains(tag), "{name} has no {tag}");
    }
    let objects = file.objects().to_string();
    for needed in [
        "/OutputIntents",
        "/AFRelationship",
        "/StructTreeRoot",
        "/MarkInfo",
        "/Lang",
    ] {
        assert!(objects.contains(needed), "{name} has no {needed}");
    }
    for banned in [
        "/JavaScript",
        "/Launch",
        "/OpenAction",
        "/AA\"",
        "/URI",
        "/Encrypt\"",
    ] {
        assert!(!objects.contains(banned), "{name} has {banned}");
    }
    let pages = file.run("pdfinfo", &["paper.pdf"]);
    let pages = pages
        .lines()
        .find_map(|line| line.strip_prefix("Pages:"))
        .unwrap()
        .trim()
        .to_owned();
    let text = file.text();
    assert!(
        text.contains(&format!("1 / {pages}")) && text.contains(&format!("{pages} / {pages}")),
        "{name}"
    );
}

fn keep(name: &str, languages: Languages, bytes: &[u8]) {
    if let Some(folder) = std::env::var_os("TAMGA_FORMS_DIR") {
        let file = std::path::Path::new(&folder).join(format!("{name}-{languages:?}.pdf"));
        std::fs::write(file, bytes).unwrap();
    }
}

#[test]
fn data_of_another_form_or_wording_are_refused() {
    let paper = crate::sample::paper(crate::sample::issue());
    let json = String::from_utf8(paper.to_json().unwrap()).unwrap();
    for (from, to, why) in [
        ("tamga/issue-statement", "tamga/other", "not those of the form"),
        ("\"schema\": 1", "\"schema\": 2", "not those of the form"),
        ("\"number\": 1", "\"number\": 2", "another wording"),
        ("2026-11-21T14:55:50.123456Z", "yesterday", "not an instant"),
        ("\"days\": 365", "\"days\": 365, \"more\": 1", "cannot be read"),
        ("900101300017", "900101300018", "cannot be read"),
    ] {
        let changed = json.replacen(from, to, 1);
        assert_ne!(changed, json, "{from}");
        let refused = Paper::<forms::IssueStatement>::from_json(changed.as_bytes()).unwrap_err();
        assert!(refused.to_string().contains(why), "{from}: {refused}");
    }
}

/// The room that was left for marks is on the paper, on pages that exist, and holds nothing else.
#[test]
fn room_for_seals_and_signatures_is_on_the_paper() {
    struct Room;
    impl Each for Room {
        fn see<F: Form + Clone + PartialEq + std::fmt::Debug>(&mut self, name: &str, paper: Paper<F>) {
            let rendered = paper.to_pdf(Languages::Official).unwrap();
            assert!(!rendered.places.is_empty(), "{name}");
            let file = File::new(&rendered.bytes);
            for place in &rendered.places {
                let page = (place.page + 1).to_string();
                let area =
                    [place.left, place.top, place.width, place.height].map(|side| format!("{side:.0}"));
                let [x, y, w, h] = &area;
                let text = file.run(
                    "pdftotext",
                    &[
                        "-f",
                        &page,
                        "-l",
                        &page,
                        "-x",
                        x,
                        "-y",
                        y,
                        "-W",
                        w,
                        "-H",
                        h,
                        "paper.pdf",
                        "-",
                    ],
                );
                assert_eq!(text.trim(), "", "{name}: {place:?}");
                assert!(place.top + place.height < 842.0 && place.left + place.width < 595.0);
            }
        }
    }
    each(&mut Room);
}
