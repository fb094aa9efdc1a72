//! Finished HTML, and the one gate by which text becomes HTML without being escaped.

use hypertext::{Raw, Renderable, RenderableExt as _};

/// A finished piece of a page. It can be kept, cloned and put into any `maud!`.
pub type Html = Raw<String>;

/// Finishes a piece of a page now: a `maud! { … }`, a text (which is escaped), a number, or several in a tuple.
#[must_use]
pub fn html(piece: impl Renderable) -> Html {
    piece.memoize()
}

/// Takes text for HTML as it is. Only for what a cleaner or a writer of this crate has just made.
#[expect(clippy::disallowed_methods, reason = "this is the one gate, and only this crate can reach it")]
pub(crate) fn already_clean(text: String) -> Html {
    Raw::dangerously_create(text)
}
