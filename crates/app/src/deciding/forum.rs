//! The joint forum: all applications of a call beside each other while the sponsors decide, and what the choice comes
//! to as a whole.

use design::{Power, Sponsor, Stage};
use tables::call;
use ui::parts::{self, FilterGroup, FilterOption, SummaryRow};
use ui::table::{Cell, Table};
use ui::{Html, html};

use super::Outcome;
use super::anew;
use super::decision::HIDDEN_SCORES;
use super::money;
use super::portfolio::{Line, Portfolio, Seen, portfolio};
use super::standing::{deciders, voices};
use crate::assessing::{Summary, tenths};
use crate::calls::{reference, stage_of};
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Snapshot};

/// What the address says for those on which nobody has proposed anything.
const NOTHING: &str = "none";
const HEADERS: [&str; 7] = ["Reference", "Partnership", "Partners", "Where", "Asks for", SCORE, "Outcome"];
/// The column that is left out where nobody scores.
const SCORE: &str = "Score";
const SORTS: [(&str, &str); 3] = [("", "Number"), ("score", "Score"), ("difference", "Largest difference")];

impl Seen {
    pub(super) fn outcome(&self) -> Option<Outcome> {
        self.said.as_ref().and_then(|said| said.now.outcome())
    }
    pub(super) fn counts(&self) -> bool {
        self.said.as_ref().is_some_and(|said| said.now.counts())
    }
    /// How far what is said of it has come, and what was proposed since it was told.
    fn how_far(&self, sponsors: &[&Sponsor]) -> String {
        let Some(said) = &self.said else { return String::new() };
        let Some(later) = &said.later else { return said.now.how_far(sponsors) };
        let outcome = later.outcome().map_or("", Outcome::words);
        format!("{}. Another since, “{outcome}”: {}", said.now.how_far(sponsors), later.how_far(sponsors))
    }
}

pub(super) async fn page(cx: Cx) -> Answer {
    let (programme, call) = (cx.programme()?.clone(), cx.call()?.clone());
    let stage = stage_of(&programme, &call)?;
    let sponsors = deciders(&programme, &stage);
    let all = portfolio(&cx, &call).await?;
    let wanted = Wanted::of(&cx);
    let mut lines: Vec<&Line> = all.lines.iter().filter(|line| wanted.shows(line)).collect();
    lines.sort_by(|a, b| figure(b, wanted.sort).total_cmp(&figure(a, wanted.sort)));
    let scored = !stage.criteria.is_empty();
    let rows: Vec<_> = lines.iter().map(|line| row(&programme, &call, &sponsors, line, scored)).collect();
    let hidden = scored && all.seen().any(|s| s.scores.is_none());
    let headers: Vec<&str> = HEADERS.into_iter().filter(|h| scored || *h != SCORE).collect();
    let none = rows.is_empty();
    let table = Table::new("Applications", &headers, rows).quiet().html();
    let home = format!("{}/calls/{}", programme.href(), call.slug);
    let next = programme.programme.design.call.as_ref().map_or(&stage, |c| c.chosen_for(&stage));
    let since = anew::since(&cx, &call, &all).await?;
    let (mine, runs) = (voices(&cx, &programme, &stage), cx.viewer().may(Power::RunCalls, programme.id, None));
    let names: Vec<&str> = sponsors.iter().map(|s| s.name.as_str()).collect();
    let lead = format!("{}. A decision counts once each of these has assented: {}.", call.name, names.join(", "));
    let draft = Draft::new("Forum").lead(lead).crumb(&programme.name, programme.href()).crumb(&call.name, &home);
    Ok(draft.page(
        &cx,
        maud! {
            @if !mine.is_empty() { p { a href={ (&home) "/assents" } { "What waits for your sponsor’s assent" } } }
            @if runs && call.released_at.is_none() { p { a href={ (&home) "/release" } { "Tell everybody" } } }
            (since)
            (sums(&all, (&stage, next)))
            (parts::section("applications", "Applications", maud! {
                (parts::filters(&filters(&cx, &all, &wanted, scored)))
                @if hidden { p { (HIDDEN_SCORES) } }
                @if none { p { "Nothing here matches. " a href=(cx.path()) { "Show everything" } "." } } @else { (table) }
            }))
            (parts::section("sectors", "By sector", sectors(&all)))
            (themes(&all))
        },
    ))
}

