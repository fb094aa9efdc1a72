//! The one gate every request goes through: who is it, what does the path name, may they, and did the form come from
//! us. Only then does a handler run.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, RawPathParams, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use axum::routing::{MethodRouter, any};
use design::Power;
use http_body_util::{BodyExt, Limited};
use kernel::Fault;
use sea_orm::entity::prelude::*;
use store::fault;
use subtle::ConstantTimeEq;
use tables::{EntryId, place, session};
use ui::parts;

use super::cx::VISIT;
use super::html::*;
use super::route::Handler;
use super::viewer::cookie_value;
use super::{Act, Answer, App, Cx, Draft, Form, Route, Stop, Upload, Viewer, Who, decode, see_other, upload};
use crate::{calls, entries};

/// The largest form there is: a long text, and room to spare.
const LARGEST_FORM: usize = 1024 * 1024;
/// A request that takes longer than this is given up, so that a stuck one does not hold a connection.
const LONGEST: Duration = Duration::from_secs(30);
/// A file takes its time over a poor line.
const LONGEST_WITH_FILES: Duration = Duration::from_secs(300);
/// How old the note of a person's last visit may get before it is written anew.
const SEEN_EVERY_SECONDS: i64 = 600;

/// Puts routes under the gate.
pub fn site(app: App, routes: Vec<Route>) -> Router {
    let mut by_path: Vec<(&'static str, Vec<Route>)> = Vec::new();
    for route in routes {
        match by_path.iter_mut().find(|(path, _)| *path == route.path) {
            Some((_, routes)) => routes.push(route),
            None => by_path.push((route.path, vec![route])),
        }
    }
    let mut router = Router::new();
    for (path, routes) in by_path {
        router = router.route(path, gated(path, routes));
    }
    router.fallback(nothing_here).with_state(app)
}

fn gated(path: &'static str, routes: Vec<Route>) -> MethodRouter<App> {
    let routes = Arc::new(routes);
    any(move |State(app): State<App>, params: RawPathParams, request: Request| {
        let routes = routes.clone();
        async move {
            let started = app.clock.now();
            let method = request.method().clone();
            let params = params.iter().map(|(n, v)| (n.to_string(), v.to_string())).collect();
            let with_files = routes.iter().any(|r| r.takes_files) && upload::carries_files(request.headers());
            let longest = if with_files { LONGEST_WITH_FILES } else { LONGEST };
            let done = tokio::time::timeout(longest, serve(&app, &routes, params, request)).await;
            let response =
                done.unwrap_or_else(|_| plain(StatusCode::SERVICE_UNAVAILABLE, "This took too long. Please try again."));
            count(path, &method, &response, (app.clock.now().micros() - started.micros()).max(0));
            response
        }
    })
}

async fn nothing_here(State(app): State<App>, request: Request) -> Response {
    let (request, _) = request.into_parts();
    match begin(&app, Vec::new(), &request).await {
        Ok(cx) => finish(&cx, stopped(&cx, Stop::Missing, &Form::default())),
        Err(fault) => lost(&fault, &app),
    }
}

async fn serve(app: &App, routes: &[Route], params: Vec<(String, String)>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let mut cx = match begin(app, params, &parts).await {
        Ok(cx) => cx,
        Err(fault) => return lost(&fault, app),
    };
    let (form, files) = match parts.method {
        Method::POST => match read_body(&mut cx, routes, body).await {
            Ok(sent) => sent,
            Err(refusal) => return finish(&cx, stopped(&cx, refusal, &Form::default())),
        },
        _ => Default::default(),
    };
    let answer = run(&mut cx, routes, (&parts.method, parts.uri.query()), &form, files).await;
    let mut response = answer.unwrap_or_else(|stop| stopped(&cx, stop, &form));
    if response.status() == StatusCode::METHOD_NOT_ALLOWED
        && let Ok(value) = HeaderValue::from_str(&methods(routes))
    {
        response.headers_mut().insert(header::ALLOW, value);
    }
    finish(&cx, response)
}

/// What a path answers to, as the Allow header names it (RFC 9110 §15.5.6).
fn methods(routes: &[Route]) -> String {
    let named = routes.iter().map(|r| if r.info().method == Method::GET { "GET, HEAD" } else { "POST" });
    named.collect::<Vec<_>>().join(", ")
}

/// Runs the handler, once everything has been asked.
async fn run(cx: &mut Cx, routes: &[Route], (method, query): (&Method, Option<&str>), form: &Form, files: Vec<Upload>) -> Answer {
    let wanted = if *method == Method::HEAD { &Method::GET } else { method };
    let route = routes.iter().find(|r| r.info().method == *wanted).ok_or_else(no_such_method)?;
    cx.query = decode(query.unwrap_or("").as_bytes()).ok_or_else(not_text)?;
    let_in(cx, route.who).await?;
    match &route.handler {
        Handler::Page(page) => page(cx.clone()).await,
        Handler::Action(action) => {
            from_our_page(cx, form)?;
            let act = Act { cx: cx.clone(), form: form.clone(), files };
            let once = act.once();
            // What a page saves as one writes has no button that could be pressed twice.
            let as_one_writes = form.get("then") == "auto";
            match action(act).await {
                Ok(done) if done.status() == StatusCode::SEE_OTHER || as_one_writes => Ok(done),
                // The same button pressed again: what it did cannot be done twice, so it leads where the first press led.
                other => match store::already_handled(&cx.app.db, &once).await {
                    Ok(Some(location)) => Ok(see_other(&location)),
                    _ => other,
                },
            }
        }
    }
}

async fn let_in(cx: &mut Cx, who: Who) -> Result<(), Stop> {
    if cx.params.iter().any(|(_, value)| value.contains('\0')) {
        return Err(not_text());
    }
    load_what_the_path_names(cx).await?;
    allowed(cx, who).await
}

async fn begin(app: &App, params: Vec<(String, String)>, parts: &Parts) -> Result<Cx, Fault> {
    let named = |name: &str| params.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.as_str());
    let path = (named("programme"), named("place"));
    // PostgreSQL refuses to compare with it; such a path is refused further on.
    let path = if path.0.contains('\0') || path.1.contains('\0') { ("", "") } else { path };
    let (viewer, place) = Viewer::load(app, &parts.headers, path).await?;
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip().to_string()).unwrap_or_default();
    let mut cx = Cx {
        app: app.clone(),
        viewer,
        now: app.clock.now(),
        path: parts.uri.path().to_string(),
        query: Vec::new(),
        params,
        headers: parts.headers.clone(),
        peer,
        programme: None,
        place,
        entry: None,
        call: None,
        application: None,
        new_visit: None,
    };
    if cx.viewer.signed_in.is_none() && cookie_value(&cx.headers, VISIT).is_none() {
        cx.new_visit = Some(cx.secret());
    }
    note_visit(&cx).await?;
    Ok(cx)
}

