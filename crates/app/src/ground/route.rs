//! Routes. A route cannot be made without saying who may use it.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::http::Method;
use design::Power;

use super::reply::Answer;
use super::{Act, Cx};

/// Who may use a route. What stands in braces in its path is loaded before the rule is asked: a programme by its
/// slug, a place as one of that programme's, an entry through the viewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Anyone,
    SignedIn,
    /// Holds a role in the programme.
    InProgramme,
    /// Holds a role with this power in the programme, and where the path names a place, for that place.
    May(Power),
    /// Holds a role with one of these powers for the whole programme, or where the path names a place, for that place.
    MayAny(&'static [Power]),
    /// May read the entry that the path names.
    Readers,
    /// Wrote the entry that the path names, and still holds a role that may write where it stands.
    Author,
    /// May share the entry that the path names into some wider circle.
    Sharers,
    /// May take a step of the entry that the path names.
    Steppers,
    /// Runs the programme's calls, or decides for a sponsor on the applications to them.
    Choosing,
    /// Writes the application that the path names, for one of its organisations.
    Applicants,
    /// Writes the application that the path names; or it was submitted, and they run calls, decide, or assess it.
    ApplicationReaders,
    /// Runs the call of the application that the path names, and declared no conflict with it.
    CallStaff,
    /// Runs the call of the application that the path names or decides on it, and declared no conflict with it.
    Choosers,
    /// Decides for a sponsor on the application that the path names, and declared no conflict with it.
    Deciders,
    /// Was given the application that the path names, to assess.
    Assessors,
}

type Fut = Pin<Box<dyn Future<Output = Answer> + Send>>;

/// What a route runs: a page gets a [`Cx`], which cannot write; an action gets an [`Act`], which can.
#[derive(Clone)]
pub(crate) enum Handler {
    Page(Arc<dyn Fn(Cx) -> Fut + Send + Sync>),
    Action(Arc<dyn Fn(Act) -> Fut + Send + Sync>),
}

/// A path, its rule and what it runs.
#[derive(Clone)]
pub struct Route {
    pub(crate) path: &'static str,
    pub(crate) who: Who,
    pub(crate) handler: Handler,
    /// Whether its form may carry files.
    pub(crate) takes_files: bool,
}

/// A route as the access test sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteInfo {
    pub method: Method,
    pub path: &'static str,
    pub who: Who,
}

impl Route {
    /// A page, which only reads.
    pub fn page<F, R>(path: &'static str, who: Who, run: F) -> Self
    where
        F: Fn(Cx) -> R + Send + Sync + 'static,
        R: Future<Output = Answer> + Send + 'static,
    {
        Self { path, who, handler: Handler::Page(Arc::new(move |cx| Box::pin(run(cx)))), takes_files: false }
    }
    /// An action: what a form does when its button is pressed.
    pub fn action<F, R>(path: &'static str, who: Who, run: F) -> Self
    where
        F: Fn(Act) -> R + Send + Sync + 'static,
        R: Future<Output = Answer> + Send + 'static,
    {
        Self { path, who, handler: Handler::Action(Arc::new(move |act| Box::pin(run(act)))), takes_files: false }
    }
    /// The same action for a form that may carry files. Every other refuses them before it reads them.
    #[must_use]
    pub const fn taking_files(mut self) -> Self {
        self.takes_files = true;
        self
    }
    #[must_use]
    pub fn info(&self) -> RouteInfo {
        let method = match self.handler {
            Handler::Page(_) => Method::GET,
            Handler::Action(_) => Method::POST,
        };
        RouteInfo { method, path: self.path, who: self.who }
    }
}
