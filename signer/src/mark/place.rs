//! [`Place`] and [`Stand`]: where a mark is wanted on a page as it is seen, and where it then stands in the page's own
//! coordinates.

use super::{Page, Size, SizeError, page::intersection};

/// Where a mark is wanted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Place {
    /// Exactly there: how far its upper left corner is from the left and the upper edge of the page as it is seen, in
    /// points.
    At {
        /// From the left edge.
        left: f64,
        /// From the upper edge.
        top: f64,
    },
    /// In a corner of the page as it is seen, or, when another mark stands there, beside that.
    In(Corner),
}

/// A corner of the page as it is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Corner {
    /// Below and left.
    LowerLeft,
    /// Below and right.
    LowerRight,
    /// Above and left.
    UpperLeft,
    /// Above and right.
    UpperRight,
}

/// A mark cannot stand there.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum PlaceError {
    /// It is larger than the page.
    #[error(
        "the mark is {:.0} by {:.0} points and the page {page_width:.0} by {page_height:.0}: choose a smaller mark",
        size.width(), size.height()
    )]
    Large {
        /// The mark's size.
        size: Size,
        /// How wide the page is seen.
        page_width: f64,
        /// How high.
        page_height: f64,
    },
    /// A part of it would lie outside of the page.
    #[error(
        "the mark would leave the page: its left edge can be at 0 to {right:.0} and its upper edge at 0 to {down:.0} points"
    )]
    Outside {
        /// The largest distance from the left edge.
        right: f64,
        /// The largest distance from the upper edge.
        down: f64,
    },
    /// It would cover another.
    #[error("the mark would cover one that is there already: choose another place")]
    Covered,
    /// Everywhere in reach stands something.
    #[error(
        "there is no free place for the mark on this page: choose an exact place, another page or a smaller mark"
    )]
    Full,
}

/// Where a mark of some size stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stand {
    page: Page,
    rect: [f64; 4],
}

impl Page {
    /// Finds where a mark stands. `taken` are the rectangles of the marks that are there, in the page's own coordinates.
    pub fn stand(&self, place: Place, size: Size, taken: &[[f64; 4]]) -> Result<Stand, PlaceError> {
        let [page_width, page_height] = self.seen();
        let (right, up) = (page_width - size.width(), page_height - size.height());
        if right < 0.0 || up < 0.0 {
            return Err(PlaceError::Large {
                size,
                page_width,
                page_height,
            });
        }
        let taken: Vec<[f64; 4]> = taken.iter().map(|rect| self.box_to_view(*rect)).collect();
        match place {
            Place::At { left, top } => {
                if !(0.0..=right).contains(&left) || !(0.0..=up).contains(&top) {
                    return Err(PlaceError::Outside { right, down: up });
                }
                let there = at([left, up - top], size);
                if taken.iter().any(|other| intersection(there, *other).is_some()) {
                    return Err(PlaceError::Covered);
                }
                Ok(self.stand_at(there))
            }
            Place::In(corner) => self.beside(corner, size, &taken),
        }
    }

    /// The place nearest to the corner, away from it first up or down, then across.
    fn beside(&self, corner: Corner, size: Size, taken: &[[f64; 4]]) -> Result<Stand, PlaceError> {
        let [page_width, page_height] = self.seen();
        let (free_width, free_height) = (page_width - size.width(), page_height - size.height());
        let (across_edge, along_edge) = (MARGIN.min(free_width / 2.0), MARGIN.min(free_height / 2.0));
        if taken.len() > MOST_TAKEN {
            return Err(PlaceError::Full);
        }
        let mut across = across_edge;
        while across <= free_width - across_edge {
            let mut along = along_edge;
            while along <= free_height - along_edge {
                let there = match corner {
                    Corner::LowerLeft => at([across, along], size),
                    Corner::LowerRight => at([free_width - across, along], size),
                    Corner::UpperLeft => at([across, free_height - along], size),
                    Corner::UpperRight => at([free_width - across, free_height - along], size),
                };
                let beyond = |[_, bottom, _, top]: [f64; 4]| match corner {
                    Corner::LowerLeft | Corner::LowerRight => top,
                    Corner::UpperLeft | Corner::UpperRight => page_height - bottom,
                };
                let in_the_way = taken
                    .iter()
                    .filter(|other| intersection(there, **other).is_some());
                match in_the_way.map(|other| beyond(*other)).max_by(f64::total_cmp) {
                    None => return Ok(self.stand_at(there)),
                    // What is in the way reaches farther than where we are, so this comes to an end.
                    Some(end) => along = end + GAP,
                }
            }
            across += size.width() + GAP;
        }
        Err(PlaceError::Full)
    }

    /// A rectangle of the page's own coordinates, as the place of a mark of its size.
    pub(crate) fn exactly(&self, own: [f64; 4]) -> Result<(Stand, Size), SizeError> {
        let [left, bottom, right, top] = self.box_to_view(own);
        let size = Size::new(right - left, top - bottom)?;
        Ok((
            Stand {
                page: *self,
                rect: own,
            },
            size,
        ))
    }

    /// A rectangle as it is seen, as the place of a mark.
    pub(super) fn stand_at(&self, view: [f64; 4]) -> Stand {
        Stand {
            page: *self,
            rect: self.box_to_own(view),
        }
    }
}

impl Stand {
    /// The annotation's rectangle, in the page's own coordinates.
    pub const fn rect(&self) -> [f64; 4] {
        self.rect
    }

    /// The appearance's matrix: the mark is seen upright.
    pub(super) fn matrix(&self, size: Size) -> [f64; 6] {
        self.page.upright(size)
    }
}

/// The rectangle of a mark by its lower left corner.
pub(super) fn at([left, bottom]: [f64; 2], size: Size) -> [f64; 4] {
    [left, bottom, left + size.width(), bottom + size.height()]
}

/// Nobody looks for a place among more marks: each is looked at again for each that is in the way.
const MOST_TAKEN: usize = 1000;
/// How far marks stay from the edges of the page, unless told exactly.
pub(super) const MARGIN: f64 = 24.0;
/// How far they stay from each other.
pub(super) const GAP: f64 = 6.0;