/// Notes now and then that somebody was here. It is no change that people made, so the journal leaves it out.
async fn note_visit(cx: &Cx) -> Result<(), Fault> {
    let Some(signed_in) = &cx.viewer.signed_in else { return Ok(()) };
    if cx.now.seconds_since(signed_in.seen_at) < SEEN_EVERY_SECONDS {
        return Ok(());
    }
    let writer = store::Writer { actor: None, clock: cx.app.clock.clone(), ids: cx.app.ids.clone() };
    let write = cx.app.db.write(&writer, "note a visit").await?;
    let seen = session::ActiveModel { seen_at: sea_orm::Set(cx.now), ..Default::default() };
    let mine = session::COLUMN.id.eq(signed_in.session);
    session::Entity::update_many().set(seen).filter(mine).exec(write.unrecorded()).await.map_err(fault("note a visit"))?;
    write.save().await
}

/// What was typed, and what came along with it.
async fn read_body(cx: &mut Cx, routes: &[Route], body: Body) -> Result<(Form, Vec<Upload>), Stop> {
    let headers = cx.headers.clone();
    if !upload::carries_files(&headers) {
        let bytes = Limited::new(body, LARGEST_FORM).collect().await.map_err(|_| too_large())?.to_bytes();
        return Form::read(&bytes).map(|form| (form, Vec::new())).ok_or_else(not_text);
    }
    let Some(route) = routes.iter().find(|r| r.takes_files) else { return Err(takes_no_files()) };
    // Asked before anything is read as well, so that only whoever may send files has them held in memory.
    let room = let_in(cx, route.who).await.is_ok().then(|| cx.app.room.clone());
    upload::read(&headers, body, LARGEST_FORM, room.as_ref()).await
}

pub(super) fn too_large() -> Stop {
    Stop::Refused {
        status: StatusCode::PAYLOAD_TOO_LARGE,
        title: "That is more than one form can hold".into(),
        why: "A form can hold about a million characters. Nothing was saved. Go back: your browser still has what you wrote, and you can save it in parts.".into(),
        next: None,
    }
}

