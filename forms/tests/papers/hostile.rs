//! What others fill in is never believed: it stays text, it stays on the paper, and it is bounded.

use forms::*;
use proptest::prelude::*;

use crate::{reader::File, sample};

#[test]
fn markup_stays_text() {
    let markup = "<script>alert(1)</script> \" onload='x' &amp; ) Tj (%PDF <</JS (x)>> endobj";
    let paper = sample::paper(LivenessEvidence {
        application: sample::words(markup),
        ..sample::liveness()
    });
    let html = paper.to_html(Languages::Official);
    assert!(!html.contains("<script") && html.contains("&lt;script&gt;alert(1)"));
    assert!(html.contains("&quot; onload=&#39;x&#39; &amp;amp;"));
    let file = File::new(&paper.to_pdf(Languages::Official).unwrap().bytes);
    file.run("qpdf", &["--check", "paper.pdf"]);
    assert!(file.text().contains("<script>alert(1)</script>"));
    assert_eq!(Paper::<LivenessEvidence>::from_json(&file.data()).unwrap(), paper);
}

#[test]
fn a_letter_that_cannot_be_drawn_is_named_and_not_dropped() {
    let paper = sample::paper(LivenessEvidence {
        subject: Subject {
            name: Some(sample::words("李 اسم 😀")),
            ..sample::subject()
        },
        ..sample::liveness()
    });
    let named = "[U+674E] [U+0627][U+0633][U+0645] [U+1F600]";
    assert!(paper.to_html(Languages::All).contains(named));
    let file = File::new(&paper.to_pdf(Languages::All).unwrap().bytes);
    assert!(file.text().contains(named), "{}", file.text());
    let back = Paper::<LivenessEvidence>::from_json(&file.data()).unwrap();
    assert_eq!(back.form.subject.name.unwrap().as_str(), "李 اسم 😀");
}

#[test]
fn the_longest_texts_fill_pages_and_stay_whole() {
    let long = "Ұзын мәтін ".repeat(3_600);
    let unbroken = "W".repeat(Words::MOST);
    let paper = sample::paper(CommissioningAct {
        scenario: sample::prose(&long),
        initiator: sample::words(&unbroken),
        ..sample::act()
    });
    let file = File::new(&paper.to_pdf(Languages::All).unwrap().bytes);
    let text: String = file.text().split_whitespace().collect();
    assert_eq!(text.matches("Ұзынмәтін").count() + cut(&text), 3_600);
    assert_eq!(text.matches('W').count(), Words::MOST);
}

/// Words between which a page ends have its number between them.
fn cut(text: &str) -> usize {
    text.matches("Ұзын").count() - text.matches("Ұзынмәтін").count()
}

#[test]
fn a_paper_has_an_end() {
    let record = Record {
        at: sample::at("2026-11-21T14:54:25Z"),
        event: sample::words("x"),
    };
    let paper = sample::paper(DisputeConclusion {
        log: vec![record; 14_000],
        ..sample::dispute()
    });
    let refused = paper.to_pdf(Languages::Official).unwrap_err();
    assert!(matches!(refused, FormError::Long { most: 300 }), "{refused}");
}

#[test]
fn what_is_no_picture_is_refused() {
    let jpeg = sample::picture("straight.jpg").bytes().to_vec();
    let png = sample::picture("reference.png").bytes().to_vec();
    for (bytes, why) in [
        (Vec::new(), "empty"),
        (b"GIF89a".to_vec(), "another kind"),
        (jpeg[..40].to_vec(), "cut in the tables"),
        (png[..20].to_vec(), "cut in the header"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), "a drawing"),
    ] {
        assert_eq!(Picture::new(bytes), Err(PictureError::Kind), "{why}");
    }
    let mut wide = png.clone();
    wide[16..20].copy_from_slice(&100_000_u32.to_be_bytes());
    assert!(matches!(
        Picture::new(wide),
        Err(PictureError::Pixels { width: 100_000, .. })
    ));
    let heavy = vec![0; Picture::MOST_BYTES + 1];
    assert!(matches!(Picture::new(heavy), Err(PictureError::Bytes { .. })));
    // The header promises what the content is not.
    let mut broken = png;
    let end = broken.len();
    broken[60..end].fill(0xAA);
    let paper = sample::paper(ConnectionApplication {
        logotype: Some(Picture::new(broken).unwrap()),
        ..sample::application()
    });
    assert!(matches!(
        paper.to_pdf(Languages::Official),
        Err(FormError::Picture)
    ));
}

