//! [`Room`]: where on a page nothing is, so that a mark can stand there.
//!
//! The page as it is seen is divided into cells. Whatever might be painted takes every cell that it touches; a mark
//! needs cells of which none is taken, its own air included.

use super::{
    Page, PlaceError, Size, Stand,
    place::{GAP, MARGIN, at},
};

/// The cells of a page.
#[derive(Clone, Debug)]
pub(crate) struct Room {
    page: Page,
    /// The side of a cell, in points.
    cell: f64,
    columns: usize,
    rows: usize,
    /// By how much the number of areas that take a cell differs from that of the cells left and below; row by row from the
    /// lower left corner, one more than cells in each. So taking an area costs the same whatever its size.
    changes: Vec<i32>,
    /// Something takes everything.
    is_full: bool,
}

/// A cell is no smaller, in points.
const CELL: f64 = 2.0;
/// No side has more cells.
const MOST_CELLS: f64 = 800.0;

impl Room {
    /// A page on which nothing is.
    pub(crate) fn new(page: Page) -> Self {
        let [width, height] = page.seen();
        let cell = CELL.max(width.max(height) / MOST_CELLS);
        let (columns, rows) = (whole((width / cell).ceil()), whole((height / cell).ceil()));
        Self {
            page,
            cell,
            columns,
            rows,
            changes: vec![0; (columns + 1) * (rows + 1)],
            is_full: false,
        }
    }

    /// The page.
    pub(crate) const fn page(&self) -> Page {
        self.page
    }

    /// Takes a rectangle of the page's own coordinates: left, bottom, right, top.
    pub(crate) fn take(&mut self, own: [f64; 4]) {
        let [left, bottom, right, top] = self.page.box_to_view(own);
        if ![left, bottom, right, top].iter().all(|side| side.is_finite()) {
            self.is_full = true;
            return;
        }
        let from = |side: f64, most: usize| whole((side / self.cell).floor()).min(most);
        let to = |side: f64, most: usize| whole((side / self.cell).floor() + 1.0).min(most);
        let across = [from(left, self.columns), to(right, self.columns)];
        let along = [from(bottom, self.rows), to(top, self.rows)];
        for (row, sign) in along.into_iter().zip([1, -1]) {
            for (column, sign) in across.into_iter().zip([sign, -sign]) {
                let place = row * (self.columns + 1) + column;
                if let Some(change) = self.changes.get_mut(place) {
                    *change = change.saturating_add(sign);
                }
            }
        }
    }

    /// Which of these rectangles of the page's own coordinates stand where something is. What only touches the cell at
    /// their edge does not count.
    pub(crate) fn taken(&self, rectangles: &[[f64; 4]]) -> Vec<[f64; 4]> {
        let sums = self.sums();
        let cells = |low: f64, high: f64, most: usize| {
            let low = whole((low / self.cell).floor() + 1.0);
            let high = whole((high / self.cell).ceil() - 1.0);
            // The smallest has one cell still.
            let low = low.min(high.saturating_sub(1)).min(most);
            [low, high.max(low + 1).min(most)]
        };
        let is_taken = |own: &[f64; 4]| {
            let [left, bottom, right, top] = self.page.box_to_view(*own);
            let across = cells(left, right, self.columns);
            let along = cells(bottom, top, self.rows);
            !self.are_free(&sums, across, along)
        };
        rectangles.iter().copied().filter(is_taken).collect()
    }

    /// Whether a rectangle of the page's own coordinates leaves nothing of the page uncovered.
    pub(crate) fn is_all_of_page(&self, own: [f64; 4]) -> bool {
        let [left, bottom, right, top] = self.page.box_to_view(own);
        let [width, height] = self.page.seen();
        left <= 1.0 && bottom <= 1.0 && right >= width - 1.0 && top >= height - 1.0
    }

    /// The lowest free place, of those at one height the outermost, right before left.
    pub(crate) fn find(&self, size: Size) -> Result<Stand, PlaceError> {
        let [page_width, page_height] = self.page.seen();
        let (right, up) = (page_width - size.width(), page_height - size.height());
        if right < 0.0 || up < 0.0 {
            return Err(PlaceError::Large {
                size,
                page_width,
                page_height,
            });
        }
        let sums = self.sums();
        let (across_edge, along_edge) = (MARGIN.min(right / 2.0), MARGIN.min(up / 2.0));
        let steps = |from: f64, to: f64| {
            (0_u32..)
                .map(move |step| from + f64::from(step) * self.cell)
                .take_while(move |place| *place <= to)
        };
        for bottom in steps(along_edge, up - along_edge) {
            let ends = [right - across_edge, across_edge];
            let between = steps(across_edge, right - across_edge).map(|step| right - step);
            for left in ends.into_iter().chain(between) {
                let there = at([left, bottom], size);
                if self.is_free(&sums, there) {
                    return Ok(self.page.stand_at(there));
                }
            }
        }
        Err(PlaceError::Full)
    }

