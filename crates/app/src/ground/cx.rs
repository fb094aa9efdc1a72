//! The handle a request works through: who looks, at what, when. A page gets a [`Cx`], which can only read; an action
//! gets an [`Act`], which can write.

use std::ops::Deref;
use std::sync::Arc;

use axum::http::HeaderMap;
use kernel::{Day, Fault, Moment};
use store::{Reader, Write, Writer};
use tables::{PersonId, call, entry, place};
use ui::FormKeys;

use super::viewer::{Held, SESSION, cookie_value};
use super::{App, Form, Snapshot, Stop, Upload, Viewer, hash_secret};
use crate::calls::Applied;

pub(crate) const VISIT: &str = "commonweal_visit";

/// The names that stand beside an entry.
#[derive(Debug, Clone)]
pub struct EntryNames {
    pub author: String,
    /// The key of the role it was written in.
    pub role: String,
    /// The place's name, and what its address ends with.
    pub place: Option<(String, String)>,
    pub has: EntryHas,
}

/// What there is beside an entry, be it for this viewer or not: a reason to ask what, and nothing to show. Most entries have
/// nothing of it, and a page that asked for each would ask in vain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryHas {
    /// Something was shared of it.
    pub extracts: bool,
    pub photographs: bool,
    /// It is a step of a matter.
    pub step: bool,
    /// It came out of a round of reflection.
    pub round: bool,
    /// It came of another entry.
    pub origin: bool,
    /// Somebody asked whether it may be shared.
    pub proposals: bool,
}

/// A request, with what its path names already loaded.
#[derive(Clone)]
pub struct Cx {
    pub(super) app: App,
    pub(super) viewer: Viewer,
    pub(super) now: Moment,
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
    pub(super) params: Vec<(String, String)>,
    pub(super) headers: HeaderMap,
    /// The network address that the request came from.
    pub(super) peer: String,
    pub(super) programme: Option<Arc<Snapshot>>,
    pub(super) place: Option<place::Model>,
    pub(super) entry: Option<(entry::Model, EntryNames)>,
    pub(super) call: Option<call::Model>,
    pub(super) application: Option<Applied>,
    /// A new cookie for a visitor who is not signed in and is shown a form.
    pub(super) new_visit: Option<String>,
}

impl Cx {
    pub fn app(&self) -> &App {
        &self.app
    }
    pub fn viewer(&self) -> &Viewer {
        &self.viewer
    }
    /// For queries. The database refuses to change anything through it.
    pub fn read(&self) -> &Reader {
        self.app.db.reader()
    }
    pub fn now(&self) -> Moment {
        self.now
    }
    pub fn today(&self) -> Day {
        self.now.day()
    }
    /// The path asked for, without its query.
    pub fn path(&self) -> &str {
        &self.path
    }
    /// What stands for `{name}` in the path.
    pub fn param(&self, name: &str) -> &str {
        self.params.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }
    /// What the address says after the question mark; empty where it does not.
    pub fn query(&self, name: &str) -> &str {
        self.query.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.trim())
    }
    /// All that the address says under one name.
    pub fn queries<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.query.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.trim())
    }
    /// The network address that the request came from; behind a proxy of our own, the one that the proxy names.
    pub fn peer(&self) -> &str {
        match self.app.settings.behind_proxy {
            true => self.header("x-forwarded-for").rsplit(',').next().unwrap_or("").trim(),
            false => &self.peer,
        }
    }
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or("")
    }
    /// The programme that the path names.
    ///
    /// # Errors
    /// `Missing` on a path that names none.
    pub fn programme(&self) -> Result<&Arc<Snapshot>, Stop> {
        self.programme.as_ref().ok_or(Stop::Missing)
    }
    /// The place that the path names, which is one of the programme's.
    ///
    /// # Errors
    /// `Missing` on a path that names none.
    pub fn place(&self) -> Result<&place::Model, Stop> {
        self.place.as_ref().ok_or(Stop::Missing)
    }
    /// The entry that the path names, which the viewer may read.
    ///
    /// # Errors
    /// `Missing` on a path that names none.
    pub fn entry(&self) -> Result<&entry::Model, Stop> {
        self.entry.as_ref().map(|(entry, _)| entry).ok_or(Stop::Missing)
    }
    /// The names that stand beside that entry.
    ///
    /// # Errors
    /// `Missing` on a path that names none.
    pub fn entry_names(&self) -> Result<&EntryNames, Stop> {
        self.entry.as_ref().map(|(_, names)| names).ok_or(Stop::Missing)
    }
    /// The call that the path names, which is one of the programme's.
    ///
    /// # Errors
    /// `Missing` on a path that names none.
    pub fn call(&self) -> Result<&call::Model, Stop> {
        self.call.as_ref().ok_or(Stop::Missing)
    }
    /// The application that the path names, which the viewer may read.
    ///
    /// # Errors
    /// `Missing` on a path that names none.
    pub fn application(&self) -> Result<&Applied, Stop> {
        self.application.as_ref().ok_or(Stop::Missing)
    }
    /// Whoever is signed in.
    ///
    /// # Errors
    /// `SignIn` where nobody is.
    pub fn person(&self) -> Result<PersonId, Stop> {
        self.viewer.person().ok_or(Stop::SignIn)
    }
    /// The roles the viewer holds in the programme that the path names.
    pub fn held(&self) -> impl Iterator<Item = &Held> + '_ {
        let programme = self.programme.as_ref().map(|p| p.id);
        self.viewer.held.iter().filter(move |h| Some(h.programme.id) == programme)
    }
    /// A secret that nobody can guess, for cookies and links: 32 bytes in hexadecimal.
    pub fn secret(&self) -> String {
        self.app.ids.secret().iter().map(|b| format!("{b:02x}")).collect()
    }
    /// Keys for one form of this page.
    pub fn form_keys(&self) -> FormKeys {
        FormKeys { token: self.form_token().unwrap_or_default(), once: self.app.ids.next(self.now).simple().to_string() }
    }
    /// What shows that a form came from one of our own pages: derived from a cookie that other sites cannot read.
    pub(super) fn form_token(&self) -> Option<String> {
        let cookie = match (&self.viewer.signed_in, &self.new_visit) {
            (Some(_), _) => cookie_value(&self.headers, SESSION)?,
            (None, Some(new)) => new,
            (None, None) => cookie_value(&self.headers, VISIT)?,
        };
        Some(hash_secret(&format!("form\n{cookie}")))
    }
}

