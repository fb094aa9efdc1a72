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

/// Facts in JSON for those who read pages by machine, such as schema.org's. It is no script: nothing runs it, and no text in
/// it can end it.
#[must_use]
pub fn data_for_machines(json: &str) -> Html {
    let safe = json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
    already_clean(format!("<script type=\"application/ld+json\">{safe}</script>"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn facts_for_machines_cannot_become_a_part_of_the_page() {
        let told = super::data_for_machines("{\"name\":\"</script><b>&\"}").into_inner();
        assert_eq!(told.matches('<').count(), 2, "{told}");
        assert!(told.contains("\\u003c/script\\u003e"), "{told}");
    }
}
