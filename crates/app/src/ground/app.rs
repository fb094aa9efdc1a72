//! What a running server holds. There is no state here that another server would miss: only the way to the
//! database, and copies of what never changes.

use std::sync::Arc;

use design::Sources;
use kernel::{Clock, IdSource};
use store::Db;

use super::Clamd;
use super::snapshot::Snapshots;
use super::upload::Room;
use crate::answers::Forms;
use crate::published::Shelf;

/// What an operator decides.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The address people use, without a slash at its end: links in mails start with it.
    pub address: String,
    /// Behind a proxy of our own, which says where a visitor comes from.
    pub behind_proxy: bool,
    /// Offers a sign-in for every practice role, without a password.
    pub demonstration: bool,
    /// Looks through every file that is sent. Where it is set and does not answer, no file is taken.
    pub clamd: Option<Clamd>,
}

impl Settings {
    /// Whether cookies may travel over an encrypted connection only.
    #[must_use]
    pub fn secure(&self) -> bool {
        self.address.starts_with("https://")
    }
}

/// The running application. Cheap to clone.
#[derive(Clone)]
pub struct App {
    pub(crate) db: Db,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn IdSource>,
    pub(crate) settings: Arc<Settings>,
    pub(crate) sources: Arc<Sources>,
    pub(crate) snapshots: Arc<Snapshots>,
    pub(crate) forms: Arc<Forms>,
    pub(crate) shelf: Arc<Shelf>,
    pub(super) room: Room,
    /// Renders the figures of `/metrics`.
    pub(crate) figures: Arc<dyn Fn() -> String + Send + Sync>,
}

impl App {
    pub fn new(db: Db, clock: Arc<dyn Clock>, ids: Arc<dyn IdSource>, settings: Settings, sources: Sources) -> Self {
        Self {
            db,
            clock,
            ids,
            settings: Arc::new(settings),
            sources: Arc::new(sources),
            snapshots: Arc::default(),
            forms: Arc::default(),
            shelf: Arc::default(),
            room: Room::default(),
            figures: Arc::new(String::new),
        }
    }
    /// Where the figures for Prometheus come from.
    #[must_use]
    pub fn with_figures(mut self, figures: impl Fn() -> String + Send + Sync + 'static) -> Self {
        self.figures = Arc::new(figures);
        self
    }
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.db
    }
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }
}
