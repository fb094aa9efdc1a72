//! The page around a page: who looks and where they are, filled in the same way for every slice.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use design::Power;
use kernel::Invalid;
use ui::Shell;
use ui::shell::{NavProgramme, Notice, NoticeKind, RailItem, ViewerBar};

use super::Cx;
use hypertext::Renderable;

/// What every page leads to.
const FOOTER: [(&str, &str); 4] =
    [("Programmes", "/programmes"), ("Library", "/library"), ("Published grants", "/grants"), ("Sources", "/sources")];

/// A page being put together.
pub struct Draft {
    shell: Shell,
    status: StatusCode,
}

impl Draft {
    #[must_use]
    pub fn new(title: impl Into<String>) -> Self {
        Self { shell: Shell::new(title), status: StatusCode::OK }
    }
    #[must_use]
    pub fn lead(mut self, sentence: impl Into<String>) -> Self {
        self.shell.lead = Some(sentence.into());
        self
    }
    /// A page that is made to be printed.
    #[must_use]
    pub const fn for_paper(mut self) -> Self {
        self.shell.print = true;
        self
    }
    /// What the page's head says for machines.
    #[must_use]
    pub fn head(mut self, head: ui::Html) -> Self {
        self.shell.head = Some(head);
        self
    }
    /// The language of the title, where it is not English.
    #[must_use]
    pub const fn title_in(mut self, lang: Option<&'static str>) -> Self {
        self.shell.title_lang = lang;
        self
    }
    #[must_use]
    pub fn crumb(mut self, text: impl Into<String>, href: impl Into<String>) -> Self {
        self.shell.crumbs.push((text.into(), href.into()));
        self
    }
    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }
    /// The form again, with what is wrong above it.
    #[must_use]
    pub fn invalid(mut self, invalid: &Invalid) -> Self {
        if !invalid.is_empty() {
            self.shell.invalid = Some(invalid.into());
            self.status = StatusCode::UNPROCESSABLE_ENTITY;
        }
        self
    }
    /// The same where the fields are those of a form that is data.
    #[must_use]
    pub fn invalid_items(mut self, wrong: Option<ui::shell::InvalidSummary>) -> Self {
        if let Some(wrong) = wrong {
            self.shell.invalid = Some(wrong);
            self.status = StatusCode::UNPROCESSABLE_ENTITY;
        }
        self
    }
    /// Says what has just been done, where the address the visitor was led to asks for it.
    #[must_use]
    pub fn done(mut self, cx: &Cx, said: &[(&str, &str)]) -> Self {
        if let Some((_, text)) = said.iter().find(|(key, _)| *key == cx.query("done")) {
            self.shell.notice = Some(Notice { kind: NoticeKind::Success, text: (*text).to_string(), undo: None });
        }
        self
    }

    /// The finished page.
    pub fn page(mut self, cx: &Cx, body: impl Renderable) -> Response {
        if let Some(signed_in) = &cx.viewer.signed_in {
            self.shell.viewer = Some(ViewerBar { id: signed_in.person.to_string(), name: signed_in.name.clone() });
            self.shell.sign_out_form = Some(cx.form_keys());
        }
        if let Some(programme) = &cx.programme {
            self.shell.programme =
                Some(NavProgramme { name: programme.name.clone(), href: programme.href(), practice: programme.practice });
            self.shell.rail = rail(cx);
        }
        self.shell.demo = cx.app.settings.demonstration;
        self.shell.footer = FOOTER.map(|(text, href)| (text.into(), href.into())).to_vec();
        let text = self.shell.page(body).into_inner();
        let mut response = Response::new(Body::from(text));
        *response.status_mut() = self.status;
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        response
    }
}

/// The page of those who advise, which is one for all programmes that they do.
const ADVISORY: &str = "/advisory";

/// The sections of the programme that this viewer may open.
fn rail(cx: &Cx) -> Vec<RailItem> {
    let Some(programme) = &cx.programme else { return Vec::new() };
    let home = programme.href();
    let inside = cx.held().next().is_some();
    let people = cx.viewer.may_somewhere(Power::SeePeople, programme.id);
    let journal = cx.viewer.may(Power::ReadJournal, programme.id, None);
    let money = programme.programme.design.has_awards() && cx.viewer.may_somewhere(Power::SeeMoney, programme.id);
    let outputs = cx.viewer.may_somewhere(Power::WriteEntries, programme.id)
        && programme.programme.design.kinds.iter().any(|k| k.output.is_some());
    let frameworks = &programme.programme.design.frameworks;
    let reflects = cx.held().any(|held| frameworks.iter().any(|f| f.roles.contains(&held.role)));
    let channel = programme.programme.design.channel();
    let reads_channel = channel.is_some_and(|circle| cx.held().any(|held| circle.readers.contains(&held.role)));
    let sections = [
        (true, "About", String::new()),
        (true, "Places", "/places".into()),
        (programme.programme.design.call.is_some(), "Calls", "/calls".into()),
        (money, "Money", "/money".into()),
        (inside, "Entries", "/entries".into()),
        (inside && programme.programme.design.kinds.iter().any(design::EntryKind::is_matter), "Matters", "/matters".into()),
        (inside && programme.programme.design.days.iter().any(|line| !line.is_ours()), "Days", "/days".into()),
        (cx.viewer.may_somewhere(Power::WriteEntries, programme.id), "Learning", "/themes".into()),
        (outputs, "Outputs", "/outputs".into()),
        (reflects, "Reflection", "/reflections".into()),
        (inside && programme.programme.design.gatherings().next().is_some(), "Events", "/gatherings".into()),
        (reads_channel, "Channel", "/channel".into()),
        (inside, "Oversight", "/needs".into()),
        (cx.held().any(super::Held::advises), "Advisory group", ADVISORY.into()),
        (people, "People", "/people".into()),
        (true, "Design", "/design".into()),
        (true, "Sources", "/sources".into()),
        (journal, "Journal", "/journal".into()),
    ];
    let shown = sections.into_iter().filter(|(show, _, _)| *show);
    shown
        .map(|(_, text, end): (_, _, String)| {
            let href = if end == ADVISORY { end.clone() } else { format!("{home}{end}") };
            // What is kept an eye on has several pages; applications and what becomes of them belong to calls; and who can do
            // what and fits where leads on from their days.
            let also: &[&str] = match end.as_str() {
                "/calls" => &["/applications/", "/funnel"],
                "/days" => &["/skills", "/match"],
                "/themes" => &["/theme-table", "/excerpts/"],
                "/outputs" => &["/sign-off/"],
                "/gatherings" => &["/gathering-feedback"],
                "/channel" => &["/peers"],
                "/needs" => &["/statements", "/review", "/tipping-points", "/briefing", "/handover", "/groups", "/influence"],
                _ => &[],
            };
            let below = cx.path.starts_with(&href) || also.iter().any(|start| cx.path.starts_with(&format!("{home}{start}")));
            let current = if end.is_empty() { cx.path == href } else { below };
            RailItem { text: text.into(), href, current }
        })
        .collect()
}
