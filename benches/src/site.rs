//! The site as the load sees it. What its pages are called stands here and nowhere else.

use std::net::SocketAddr;

use crate::Outcome;
use crate::form::{Form, count, links, main_text};
use crate::http::{Answer, Connection, encode};

pub const DESIGN: &str = "healthy-communities-together";

const SIGN_IN: &str = "/sign-in";
/// Whoever writes: their button on the sign-in page begins with this, followed by a place.
const WRITER: &str = "Consultant, ";
const RUNS_CALLS: &str = "Programme lead";
const PLACES: &str = "/places/";
const ENTRY: &str = "/entries/ent_";
/// An entry among what waits for a person.
const TASK: &str = "ul.tasks a[href*='/entries/ent_']";
const KIND: &str = "session";
const RECORD: &str = "Record";

/// Somebody who is signed in, and how to be them on any connection.
#[derive(Debug, Clone)]
pub struct Visitor {
    pub server: SocketAddr,
    pub cookies: String,
}

impl Visitor {
    /// Signs in as one of those in the practice programme who write.
    pub fn sign_in(server: SocketAddr) -> Outcome<Self> {
        Self::sign_in_as(server, WRITER)
    }

    /// Signs in as somebody of the practice programme: the first whose button begins with this.
    pub fn sign_in_as(server: SocketAddr, says: &str) -> Outcome<Self> {
        let mut visitor = Self { server, cookies: String::new() };
        let mut connection = Connection::to(server);
        let page = visitor.expect(200, SIGN_IN, connection.get(SIGN_IN, "")?)?;
        let form = Form::with_button(&page.text(), SIGN_IN, says)?;
        let answer = connection.post(&form.action, &visitor.cookies, &form.body())?;
        let answer = visitor.expect(303, SIGN_IN, answer)?;
        match answer.location {
            Some(location) if !location.starts_with(SIGN_IN) => Ok(visitor),
            location => Err(format!("signing in led to {location:?}").into()),
        }
    }

    pub fn page(&mut self, path: &str) -> Outcome<String> {
        let answer = Connection::to(self.server).get(path, &self.cookies)?;
        Ok(self.expect(200, path, answer)?.text())
    }

    /// Keeps the cookies of an answer that must have this status.
    fn expect(&mut self, status: u16, path: &str, answer: Answer) -> Outcome<Answer> {
        for set in &answer.cookies {
            let name = set.split('=').next().unwrap_or_default();
            let kept = self.cookies.split("; ").filter(|c| !c.is_empty() && c.split('=').next() != Some(name));
            self.cookies = kept.chain([set.as_str()]).collect::<Vec<_>>().join("; ");
        }
        if answer.status == status {
            return Ok(answer);
        }
        let says = main_text(&answer.text()).unwrap_or_default();
        Err(format!("{path} answered {} instead of {status}: {}", answer.status, says.chars().take(300).collect::<String>())
            .into())
    }
}

/// The pages of one place that are measured.
#[derive(Debug)]
pub struct Place {
    pub timeline: String,
    pub entry: String,
    pub record: String,
}

impl Place {
    /// The place the visitor works with: the first that their start page or programme page leads to.
    pub fn of(visitor: &mut Visitor) -> Outcome<Self> {
        let mut pages = vec!["/".to_owned()];
        for depth in 0.. {
            let Some(path) = pages.get(depth).cloned() else { break };
            let page = visitor.page(&path)?;
            if let Some(home) = links(&page, PLACES)?.iter().find_map(|link| place_home(link)) {
                let timeline = format!("{home}/entries");
                let listed = visitor.page(&timeline)?;
                let entry = links(&listed, ENTRY)?.into_iter().next();
                let entry = entry.ok_or_else(|| format!("{timeline} lists no entry"))?;
                return Ok(Self { entry, record: format!("{home}/entries/new?kind={KIND}"), timeline });
            }
            if depth == 0 {
                pages.extend(links(&page, "/programmes/")?);
            }
        }
        Err("no page leads from the start to a place".into())
    }
}

/// `/programmes/P/places/S` of a link to anything within it.
fn place_home(link: &str) -> Option<String> {
    let (programme, rest) = link.split_once(PLACES)?;
    let slug = rest.split(['/', '?', '#']).next().filter(|slug| !slug.is_empty())?;
    Some(format!("{programme}{PLACES}{slug}"))
}

/// Whoever runs calls opens one; gives the call's address.
pub fn open_call(server: SocketAddr) -> Outcome<(Visitor, String)> {
    let mut visitor = Visitor::sign_in_as(server, RUNS_CALLS)?;
    let start = visitor.page("/")?;
    let programme = links(&start, "/programmes/practice-")?.into_iter().next().ok_or("the start page names no programme")?;
    let programme = programme.split('/').take(3).collect::<Vec<_>>().join("/");
    let path = format!("{programme}/calls/new");
    let mut form = Form::with_button(&visitor.page(&path)?, &path, "Open the call")?;
    form.set("opens_at", "00:00")?;
    form.set("closes_on", "1 January 2100")?;
    let answer = Connection::to(server).post(&form.action, &visitor.cookies, &form.body())?;
    let answer = visitor.expect(303, &path, answer)?;
    let home = answer.location.as_deref().and_then(|to| to.split('?').next()).unwrap_or_default().to_owned();
    if home.contains("/calls/") { Ok((visitor, home)) } else { Err(format!("opening a call led to {home}").into()) }
}

pub fn search(words: &str) -> String {
    format!("/search?q={}", encode(words))
}

/// The entries that a page of results leads to.
pub fn entries_listed(page: &str) -> Outcome<usize> {
    Ok(links(page, ENTRY)?.len())
}

/// How many entries somebody's start page says wait for them.
pub fn waiting(page: &str) -> Outcome<usize> {
    count(page, TASK)
}

/// The form that records an entry, read once and sent many times.
#[derive(Debug, Clone)]
pub struct RecordForm(Form);

impl RecordForm {
    pub fn read(visitor: &mut Visitor, place: &Place) -> Outcome<Self> {
        let page = visitor.page(&place.record)?;
        Ok(Self(Form::with_button(&page, &place.record, RECORD)?))
    }

    pub fn action(&self) -> &str {
        &self.0.action
    }

    /// What a browser would send. The same `once` means the same press of the button.
    pub fn filled(&self, once: &str, title: &str, text: &str) -> Outcome<String> {
        let mut form = self.0.clone();
        form.set("once", once)?;
        form.set("title", title)?;
        form.set("text", text)?;
        Ok(form.body())
    }
}

/// Where the recorded entry is, if the answer says that it was.
pub fn recorded(answer: &Answer) -> Option<String> {
    let location = answer.location.as_deref().filter(|_| answer.status == 303)?;
    let path = location.split(['?', '#']).next()?;
    path.contains(ENTRY).then(|| path.to_owned())
}
