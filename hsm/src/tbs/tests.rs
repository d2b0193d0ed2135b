//! Tests of the strict parsers.
