//! The page around every page: the bar, the rail, the way back, the heading and the sentence below it.

use hypertext::Rendered;
use kernel::Invalid;

use crate::dsl::*;
use crate::{assets, form, mark, parts};

/// Where the bar's own links lead.
pub const TODAY: &str = "/";
pub const SEARCH: &str = "/search";
pub const ACCOUNT: &str = "/account";
pub const SIGN_IN: &str = "/sign-in";
pub const SIGN_OUT: &str = "/sign-out";

/// What every form that writes carries: a token that shows it came from one of our pages, and a key by which a
/// second press of the same button is known for what it is. They travel as `form_token` and `once`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormKeys {
    pub token: String,
    pub once: String,
}

/// The programme one is in.
#[derive(Debug, Clone, Default)]
pub struct NavProgramme {
    pub name: String,
    pub href: String,
    /// Made up, to try things out in.
    pub practice: bool,
}

/// A section of the programme.
#[derive(Debug, Clone, Default)]
pub struct RailItem {
    pub text: String,
    pub href: String,
    pub current: bool,
}

/// Who is looking.
#[derive(Debug, Clone, Default)]
pub struct ViewerBar {
    /// Tells one person from another on a shared device.
    pub id: String,
    pub name: String,
}

/// How a notice is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeKind {
    Success,
    Important,
}

/// What happened, and what happens next.
#[derive(Debug, Clone)]
pub struct Notice {
    pub kind: NoticeKind,
    pub text: String,
    pub undo: Option<Undo>,
}

/// A way back from what was just done.
#[derive(Debug, Clone, Default)]
pub struct Undo {
    pub action: String,
    pub keys: FormKeys,
    pub label: String,
}

/// What is wrong with a form, above the page's heading, each line leading to its field.
#[derive(Debug, Clone, Default)]
pub struct InvalidSummary {
    pub title: String,
    /// The id of the field and what is wrong with it.
    pub items: Vec<(String, String)>,
}

impl From<&Invalid> for InvalidSummary {
    fn from(invalid: &Invalid) -> Self {
        let items = invalid.problems().iter().map(|p| (p.field.to_string(), p.message.clone())).collect();
        Self { title: "Please look at this again".to_owned(), items }
    }
}

impl From<Invalid> for InvalidSummary {
    fn from(invalid: Invalid) -> Self {
        Self::from(&invalid)
    }
}

/// What stands around a page's own words.
#[derive(Debug, Clone, Default)]
pub struct Shell {
    /// The page's name: its only `h1`.
    pub title: String,
    /// The language of that name, where it is not the page's.
    pub title_lang: Option<&'static str>,
    /// One sentence of what this is for.
    pub lead: Option<String>,
    pub programme: Option<NavProgramme>,
    /// The programme's sections.
    pub rail: Vec<RailItem>,
    /// The way here: text and address.
    pub crumbs: Vec<(String, String)>,
    pub viewer: Option<ViewerBar>,
    pub notice: Option<Notice>,
    /// The whole site is a demonstration.
    pub demo: bool,
    pub sign_out_form: Option<FormKeys>,
    pub invalid: Option<InvalidSummary>,
    /// A page made for paper: nothing but its words, also on the screen.
    pub print: bool,
    /// Links at the foot: text and address.
    pub footer: Vec<(String, String)>,
    /// What the head says beside what every page's does, for machines.
    pub head: Option<Html>,
}

