//! Whether a text is a URI as RFC 3986 has it: a scheme, a colon, and nothing that would have to be written with a percent sign.

pub(crate) fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let named = scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    if !named || !scheme.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) {
        return false;
    }
    let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let path = match rest.strip_prefix("//") {
        Some(rest) => {
            let end = rest.find('/').unwrap_or(rest.len());
            let (authority, path) = rest.split_at(end);
            if !is_authority(authority) {
                return false;
            }
            path
        }
        None => rest,
    };
    is_of(path, b":@/") && is_of(query, b":@/?") && is_of(fragment, b":@/?")
}

fn is_authority(text: &str) -> bool {
    let (user, host) = text.rsplit_once('@').unwrap_or(("", text));
    let (host, port) = match host.strip_prefix('[') {
        Some(inner) => {
            let Some((address, after)) = inner.split_once(']') else { return false };
            if address.is_empty() || !is_of(address, b":") {
                return false;
            }
            ("", after.strip_prefix(':').unwrap_or(after))
        }
        None => host.split_once(':').unwrap_or((host, "")),
    };
    is_of(user, b":") && is_of(host, b"") && port.bytes().all(|b| b.is_ascii_digit())
}

/// Letters that stand for themselves anywhere, these others, and bytes written with a percent sign.
fn is_of(text: &str, others: &[u8]) -> bool {
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let fine = match byte {
            b'%' => bytes.next().zip(bytes.next()).is_some_and(|(a, b)| a.is_ascii_hexdigit() && b.is_ascii_hexdigit()),
            _ => byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=".contains(&byte) || others.contains(&byte),
        };
        if !fine {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::is_uri;

    #[test]
    fn addresses_are_told_from_texts() {
        for uri in [
            "http://example.org",
            "https://example.org/a%20b?c=d&e=/#f",
            "mailto:a@example.org",
            "http://[::1]:8080/",
            "urn:x:y",
            "http://u:p@example.org:80",
            "http:",
            "https://example.org/grants/(one)",
        ] {
            assert!(is_uri(uri), "{uri}");
        }
        for text in [
            "",
            "This should be a uri",
            "example.org",
            "www.example.org/x",
            "http://exa mple.org",
            "http://example.org/a b",
            "1http://x",
            "http://example.org/%zz",
            "http://example.org/é",
            "http://[::1",
            "http://example.org:port",
            "a#b#c:d",
            "http://x/#a#b",
            "//x",
        ] {
            assert!(!is_uri(text), "{text}");
        }
    }
}
