//! The joint forum: all applications of a call beside each other while the sponsors decide, and what the choice comes
//! to as a whole.

use design::{Power, Sponsor, Stage};
use tables::call;
use ui::parts::{self, Page, SummaryRow};
use ui::table::{Cell, Table};
use ui::{Html, form, html};

use super::Outcome;
use super::anew;
use super::decision::HIDDEN_SCORES;
use super::money;
use super::portfolio::{Line, Portfolio, Seen, portfolio};
use super::propose::{closed_to_deciding, may_propose};
use super::standing::{deciders, voices};
use super::together::MOST;
use super::wanted::{TICK, Wanted, filters};
use crate::assessing::{Summary, tenths};
use crate::calls::{SUBMITTED, reference, stage_of};
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Snapshot};

const PAGE: usize = 50;
const HEADERS: [&str; 8] = [TICKS, "Reference", "Partnership", "Partners", "Where", "Asks for", SCORE, "Outcome"];
/// The column that is left out where the viewer can propose nothing.
const TICKS: &str = "Tick";
/// The column that is left out where nobody scores.
const SCORE: &str = "Score";
const SAID: &[(&str, &str)] =
    &[("together", "Proposed. Each of these decisions counts once each sponsor who decides has assented to it.")];

impl Seen {
    pub(super) fn outcome(&self) -> Option<Outcome> {
        self.said.as_ref().and_then(|said| said.now.outcome())
    }
    pub(super) fn counts(&self) -> bool {
        self.said.as_ref().is_some_and(|said| said.now.counts())
    }
    /// How far what is said of it has come, and what was proposed since it was told.
    pub(super) fn how_far(&self, sponsors: &[&Sponsor]) -> String {
        let Some(said) = &self.said else { return String::new() };
        let Some(later) = &said.later else { return said.now.how_far(sponsors) };
        let outcome = later.outcome().map_or("", Outcome::words);
        format!("{}. Another since, “{outcome}”: {}", said.now.how_far(sponsors), later.how_far(sponsors))
    }
}

pub(super) async fn page(cx: Cx) -> Answer {
    let (programme, call) = (cx.programme()?.clone(), cx.call()?.clone());
    let stage = stage_of(&programme, &call)?;
    let all = portfolio(&cx, &call).await?;
    let home = format!("{}/calls/{}", programme.href(), call.slug);
    let next = programme.programme.design.call.as_ref().map_or(&stage, |c| c.chosen_for(&stage));
    let since = anew::since(&cx, &call, &all).await?;
    let (mine, runs) = (voices(&cx, &programme, &stage), cx.viewer().may(Power::RunCalls, programme.id, None));
    let sponsors = deciders(&programme, &stage);
    let names: Vec<&str> = sponsors.iter().map(|s| s.name.as_str()).collect();
    let lead = format!("{}. A decision counts once each of these has assented: {}.", call.name, names.join(", "));
    let ticks = may_propose(&cx, &programme, &stage)
        && call.released_at.is_none()
        && closed_to_deciding(&call, SUBMITTED, cx.now()).is_none();
    let list = List { programme: &programme, call: &call, sponsors, scored: !stage.criteria.is_empty(), ticks };
    let draft = Draft::new("Forum").lead(lead).done(&cx, SAID).crumb(&programme.name, programme.href()).crumb(&call.name, &home);
    Ok(draft.page(
        &cx,
        maud! {
            @if !mine.is_empty() { p { a href={ (&home) "/assents" } { "What waits for your sponsor’s assent" } } }
            @if runs && call.released_at.is_none() { p { a href={ (&home) "/release" } { "Tell everybody" } } }
            (since)
            (sums(&all, (&stage, next)))
            (parts::section("applications", "Applications", list.html(&cx, &all)))
            (parts::section("sectors", "By sector", sectors(&all)))
            (themes(&all))
        },
    ))
}

/// The applications beside each other, a page at a time.
struct List<'a> {
    programme: &'a Snapshot,
    call: &'a call::Model,
    sponsors: Vec<&'a Sponsor>,
    scored: bool,
    /// Whether the viewer can tick some, to decide on them together.
    ticks: bool,
}

