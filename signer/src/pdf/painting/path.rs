//! Paths (ISO 32000-2, 8.5): where their inside and their lines may be.

use super::matrix::{Area, Matrix, grown, hull};

/// A path in the making, in the page's own coordinates.
#[derive(Clone, Debug, Default)]
pub(super) struct Path {
    parts: Vec<Vec<[f64; 2]>>,
}

/// Into how many straight pieces a curve is divided.
pub(super) const PIECES: u32 = 12;
/// How long a piece of a slanting line is, in points.
const SHORT: f64 = 4.0;
const MOST_PIECES: f64 = 500.0;

impl Path {
    pub(super) fn start(&mut self, at: [f64; 2]) {
        self.parts.push(vec![at]);
    }

    pub(super) fn line(&mut self, to: [f64; 2]) {
        match self.parts.last_mut() {
            Some(part) => part.push(to),
            None => self.start(to),
        }
    }

    /// A curve from where we are, over two control points.
    pub(super) fn curve(&mut self, [one, two, to]: [[f64; 2]; 3]) {
        let from = self.here().unwrap_or(one);
        for piece in 1..=PIECES {
            let t = f64::from(piece) / f64::from(PIECES);
            let s = 1.0 - t;
            let weights = [s * s * s, 3.0 * s * s * t, 3.0 * s * t * t, t * t * t];
            let mut at = [0.0; 2];
            for (weight, [x, y]) in weights.into_iter().zip([from, one, two, to]) {
                at = [at[0] + weight * x, at[1] + weight * y];
            }
            self.line(at);
        }
    }

    pub(super) fn close(&mut self) {
        if let Some(part) = self.parts.last_mut()
            && let Some(first) = part.first().copied()
        {
            part.push(first);
        }
    }

    pub(super) fn rectangle(&mut self, [x, y, width, height]: [f64; 4], by: Matrix) {
        let corners = [
            [x, y],
            [x + width, y],
            [x + width, y + height],
            [x, y + height],
            [x, y],
        ];
        self.parts.push(corners.map(|corner| by.point(corner)).to_vec());
    }

    /// Where we are.
    pub(super) fn here(&self) -> Option<[f64; 2]> {
        self.parts.last().and_then(|part| part.last()).copied()
    }

    /// Around all of it.
    pub(super) fn area(&self) -> Option<Area> {
        let points = self.parts.iter().flatten().copied();
        (!self.parts.is_empty()).then(|| hull(points))
    }

    /// Around each of its parts; nothing inside a path is outside of them.
    pub(super) fn insides(&self) -> impl Iterator<Item = Area> {
        self.parts.iter().map(|part| hull(part.iter().copied()))
    }

    /// The rectangle that it is, if it is nothing but one.
    pub(super) fn only_rectangle(&self) -> Option<Area> {
        let [part] = self.parts.as_slice() else {
            return None;
        };
        let (corners, closing) = part.split_at_checked(4)?;
        let near = |one: f64, other: f64| (one - other).abs() < 0.01;
        let same = |[x, y]: [f64; 2], [to_x, to_y]: [f64; 2]| near(x, to_x) && near(y, to_y);
        let [a, b, c, d] = *<&[[f64; 2]; 4]>::try_from(corners).ok()?;
        let lies = |[a, b, c, d]: [[f64; 2]; 4]| {
            near(a[1], b[1]) && near(b[0], c[0]) && near(c[1], d[1]) && near(d[0], a[0])
        };
        let is_rectangle = lies([a, b, c, d]) || lies([b, c, d, a]);
        let is_closed = closing.len() <= 2 && closing.iter().all(|point| same(*point, a));
        (is_rectangle && is_closed).then(|| hull(corners.iter().copied()))
    }

    /// Whether no line of it slants.
    pub(super) fn is_upright(&self) -> bool {
        let near = |one: f64, other: f64| (one - other).abs() < 0.01;
        let mut lines = self.parts.iter().flat_map(|part| part.windows(2));
        lines.all(|ends| match ends {
            [[x, y], [to_x, to_y]] => near(*x, *to_x) || near(*y, *to_y),
            _ => false,
        })
    }

    /// Around short pieces of its lines, so thick.
    pub(super) fn lines(&self, thick: f64) -> impl Iterator<Item = Area> {
        let ends = self.parts.iter().flat_map(|part| part.windows(2));
        let dots = self.parts.iter().filter(|part| part.len() == 1).flatten();
        ends.filter_map(|ends| match ends {
            [from, to] => Some((*from, *to)),
            _ => None,
        })
        .chain(dots.map(|dot| (*dot, *dot)))
        .flat_map(move |(from, to)| pieces(from, to).map(move |piece| grown(piece, thick)))
    }

    /// Around the points of its corners, where lines go so far to each side and points so many times that. `is_even`
    /// says whether lines are as thick in all directions.
    pub(super) fn points(&self, half: f64, limit: f64, is_even: bool) -> impl Iterator<Item = Area> {
        self.parts.iter().flat_map(move |part| {
            let mut part = part.clone();
            part.dedup();
            let back = part
                .first()
                .zip(part.last())
                .is_some_and(|([x, y], [to_x, to_y])| (x - to_x).hypot(y - to_y) < 1e-9);
            if back && let Some(second) = part.get(1).copied() {
                part.push(second);
            }
            let corners = part.windows(3).filter_map(|corner| match corner {
                [from, at, to] => point([*from, *at, *to], half, limit, is_even),
                _ => None,
            });
            corners.collect::<Vec<_>>()
        })
    }
}

/// Sharper corners than this are taken as what rounding may make of them.
const SHARP: f64 = 20.0;

/// Around the point of one corner, if it has any.
fn point([from, at, to]: [[f64; 2]; 3], half: f64, limit: f64, is_even: bool) -> Option<Area> {
    let around = grown([at[0], at[1], at[0], at[1]], half * limit);
    let unit = |[x, y]: [f64; 2]| {
        let (x, y) = (at[0] - x, at[1] - y);
        let length = x.hypot(y);
        [x / length, y / length]
    };
    let ([x, y], [other_x, other_y]) = (unit(from), unit(to));
    let long = 1.0 / ((1.0 - (x * other_x + y * other_y)).max(0.0) / 2.0).sqrt();
    if !is_even || long > SHARP {
        // Lines that go straight on have none.
        return (limit > 1.0 && long > 1.01).then_some(around);
    }
    if long > limit * 1.05 || long < 2.0 {
        return None;
    }
    let (out_x, out_y) = (x + other_x, y + other_y);
    let reach = half * long / out_x.hypot(out_y);
    let tip = [at[0] + out_x * reach, at[1] + out_y * reach];
    Some(grown(hull([at, tip]), half))
}

fn pieces([x, y]: [f64; 2], [to_x, to_y]: [f64; 2]) -> impl Iterator<Item = Area> {
    let (across, along) = (to_x - x, to_y - y);
    let slant = across.abs().min(along.abs());
    let count = if slant < SHORT {
        1.0
    } else {
        (across.hypot(along) / SHORT).ceil().min(MOST_PIECES)
    };
    (0_u32..)
        .map(f64::from)
        .take_while(move |piece| *piece < count)
        .map(move |piece| {
            let at = |share: f64| [x + across * share, y + along * share];
            hull([at(piece / count), at((piece + 1.0) / count)])
        })
}
