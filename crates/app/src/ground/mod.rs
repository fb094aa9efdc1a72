//! What every slice stands on: the request's handle, routes with their access rule, who is looking, forms, and the
//! page around a page.

mod address;
mod app;
mod clamd;
mod cx;
mod form_data;
mod guard;
mod page;
mod reply;
mod route;
mod snapshot;
mod upload;
mod viewer;

pub use app::{App, Publishing, Settings};
pub use clamd::Clamd;
pub use route::{RouteInfo, Who};

pub(crate) use address::{free_slug, slug_of};
pub(crate) use clamd::Verdict;
pub(crate) use cx::{Act, Cx, EntryHas, EntryNames};
pub(crate) use form_data::{Form, decode};
pub(crate) use guard::site;
pub(crate) use page::Draft;
pub(crate) use reply::{Answer, Stop, download, see_other};
pub(crate) use route::Route;
pub(crate) use snapshot::{Snapshot, Snapshots};
pub(crate) use upload::{Content, Upload};
pub(crate) use viewer::{Held, Viewer, hash_secret};

/// What pages are written with.
pub(crate) mod html {
    pub(crate) use hypertext::maud_borrow as maud;
    pub(crate) use hypertext::validation::attributes::{AriaAttributes as _, GlobalAttributes as _};
    pub(crate) use ui::hypertext_elements;
}
