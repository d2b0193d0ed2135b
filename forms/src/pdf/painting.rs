//! Painting: ink on pages, each stroke bound to what it means, and the line at the foot of every page.

use krilla::{
    Document,
    color::luma,
    destination::XyzDestination,
    geom::{PathBuilder, Point, Rect, Size, Transform},
    image::Image,
    outline::{Outline, OutlineNode},
    page::PageSettings,
    paint::{Fill, Stroke as Pen},
    surface::Surface,
    tagging::{Artifact, ArtifactType, ContentTag},
    text::{Font, GlyphId, KrillaGlyph},
};

use crate::{FormError, Language, Media, Picture, face::Face};

use super::{
    line::Style,
    page::{Bookmark, Ink, Pages, Stroke},
};

/// The two weights, as the document has them.
struct Fonts {
    regular: Font,
    bold: Font,
}

/// Paints all pages.
pub(super) fn paint(
    document: &mut Document,
    set: Pages,
    footer: &str,
    language: Language,
) -> Result<(), FormError> {
    let fonts = Fonts::new()?;
    let Pages {
        mut tree,
        filled,
        bookmarks,
        ..
    } = set;
    let count = filled.len();
    for (at, strokes) in filled.into_iter().enumerate() {
        let settings = PageSettings::from_wh(Pages::WIDTH, Pages::HEIGHT).ok_or_else(impossible)?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        for run in strokes.chunk_by(|one, next| one.node == next.node) {
            let Some(first) = run.first() else { continue };
            let ornament = ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout));
            let painted = surface.start_tagged(first.node.map_or(ornament, |_| ContentTag::Other));
            let done = run
                .iter()
                .try_for_each(|stroke| fonts.paint(&mut surface, stroke));
            surface.end_tagged();
            done?;
            if let Some(node) = first.node {
                tree.painted(node, painted);
            }
        }
        fonts.foot(&mut surface, footer, &format!("{} / {count}", at + 1));
        surface.finish();
        page.finish();
    }
    document.set_outline(outline(bookmarks));
    document.set_tag_tree(tree.grown(language));
    Ok(())
}

impl Fonts {
    fn new() -> Result<Self, FormError> {
        let font = |face: Face| Font::new(face.file().into(), 0).ok_or_else(impossible);
        Ok(Self {
            regular: font(Face::Regular)?,
            bold: font(Face::Bold)?,
        })
    }

    fn paint(&self, surface: &mut Surface<'_>, stroke: &Stroke) -> Result<(), FormError> {
        match &stroke.ink {
            Ink::Text { at, style, text } => self.text(surface, *at, *style, text),
            Ink::Rule { from, to } => {
                let mut path = PathBuilder::new();
                path.move_to(from.0, from.1);
                path.line_to(to.0, to.1);
                surface.set_fill(None);
                surface.set_stroke(Some(Pen {
                    paint: luma::Color::new(110).into(),
                    width: 0.5,
                    ..Pen::default()
                }));
                surface.draw_path(&path.finish().ok_or_else(impossible)?);
            }
            Ink::Ground { at, size } => {
                let mut path = PathBuilder::new();
                path.push_rect(Rect::from_xywh(at.0, at.1, size.0, size.1).ok_or_else(impossible)?);
                surface.set_stroke(None);
                surface.set_fill(Some(grey(242)));
                surface.draw_path(&path.finish().ok_or_else(impossible)?);
            }
            Ink::Picture { at, size, picture } => {
                let size = Size::from_wh(size.0, size.1).ok_or_else(impossible)?;
                surface.push_transform(&Transform::from_translate(at.0, at.1));
                let drawn = image(picture).map(|image| surface.draw_image(image, size));
                surface.pop();
                drawn?;
            }
        }
        Ok(())
    }

    fn text(&self, surface: &mut Surface<'_>, at: (f32, f32), style: Style, text: &str) {
        let glyph = |(start, sign, letter): (usize, char, crate::face::Letter)| {
            let range = start..start + sign.len_utf8();
            KrillaGlyph::new(
                GlyphId::new(letter.glyph),
                letter.advance,
                0.0,
                0.0,
                0.0,
                range,
                None,
            )
        };
        let glyphs: Vec<_> = style.face.letters(text).into_iter().map(glyph).collect();
        let font = match style.face {
            Face::Regular => &self.regular,
            Face::Bold => &self.bold,
        };
        surface.set_stroke(None);
        surface.set_fill(Some(grey(style.grey)));
        surface.draw_glyphs(
            Point::from_xy(at.0, at.1),
            &glyphs,
            font.clone(),
            text,
            style.size,
            false,
        );
    }

    /// What the paper is, and which of its pages this is.
    fn foot(&self, surface: &mut Surface<'_>, footer: &str, number: &str) {
        let style = Style::MARGINAL;
        let feet = Pages::HEIGHT - 34.0;
        let room = Pages::BREADTH - style.width(number) - 20.0;
        let mut short = footer.to_owned();
        while style.width(&short) > room && short.pop().is_some() {}
        surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Footer)));
        self.text(surface, (Pages::LEFT, feet), style, short.trim_end());
        self.text(surface, (Pages::RIGHT - style.width(number), feet), style, number);
        surface.end_tagged();
    }
}

fn outline(bookmarks: Vec<Bookmark>) -> Outline {
    let mut outline = Outline::new();
    for bookmark in bookmarks {
        let place = XyzDestination::new(bookmark.page, Point::from_xy(0.0, bookmark.top));
        outline.push_child(OutlineNode::new(bookmark.title, place));
    }
    outline
}

fn image(picture: &Picture) -> Result<Image, FormError> {
    let bytes = picture.bytes().to_vec().into();
    let image = match picture.media() {
        Media::Jpeg => Image::from_jpeg(bytes, false),
        Media::Png => Image::from_png(bytes, false),
    };
    image.map_err(|_| FormError::Picture)
}

fn grey(level: u8) -> Fill {
    Fill {
        paint: luma::Color::new(level).into(),
        ..Fill::default()
    }
}

/// Sizes are finite and fonts are ours; if not, it is a fault of ours and not of who filled in.
fn impossible() -> FormError {
    FormError::Format("a size or a font is none".to_owned())
}
