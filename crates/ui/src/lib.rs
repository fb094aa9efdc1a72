//! The only place that knows HTML details: the page's shell, fields, tables, parts, figures and the words people
//! wrote. Everything here gives an [`Html`], which any `maud!` can hold, and escapes whatever it is given.

pub mod answers;
pub mod assets;
pub mod figures;
pub mod form;
pub mod gallery;
pub mod gallery_answers;
mod html;
pub mod hypertext_elements;
pub mod mark;
pub mod parts;
pub mod passages;
pub mod shell;
pub mod table;
pub mod words;

pub use html::{Html, data_for_machines, html};
pub use shell::{FormKeys, Shell};

/// What the files here write HTML with. `maud!` borrows, because everything is written out at once.
mod dsl {
    pub(crate) use crate::html::{Html, html};
    pub(crate) use crate::hypertext_elements;
    /// For a part that is not finished yet but written straight into the page: what stands in a page many times.
    pub(crate) use hypertext::maud as written;
    pub(crate) use hypertext::validation::attributes::{AriaAttributes as _, GlobalAttributes as _};
    pub(crate) use hypertext::{Renderable, maud_borrow as maud};
}