    /// How many cells are taken below and left of each corner.
    fn sums(&self) -> Vec<usize> {
        let line = self.columns + 1;
        let mut sums = vec![0_usize; line];
        // How many areas take each cell of the row.
        let mut areas = vec![0_i32; line];
        for row in self.changes.chunks(line).take(self.rows) {
            let mut beside = 0_i32;
            let below = sums.len() - line;
            let mut sum = 0;
            sums.push(0);
            for (column, (change, areas)) in row.iter().zip(&mut areas).take(self.columns).enumerate() {
                beside = beside.saturating_add(*change);
                *areas = areas.saturating_add(beside);
                sum += usize::from(self.is_full || *areas != 0);
                let under = sums.get(below + column + 1).copied().unwrap_or_default();
                sums.push(under + sum);
            }
        }
        sums
    }

    fn is_free(&self, sums: &[usize], [left, bottom, right, top]: [f64; 4]) -> bool {
        let from = |side: f64| whole(((side - GAP) / self.cell).floor());
        let to = |side: f64, most: usize| whole(((side + GAP) / self.cell).ceil()).min(most);
        let across = [from(left).min(self.columns), to(right, self.columns)];
        let along = [from(bottom).min(self.rows), to(top, self.rows)];
        self.are_free(sums, across, along)
    }

    fn are_free(&self, sums: &[usize], [first, last]: [usize; 2], [low, high]: [usize; 2]) -> bool {
        let sum = |row: usize, column: usize| sums.get(row * (self.columns + 1) + column).copied();
        match (sum(high, last), sum(high, first), sum(low, last), sum(low, first)) {
            (Some(all), Some(beside), Some(below), Some(corner)) => all + corner == beside + below,
            _ => false,
        }
    }
}

/// A number of cells.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is bounded from both sides before"
)]
fn whole(cells: f64) -> usize {
    cells.clamp(0.0, MOST_CELLS + 1.0) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room() -> Room {
        Room::new(Page::new([0.0, 0.0, 600.0, 800.0], None, 0, None).unwrap())
    }

    /// The lower left corner, in whole points.
    fn found(room: &Room) -> [String; 2] {
        let [left, bottom, right, top] = room.find(Size::new(200.0, 60.0).unwrap()).unwrap().rect();
        assert!((right - left - 200.0).abs() < 1e-9 && (top - bottom - 60.0).abs() < 1e-9);
        [left, bottom].map(|side| format!("{side:.0}"))
    }

    #[test]
    fn the_lowest_place_is_taken_first_right_then_left_then_higher() {
        let mut room = room();
        assert_eq!(found(&room), ["376", "24"]);
        room.take([400.0, 30.0, 401.0, 31.0]);
        assert_eq!(found(&room), ["24", "24"]);
        room.take([100.0, 30.0, 101.0, 31.0]);
        assert_eq!(found(&room), ["194", "24"]);
        room.take([0.0, 30.0, 600.0, 31.0]);
        assert_eq!(found(&room), ["376", "38"]);
        room.take([0.0, 0.0, 600.0, 700.0]);
        assert_eq!(found(&room), ["376", "708"]);
        room.take([0.0, 710.0, 10.0, 800.0]);
        room.take([f64::NEG_INFINITY, 0.0, 1.0, 1.0]);
        assert_eq!(room.find(Size::new(20.0, 20.0).unwrap()), Err(PlaceError::Full));
    }

    #[test]
    fn a_place_is_taken_by_what_stands_in_it_and_not_by_what_stands_beside() {
        let mut room = room();
        room.take([100.0, 100.0, 200.0, 150.0]);
        let taken = [
            [150.0, 120.0, 160.0, 130.0],
            [90.0, 90.0, 210.0, 160.0],
            [190.0, 140.0, 300.0, 300.0],
            [150.0, 120.0, 150.5, 120.5],
        ];
        assert_eq!(room.taken(&taken), taken);
        let free = [
            [201.0, 100.0, 300.0, 150.0],
            [100.0, 151.0, 200.0, 300.0],
            [0.0, 0.0, 99.0, 800.0],
            [-50.0, -50.0, 0.0, 0.0],
        ];
        assert!(room.taken(&free).is_empty());
    }

    #[test]
    fn a_free_place_touches_nothing_whatever_is_there() {
        for seed in 0..200_u32 {
            let mut room = room();
            let mut chance = seed;
            let mut next = || {
                chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                f64::from(chance >> 22)
            };
            let boxes: Vec<[f64; 4]> = (0..12)
                .map(|_| {
                    let (x, y) = (next() * 0.6, next() * 0.8);
                    [x, y, x + next() * 0.1, y + next() * 0.1]
                })
                .collect();
            for taken in &boxes {
                room.take(*taken);
            }
            let Ok(stand) = room.find(Size::new(200.0, 60.0).unwrap()) else {
                continue;
            };
            let [left, bottom, right, top] = stand.rect();
            assert!(left >= 0.0 && bottom >= 0.0 && right <= 600.0 && top <= 800.0);
            for [a, b, c, d] in boxes {
                assert!(c <= left || a >= right || d <= bottom || b >= top);
            }
        }
    }
}
