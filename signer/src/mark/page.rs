//! [`Page`]: a page as it is seen: cropped, turned and scaled; and the way between that and its own coordinates.
//!
//! The *view* is what a reader shows: in points, from the lower left corner of what can be seen, upright.

use super::Size;

/// The boxes of a page that decide how it is seen (ISO 32000-2 7.7.3.3, 14.11.2).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Page {
    /// What can be seen, in the page's own coordinates: left, bottom, right, top.
    visible: [f64; 4],
    turned: Turned,
    unit: f64,
}

/// How far a page is turned clockwise when it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turned {
    Not,
    Right,
    Over,
    Left,
}

/// The page has no area on which a mark could stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// Not a number, or beyond what pages can be.
    #[error("the page's boxes, rotation or unit are out of bounds: repair the document")]
    Bounds,
    /// The boxes share no area.
    #[error("nothing of this page can be seen: choose another page")]
    Empty,
}

impl Page {
    /// Takes a page's entries as they apply to it, inherited or its own; corners of boxes in any order. A crop box that
    /// leaves nothing of the media box is ignored, as readers do.
    pub fn new(
        media: [f64; 4],
        crop: Option<[f64; 4]>,
        rotate: i64,
        user_unit: Option<f64>,
    ) -> Result<Self, PageError> {
        let media = ordered(media)?;
        let crop = crop
            .map(ordered)
            .transpose()?
            .and_then(|crop| intersection(media, crop));
        let unit = user_unit.unwrap_or(1.0);
        if !(LEAST_UNIT..=MOST_UNIT).contains(&unit) || rotate % 90 != 0 {
            return Err(PageError::Bounds);
        }
        let turned = match rotate.rem_euclid(360) {
            90 => Turned::Right,
            180 => Turned::Over,
            270 => Turned::Left,
            _ => Turned::Not,
        };
        let visible = crop.unwrap_or(media);
        let [left, bottom, right, top] = visible;
        if right - left <= 0.0 || top - bottom <= 0.0 {
            return Err(PageError::Empty);
        }
        Ok(Self {
            visible,
            turned,
            unit,
        })
    }

    /// How wide and high it is seen, in points.
    pub fn seen(&self) -> [f64; 2] {
        let [left, bottom, right, top] = self.visible;
        let (width, height) = ((right - left) * self.unit, (top - bottom) * self.unit);
        match self.turned {
            Turned::Not | Turned::Over => [width, height],
            Turned::Right | Turned::Left => [height, width],
        }
    }

    /// A point of the page's own coordinates, as it is seen.
    pub(super) fn to_view(self, [x, y]: [f64; 2]) -> [f64; 2] {
        let [left, bottom, right, top] = self.visible;
        let [x, y] = match self.turned {
            Turned::Not => [x - left, y - bottom],
            Turned::Right => [y - bottom, right - x],
            Turned::Over => [right - x, top - y],
            Turned::Left => [top - y, x - left],
        };
        [x * self.unit, y * self.unit]
    }

    /// A point as it is seen, in the page's own coordinates.
    pub(super) fn to_own(self, [x, y]: [f64; 2]) -> [f64; 2] {
        let [left, bottom, right, top] = self.visible;
        let (x, y) = (x / self.unit, y / self.unit);
        match self.turned {
            Turned::Not => [left + x, bottom + y],
            Turned::Right => [right - y, bottom + x],
            Turned::Over => [right - x, top - y],
            Turned::Left => [left + y, top - x],
        }
    }

    /// A rectangle of the page's own coordinates, as it is seen.
    pub(super) fn box_to_view(self, [left, bottom, right, top]: [f64; 4]) -> [f64; 4] {
        hull([self.to_view([left, bottom]), self.to_view([right, top])])
    }

    /// A rectangle as it is seen, in the page's own coordinates.
    pub(super) fn box_to_own(self, [left, bottom, right, top]: [f64; 4]) -> [f64; 4] {
        hull([self.to_own([left, bottom]), self.to_own([right, top])])
    }