fn takes_no_files() -> Stop {
    Stop::Refused {
        status: StatusCode::UNSUPPORTED_MEDIA_TYPE,
        title: "No file can be sent here".into(),
        why: "This form takes no files. Nothing was saved. Go back and try again.".into(),
        next: None,
    }
}

pub(super) fn not_text() -> Stop {
    Stop::Refused {
        status: StatusCode::BAD_REQUEST,
        title: "That could not be read".into(),
        why: "What arrived is not valid text. Nothing was saved. Go back and try again.".into(),
        next: None,
    }
}

fn no_such_method() -> Stop {
    Stop::Refused {
        status: StatusCode::METHOD_NOT_ALLOWED,
        title: "This page cannot do that".into(),
        why: "The address is right, but it does not answer to this kind of request.".into(),
        next: None,
    }
}

/// A parent's permission never opens another's child: a place is looked for in its programme only, an entry through
/// the viewer only.
async fn load_what_the_path_names(cx: &mut Cx) -> Result<(), Stop> {
    let named = |name: &str| cx.params.iter().find(|(n, _)| n == name).map(|(_, value)| value.clone());
    let (programme, place, entry) = (named("programme"), named("place"), named("entry"));
    let (call, application) = (named("call"), named("application"));
    if let Some(slug) = programme {
        let known = cx.viewer.held.iter().find(|h| h.programme.slug == slug).map(|h| h.programme.clone());
        cx.programme = match known {
            Some(known) => Some(known),
            None => cx.app.snapshots.with_slug(&cx.app.db, &slug).await?,
        };
        let programme = cx.programme()?.id;
        if cx.place.as_ref().is_some_and(|p| p.programme_id != programme) {
            cx.place = None;
        }
        if let Some(slug) = place
            && cx.place.is_none()
        {
            let of_programme =
                place::Entity::find().filter(place::COLUMN.programme_id.eq(programme)).filter(place::COLUMN.slug.eq(slug));
            cx.place = of_programme.one(cx.read()).await.map_err(fault("load a place"))?;
            cx.place()?;
        }
        if let Some(id) = entry {
            let id: EntryId = id.parse().map_err(|_| Stop::Missing)?;
            cx.entry = entries::find(cx, id).await?;
            cx.entry()?;
        }
        if let Some(slug) = call {
            cx.call = calls::with_slug(cx, &slug).await?;
            cx.call()?;
        }
        if let Some(id) = application {
            cx.application = calls::find(cx, id.parse().map_err(|_| Stop::Missing)?).await?;
            cx.application()?;
        }
    }
    Ok(())
}

async fn allowed(cx: &Cx, who: Who) -> Result<(), Stop> {
    let yes = match who {
        Who::Anyone => true,
        Who::SignedIn => cx.viewer.signed_in.is_some(),
        Who::InProgramme => cx.held().next().is_some(),
        Who::May(power) => match &cx.place {
            Some(place) => cx.viewer.may(power, place.programme_id, Some(place.id)),
            None => cx.viewer.may_somewhere(power, cx.programme()?.id),
        },
        Who::Choosing => {
            let programme = cx.programme()?.id;
            cx.viewer.may(Power::RunCalls, programme, None) || cx.viewer.decides_for(programme).next().is_some()
        }
        Who::MayAny(powers) => {
            let programme = cx.programme()?.id;
            let place = cx.place.as_ref().map(|p| p.id);
            powers.iter().any(|power| cx.viewer.may(*power, programme, place))
        }
        // The entry was loaded through the viewer.
        Who::Readers => cx.entry.is_some(),
        Who::Author => entries::may_edit(cx, cx.entry()?),
        // The application was loaded through the viewer.
        Who::Applicants => cx.application()?.mine.is_some(),
        Who::ApplicationReaders => cx.application.is_some(),
        Who::CallStaff => cx.application()?.runs,
        Who::Choosers => cx.application()?.runs || cx.application()?.decides,
        Who::Deciders => cx.application()?.decides,
        Who::Assessors => cx.application()?.reads.is_some(),
        Who::Sharers => !entries::ways(cx, cx.entry()?).await?.open.is_empty(),
        Who::Steppers => entries::may_step(cx, cx.entry()?),
    };
    match (yes, &cx.viewer.signed_in) {
        (true, _) => Ok(()),
        (false, None) => Err(Stop::SignIn),
        (false, Some(_)) => Err(Stop::forbidden(
            "This page is for others",
            "Your roles do not include it. If you think they should, ask the programme’s lead.",
        )),
    }
}

