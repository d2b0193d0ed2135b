//! What Documents promise, on both engines and in both kinds of place.
