//! Somebody who uses the site: opens pages, fills in fields by the names they hear or see, presses buttons by their
//! words, follows links. A field without a name cannot be filled in, so every story tests that all can use the page.

use std::collections::{BTreeMap, HashMap};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, Response, StatusCode, header};
use http_body_util::BodyExt;
use scraper::ElementRef;
use tower::ServiceExt;

use crate::page::{Page, squeeze, words};

/// A visitor with a browser of their own.
#[derive(Default)]
pub struct Visitor {
    router: Router,
    cookies: BTreeMap<String, String>,
    page: Option<Page>,
    /// What was put into which control of the page, by the control's number.
    filled: HashMap<usize, Value>,
    /// Fills in only the form with this button.
    form: Option<String>,
}

#[derive(Debug, Clone)]
enum Value {
    Text(String),
    Checked(bool),
    File(String, Vec<u8>),
}

/// A form as it would be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    pub get: bool,
    pub action: String,
    pub fields: Vec<(String, String)>,
    /// Field, name and content of every file; nothing where the form does not send its fields in parts.
    pub files: Option<Vec<(String, String, Vec<u8>)>>,
}

impl Filled {
    pub fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v)
    }
    /// The same with another value in this field.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(n, _)| n != name);
        self.fields.push((name.into(), value.into()));
        self
    }
}

/// An answer that nobody has looked at yet.
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }
    /// The page that this is, looked over.
    #[track_caller]
    pub fn page(self, path: &str) -> Page {
        assert!(self.is_page(), "{path} is no page ({}): {}", self.status, self.text());
        let status = StatusCode::from_u16(self.status).expect("a status");
        let source = String::from_utf8(self.body).expect("a page in UTF-8");
        let page = Page::read(status, path, self.headers, source);
        page.look_over();
        page
    }
    pub fn is_page(&self) -> bool {
        self.headers.get(header::CONTENT_TYPE).is_some_and(|t| t.as_bytes().starts_with(b"text/html"))
    }
}

