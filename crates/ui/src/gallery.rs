//! One page with every component in every state, to look at and to test.

use crate::dsl::*;

/// The body of the page; the app puts it into a [`crate::Shell`].
#[must_use]
pub fn gallery() -> Html {
    html("")
}
