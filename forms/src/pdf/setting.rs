//! Setting: each block of a sheet gets its place on a page and its place in the structure.

use crate::{
    FormError,
    paper::Place,
    said::Said,
    sheet::{Block, Field, Figure, Part, Sheet, Table},
};

use super::{
    line::{Style, only_language},
    measuring,
    page::{Ink, Pages},
    row::{Column, FIELD, height},
    tree::{Node, Role},
};

/// Sets a sheet on pages.
pub(super) fn set(sheet: &Sheet) -> Result<Pages, FormError> {
    let mut pages = Pages::new();
    for (at, part) in sheet.parts.iter().enumerate() {
        if at > 0 {
            pages.turn()?;
        }
        pages.part(part)?;
    }
    Ok(pages)
}

impl Pages {
    fn part(&mut self, part: &Part) -> Result<(), FormError> {
        let node = self.tree.top(Role::Part, part.language);
        self.bookmark(part.title.line());
        if let Some(issuer) = &part.issuer {
            let lines = Style::SUBTITLE.lines(issuer, Self::BREADTH, &mut self.tree, node);
            self.lines(&lines, Style::SUBTITLE, Self::LEFT, Self::BREADTH)?;
            let y = self.y + 5.0;
            let (from, to) = ((Self::LEFT, y), (Self::RIGHT, y));
            self.ink(None, Ink::Rule { from, to });
            self.skip(22.0);
        }
        for (at, title) in part.title.0.iter().enumerate() {
            let role = Role::Heading {
                level: 1,
                title: title.text.clone(),
            };
            let heading = self.tree.below(node, role, title.language);
            let mut style = Style::TITLE;
            if at > 0 {
                style.size = 12.0;
            }
            let lines = style.cut(&title.text, Self::BREADTH, heading);
            self.lines(&lines, style, Self::LEFT, Self::BREADTH)?;
            self.skip(1.0);
        }
        self.skip(3.0);
        let lines = Style::SUBTITLE.lines(&part.subtitle, Self::BREADTH, &mut self.tree, node);
        self.lines(&lines, Style::SUBTITLE, Self::LEFT, Self::BREADTH)?;
        self.skip(12.0);
        for (at, block) in part.blocks.iter().enumerate() {
            if let (Block::Heading(_), Some(next)) = (block, part.blocks.get(at + 1)) {
                // What fits on less than half a page stands below its heading as a whole.
                let together = Style::HEADING.leading() * 3.0 + measuring::high(next);
                if together < (Self::BOTTOM - Self::TOP) * 0.45 {
                    self.want(together)?;
                }
            }
            self.block(block, node)?;
        }
        Ok(())
    }

    fn block(&mut self, block: &Block, part: Node) -> Result<(), FormError> {
        match block {
            Block::Heading(said) => self.heading(said, part),
            Block::Paragraph(said) => self.paragraph(said, part),
            Block::Clause { number, text } => self.listed(number, 28.0, text, part),
            Block::Items(items) => {
                let list = self.tree.below(part, Role::List, None);
                for item in items {
                    let node = self.tree.below(list, Role::Item, None);
                    self.item("•", 28.0, 14.0, item, node)?;
                }
                self.skip(3.0);
                Ok(())
            }
            Block::Fields(fields) => self.fields(fields, part),
            Block::Table(table) => self.table(table, part),
            Block::Pictures { across, figures } => self.figures(*across, figures, part),
            Block::Signature { role, name } => self.signature(role, Some(name), part),
            Block::Seal(said) => self.signature(said, None, part),
        }
    }

    fn heading(&mut self, said: &Said, part: Node) -> Result<(), FormError> {
        self.skip(8.0);
        // A heading stands on the page of what it heads.
        self.want(Style::HEADING.leading() * 5.0)?;
        self.bookmark(said.line());
        let role = Role::Heading {
            level: 2,
            title: said.line(),
        };
        let node = self.tree.below(part, role, only_language(said));
        let lines: Vec<_> = match said.0.as_slice() {
            [only] => Style::HEADING.cut(&only.text, Self::BREADTH, node),
            _ => Style::HEADING.cut(&said.line(), Self::BREADTH, node),
        };
        self.lines(&lines, Style::HEADING, Self::LEFT, Self::BREADTH)?;
        self.skip(4.0);
        Ok(())
    }

    fn paragraph(&mut self, said: &Said, part: Node) -> Result<(), FormError> {
        for span in &said.0 {
            let node = self.tree.below(part, Role::Paragraph, span.language);
            let lines = Style::BODY.cut(&span.text, Self::BREADTH, node);
            self.lines(&lines, Style::BODY, Self::LEFT, Self::BREADTH)?;
            self.skip(4.0);
        }
        Ok(())
    }

    /// A clause is a list of one, so that its number is known for one.
    fn listed(&mut self, number: &str, indent: f32, said: &Said, part: Node) -> Result<(), FormError> {
        let list = self.tree.below(part, Role::List, None);
        let item = self.tree.below(list, Role::Item, None);
        self.item(number, indent, 0.0, said, item)
    }

    fn item(
        &mut self,
        label: &str,
        indent: f32,
        from: f32,
        said: &Said,
        item: Node,
    ) -> Result<(), FormError> {
        let style = Style::BODY;
        self.want(style.leading() * 2.0)?;
        let node = self.tree.below(item, Role::Label, None);
        for line in style.cut(label, indent, node) {
            self.line(&line, style, (Self::LEFT + from, self.y), indent);
        }
        let body = self.tree.below(item, Role::Body, None);
        let lines = style.lines(said, Self::BREADTH - indent, &mut self.tree, body);
        self.lines(&lines, style, Self::LEFT + indent, Self::BREADTH - indent)?;
        self.skip(3.0);
        Ok(())
    }