impl Visitor {
    pub(crate) fn new(router: Router) -> Self {
        Self { router, ..Self::default() }
    }
    /// The page in front of the visitor.
    #[track_caller]
    pub fn page(&self) -> &Page {
        self.page.as_ref().expect("the visitor has not opened a page yet")
    }
    /// What a cookie holds.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }
    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.into(), value.into());
    }
    /// Somebody else who holds the same cookies, as a second window of the same browser does.
    #[must_use]
    pub fn second_window(&self) -> Self {
        Self { router: self.router.clone(), cookies: self.cookies.clone(), ..Self::default() }
    }

    /// Opens an address, going on to where it leads.
    pub async fn open(&mut self, path: &str) -> &Page {
        let reply = self.request(Method::GET, path, &[], Body::empty()).await;
        self.arrive(path, reply).await
    }
    /// Follows the link with this text.
    pub async fn follow(&mut self, text: &str) -> &Page {
        let href = self
            .page()
            .link(text)
            .unwrap_or_else(|| panic!("{} has no link “{text}”:\n{}", self.page().path, self.page().text()));
        self.open(&href).await
    }
    /// Turns to the form with this button: fields of the same name in other forms are left alone.
    pub fn form(&mut self, button: &str) -> &mut Self {
        self.button(button);
        self.form = Some(button.into());
        self
    }
    /// Types into the field with this name.
    #[track_caller]
    pub fn fill(&mut self, name: &str, text: &str) -> &mut Self {
        let number = self.field(name);
        self.filled.insert(number, Value::Text(text.into()));
        self
    }
    /// Chooses a file of one's own computer.
    #[track_caller]
    pub fn attach(&mut self, field: &str, name: &str, content: &[u8]) -> &mut Self {
        let number = self.field(field);
        self.filled.insert(number, Value::File(name.into(), content.into()));
        self
    }
    /// Chooses an answer of a list or of a group of boxes.
    #[track_caller]
    pub fn choose(&mut self, question: &str, answer: &str) -> &mut Self {
        let picked = self.pick(question, answer);
        self.filled.extend(picked);
        self
    }
    /// Ticks the one box with this name, such as one in a row of a table.
    #[track_caller]
    pub fn tick(&mut self, name: &str) -> &mut Self {
        let page = self.page();
        let named = |c: &ElementRef<'_>| is_box(*c) && page.accessible_name(*c) == name;
        let found: Vec<usize> = self.controls().iter().enumerate().filter(|(_, c)| named(c)).map(|(n, _)| n).collect();
        assert_eq!(found.len(), 1, "{} has {} boxes called “{name}”:\n{}", page.path, found.len(), page.text());
        self.filled.insert(found[0], Value::Checked(true));
        self
    }
    /// The answers that a list or a group of boxes offers.
    #[track_caller]
    pub fn choices(&self, question: &str) -> Vec<String> {
        let page = self.page();
        if let Some(group) = self.group(question) {
            let boxes = self.controls().into_iter().filter(|c| within(*c, group) && is_box(*c));
            return boxes.map(|c| page.accessible_name(c)).collect();
        }
        let number = self.field(question);
        self.controls()[number].select(&crate::page::select("option")).map(words).collect()
    }
    /// What stands in a field.
    #[track_caller]
    pub fn value(&self, name: &str) -> String {
        let number = self.field(name);
        texts_of(self.controls()[number], self.filled.get(&number)).into_iter().next().unwrap_or_default()
    }
    /// Whether there is a button with these words.
    pub fn sees_button(&self, text: &str) -> bool {
        self.buttons(text).next().is_some()
    }
    /// Presses a button, and goes on to where it leads.
    pub async fn press(&mut self, text: &str) -> &Page {
        let filled = self.filled_form(text);
        self.send(&filled).await
    }
    /// The form with this button as it would be sent if the button were pressed.
    #[track_caller]
    pub fn filled_form(&self, text: &str) -> Filled {
        let page = self.page();
        let button = self.button(text);
        let form = owner(button).unwrap_or_else(|| panic!("the button “{text}” of {} is in no form", page.path));
        let (mut fields, mut files) = (Vec::new(), Vec::new());
        for (number, control) in self.controls().into_iter().enumerate().filter(|(_, c)| owner(*c) == Some(form)) {
            let name = control.value().attr("name").unwrap_or_default();
            if name.is_empty() || control.value().name() == "button" && control != button {
                continue;
            }
            if control.value().attr("type") == Some("file") {
                let chosen = match self.filled.get(&number) {
                    Some(Value::File(file, content)) => (name.to_string(), file.clone(), content.clone()),
                    _ => (name.to_string(), String::new(), Vec::new()),
                };
                files.push(chosen);
                continue;
            }
            let texts = texts_of(control, self.filled.get(&number));
            fields.extend(texts.into_iter().map(|text| (name.to_string(), text)));
        }
        let action = button.value().attr("formaction").or(form.value().attr("action"));
        let action = action.filter(|a| !a.is_empty()).unwrap_or(&page.path);
        let get = !form.value().attr("method").is_some_and(|m| m.eq_ignore_ascii_case("post"));
        let in_parts = form.value().attr("enctype") == Some("multipart/form-data");
        Filled { get, action: action.into(), fields, files: in_parts.then_some(files) }
    }
    /// Sends a form, and goes on to where it leads.
    pub async fn send(&mut self, form: &Filled) -> &Page {
        if form.get {
            let path = format!("{}?{}", form.action, encoded(&form.fields));
            return self.open(&path).await;
        }
        let reply = match &form.files {
            None => self.request(Method::POST, &form.action, FORM, encoded(&form.fields).into()).await,
            Some(files) => self.post_parts(&form.action, &form.fields, files).await,
        };
        self.arrive(&form.action, reply).await
    }
    /// Sends fields to an address, with what shows that they come from one of our pages, and looks no further.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let token = self.token().await;
        let mut all = vec![("form_token".to_string(), token)];
        all.extend(fields.iter().map(|(n, v)| ((*n).to_string(), (*v).to_string())));
        self.post_raw(path, &encoded(&all)).await
    }
    /// Sends a body as it is.
    pub async fn post_raw(&mut self, path: &str, body: &str) -> Reply {
        self.request(Method::POST, path, FORM, body.to_string().into()).await
    }
    /// Sends fields and files in parts, and looks no further.
    pub async fn post_parts(&mut self, path: &str, fields: &[(String, String)], files: &[(String, String, Vec<u8>)]) -> Reply {
        self.request(Method::POST, path, PARTS, in_parts(fields, files).into()).await
    }
    /// Asks for an address and looks no further.
    pub async fn get(&mut self, path: &str) -> Reply {
        self.request(Method::GET, path, &[], Body::empty()).await
    }

    /// What forms carry for this visitor now.
    pub async fn token(&mut self) -> String {
        let path = if self.cookies.contains_key("commonweal_session") { "/account" } else { "/sign-in" };
        let reply = self.get(path).await;
        let text = reply.text();
        let after = text.split("name=\"form_token\"").nth(1).and_then(|t| t.split("value=\"").nth(1));
        after.and_then(|t| t.split('"').next()).unwrap_or_else(|| panic!("no form on {path}:\n{text}")).to_string()
    }

    /// Signs in as one of the practice people: the first programme's, where two have the same name.
    pub async fn sign_in_as(&mut self, name: &str) -> &Page {
        self.open("/sign-in").await;
        let person = loop {
            let all = self.page().all(".choices button");
            if let Some(button) = all.iter().find(|b| words(**b) == name) {
                break button.value().attr("value").unwrap_or_default().to_string();
            }
            let next = self.page().link("Next page →");
            self.open(&next.unwrap_or_else(|| panic!("the sign-in page offers nobody called {name}"))).await;
        };
        let reply = self.post("/sign-in/practice", &[("person", &person)]).await;
        assert_eq!(reply.status, 303, "{}", reply.text());
        self.arrive("/sign-in/practice", reply).await
    }
    /// Signs in with address and password; says nothing of whether it worked.
    pub async fn sign_in_with(&mut self, address: &str, password: &str) -> &Page {
        self.open("/sign-in").await;
        self.fill("E-mail address", address).fill("Password", password);
        self.press("Sign in").await
    }

    /// Asks for anything in any way. Cookies are kept, nothing is followed, nothing is looked over.
    pub async fn request(&mut self, method: Method, path: &str, headers: &[(&str, &str)], body: Body) -> Reply {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if !self.cookies.is_empty() {
            let all: Vec<String> = self.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
            request = request.header(header::COOKIE, all.join("; "));
        }
        let request = request.body(body).unwrap_or_else(|e| panic!("{path} is no address: {e}"));
        let Ok(response) = self.router.clone().oneshot(request).await;
        self.keep_cookies(&response);
        let (parts, body) = response.into_parts();
        let body = body.collect().await.map(|b| b.to_bytes().to_vec()).unwrap_or_else(|e| panic!("{path} broke off: {e}"));
        Reply { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    fn keep_cookies(&mut self, response: &Response<Body>) {
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let text = cookie.to_str().expect("a cookie");
            let mut parts = text.split(';').map(str::trim);
            let (name, value) = parts.next().and_then(|p| p.split_once('=')).expect("a cookie with a name");
            let flags: Vec<&str> = parts.collect();
            assert!(flags.contains(&"HttpOnly") && flags.contains(&"SameSite=Lax"), "a cookie that others can get at: {text}");
            if value.is_empty() || flags.contains(&"Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.into(), value.into());
            }
        }
    }

    /// Goes where an answer leads, and looks the page there over.
    async fn arrive(&mut self, path: &str, mut reply: Reply) -> &Page {
        let mut path = path.to_string();
        let mut steps = 0;
        while reply.status == 303 {
            path = reply.location().to_string();
            assert!(path.starts_with('/') && !path.starts_with("//"), "led away from the site, to {path}");
            steps += 1;
            assert!(steps < 5, "led round in circles, last to {path}");
            reply = self.request(Method::GET, &path, &[], Body::empty()).await;
        }
        let page = reply.page(&path);
        self.filled.clear();
        self.form = None;
        self.page.insert(page)
    }

    fn controls(&self) -> Vec<ElementRef<'_>> {
        self.page().all("input, select, textarea, button")
    }
    /// Whether a control belongs to the form that the visitor turned to.
    #[track_caller]
    fn in_turn(&self, control: ElementRef<'_>) -> bool {
        self.form.as_ref().is_none_or(|button| owner(self.button(button)) == owner(control))
    }
    /// The number of the one field with this name. The bar's search is meant only where no other field is.
    #[track_caller]
    fn field(&self, name: &str) -> usize {
        let page = self.page();
        let controls = self.controls();
        let asked = |c: &ElementRef<'_>| {
            let heard = page.accessible_name(*c);
            c.value().name() != "button"
                && !is_box(*c)
                && heard.strip_suffix(" (optional)").unwrap_or(&heard) == name
                && self.in_turn(*c)
        };
        let found: Vec<usize> = controls.iter().enumerate().filter(|(_, c)| asked(c)).map(|(n, _)| n).collect();
        let inside: Vec<usize> = found.iter().copied().filter(|n| in_main(controls[*n])).collect();
        let found = if inside.is_empty() { found } else { inside };
        assert_eq!(found.len(), 1, "{} has {} fields called “{name}”:\n{}", page.path, found.len(), page.text());
        found[0]
    }
    fn group(&self, question: &str) -> Option<ElementRef<'_>> {
        self.page().all("fieldset").into_iter().find(|f| {
            let legend = f.select(&crate::page::select("legend")).next().map(words).unwrap_or_default();
            legend.strip_suffix(" (optional)").unwrap_or(&legend) == question
        })
    }
    #[track_caller]
    fn pick(&self, question: &str, answer: &str) -> Vec<(usize, Value)> {
        let page = self.page();
        let missing = || format!("“{question}” of {} does not offer “{answer}”, but: {:?}", page.path, self.choices(question));
        if let Some(group) = self.group(question) {
            let controls = self.controls();
            let inside: Vec<usize> =
                (0..controls.len()).filter(|n| within(controls[*n], group) && is_box(controls[*n])).collect();
            let chosen = inside.iter().copied().find(|n| page.accessible_name(controls[*n]) == answer);
            let chosen = chosen.unwrap_or_else(|| panic!("{}", missing()));
            let one_of_many = controls[chosen].value().attr("type") == Some("radio");
            let others = inside.into_iter().filter(|n| one_of_many && *n != chosen).map(|n| (n, Value::Checked(false)));
            return others.chain([(chosen, Value::Checked(true))]).collect();
        }
        let number = self.field(question);
        let list = self.controls()[number];
        let option = list.select(&crate::page::select("option")).find(|o| words(*o) == answer);
        let option = option.unwrap_or_else(|| panic!("{}", missing()));
        let value = option.value().attr("value").map_or_else(|| words(option), ToString::to_string);
        vec![(number, Value::Text(value))]
    }
    fn buttons<'a>(&'a self, text: &'a str) -> impl Iterator<Item = ElementRef<'a>> + 'a {
        let page = self.page();
        page.all("button")
            .into_iter()
            .filter(move |b| b.value().attr("hidden").is_none() && page.accessible_name(*b) == squeeze(text))
    }
    /// The one button with these words; one of the page itself rather than of the bar.
    #[track_caller]
    fn button<'a>(&'a self, text: &'a str) -> ElementRef<'a> {
        let page = self.page();
        let all: Vec<ElementRef<'_>> = self.buttons(text).collect();
        let inside: Vec<ElementRef<'_>> = all.iter().copied().filter(|b| in_main(*b)).collect();
        let found = if inside.is_empty() { all } else { inside };
        assert_eq!(found.len(), 1, "{} ({}) has {} buttons “{text}”:\n{}", page.path, page.status, found.len(), page.text());
        found[0]
    }
}