impl Shell {
    #[must_use]
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }

    /// The whole document.
    #[must_use]
    pub fn page(self, body: impl Renderable) -> Rendered<String> {
        let wrong = self.invalid.as_ref().filter(|i| !i.items.is_empty());
        let error = if wrong.is_some() { "Error: " } else { "" };
        crate::html::page(maud! {
            !DOCTYPE
            html lang="en-GB" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (error) (&self.title) (self.title_end()) }
                    @if let Some(head) = &self.head { (head) }
                    @if !assets::icon().is_empty() { link rel="icon" href=(assets::icon()) type="image/svg+xml"; }
                    @if !assets::stylesheet().is_empty() { link rel="stylesheet" href=(assets::stylesheet()); }
                    @if !assets::script().is_empty() { script src=(assets::script()) type="module" {} }
                }
                body class=(if self.print { "page for-paper" } else { "page" }) data-viewer=[self.viewer.as_ref().map(|v| v.id.as_str())] {
                    a class="govuk-skip-link" href="#main" data-module="govuk-skip-link" { "Skip to the page" }
                    (self.bar())
                    div class=(if self.rail.is_empty() { "frame" } else { "frame with-rail" }) {
                        (self.menu())
                        main id="main" class="main" tabindex="-1" {
                            (self.way_here())
                            @if let Some(wrong) = wrong { (error_summary(wrong)) }
                            @if let Some(notice) = &self.notice { (told(notice)) }
                            h1 lang=[self.title_lang] { (&self.title) }
                            @if let Some(lead) = &self.lead { p class="lead" { (lead) } }
                            // Shown by the script, since without it the button could do nothing.
                            @if self.print {
                                button class="govuk-button govuk-button--secondary" type="button" hidden data-print="" { "Print this page" }
                            }
                            (body)
                        }
                    }
                    (self.foot())
                }
            }
        })
    }

    fn title_end(&self) -> String {
        self.programme.as_ref().map_or_else(|| " – Commonweal".to_owned(), |p| format!(" – {} – Commonweal", p.name))
    }

    fn bar(&self) -> Html {
        html(maud! {
            header {
                div class="bar" {
                    div class="bar-inside" {
                        div class="bar-name" {
                            a class="bar-home" href=(TODAY) { (mark::plait()) span { "Commonweal" } }
                            @if let Some(programme) = &self.programme {
                                a class="bar-programme" href=(&programme.href) { (&programme.name) }
                                @if programme.practice { span class="bar-practice" { "Practice" } }
                            }
                        }
                        @if self.viewer.is_some() { (search_box()) }
                        nav class="bar-links" aria-label="Your pages" { (self.own_links()) }
                    }
                }
                @if self.demo { (demonstration()) }
            }
        })
    }

    fn own_links(&self) -> Html {
        html(maud! {
            @if let Some(viewer) = &self.viewer {
                a class="bar-search-link" href=(SEARCH) { "Search" }
                a href=(TODAY) { "Today" }
                details class="bar-account" data-menu="" {
                    summary { span class="govuk-visually-hidden" { "Your account: " } span class="bar-account-name" { (&viewer.name) } }
                    div class="bar-sheet" {
                        a href=(ACCOUNT) { "Your account" }
                        @if let Some(keys) = &self.sign_out_form {
                            (form::button_form(SIGN_OUT, keys, maud! { button class="link-button" type="submit" { "Sign out" } }))
                        }
                    }
                }
            } @else {
                a href=(SIGN_IN) { "Sign in" }
            }
        })
    }

    /// The sections twice over: as a rail on a wide screen, as a menu that opens on a narrow one. Only one of the two
    /// is ever shown, and what is not shown is not read out.
    fn menu(&self) -> Html {
        html(maud! {
            @if !self.rail.is_empty() {
                nav class="rail" aria-label="Sections" { (self.sections()) }
                details class="menu" data-menu="" {
                    summary { "Menu" }
                    nav aria-label="Sections" { (self.sections()) }
                }
            }
        })
    }

    fn sections(&self) -> Html {
        html(maud! {
            ul {
                @for item in &self.rail {
                    li { a href=(&item.href) aria-current=[item.current.then_some("page")] { (&item.text) } }
                }
            }
        })
    }

    fn way_here(&self) -> Html {
        html(maud! {
            @if !self.crumbs.is_empty() {
                nav class="crumbs" aria-label="The way here" {
                    ol { @for (text, href) in &self.crumbs { li { a href=(href) { (text) } } } }
                }
            }
        })
    }

    fn foot(&self) -> Html {
        html(maud! {
            footer class="foot" {
                div class="foot-inside" {
                    (mark::plait())
                    @if !self.footer.is_empty() {
                        ul { @for (text, href) in &self.footer { li { a href=(href) { (text) } } } }
                    }
                }
            }
        })
    }
}

fn search_box() -> Html {
    html(maud! {
        search class="bar-search" {
            form action=(SEARCH) method="get" {
                label class="govuk-visually-hidden" for="bar-q" { "Search" }
                input id="bar-q" name="q" type="search" autocomplete="off";
                button type="submit" { "Search" }
            }
        }
    })
}

fn demonstration() -> Html {
    html(maud! {
        div class="demo" { p { "This is a demonstration. In the practice programme, people, places and sums are made up." } }
    })
}

fn error_summary(wrong: &InvalidSummary) -> Html {
    html(maud! {
        div class="govuk-error-summary" data-module="govuk-error-summary" {
            div role="alert" {
                h2 class="govuk-error-summary__title" { (&wrong.title) }
                div class="govuk-error-summary__body" {
                    ul class="govuk-list govuk-error-summary__list" {
                        @for (field, message) in &wrong.items { li { a href={ "#" (field) } { (message) } } }
                    }
                }
            }
        }
    })
}

fn told(notice: &Notice) -> Html {
    let class = match notice.kind {
        NoticeKind::Success => "notice notice-done",
        NoticeKind::Important => "notice notice-important",
    };
    html(maud! {
        div class=(class) role="status" {
            p { (&notice.text) }
            @if let Some(undo) = &notice.undo { (parts::undo_button(undo)) }
        }
    })
}
