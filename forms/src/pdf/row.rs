//! Rows of tables: cells side by side, cut where a page ends, under headers that are repeated.

use crate::{FormError, said::Said};

use super::{
    line::{Line, Style},
    page::{Ink, Pages},
    tree::{Node, Role},
};

/// A column: where it begins and how wide it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    pub left: f32,
    pub width: f32,
}

/// A cell, cut into lines.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    column: Column,
    lines: Vec<Line>,
    style: Style,
    ground: bool,
}

/// From an edge of a cell to what it says.
pub(super) const PAD: (f32, f32) = (5.0, 3.5);
/// The shares of a label and of what was filled in.
pub(super) const FIELD: [u8; 2] = [38, 62];

impl Column {
    /// Columns with these shares of the breadth.
    pub(super) fn shared(shares: impl IntoIterator<Item = u8>) -> Vec<Self> {
        let shares: Vec<f32> = shares.into_iter().map(f32::from).collect();
        let whole: f32 = shares.iter().sum::<f32>().max(1.0);
        let mut left = Pages::LEFT;
        let column = |share: f32| {
            let width = Pages::BREADTH * share / whole;
            let column = Self { left, width };
            left += width;
            column
        };
        shares.into_iter().map(column).collect()
    }
}

impl Pages {
    /// A cell below a row.
    pub(super) fn cell(&mut self, row: Node, role: Role, column: Column, said: &Said, style: Style) -> Cell {
        let ground = matches!(role, Role::ColumnHeader | Role::RowHeader);
        let node = self.tree.below(row, role, None);
        let lines = style.lines(said, column.width - 2.0 * PAD.0, &mut self.tree, node);
        Cell {
            column,
            lines,
            style,
            ground,
        }
    }

    /// Sets a row; `head` is repeated on each page on which it goes on.
    pub(super) fn row(&mut self, cells: &[Cell], head: &[Cell]) -> Result<(), FormError> {
        let mut from = vec![0_usize; cells.len()];
        let whole = height(cells, &from);
        let fresh = Self::BOTTOM - Self::TOP - height(head, &[]);
        // A row that fits on a page is not cut.
        if whole > self.room() && whole <= fresh {
            self.turn_below(head)?;
        }
        loop {
            let room = self.room();
            let fits = |cell: &Cell| lines_in(room - 2.0 * PAD.1, cell.style.leading());
            if cells.iter().any(|cell| fits(cell) == 0) {
                self.turn_below(head)?;
                continue;
            }
            let left = height(cells, &from);
            let high = left.min(room);
            self.ground(cells, high);
            for (cell, from) in cells.iter().zip(&mut from) {
                let till = cell.lines.len().min(*from + fits(cell));
                self.cell_lines(cell, cell.lines.get(*from..till).unwrap_or_default(), true);
                *from = till;
            }
            self.y += high;
            if cells
                .iter()
                .zip(&from)
                .all(|(cell, from)| *from >= cell.lines.len())
            {
                return Ok(());
            }
            self.turn_below(head)?;
        }
    }

    /// Turns the page and repeats the headers, as an ornament: they are read aloud once.
    fn turn_below(&mut self, head: &[Cell]) -> Result<(), FormError> {
        self.turn()?;
        if !head.is_empty() {
            let high = height(head, &[]);
            self.ground(head, high);
            for cell in head {
                self.cell_lines(cell, &cell.lines, false);
            }
            self.y += high;
        }
        Ok(())
    }

    fn cell_lines(&mut self, cell: &Cell, lines: &[Line], aloud: bool) {
        let mut top = self.y + PAD.1;
        for line in lines {
            if aloud {
                self.line(
                    line,
                    cell.style,
                    (cell.column.left + PAD.0, top),
                    cell.column.width,
                );
            } else {
                let ink = Ink::Text {
                    at: (cell.column.left + PAD.0, top + cell.style.ascent()),
                    style: cell.style,
                    text: line.text.clone(),
                };
                self.ink(None, ink);
            }
            top += cell.style.leading();
        }
    }

    /// Grounds and frames of a row.
    fn ground(&mut self, cells: &[Cell], high: f32) {
        for cell in cells {
            let (at, size) = ((cell.column.left, self.y), (cell.column.width, high));
            if cell.ground {
                self.ink(None, Ink::Ground { at, size });
            }
        }
        for cell in cells {
            self.frame((cell.column.left, self.y), (cell.column.width, high));
        }
    }
}

/// How high the rest of a row is.
pub(super) fn height(cells: &[Cell], from: &[usize]) -> f32 {
    let rest = |(at, cell): (usize, &Cell)| {
        let left = cell
            .lines
            .len()
            .saturating_sub(from.get(at).copied().unwrap_or(0));
        // Rows have a few thousand lines at most: what is filled in is bounded.
        f32::from(u16::try_from(left).unwrap_or(u16::MAX)) * cell.style.leading() + 2.0 * PAD.1
    };
    cells.iter().enumerate().map(rest).fold(0.0, f32::max)
}

/// How many lines fit.
fn lines_in(room: f32, leading: f32) -> usize {
    let mut lines = 0_u16;
    while f32::from(lines + 1) * leading <= room && lines < 1_000 {
        lines += 1;
    }
    usize::from(lines)
}