/// A form whose button was pressed, checked to have come from our own page.
pub struct Act {
    pub(super) cx: Cx,
    pub form: Form,
    /// The files that came with it, where the route takes any.
    pub files: Vec<Upload>,
}

impl Deref for Act {
    type Target = Cx;
    fn deref(&self) -> &Cx {
        &self.cx
    }
}

impl Act {
    /// In whose name writes are made that take more than one.
    pub fn writer(&self, actor: Option<PersonId>) -> Writer {
        Writer { actor, clock: self.app.clock.clone(), ids: self.app.ids.clone() }
    }
    /// Starts a write; `act` says in the journal's words what is being done.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn write(&self, act: &'static str) -> Result<Write, Fault> {
        self.write_as(self.viewer.person(), act).await
    }
    /// The same in somebody's name who is not signed in yet.
    ///
    /// # Errors
    /// As [`Act::write`].
    pub async fn write_as(&self, actor: Option<PersonId>, act: &'static str) -> Result<Write, Fault> {
        self.app.db.write(&self.writer(actor), act).await
    }
    /// The key of this press of the button. A second press of the same button has the same.
    pub fn once(&self) -> String {
        let who = self.viewer.person().map(|p| p.to_string()).unwrap_or_default();
        format!("{who}/{}", self.form.get("once"))
    }
    /// Saves a write together with where it leads, so that pressing again leads there as well.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn save(&self, mut write: Write, location: &str) -> Result<axum::response::Response, Stop> {
        if !self.form.get("once").is_empty() {
            write.handled(&self.once(), location).await?;
        }
        write.save().await?;
        Ok(super::see_other(location))
    }
}

/// A cookie that no script can read and no other site can send along with a form. Without seconds it lasts as long
/// as the browser is open.
pub(super) fn set_cookie(app: &App, name: &str, value: &str, seconds: Option<i64>) -> String {
    let secure = if app.settings.secure() { "; Secure" } else { "" };
    let lasts = seconds.map(|s| format!("; Max-Age={s}")).unwrap_or_default();
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{lasts}")
}

impl Cx {
    /// A header by which the next pages know something for a short while that is kept nowhere.
    pub fn passing_cookie(&self, name: &str, value: &str, seconds: i64) -> String {
        set_cookie(&self.app, name, value, Some(seconds))
    }
    /// The value of a cookie that this visitor brings.
    pub fn cookie(&self, name: &str) -> &str {
        cookie_value(&self.headers, name).unwrap_or("")
    }
    /// The header that keeps somebody signed in, or with no secret, the one that ends it.
    pub fn session_cookie(&self, secret: &str, seconds: i64) -> String {
        set_cookie(&self.app, SESSION, secret, Some(seconds))
    }
}