const FORM: &[(&str, &str)] = &[("content-type", "application/x-www-form-urlencoded")];

const PARTS: &[(&str, &str)] = &[("content-type", "multipart/form-data; boundary=----visitor")];

/// Fields and files as a browser sends them together.
fn in_parts(fields: &[(String, String)], files: &[(String, String, Vec<u8>)]) -> Vec<u8> {
    let named = |name: &str| format!("------visitor\r\nContent-Disposition: form-data; name=\"{name}\"");
    let mut body = Vec::new();
    for (name, text) in fields {
        let text = text.replace("\r\n", "\n").replace('\n', "\r\n");
        body.extend_from_slice(format!("{}\r\n\r\n{text}\r\n", named(name)).as_bytes());
    }
    for (name, file, content) in files {
        let file = file.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A");
        let head = format!("{}; filename=\"{file}\"\r\nContent-Type: application/octet-stream\r\n\r\n", named(name));
        body.extend([head.as_bytes(), content, b"\r\n"].concat());
    }
    body.extend_from_slice(b"------visitor--\r\n");
    body
}

fn is_box(control: ElementRef<'_>) -> bool {
    matches!(control.value().attr("type"), Some("radio" | "checkbox"))
}

fn within(element: ElementRef<'_>, group: ElementRef<'_>) -> bool {
    element.ancestors().any(|a| a.id() == group.id())
}

