//! The bundled styles, scripts and fonts, inside the program. A program built before the bundle still works: its
//! pages come without styles.

use std::borrow::Cow;
use std::sync::LazyLock;

use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Bundle;

/// A file of the bundle.
#[derive(Debug, Clone)]
pub struct Asset {
    pub bytes: Cow<'static, [u8]>,
    pub mime: &'static str,
    /// Its name says what is in it, so a browser may keep it for good.
    pub immutable: bool,
}

/// The addresses of the bundle's entries, read once from its list.
struct Entries {
    style: String,
    script: String,
    icon: String,
}

static ENTRIES: LazyLock<Entries> = LazyLock::new(|| {
    let list =
        Bundle::get("manifest.json").and_then(|f| serde_json::from_slice::<serde_json::Value>(&f.data).ok()).unwrap_or_default();
    let address = |entry: &str| list[entry].as_str().map(|name| format!("/assets/{name}")).unwrap_or_default();
    Entries { style: address("app.css"), script: address("app.js"), icon: address("icon.svg") }
});

/// The file at this path below `/assets/`, like `app-3F2A.css`.
#[must_use]
pub fn find(path: &str) -> Option<Asset> {
    if path == "manifest.json" {
        return None;
    }
    let file = Bundle::get(path)?;
    let mime = match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("woff2") => "font/woff2",
        Some("svg") => "image/svg+xml",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };
    Some(Asset { bytes: file.data, mime, immutable: path.contains('-') })
}

/// The address of the stylesheet, like `/assets/app-3F2A.css`; empty where the bundle was not built.
#[must_use]
pub fn stylesheet() -> &'static str {
    &ENTRIES.style
}

/// The address of the script; empty where the bundle was not built.
#[must_use]
pub fn script() -> &'static str {
    &ENTRIES.script
}

/// The address of the picture in the browser's tab; empty where the bundle was not built.
#[must_use]
pub fn icon() -> &'static str {
    &ENTRIES.icon
}
