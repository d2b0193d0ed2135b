//! The writer of screens: the same blocks as HTML that says what it means, with no script and no style of its own.
//!
//! Everything that was filled in passes through [`Html::text`], which is the only way into the document.

use core::fmt::Write as _;

use crate::{
    Language, Languages,
    said::Said,
    sheet::{Block, Field, Figure, Part, Sheet, Table},
};

/// Writes a sheet as a whole document.
pub(crate) fn write(sheet: &Sheet, languages: Languages) -> String {
    let language = languages.first();
    let mut html = Html(String::new());
    html.raw("<!DOCTYPE html>\n<html lang=\"").text(language.tag());
    html.raw("\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    html.text(&sheet.title.line())
        .raw("</title>\n</head>\n<body>\n<main>\n");
    for part in &sheet.parts {
        html.part(part, language);
    }
    html.raw("</main>\n</body>\n</html>\n");
    html.0
}

struct Html(String);

impl Html {
    /// What this file writes itself.
    fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// What anybody wrote.
    fn text(&mut self, text: &str) -> &mut Self {
        for letter in text.chars() {
            match letter {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                other => self.0.push(other),
            }
        }
        self
    }

    fn part(&mut self, part: &Part, around: Language) {
        let around = part.language.unwrap_or(around);
        self.raw("<article lang=\"")
            .text(around.tag())
            .raw("\">\n<header>\n");
        if let Some(issuer) = &part.issuer {
            self.raw("<p class=\"issuer\">")
                .said(issuer, around)
                .raw("</p>\n");
        }
        self.raw("<h1>").said(&part.title, around).raw("</h1>\n<p>");
        self.said(&part.subtitle, around).raw("</p>\n</header>\n");
        for block in &part.blocks {
            self.block(block, around);
        }
        self.raw("</article>\n");
    }

    fn block(&mut self, block: &Block, around: Language) {
        match block {
            Block::Heading(said) => {
                self.raw("<h2>").said(said, around).raw("</h2>\n");
            }
            Block::Paragraph(said) => {
                for span in &said.0 {
                    self.raw("<p");
                    self.language(span.language, around)
                        .raw(">")
                        .text(&span.text)
                        .raw("</p>\n");
                }
            }
            Block::Clause { number, text } => {
                self.raw("<p><span class=\"number\">")
                    .text(number)
                    .raw("</span> ");
                self.said(text, around).raw("</p>\n");
            }
            Block::Items(items) => {
                self.raw("<ul>\n");
                for item in items {
                    self.raw("<li>").said(item, around).raw("</li>\n");
                }
                self.raw("</ul>\n");
            }
            Block::Fields(fields) => self.fields(fields, around),
            Block::Table(table) => self.table(table, around),
            Block::Pictures { figures, .. } => {
                self.raw("<div class=\"pictures\">\n");
                for figure in figures {
                    self.figure(figure, around);
                }
                self.raw("</div>\n");
            }
            Block::Signature { role, name } => {
                self.raw("<p class=\"signature\">")
                    .said(role, around)
                    .raw("<br><strong>");
                self.said(name, around).raw("</strong></p>\n");
            }
            Block::Seal(said) => {
                self.raw("<p class=\"seal\">").said(said, around).raw("</p>\n");
            }
        }
    }

    fn fields(&mut self, fields: &[Field], around: Language) {
        self.raw("<table class=\"fields\">\n<tbody>\n");
        for field in fields {
            self.raw("<tr><th scope=\"row\">").said(&field.label, around);
            if field.strong {
                self.raw("</th><td><strong>")
                    .said(&field.value, around)
                    .raw("</strong></td></tr>\n");
            } else {
                self.raw("</th><td>")
                    .said(&field.value, around)
                    .raw("</td></tr>\n");
            }
        }
        self.raw("</tbody>\n</table>\n");
    }

    fn table(&mut self, table: &Table, around: Language) {
        self.raw("<table>\n<caption>").said(&table.caption, around);
        self.raw("</caption>\n<thead>\n<tr>");
        for (_, head) in &table.head {
            self.raw("<th scope=\"col\">").said(head, around).raw("</th>");
        }
        self.raw("</tr>\n</thead>\n<tbody>\n");
        for row in &table.rows {
            self.raw("<tr>");
            for cell in row {
                self.raw("<td>").said(cell, around).raw("</td>");
            }
            self.raw("</tr>\n");
        }
        self.raw("</tbody>\n</table>\n");
    }

    fn figure(&mut self, figure: &Figure, around: Language) {
        let (width, height) = figure.picture.size();
        // Numbers have nothing to escape, and writing into a string cannot fail.
        let _ = write!(
            self.0,
            "<figure><img width=\"{width}\" height=\"{height}\" alt=\""
        );
        self.text(&figure.aloud).raw("\" src=\"data:");
        self.text(figure.picture.media().name()).raw(";base64,");
        self.text(&figure.picture.base64()).raw("\"><figcaption>");
        self.said(&figure.caption, around).raw("</figcaption></figure>\n");
    }

    /// Each language by its own element, so that it is read aloud by its own voice.
    fn said(&mut self, said: &Said, around: Language) -> &mut Self {
        for (at, span) in said.0.iter().enumerate() {
            if at > 0 {
                self.raw("<br>");
            }
            if span.language.is_some_and(|language| language != around) {
                self.raw("<span");
                self.language(span.language, around)
                    .raw(">")
                    .text(&span.text)
                    .raw("</span>");
            } else if span.language.is_none() {
                // A name may be written from right to left; it turns nothing but itself.
                self.raw("<bdi>").text(&span.text).raw("</bdi>");
            } else {
                self.text(&span.text);
            }
        }
        self
    }

    fn language(&mut self, language: Option<Language>, around: Language) -> &mut Self {
        match language {
            Some(other) if other != around => self.raw(" lang=\"").text(other.tag()).raw("\""),
            Some(_) | None => self,
        }
    }
}