impl List<'_> {
    fn html(&self, cx: &Cx, all: &Portfolio) -> Html {
        let wanted = Wanted::of(cx);
        let lines = wanted.lines(all);
        let of = lines.len().div_ceil(PAGE).max(1);
        let number = cx.query("page").parse().unwrap_or(1).clamp(1, of);
        let (first, last) = ((number - 1) * PAGE, (number * PAGE).min(lines.len()));
        let shown = &lines[first..last];
        let table = self.table(shown, &wanted);
        let pages = Page { number, of, base_href: format!("{}?{}", cx.path(), wanted.query()) };
        let hidden = self.scored && all.seen().any(|s| s.scores.is_none());
        html(maud! {
            (parts::filters(&filters(cx, all, &wanted, self.scored)))
            @if hidden { p { (HIDDEN_SCORES) } }
            @if lines.is_empty() { p { "Nothing here matches. " a href=(cx.path()) { "Show everything" } "." } }
            @else {
                p {
                    (lines.len()) @if lines.len() == 1 { " application" } @else { " applications" }
                    @if of > 1 { ", of which these are " (first + 1) " to " (last) }
                    "."
                }
                @if self.ticks { (self.to_tick(cx, (&lines, shown), &wanted, &pages, &table)) }
                @else { (table) (parts::pagination(&pages)) }
            }
        })
    }

    /// The table with what can be ticked in it. What is ticked on one page goes along to the others.
    fn to_tick(&self, cx: &Cx, (lines, shown): (&[&Line], &[&Line]), wanted: &Wanted, pages: &Page, table: &Html) -> Html {
        let decide = format!("{}/calls/{}/decide", self.programme.href(), self.call.slug);
        let elsewhere: Vec<i32> =
            wanted.ticked.iter().copied().filter(|number| shown.iter().all(|line| line.number != *number)).collect();
        let many = lines.iter().filter(|line| line.seen.is_some()).count();
        html(maud! {
            @if many > 1 {
                p { a href={ (&decide) "?all=yes&" (wanted.filter()) } {
                    @if many > MOST { "Decide on the first " (MOST) " shown together" } @else { "Decide on all " (many) " shown together" }
                } }
            }
            @if !elsewhere.is_empty() {
                p { (elsewhere.len()) " that you ticked " @if elsewhere.len() == 1 { "stands" } @else { "stand" } " on other pages. " a href={ (cx.path()) "?" (wanted.filter()) } { "Untick them all" } }
            }
            (form::asking_form(&decide, maud! {
                (form::hidden("outcome", wanted.outcome)) (form::hidden("sort", wanted.sort))
                @for number in &elsewhere { (form::hidden(TICK, &number.to_string())) }
                fieldset class="govuk-fieldset" {
                    legend class="govuk-fieldset__legend" { "Tick those of which the same is to be said" }
                    (table)
                }
                (form::button("Decide on those ticked together"))
                (parts::pagination_buttons(pages, cx.path()))
            }))
        })
    }

    fn table(&self, lines: &[&Line], wanted: &Wanted) -> Html {
        let rows = lines.iter().map(|line| self.row(line, wanted.ticked.contains(&line.number)));
        let here = |h: &&str| (self.scored || *h != SCORE) && (self.ticks || *h != TICKS);
        let headers: Vec<&str> = HEADERS.into_iter().filter(here).collect();
        Table::new("Applications", &headers, rows.collect()).quiet().html()
    }

    fn row(&self, line: &Line, ticked: bool) -> Vec<Cell> {
        let number = reference(self.call, line.number);
        let Some(seen) = &line.seen else {
            let mut cells = vec![Cell::text(number).head(), Cell::text("You stand aside")];
            cells.extend((0..if self.scored { 5 } else { 4 }).map(|_| Cell::text("")));
            if self.ticks {
                cells.insert(0, Cell::text(""));
            }
            return cells;
        };
        let href = format!("{}/applications/{}/decision", self.programme.href(), line.id);
        let organisations = maud! {
            ul class="govuk-list" { @for (name, sector) in &seen.organisations { li { (name) " " (parts::sector(sector)) } } }
        };
        let mut cells = Vec::new();
        if self.ticks {
            let (id, label) = (format!("{TICK}.{}", line.number), format!("{number} {}", seen.name));
            cells.push(Cell::html(form::tick(&id, TICK, &line.number.to_string(), &label, ticked)));
        }
        cells.extend([
            Cell::link(&href, &number).head(),
            Cell::text(&seen.name),
            Cell::html(organisations),
            seen.area.as_ref().map_or_else(Cell::not_stated, Cell::text),
            seen.asked.map_or_else(Cell::not_stated, Cell::money),
        ]);
        if self.scored {
            cells.push(score(seen.scores.as_ref()));
        }
        cells.push(match seen.outcome() {
            None => Cell::text("Nothing yet"),
            Some(outcome) => Cell::html(maud! { (outcome.tag()) " " (seen.how_far(&self.sponsors)) }),
        });
        cells
    }
}

/// The mean, how far the scores lie apart, and how many have read it.
pub(super) fn score(of: Option<&Summary>) -> Cell {
    let Some(of) = of else { return Cell::text("Not shown yet") };
    let apart = of.least.zip(of.most).map(|(least, most)| format!("{} to {}, ", tenths(least), tenths(most)));
    let apart = apart.unwrap_or_default();
    Cell::html(maud! {
        @if let Some(mean) = of.mean { strong { (tenths(mean)) } " " }
        span class="muted" { (&apart) (of.submitted) " of " (of.wanted) " in" }
    })
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
