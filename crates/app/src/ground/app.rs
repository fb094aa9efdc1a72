//! What a running server holds. There is no state here that another server would miss: only the way to the
//! database, and copies: of what never changes, or of what the journal tells the changes of.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use design::Sources;
use kernel::{Clock, IdSource};
use store::Db;

use super::Clamd;
use super::snapshot::Snapshots;
use super::upload::Room;

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
    /// How awards are published; where it is not set, none are.
    pub publishing: Option<Publishing>,
}

/// How awards are published as open data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publishing {
    /// The publisher's own, as 360Giving has registered it: `360G-…`.
    pub prefix: String,
    /// The address of the licence.
    pub licence: String,
}

impl Publishing {
    /// The licence that the standard proposes: Creative Commons Attribution 4.0.
    pub const LICENCE: &str = "https://creativecommons.org/licenses/by/4.0/";

    /// # Errors
    /// A sentence that says how to write it.
    pub fn new(prefix: &str, licence: Option<String>) -> Result<Self, String> {
        let own = prefix.strip_prefix("360G-").unwrap_or_default();
        if own.is_empty() || !own.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')) {
            return Err(format!(
                "“{prefix}” is no publisher’s prefix. Write it like 360G-example, as 360Giving has registered it"
            ));
        }
        let licence = licence.unwrap_or_else(|| Self::LICENCE.into());
        if !licence.starts_with("http") {
            return Err(format!("“{licence}” is no address of a licence. Write it like {}", Self::LICENCE));
        }
        Ok(Self { prefix: prefix.into(), licence })
    }
}

impl Settings {
    /// Whether cookies may travel over an encrypted connection only.
    #[must_use]
    pub fn secure(&self) -> bool {
        self.address.starts_with("https://")
    }
}

/// What slices hold in memory, each by a type of its own.
type Memory = Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>;

/// The running application. Cheap to clone.
#[derive(Clone)]
pub struct App {
    pub(crate) db: Db,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn IdSource>,
    pub(crate) settings: Arc<Settings>,
    pub(crate) sources: Arc<Sources>,
    pub(crate) snapshots: Arc<Snapshots>,
    memory: Arc<Memory>,
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
            memory: Arc::default(),
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
    /// What a slice holds in this server's memory, which only it knows the kind of. It begins empty.
    pub(crate) fn memory<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        let mut all = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let held = all.entry(TypeId::of::<T>()).or_insert_with(|| Arc::new(T::default())).clone();
        // What stands there by its type is of that type.
        held.downcast().unwrap_or_default()
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