/// By what the table is ordered; what has no such figure stands at the end, and equals in the order of their numbers.
fn figure(line: &Line, sort: &str) -> f64 {
    let scores = line.seen.as_ref().and_then(|s| s.scores.as_ref());
    let found = scores.and_then(|s| match sort {
        "score" => s.mean,
        "difference" => Some(s.most? - s.least?),
        _ => None,
    });
    found.unwrap_or(-1.0)
}

fn row(programme: &Snapshot, call: &call::Model, sponsors: &[&Sponsor], line: &Line, scored: bool) -> Vec<Cell> {
    let number = reference(call, line.number);
    let Some(seen) = &line.seen else {
        let mut cells = vec![Cell::text(number).head(), Cell::text("You stand aside")];
        cells.extend((0..if scored { 5 } else { 4 }).map(|_| Cell::text("")));
        return cells;
    };
    let href = format!("{}/applications/{}/decision", programme.href(), line.id);
    let organisations = maud! {
        ul class="govuk-list" { @for (name, sector) in &seen.organisations { li { (name) " " (parts::sector(sector)) } } }
    };
    let mut cells = vec![
        Cell::link(&href, &number).head(),
        Cell::text(&seen.name),
        Cell::html(organisations),
        seen.area.as_ref().map_or_else(Cell::not_stated, Cell::text),
        seen.asked.map_or_else(Cell::not_stated, Cell::money),
    ];
    if scored {
        cells.push(score(seen.scores.as_ref()));
    }
    cells.push(match seen.outcome() {
        None => Cell::text("Nothing yet"),
        Some(outcome) => Cell::html(maud! { (outcome.tag()) " " (seen.how_far(sponsors)) }),
    });
    cells
}

/// The mean, how far the scores lie apart, and how many have read it.
fn score(of: Option<&Summary>) -> Cell {
    let Some(of) = of else { return Cell::text("Not shown yet") };
    let apart = of.least.zip(of.most).map(|(least, most)| format!("{} to {}, ", tenths(least), tenths(most)));
    let apart = apart.unwrap_or_default();
    Cell::html(maud! {
        @if let Some(mean) = of.mean { strong { (tenths(mean)) } " " }
        span class="muted" { (&apart) (of.submitted) " of " (of.wanted) " in" }
    })
}

/// What the address asks for, where it is something that can be asked for.
struct Wanted {
    outcome: &'static str,
    sort: &'static str,
}

impl Wanted {
    fn of(cx: &Cx) -> Self {
        let mut outcomes = Outcome::ALL.iter().map(|o| o.key()).chain([NOTHING]);
        let mut sorts = SORTS.iter().map(|(key, _)| *key);
        Self {
            outcome: outcomes.find(|key| *key == cx.query("outcome")).unwrap_or(""),
            sort: sorts.find(|key| *key == cx.query("sort")).unwrap_or(""),
        }
    }
    fn shows(&self, line: &Line) -> bool {
        match (&line.seen, self.outcome) {
            (_, "") => true,
            (None, _) => false,
            (Some(seen), NOTHING) => seen.outcome().is_none(),
            (Some(seen), key) => seen.outcome().is_some_and(|o| o.key() == key),
        }
    }
    fn href(&self, cx: &Cx) -> String {
        format!("{}?outcome={}&sort={}", cx.path(), self.outcome, self.sort)
    }
}

fn filters(cx: &Cx, all: &Portfolio, wanted: &Wanted, scored: bool) -> Vec<FilterGroup> {
    let option = |key, text: &str, count: usize| FilterOption {
        text: text.into(),
        href: Wanted { outcome: key, ..*wanted }.href(cx),
        current: wanted.outcome == key,
        count: Some(count),
    };
    let of = |outcome: Option<Outcome>| all.seen().filter(|s| s.outcome() == outcome).count();
    let mut options = vec![option("", "All", all.lines.len()), option(NOTHING, "Nothing yet", of(None))];
    options.extend(Outcome::ALL.iter().map(|o| option(o.key(), o.words(), of(Some(*o)))));
    let mut groups = vec![FilterGroup { label: "Outcome".into(), options }];
    if scored {
        let by = |(key, text): &(&'static str, &str)| FilterOption {
            text: (*text).into(),
            href: Wanted { sort: key, ..*wanted }.href(cx),
            current: wanted.sort == *key,
            count: None,
        };
        groups.push(FilterGroup { label: "In order of".into(), options: SORTS.iter().map(by).collect() });
    }
    groups
}