fn in_main(element: ElementRef<'_>) -> bool {
    element.ancestors().filter_map(ElementRef::wrap).any(|a| a.value().name() == "main")
}

fn owner(control: ElementRef<'_>) -> Option<ElementRef<'_>> {
    control.ancestors().filter_map(ElementRef::wrap).find(|a| a.value().name() == "form")
}

/// What a browser sends of a control: nothing for a box without its tick.
fn texts_of(control: ElementRef<'_>, filled: Option<&Value>) -> Vec<String> {
    let value = control.value();
    let stated = || value.attr("value").unwrap_or_default().to_string();
    if is_box(control) {
        let checked = match filled {
            Some(Value::Checked(checked)) => *checked,
            _ => value.attr("checked").is_some(),
        };
        return checked.then(|| value.attr("value").unwrap_or("on").to_string()).into_iter().collect();
    }
    if let Some(Value::Text(text)) = filled {
        return vec![text.clone()];
    }
    match value.name() {
        "textarea" => vec![control.text().collect()],
        "select" => {
            let options: Vec<_> = control.select(&crate::page::select("option")).collect();
            let chosen = options.iter().find(|o| o.value().attr("selected").is_some()).or(options.first());
            chosen.map(|o| o.value().attr("value").map_or_else(|| words(*o), ToString::to_string)).into_iter().collect()
        }
        _ => vec![stated()],
    }
}

/// Fields as a browser sends them.
pub fn encoded<N: AsRef<str>, V: AsRef<str>>(fields: &[(N, V)]) -> String {
    let byte = |b: u8| match b {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'*' => char::from(b).to_string(),
        b' ' => "+".into(),
        other => format!("%{other:02X}"),
    };
    let text = |t: &str| t.bytes().map(byte).collect::<String>();
    // Line breaks travel as two characters.
    let value = |t: &str| text(&t.replace("\r\n", "\n").replace('\n', "\r\n"));
    fields.iter().map(|(n, v)| format!("{}={}", text(n.as_ref()), value(v.as_ref()))).collect::<Vec<_>>().join("&")
}
