//! Coordinates and their transformation (ISO 32000-2, 8.3).

/// `[a b c d e f]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Matrix(pub(super) [f64; 6]);

/// Left, bottom, right, top.
pub(super) type Area = [f64; 4];

impl Matrix {
    pub(super) const SAME: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// This first, then the other.
    pub(super) fn then(self, other: Self) -> Self {
        let Self([right_x, right_y, up_x, up_y, x, y]) = self;
        let [right_x, right_y] = other.turned([right_x, right_y]);
        let [up_x, up_y] = other.turned([up_x, up_y]);
        let [x, y] = other.point([x, y]);
        Self([right_x, right_y, up_x, up_y, x, y])
    }

    pub(super) fn point(self, point: [f64; 2]) -> [f64; 2] {
        let Self([.., right, up]) = self;
        let [x, y] = self.turned(point);
        [x + right, y + up]
    }

    /// A direction: a point without the shift.
    fn turned(self, [x, y]: [f64; 2]) -> [f64; 2] {
        let Self([right_x, right_y, up_x, up_y, ..]) = self;
        [right_x * x + up_x * y, right_y * x + up_y * y]
    }

    /// What surely holds an area after the transformation.
    pub(super) fn area(self, [left, bottom, right, top]: Area) -> Area {
        let corners = [[left, bottom], [right, bottom], [right, top], [left, top]];
        hull(corners.map(|corner| self.point(corner)))
    }

    /// Whether circles stay circles.
    pub(super) fn is_even(self) -> bool {
        let Self([a, b, c, d, ..]) = self;
        let most = a.hypot(b).max(c.hypot(d)) * 1e-3;
        let like = |one: f64, other: f64| (one - other).abs() <= most;
        like(a, d) && like(b, -c) || like(a, -d) && like(b, c)
    }

    /// Whether what lies along the axes lies along them after it too.
    pub(super) fn is_straight(self) -> bool {
        let Self([a, b, c, d, ..]) = self;
        let least = a.hypot(b).min(c.hypot(d)) * 1e-6;
        let is_nought = |number: f64| number.abs() <= least;
        is_nought(b) && is_nought(c) || is_nought(a) && is_nought(d)
    }

    /// By how much it stretches at most.
    pub(super) fn stretch(self) -> f64 {
        let Self([right_x, right_y, up_x, up_y, ..]) = self;
        right_x.hypot(right_y) + up_x.hypot(up_y)
    }
}

/// The least area around points. What is no number stays none, and then takes the whole page.
pub(super) fn hull(points: impl IntoIterator<Item = [f64; 2]>) -> Area {
    let mut area = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    let mut is_number = true;
    for [x, y] in points {
        let [left, bottom, right, top] = area;
        area = [left.min(x), bottom.min(y), right.max(x), top.max(y)];
        is_number &= x.is_finite() && y.is_finite();
    }
    if is_number { area } else { [f64::NAN; 4] }
}

/// What both have; `None` if nothing.
pub(super) fn both(one: Area, other: Area) -> Option<Area> {
    if one.iter().chain(&other).any(|side| side.is_nan()) {
        return Some([f64::NAN; 4]);
    }
    let [left, bottom, right, top] = one;
    let (left, bottom) = (left.max(other[0]), bottom.max(other[1]));
    let (right, top) = (right.min(other[2]), top.min(other[3]));
    (left <= right && bottom <= top).then_some([left, bottom, right, top])
}

/// An area and so much around it.
pub(super) fn grown([left, bottom, right, top]: Area, by: f64) -> Area {
    [left - by, bottom - by, right + by, top + by]
}