/// What has been said so far, against what there is. It counts what the viewer may read, and says so.
fn sums(all: &Portfolio, (stage, next): (&Stage, &Stage)) -> Html {
    let of = |outcome: Outcome| all.seen().filter(move |s| s.outcome() == Some(outcome));
    let number = |outcome: Outcome| {
        let counts = of(outcome).filter(|s| s.counts()).count();
        let proposed = of(outcome).count() - counts;
        format!("{counts} counting, {proposed} proposed")
    };
    let may = stage
        .chooses
        .as_ref()
        .map_or_else(|| "the design does not say how many there can be".to_string(), |n| format!("the design foresees {n}"));
    let mut rows: Vec<SummaryRow> = Outcome::ALL
        .iter()
        .filter(|o| of(**o).next().is_some() || **o == Outcome::Chosen)
        .map(|o| {
            let said = if *o == Outcome::Chosen { format!("{}; {may}", number(*o)) } else { number(*o) };
            SummaryRow::from((o.words(), html(maud! { (said) })))
        })
        .collect();
    let undecided = all.seen().filter(|s| s.said.is_none()).count();
    rows.push(SummaryRow::from(("Nothing yet", html(maud! { (undecided) " of " (all.seen().count()) }))));
    rows.push(SummaryRow::from(("Money", money::in_words(all, (stage, next)))));
    let aside = all.lines.len() - all.seen().count();
    let (list, picture) = (parts::summary_list(rows), money::picture(all, (stage, next)));
    html(maud! {
        (parts::section("whole", "The choice as a whole", maud! {
            (list)
            @if aside > 0 { p class="muted" { "Without " (aside) " with which you stand aside: what is said of them is not counted here." } }
            (picture)
        }))
    })
}

/// How many of some applications are chosen or in reserve, in the cells of a row.
fn counted<'a>(of: impl Iterator<Item = &'a Seen> + Clone) -> Vec<Cell> {
    let number = |outcome| of.clone().filter(|s| s.outcome() == Some(outcome)).count();
    let money = money::asked(of.clone().filter(|s| s.outcome() == Some(Outcome::Chosen)));
    vec![
        Cell::number(of.clone().count()),
        Cell::number(number(Outcome::Chosen)),
        Cell::number(number(Outcome::Reserve)),
        money.map_or_else(Cell::not_stated, Cell::money),
    ]
}

const COUNTED: [&str; 4] = ["Applications", "Chosen", "Reserve", "Chosen ask for"];

fn sectors(all: &Portfolio) -> Html {
    let rows = parts::Sector::ALL.iter().map(|sector| {
        let key = sector.key();
        let in_it = all.seen().filter(move |s| s.organisations.iter().any(|(_, of)| of == key));
        let mut cells = vec![Cell::html(parts::sector(key)).head()];
        cells.extend(counted(in_it.collect::<Vec<_>>().into_iter()));
        cells
    });
    let headers: Vec<&str> = std::iter::once("With an organisation of").chain(COUNTED).collect();
    Table::new("By sector; most applications are in more than one", &headers, rows.collect()).html()
}

/// The same for every question of the form that offers choices.
fn themes(all: &Portfolio) -> Html {
    let headers: Vec<&str> = std::iter::once("Answer").chain(COUNTED).collect();
    let tables = all.themes.iter().map(|theme| {
        let (key, label) = (&theme.key, &theme.label);
        let rows = theme.options.iter().map(|(option, name)| {
            let chose = |s: &&Seen| s.chosen.get(key).is_some_and(|c| c.contains(option));
            let mut cells = vec![Cell::text(name).head()];
            cells.extend(counted(all.seen().filter(chose).collect::<Vec<_>>().into_iter()));
            cells
        });
        (label, Table::new(label, &headers, rows.collect()).quiet().html())
    });
    let tables: Vec<_> = tables.collect();
    html(maud! {
        @if !tables.is_empty() {
            (parts::section("themes", "By what they answered", maud! {
                @for (label, table) in &tables { (parts::details(label, table)) }
            }))
        }
    })
}
