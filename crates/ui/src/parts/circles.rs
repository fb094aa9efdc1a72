//! Who reads what, and which sector somebody comes from. Never by colour alone: always with a shape and a word.

use crate::dsl::*;
use crate::parts::tag;

/// How wide a circle is, drawn as how much of a ring it fills: the fuller, the more people read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shape {
    /// A few named people.
    Few,
    /// Everybody of one place.
    #[default]
    Place,
    /// Everybody of the programme.
    Programme,
    /// Anybody at all.
    Public,
}

/// The name of a circle and how wide it is.
#[must_use]
pub fn circle_badge(name: &str, shape: Shape) -> impl Renderable + '_ {
    let reach = match shape {
        Shape::Few => "3",
        Shape::Place => "5.5",
        Shape::Programme => "8",
        Shape::Public => "11",
    };
    written! {
        span class="circle-badge" {
            svg class="rings" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false" {
                circle class="ring" cx="12" cy="12" r="11" {}
                circle class="ring-core" cx="12" cy="12" r=(reach) {}
            }
            span { (name) }
        }
    }
}

/// Who reads an entry, or will read what one is about to write.
#[derive(Debug, Clone, Default)]
pub struct WhoReads<'a> {
    pub circle: &'a str,
    /// What the circle is for, in a sentence.
    pub about: &'a str,
    pub count: usize,
    /// There are more than this many, too many to count or name.
    pub many: Option<u64>,
    pub roles: Vec<String>,
    pub names: Vec<String>,
    /// Anybody at all reads it, with or without an account.
    pub everybody: bool,
}

/// The one step by which the circle is changed.
#[derive(Debug, Clone, Copy)]
pub struct Change<'a> {
    pub text: &'a str,
    pub href: &'a str,
}

/// The line "Who reads this: Support circle, 9 people: project lead, learning lead…", opening to the names.
#[must_use]
pub fn who_reads(who: &WhoReads<'_>) -> Html {
    who_reads_with(who, if who.everybody { Shape::Public } else { Shape::Few }, None)
}

/// The same, with how wide the circle is, and the step by which it is changed.
#[must_use]
pub fn who_reads_with(who: &WhoReads<'_>, shape: Shape, change: Option<Change<'_>>) -> Html {
    let shape = if who.everybody { Shape::Public } else { shape };
    html(maud! {
        div class="who-reads" {
            details {
                summary {
                    span class="who-reads-label" { "Who reads this: " }
                    (circle_badge(who.circle, shape))
                    span class="govuk-visually-hidden" { ", " }
                    span class="who-reads-count" { (count(who)) }
                }
                div class="who-reads-names" {
                    @if !who.about.is_empty() { p { (who.about) } }
                    @if who.everybody {
                        p { "This is public: anybody can read it, without an account." }
                    } @else if who.many.is_some() {
                        p { "Too many to name here: everybody who holds one of these roles today." }
                    } @else if who.names.is_empty() {
                        p class="muted" { "Nobody is in this circle yet." }
                    } @else {
                        ul { @for name in &who.names { li { (name) } } }
                    }
                }
            }
            @if let Some(change) = change { a class="who-reads-change" href=(change.href) { (change.text) } }
        }
    })
}

fn count(who: &WhoReads<'_>) -> String {
    if who.everybody {
        return "everybody".to_owned();
    }
    let people = match (who.many, who.count) {
        (Some(many), _) => format!("more than {many} people"),
        (_, 0) => "nobody yet".to_owned(),
        (_, 1) => "1 person".to_owned(),
        (_, n) => format!("{n} people"),
    };
    if who.roles.is_empty() { people } else { format!("{people}: {}", who.roles.join(", ")) }
}

/// Where an organisation belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sector {
    Voluntary,
    Nhs,
    Council,
    Community,
    Other,
}

impl Sector {
    pub const ALL: [Self; 5] = [Self::Voluntary, Self::Nhs, Self::Council, Self::Community, Self::Other];

    /// The sector with this key; whatever is not known is another.
    #[must_use]
    pub fn of(key: &str) -> Self {
        Self::ALL.into_iter().find(|s| s.key() == key.to_lowercase()).unwrap_or(Self::Other)
    }
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Voluntary => "voluntary",
            Self::Nhs => "nhs",
            Self::Council => "council",
            Self::Community => "community",
            Self::Other => "other",
        }
    }
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Voluntary => "Voluntary sector",
            Self::Nhs => "NHS",
            Self::Council => "Council",
            Self::Community => "Community",
            Self::Other => "Other",
        }
    }
}

/// A sector as shape, word and colour.
#[must_use]
pub fn sector(key: &str) -> Html {
    let sector = Sector::of(key);
    html(maud! {
        span class={ "sector sector-" (sector.key()) } {
            svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true" focusable="false" {
                @match sector {
                    Sector::Voluntary => circle cx="8" cy="8" r="7" {}
                    Sector::Nhs => polygon points="8,0 16,8 8,16 0,8" {}
                    Sector::Council => rect x="1" y="1" width="14" height="14" {}
                    Sector::Community => polygon points="8,1 16,15 0,15" {}
                    Sector::Other => circle class="sector-ring" cx="8" cy="8" r="6" {}
                }
            }
            span { (sector.word()) }
        }
    })
}

/// How something stands, beside a circle's name.
#[must_use]
pub(crate) fn extract_tag() -> Html {
    tag("Extract", crate::parts::Tone::Neutral)
}