    fn fields(&mut self, fields: &[Field], part: Node) -> Result<(), FormError> {
        let table = self.tree.below(part, Role::Table { summary: None }, None);
        for field in fields {
            let row = self.tree.below(table, Role::Row, None);
            let value = if field.strong { Style::STRONG } else { Style::CELL };
            let sides = [
                (Role::RowHeader, &field.label, Style::CELL),
                (Role::Cell, &field.value, value),
            ];
            let mut cells = Vec::new();
            for (column, (role, said, style)) in Column::shared(FIELD).into_iter().zip(sides) {
                cells.push(self.cell(row, role, column, said, style));
            }
            self.row(&cells, &[])?;
        }
        self.skip(8.0);
        Ok(())
    }

    fn table(&mut self, table: &Table, part: Node) -> Result<(), FormError> {
        let role = Role::Table {
            summary: Some(table.caption.line()),
        };
        let node = self.tree.below(part, role, None);
        let columns = Column::shared(table.head.iter().map(|(share, _)| *share));
        let row = self.tree.below(node, Role::Row, None);
        let mut head = Vec::new();
        for (column, (_, said)) in columns.iter().zip(&table.head) {
            head.push(self.cell(row, Role::ColumnHeader, *column, said, Style::HEAD));
        }
        self.want(height(&head, &[]) * 2.0)?;
        self.row(&head, &[])?;
        for texts in &table.rows {
            let row = self.tree.below(node, Role::Row, None);
            let mut cells = Vec::new();
            for (column, said) in columns.iter().zip(texts) {
                cells.push(self.cell(row, Role::Cell, *column, said, Style::CELL));
            }
            self.row(&cells, &head)?;
        }
        self.skip(8.0);
        Ok(())
    }

    fn figures(&mut self, across: u8, figures: &[Figure], part: Node) -> Result<(), FormError> {
        const GAP: f32 = 10.0;
        let across = usize::from(across.clamp(1, 6));
        let many = f32::from(u8::try_from(across).unwrap_or(1));
        let width = (Self::BREADTH - GAP * (many - 1.0)) / many;
        for row in figures.chunks(across) {
            let mut set = Vec::new();
            for figure in row {
                let group = self.tree.below(part, Role::Group, None);
                let aloud = figure.aloud.clone();
                let node = self.tree.below(group, Role::Figure { aloud }, None);
                let lines = Style::CAPTION.lines(&figure.caption, width, &mut self.tree, group);
                set.push((
                    figure,
                    node,
                    lines,
                    fitted(figure, width, (1.35 * width).min(205.0)),
                ));
            }
            let high = set.iter().map(|(_, _, _, size)| size.1).fold(0.0, f32::max);
            let most = set.iter().map(|(_, _, lines, _)| lines.len()).max().unwrap_or(0);
            let below = Style::CAPTION.leading() * f32::from(u16::try_from(most).unwrap_or(0));
            self.want(high + below + GAP)?;
            let (top, mut left) = (self.y, Self::LEFT);
            for (figure, node, lines, size) in set {
                let at = (left, top + high - size.1);
                let picture = figure.picture.clone();
                self.ink(Some(node), Ink::Picture { at, size, picture });
                self.frame(at, size);
                self.y = top + high + 2.0;
                self.lines(&lines, Style::CAPTION, left, width)?;
                left += width + GAP;
            }
            self.y = top + high + below + GAP;
        }
        Ok(())
    }

    /// Who signs, and room for the mark of the signature or of the seal.
    fn signature(&mut self, role: &Said, name: Option<&Said>, part: Node) -> Result<(), FormError> {
        const BOX: (f32, f32) = (Pages::BREADTH * 0.52, 78.0);
        self.skip(10.0);
        self.want(BOX.1 + 4.0)?;
        let (top, width) = (self.y, Self::BREADTH - BOX.0 - 14.0);
        let lines = Style::CELL.lines(role, width, &mut self.tree, part);
        self.lines(&lines, Style::CELL, Self::LEFT, width)?;
        if let Some(name) = name {
            let style = Style {
                size: 10.0,
                ..Style::HEAD
            };
            let lines = style.lines(name, width, &mut self.tree, part);
            self.lines(&lines, style, Self::LEFT, width)?;
        }
        let bottom = self.y;
        if bottom < top {
            // The words took more than what was left of the page; the mark then stands below them.
            self.want(BOX.1)?;
        }
        let top = if bottom < top { self.y } else { top };
        let left = Self::RIGHT - BOX.0;
        self.frame((left, top), BOX);
        self.places.push(Place {
            page: self.filled.len() - 1,
            left,
            top,
            width: BOX.0,
            height: BOX.1,
        });
        self.y = bottom.max(top + BOX.1) + 4.0;
        Ok(())
    }
}

/// As large as it may be, in its own shape.
fn fitted(figure: &Figure, width: f32, height: f32) -> (f32, f32) {
    let (wide, high) = figure.picture.size();
    let side = |pixels: u32| f32::from(u16::try_from(pixels).unwrap_or(u16::MAX)).max(1.0);
    let shape = side(high) / side(wide);
    if width * shape <= height {
        (width, width * shape)
    } else {
        (height / shape, height)
    }
}
