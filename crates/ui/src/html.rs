//! Finished HTML, and the one gate by which text becomes HTML without being escaped.

use hypertext::{Buffer, Raw, Renderable, RenderableExt as _, Rendered};

/// A finished piece of a page. It can be kept, cloned and put into any `maud!`.
pub type Html = Raw<String>;

/// Finishes a piece of a page now: a `maud! { … }`, a text (which is escaped), a number, or several in a tuple.
#[must_use]
pub fn html(piece: impl Renderable) -> Html {
    piece.memoize()
}

/// Finishes a whole page. Most fit into the room it begins with, so that nothing is moved while it grows.
pub(crate) fn page(piece: impl Renderable) -> Rendered<String> {
    let mut page = Buffer::dangerously_from_string(String::with_capacity(64 * 1024));
    piece.render_to(&mut page);
    page.rendered()
}

/// Takes text for HTML as it is. Only for what a cleaner or a writer of this crate has just made.
#[expect(clippy::disallowed_methods, reason = "this is the one gate, and only this crate can reach it")]
pub(crate) fn already_clean(text: String) -> Html {
    Raw::dangerously_create(text)
}