    /// What turns a drawing of that size so that it is seen upright, its box again beginning at nought.
    pub(super) fn upright(self, size: Size) -> [f64; 6] {
        let (width, height) = (size.width(), size.height());
        match self.turned {
            Turned::Not => [1.0, 0.0, 0.0, 1.0, 0.0, 0.0],
            Turned::Right => [0.0, 1.0, -1.0, 0.0, height, 0.0],
            Turned::Over => [-1.0, 0.0, 0.0, -1.0, width, height],
            Turned::Left => [0.0, -1.0, 1.0, 0.0, 0.0, width],
        }
    }
}

/// The rectangle around two opposite corners.
fn hull([[x, y], [other_x, other_y]]: [[f64; 2]; 2]) -> [f64; 4] {
    [x.min(other_x), y.min(other_y), x.max(other_x), y.max(other_y)]
}

fn ordered(corners: [f64; 4]) -> Result<[f64; 4], PageError> {
    if corners
        .iter()
        .any(|number| !(-FARTHEST..=FARTHEST).contains(number))
    {
        return Err(PageError::Bounds);
    }
    let [x, y, other_x, other_y] = corners;
    Ok(hull([[x, y], [other_x, other_y]]))
}

/// What two rectangles share, if it has an area.
pub(super) fn intersection(one: [f64; 4], other: [f64; 4]) -> Option<[f64; 4]> {
    let [left, bottom, right, top] = one;
    let [other_left, other_bottom, other_right, other_top] = other;
    let shared = [
        left.max(other_left),
        bottom.max(other_bottom),
        right.min(other_right),
        top.min(other_top),
    ];
    let [left, bottom, right, top] = shared;
    (left < right && bottom < top).then_some(shared)
}

/// No coordinate of a page is farther from nought: larger pages exist on no device.
const FARTHEST: f64 = 1_000_000.0;
/// Bounds of `UserUnit`.
const LEAST_UNIT: f64 = 0.001;
const MOST_UNIT: f64 = 75_000.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_find_their_way_to_the_view_and_back_however_the_page_is_turned() {
        for rotate in [0, 90, 180, 270, -90, 450] {
            let page = Page::new(
                [0.0, 0.0, 612.0, 792.0],
                Some([100.0, 50.0, 500.0, 750.0]),
                rotate,
                Some(2.0),
            )
            .unwrap();
            let [width, height] = page.seen();
            for (view, inside) in [
                ([0.0, 0.0], true),
                ([width, height], true),
                ([10.0, 30.0], true),
                ([-1.0, 0.0], false),
            ] {
                let own = page.to_own(view);
                let back = page.to_view(own);
                assert!((back[0] - view[0]).abs() < 1e-9 && (back[1] - view[1]).abs() < 1e-9);
                let [x, y] = own;
                assert_eq!(
                    (100.0..=500.0).contains(&x) && (50.0..=750.0).contains(&y),
                    inside,
                    "{rotate}"
                );
            }
        }
        let turned = Page::new([0.0, 0.0, 600.0, 800.0], None, 90, None).unwrap();
        // What was at the upper left is seen at the upper right.
        for [x, y] in [turned.seen(), turned.to_view([0.0, 800.0])] {
            assert!((x - 800.0).abs() < 1e-9 && (y - 600.0).abs() < 1e-9);
        }
    }

    #[test]
    fn pages_without_area_or_bounds_are_refused() {
        let a4 = [0.0, 0.0, 595.0, 842.0];
        for (media, rotate, unit, error) in [
            ([0.0, 0.0, 0.0, 842.0], 0, None, PageError::Empty),
            ([0.0, 0.0, f64::NAN, 842.0], 0, None, PageError::Bounds),
            ([0.0, 0.0, 1e9, 842.0], 0, None, PageError::Bounds),
            (a4, 45, None, PageError::Bounds),
            (a4, 0, Some(0.0), PageError::Bounds),
            (a4, 0, Some(f64::INFINITY), PageError::Bounds),
        ] {
            assert_eq!(Page::new(media, None, rotate, unit), Err(error));
        }
        // Corners in another order, and a crop box beside the page.
        assert_eq!(
            Page::new(
                [595.0, 842.0, 0.0, 0.0],
                Some([900.0, 0.0, 1000.0, 10.0]),
                0,
                None
            ),
            Page::new(a4, None, 0, None)
        );
    }
}
