//! What an asker would like best of what there is: `Accept` and `Accept-Language` with their weights, RFC 9110 §12.

use axum::http::HeaderMap;

/// More wishes than that nobody has.
const MOST: usize = 64;

/// The offer that is liked best, the first of those that are liked alike; none if every one is refused. Whoever wishes
/// nothing takes the first.
pub(super) fn preferred<'o, T>(
    headers: &HeaderMap,
    header: &str,
    offers: &'o [(T, &'static str)],
) -> Option<&'o T> {
    let wishes: Vec<(&str, u16)> = headers
        .get_all(header)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .take(MOST)
        .filter_map(wish)
        .collect();
    if wishes.is_empty() {
        return offers.first().map(|(offer, _)| offer);
    }
    let mut best = None;
    for (offer, name) in offers {
        // The closest wish counts: the type itself before all of its kind before everything.
        let weight = wishes
            .iter()
            .filter_map(|(range, weight)| Some((closeness(range, name)?, *weight)))
            .max_by_key(|(closeness, _)| *closeness)
            .map_or(0, |(_, weight)| weight);
        if weight > best.map_or(0, |(_, weight)| weight) {
            best = Some((offer, weight));
        }
    }
    best.map(|(offer, _)| offer)
}

/// A range and its weight in thousandths.
fn wish(text: &str) -> Option<(&str, u16)> {
    let mut parts = text.split(';').map(str::trim);
    let range = parts.next().filter(|range| !range.is_empty())?;
    let stated = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    Some((range, stated.map_or(Some(1_000), thousandths)?))
}

/// `0`, `0.5`, `1.000`; nothing else is a weight.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    if rest.len() > 3 || !rest.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let part: u16 = format!("{rest:0<3}").parse().ok()?;
    match whole {
        "0" => Some(part),
        "1" if part == 0 => Some(1_000),
        _ => None,
    }
}

/// How closely a range names an offer; none if it does not. `ru` is named by `ru-KZ`, `text/plain` by `text/*`.
fn closeness(range: &str, name: &str) -> Option<usize> {
    if range == "*" || range == "*/*" {
        return Some(0);
    }
    let is_kind = range.strip_suffix("/*").is_some_and(|kind| {
        let of = name.split('/').next().unwrap_or_default();
        of.eq_ignore_ascii_case(kind)
    });
    let language = range.split('-').next().unwrap_or_default();
    if range.eq_ignore_ascii_case(name) {
        Some(3)
    } else if !name.contains('/') && language.eq_ignore_ascii_case(name) {
        Some(2)
    } else {
        is_kind.then_some(1)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::header;

    use super::*;

    #[test]
    fn the_heaviest_wish_that_can_be_met_is_met() {
        let languages = [("kk", "kk"), ("ru", "ru"), ("en", "en")];
        let kinds = [("json", "application/json"), ("text", "text/plain")];
        let asked = |header: header::HeaderName, wish: &str, offers| {
            let headers = HeaderMap::from_iter([(header.clone(), wish.parse().unwrap())]);
            preferred(&headers, header.as_str(), offers).copied()
        };
        for (wish, best) in [
            ("ru", Some("ru")),
            ("ru-KZ, en;q=0.5", Some("ru")),
            ("de, en;q=0.3, kk;q=0.7", Some("kk")),
            ("de", None),
            ("de, *;q=0.1", Some("kk")),
            ("*, kk;q=0", Some("ru")),
            ("kk;q=0.0009, ru;q=7, en;q=0.1", Some("en")),
            ("", Some("kk")),
        ] {
            assert_eq!(asked(header::ACCEPT_LANGUAGE, wish, &languages), best, "{wish}");
        }
        for (wish, best) in [
            ("*/*", Some("json")),
            ("text/plain", Some("text")),
            ("text/*, application/json;q=0.9", Some("text")),
            ("TEXT/html, application/*;q=0.2", Some("json")),
            ("image/png", None),
        ] {
            assert_eq!(asked(header::ACCEPT, wish, &kinds), best, "{wish}");
        }
        assert_eq!(preferred(&HeaderMap::new(), "accept", &kinds), Some(&"json"));
    }
}
