//! The boundary: types, protocol and client; with feature `token` the only code that talks PKCS#11.

pub mod tbs;
