//! How a request ends: with a reply, or before it got that far.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use kernel::Fault;

/// What a handler gives back.
pub type Answer = Result<Response, Stop>;

/// Why a request goes no further.
#[derive(Debug)]
pub enum Stop {
    /// There is no such page, or the viewer may not know that there is.
    Missing,
    /// The page asks for somebody who is signed in.
    SignIn,
    /// The viewer may not do this. The sentences say why, and what to do next.
    Refused { status: StatusCode, title: String, why: String, next: Option<(String, String)> },
    /// It went wrong on our side.
    Fault(Fault),
}

impl Stop {
    /// A refusal because of who somebody is.
    pub fn forbidden(title: &str, why: impl Into<String>) -> Self {
        Self::Refused { status: StatusCode::FORBIDDEN, title: title.into(), why: why.into(), next: None }
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// After a form was handled: on to a page.
#[must_use]
pub fn see_other(location: &str) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    if let Ok(value) = HeaderValue::from_str(location) {
        response.headers_mut().insert(header::LOCATION, value);
    }
    response
}

/// A reply that is not a page: a file, a figure, a word for a machine.
#[must_use]
pub fn download(mime: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(mime));
    response
}