/// R159: the most that a series may have is a paper of bounded size.
#[test]
fn the_largest_series_is_a_paper() {
    let mut bytes = sample::picture("straight.jpg").bytes().to_vec();
    // What stands behind the end of a picture is part of what was sent.
    bytes.resize(Picture::MOST_BYTES / Series::SHOTS, 0x5A);
    let shot = |at: usize| Shot {
        signal: u8::try_from(at * 3 / Series::SHOTS).unwrap(),
        at: u32::try_from(at).unwrap() * 40,
        picture: Picture::new(bytes.clone()).unwrap(),
    };
    let signals = vec![Signal::Blink, Signal::Smile, Signal::TurnUp];
    let series = Series::new(signals, (0..Series::SHOTS).map(shot).collect()).unwrap();
    let paper = sample::paper(LivenessEvidence {
        way: Way::Signals {
            series,
            product: sample::product(),
            attestation: None,
        },
        ..sample::liveness()
    });
    let rendered = paper.to_pdf(Languages::Official).unwrap();
    assert!(
        rendered.bytes.len() < 3 * Picture::MOST_BYTES,
        "{}",
        rendered.bytes.len()
    );
    let file = File::new(&rendered.bytes);
    assert_eq!(Paper::<LivenessEvidence>::from_json(&file.data()).unwrap(), paper);
}

#[test]
fn a_series_keeps_the_order_of_what_was_drawn() {
    let signals = vec![Signal::Blink, Signal::Smile, Signal::TurnUp];
    let shot = |signal, at| Shot {
        signal,
        at,
        picture: sample::picture("left.jpg"),
    };
    let of = |shots| Series::new(signals.clone(), shots);
    assert!(of(vec![shot(0, 1), shot(2, 2)]).is_ok());
    for shots in [
        vec![shot(0, 2), shot(1, 2)],
        vec![shot(1, 1), shot(0, 2)],
        vec![shot(3, 1)],
    ] {
        assert_eq!(of(shots), Err(SeriesError::Order));
    }
    assert_eq!(of(vec![shot(0, 1); Series::SHOTS + 1]), Err(SeriesError::Shots));
    assert_eq!(
        Series::new(vec![Signal::Blink; 2], Vec::new()),
        Err(SeriesError::Signals)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever was taken as words is drawn, attached and comes back.
    #[test]
    fn whatever_words_there_are_the_paper_is_made(text in "\\PC{1,200}", prose in "(\\PC{1,90}\n){1,4}") {
        let (name, conclusion) = (text.parse::<Words>(), prose.parse::<Prose>());
        prop_assume!(name.is_ok() && conclusion.is_ok());
        let (name, conclusion) = (name.unwrap(), conclusion.unwrap());
        let paper = sample::paper(CommissioningAct { initiator: name, conclusion, ..sample::act() });
        prop_assert!(paper.to_pdf(Languages::Official).is_ok());
        prop_assert_eq!(Paper::from_json(&paper.to_json().unwrap()).unwrap(), paper);
    }

    /// Bytes of anybody are a picture or are refused.
    #[test]
    fn no_bytes_make_the_picture_reader_fall(mut bytes in proptest::collection::vec(any::<u8>(), 0..300), kind in 0..3) {
        match kind {
            0 => { bytes.splice(0..0, [0xFF, 0xD8, 0xFF, 0xE0]); }
            1 => { bytes.splice(0..0, *b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"); }
            _ => {}
        }
        let _ = Picture::new(bytes);
    }
}