fn from_our_page(cx: &Cx, form: &Form) -> Result<(), Stop> {
    let expected = cx.form_token().unwrap_or_default();
    let same: bool = expected.as_bytes().ct_eq(form.get("form_token").as_bytes()).into();
    if same && !expected.is_empty() && cx.new_visit.is_none() {
        return Ok(());
    }
    Err(Stop::forbidden(
        "This form has gone stale",
        "You may have signed in or out since it was opened. Nothing was saved. Copy what you need from below, open the page again and send it once more.",
    ))
}

/// Turns the end of a request into a page that says why and what next.
fn stopped(cx: &Cx, stop: Stop, form: &Form) -> Response {
    let (status, title, why, next) = match stop {
        Stop::SignIn if form.typed().is_empty() => return see_other(&sign_in_first(cx)),
        Stop::SignIn => (
            StatusCode::FORBIDDEN,
            "You are signed out".to_string(),
            "Nothing was saved. Copy what you need from below, sign in, and send it once more.".to_string(),
            Some(("Sign in".to_string(), "/sign-in".to_string())),
        ),
        Stop::Missing => (
            StatusCode::NOT_FOUND,
            "There is no such page".to_string(),
            "The address may be mistyped, or it is of something that you may not read.".to_string(),
            Some(("Go to the start page".to_string(), "/".to_string())),
        ),
        Stop::Refused { status, title, why, next } => (status, title, why, next),
        Stop::Fault(fault) => {
            let reference = note_fault(&fault, &cx.app);
            (
                StatusCode::INTERNAL_SERVER_ERROR,
                "Something went wrong on our side".to_string(),
                format!("Nothing was saved. Please try again. If it happens again, tell us this reference: {reference}."),
                None,
            )
        }
    };
    let typed = form.typed();
    Draft::new(title).lead(why).status(status).page(
        cx,
        maud! {
            @if let Some((text, href)) = &next { p { a href=(href) { (text) } } }
            @if !typed.is_empty() { (parts::typed_text_kept(&typed)) }
        },
    )
}

/// The sign-in page, which leads back to the address asked for.
fn sign_in_first(cx: &Cx) -> String {
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let query: Vec<String> = cx.query.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
    let join = if query.is_empty() { "" } else { "?" };
    format!("/sign-in?next={}", encoded(&format!("{}{join}{}", cx.path, query.join("&"))))
}

fn note_fault(fault: &Fault, app: &App) -> String {
    let reference = app.ids.next(app.clock.now()).simple().to_string()[20..].to_string();
    tracing::error!(reference, doing = fault.doing, cause = fault.cause, "fault");
    metrics::counter!("commonweal_faults_total").increment(1);
    reference
}

/// Not even the viewer could be loaded: the plainest page there is.
fn lost(fault: &Fault, app: &App) -> Response {
    let reference = note_fault(fault, app);
    plain(
        StatusCode::SERVICE_UNAVAILABLE,
        &format!("Something went wrong on our side. Please try again. Reference: {reference}."),
    )
}

fn plain(status: StatusCode, text: &str) -> Response {
    let mut response = Response::new(Body::from(text.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

fn finish(cx: &Cx, mut response: Response) -> Response {
    let headers = response.headers_mut();
    let set = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    for (name, value) in set {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    // Every page depends on who looks; only assets say otherwise themselves.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if cx.app.settings.secure() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    let is_page = headers.get(header::CONTENT_TYPE).is_some_and(|t| t.as_bytes().starts_with(b"text/html"));
    if let (Some(visit), true) = (&cx.new_visit, is_page)
        && let Ok(value) = HeaderValue::from_str(&super::cx::set_cookie(&cx.app, VISIT, visit, None))
    {
        headers.append(header::SET_COOKIE, value);
    }
    response
}

fn count(path: &'static str, method: &Method, response: &Response, micros: i64) {
    let status = response.status().as_u16().to_string();
    metrics::counter!("commonweal_requests_total", "route" => path, "method" => method.to_string(), "status" => status)
        .increment(1);
    #[expect(clippy::cast_precision_loss, reason = "a duration in a histogram")]
    metrics::histogram!("commonweal_request_seconds", "route" => path).record(micros as f64 / 1e6);
}
