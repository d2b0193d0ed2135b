//! tbs
