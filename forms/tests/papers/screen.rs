//! Papers on a screen: they say what they mean, in the language that they say they are in.

use forms::{Form, Language, Languages, Paper};

use crate::{Each, TONGUES, each};

/// What a screen reader needs, and what a strict content policy forbids.
#[test]
fn every_paper_can_be_read_aloud_and_needs_no_script() {
    struct Screen;
    impl Each for Screen {
        fn see<F: Form + Clone + PartialEq + std::fmt::Debug>(&mut self, name: &str, paper: Paper<F>) {
            for languages in TONGUES {
                let html = paper.to_html(languages);
                well_formed(name, &html);
                for banned in [
                    "<script",
                    "style=",
                    "<style",
                    " on",
                    "javascript:",
                    "<iframe",
                    "<object",
                ] {
                    let attributes = html
                        .split('<')
                        .filter_map(|tag| tag.split_once('>'))
                        .map(|(tag, _)| tag);
                    assert!(
                        attributes.clone().all(|tag| !format!("<{tag}").contains(banned)),
                        "{name}: {banned}"
                    );
                }
                for table in html.split("<table").skip(1) {
                    let table = table.split("</table>").next().unwrap();
                    assert!(table.contains("<th scope="), "{name}: a table without headers");
                    assert!(!table.contains("<th>"), "{name}: a header without scope");
                }
                for image in html.split("<img").skip(1) {
                    let tag = image.split('>').next().unwrap();
                    assert!(
                        tag.contains("alt=\"") && !tag.contains("alt=\"\""),
                        "{name}: {}",
                        &tag[..80]
                    );
                }
                assert!(
                    html.contains("<main>") && html.contains("<h1>") && html.contains("<title>"),
                    "{name}"
                );
                let tags: Vec<_> = languages.list().iter().map(|language| language.tag()).collect();
                assert!(html.contains(&format!("<html lang=\"{}\"", tags[0])), "{name}");
                for tag in tags {
                    assert!(html.contains(&format!("lang=\"{tag}\"")), "{name} {tag}");
                }
                let levels: Vec<_> = html
                    .match_indices("<h")
                    .filter_map(|(at, _)| html[at + 2..].chars().next().and_then(|level| level.to_digit(10)))
                    .collect();
                assert!(
                    levels.windows(2).all(|two| two[1] <= two[0] + 1),
                    "{name}: {levels:?}"
                );
            }
        }
    }
    each(&mut Screen);
}

/// Every element that is opened is closed, in order.
fn well_formed(name: &str, html: &str) {
    let mut open = Vec::new();
    for piece in html.split('<').skip(1) {
        let (tag, _) = piece.split_once('>').unwrap();
        let word = tag.split([' ', '\n']).next().unwrap();
        match word {
            "!DOCTYPE" | "meta" | "br" | "img" => {}
            closing if closing.starts_with('/') => {
                assert_eq!(open.pop(), Some(&closing[1..]), "{name}");
            }
            opening => open.push(opening),
        }
    }
    assert!(open.is_empty(), "{name}: {open:?}");
}

/// A screen says what the paper says.
#[test]
fn screen_and_paper_say_the_same() {
    struct Same;
    impl Each for Same {
        fn see<F: Form + Clone + PartialEq + std::fmt::Debug>(&mut self, name: &str, paper: Paper<F>) {
            let languages = Languages::Only(Language::Russian);
            let html = paper.to_html(languages);
            let bare = |text: &str| text.split_whitespace().collect::<String>();
            let file = crate::reader::File::new(&paper.to_pdf(languages).unwrap().bytes);
            let text = bare(&file.text());
            let body = html.split("<main>").nth(1).unwrap();
            for piece in body
                .split('<')
                .filter_map(|piece| piece.split_once('>'))
                .map(|(_, text)| text)
            {
                let words = piece
                    .replace("&quot;", "\"")
                    .replace("&#39;", "'")
                    .replace("&lt;", "<")
                    .replace("&gt;", ">")
                    .replace("&amp;", "&");
                // What is cut by the end of a page is compared up to there.
                let words: String = bare(&words).chars().take(20).collect();
                assert!(text.contains(&words), "{name}: {piece}");
            }
        }
    }
    each(&mut Same);
}
