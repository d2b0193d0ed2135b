//! The examples of the recommendations.

use super::*;
use crate::xml::{Limits, reader::read};

#[test]
fn x() {
    let tree = read(b"<a><b/>x</a>", &Limits::default()).unwrap();
    assert_eq!(
        canonical(&tree, &Selection::document(), &Canonicalisation::INCLUSIVE),
        b"<a><b></b>x</a>"
    );
}
