//! Where signing in leads: to the page that asked for it, and never off this site.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// An address longer than this is not carried along.
const LONGEST: usize = 2_000;

/// Only a path of this site, with its query; anything else leads to the start page.
pub(super) fn local(next: &str) -> &str {
    // Browsers take a backslash for a slash, and leave out line ends and tabs wherever they stand.
    let plain = next.len() <= LONGEST && next.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    if plain && next.starts_with('/') && !next.starts_with("//") { next } else { "/" }
}

/// An address that carries along where signing in leads.
pub(super) fn with_next(address: &str, next: &str) -> String {
    let join = if address.contains('?') { '&' } else { '?' };
    match local(next) {
        "/" => address.to_string(),
        next => format!("{address}{join}next={}", utf8_percent_encode(next, NON_ALPHANUMERIC)),
    }
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn only_paths_of_this_site_are_followed() {
        let long = format!("/{}", "x".repeat(LONGEST));
        for (asked, led) in [
            ("/programmes/x", "/programmes/x"),
            ("/programmes/x?kind=note&page=2#top", "/programmes/x?kind=note&page=2#top"),
            ("/search?q=https://evil.example", "/search?q=https://evil.example"),
            ("//evil.example", "/"),
            ("///evil.example", "/"),
            ("https://evil.example", "/"),
            ("javascript:alert(1)", "/"),
            ("/\\evil.example", "/"),
            ("\\/evil.example", "/"),
            ("/\t/evil.example", "/"),
            ("/x\r\nSet-Cookie: a=b", "/"),
            ("evil.example", "/"),
            (" /programmes", "/"),
            ("", "/"),
            (long.as_str(), "/"),
        ] {
            assert_eq!(local(asked), led, "{asked}");
        }
    }

    #[test]
    fn an_address_carries_along_only_where_there_is_something_to_say() {
        assert_eq!(with_next("/sign-in", "/"), "/sign-in");
        assert_eq!(with_next("/sign-in", "//evil.example"), "/sign-in");
        assert_eq!(with_next("/sign-in?done=link", "/a?b=c d"), "/sign-in?done=link");
        assert_eq!(with_next("/sign-in?done=link", "/a?b=c%20d"), "/sign-in?done=link&next=%2Fa%3Fb%3Dc%2520d");
    }
}
