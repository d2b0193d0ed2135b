//! Media types as RFC 9110 §8.3.1 compares them: type and subtype in any case, parameters aside.

use axum::http::{HeaderMap, header};

/// Whether the content is said to be of this type.
pub(super) fn is(headers: &HeaderMap, wanted: &str) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .and_then(|kind| kind.split(';').next())
        .is_some_and(|kind| kind.trim_matches([' ', '\t']).eq_ignore_ascii_case(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_parameters_do_not_matter_and_everything_else_does() {
        let said = |kind: &'static str| {
            let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, kind.parse().unwrap())]);
            is(&headers, "application/ocsp-request")
        };
        for kind in [
            "application/ocsp-request",
            "Application/OCSP-Request",
            "application/ocsp-request; charset=utf-8",
            "application/ocsp-request ;a=\"b;c\"",
        ] {
            assert!(said(kind), "{kind}");
        }
        for kind in [
            "",
            "application/ocsp-request2",
            "application/ocsp-response",
            "text/plain; application/ocsp-request",
            "application/ocsp-request, text/plain",
            "application / ocsp-request",
        ] {
            assert!(!said(kind), "{kind}");
        }
        assert!(!is(&HeaderMap::new(), "application/ocsp-request"));
    }
}
