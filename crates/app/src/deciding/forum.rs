//! The joint forum: all applications of a call beside each other while the sponsors decide, and what the choice comes
//! to as a whole.

use design::{Power, Sponsor, Stage};
use kernel::Money;
use tables::call;
use ui::parts::{self, FilterGroup, FilterOption, SummaryRow};
use ui::table::{Cell, Table};
use ui::{Html, html};

use super::Outcome;
use super::portfolio::{Line, Portfolio, Seen, portfolio};
use super::standing::{deciders, voices};
use crate::calls::{reference, stage_of};
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Snapshot};

/// What the address says for those on which nobody has proposed anything.
const NOTHING: &str = "none";

impl Seen {
    fn outcome(&self) -> Option<Outcome> {
        self.decided.as_ref().and_then(super::standing::Decided::outcome)
    }
    fn counts(&self) -> bool {
        self.decided.as_ref().is_some_and(super::standing::Decided::counts)
    }
}

pub(super) async fn page(cx: Cx) -> Answer {
    let (programme, call) = (cx.programme()?.clone(), cx.call()?.clone());
    let stage = stage_of(&programme, &call)?;
    let sponsors = deciders(&programme, &stage);
    let all = portfolio(&cx, &call).await?;
    let wanted = cx.query("outcome");
    let shown = |line: &&Line| match (&line.seen, wanted) {
        (_, "") => true,
        (None, _) => false,
        (Some(seen), NOTHING) => seen.outcome().is_none(),
        (Some(seen), key) => seen.outcome().is_some_and(|o| o.key() == key),
    };
    let rows: Vec<_> = all.lines.iter().filter(shown).map(|line| row(&programme, &call, &sponsors, line)).collect();
    let headers = ["Reference", "Partnership", "Organisations", "Where", "Asks for", "Outcome", "How far"];
    let none = rows.is_empty();
    let table = Table::new("Applications", &headers, rows).quiet().html();
    let home = format!("{}/calls/{}", programme.href(), call.slug);
    let (mine, runs) = (voices(&cx, &programme, &stage), cx.viewer().may(Power::RunCalls, programme.id, None));
    let names: Vec<&str> = sponsors.iter().map(|s| s.name.as_str()).collect();
    let lead = format!("{}. A decision counts once each of these has assented: {}.", call.name, names.join(", "));
    let draft = Draft::new("Forum").lead(lead).crumb(&programme.name, programme.href()).crumb(&call.name, &home);
    Ok(draft.page(
        &cx,
        maud! {
            @if !mine.is_empty() { p { a href={ (&home) "/assents" } { "What waits for your sponsor’s assent" } } }
            @if runs { p { a href={ (&home) "/release" } { "Tell everybody" } } }
            (sums(&all, &stage))
            (parts::section("applications", "Applications", maud! {
                (parts::filters(&filters(&cx, &all)))
                @if none { p { "Nothing here matches. " a href=(cx.path()) { "Show everything" } "." } } @else { (table) }
            }))
            (parts::section("sectors", "By sector", sectors(&all)))
            (themes(&all))
        },
    ))
}

fn row(programme: &Snapshot, call: &call::Model, sponsors: &[&Sponsor], line: &Line) -> Vec<Cell> {
    let number = reference(call, line.number);
    let Some(seen) = &line.seen else {
        let mut cells = vec![Cell::text(number).head(), Cell::text("You stand aside")];
        cells.extend((0..5).map(|_| Cell::text("")));
        return cells;
    };
    let href = format!("{}/applications/{}/decision", programme.href(), line.id);
    let organisations = maud! {
        ul { @for (name, sector) in &seen.organisations { li { (name) " " (parts::sector(sector)) } } }
    };
    vec![
        Cell::link(&href, &number).head(),
        Cell::text(&seen.name),
        Cell::html(organisations),
        seen.area.as_ref().map_or_else(Cell::not_stated, Cell::text),
        seen.asked.map_or_else(Cell::not_stated, Cell::money),
        seen.outcome().map_or_else(|| Cell::text("Nothing yet"), |o| Cell::html(o.tag())),
        Cell::text(seen.decided.as_ref().map_or_else(String::new, |d| d.how_far(sponsors))),
    ]
}

fn filters(cx: &Cx, all: &Portfolio) -> Vec<FilterGroup> {
    let option = |key: &str, text: &str, count: usize| FilterOption {
        text: text.into(),
        href: if key.is_empty() { cx.path().to_string() } else { format!("{}?outcome={key}", cx.path()) },
        current: cx.query("outcome") == key,
        count: Some(count),
    };
    let of = |outcome: Option<Outcome>| all.seen().filter(|s| s.outcome() == outcome).count();
    let mut options = vec![option("", "All", all.lines.len()), option(NOTHING, "Nothing yet", of(None))];
    options.extend(Outcome::ALL.iter().map(|o| option(o.key(), o.words(), of(Some(*o)))));
    vec![FilterGroup { label: "Outcome".into(), options }]
}

fn asked<'a>(of: impl Iterator<Item = &'a Seen>) -> Option<Money> {
    of.filter_map(|s| s.asked).try_fold(Money::ZERO, Money::checked_add)
}

/// What has been said so far, against what there is. It counts what the viewer may read, and says so.
fn sums(all: &Portfolio, stage: &Stage) -> Html {
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
    let undecided = all.seen().filter(|s| s.decided.is_none()).count();
    rows.push(SummaryRow::from(("Nothing yet", html(maud! { (undecided) " of " (all.seen().count()) }))));
    rows.push(SummaryRow::from(("Money", money(all, stage))));
    let aside = all.lines.len() - all.seen().count();
    let list = parts::summary_list(rows);
    html(maud! {
        (parts::section("whole", "The choice as a whole", maud! {
            (list)
            @if aside > 0 { p class="muted" { "Without " (aside) " with which you stand aside: what is said of them is not counted here." } }
        }))
    })
}

/// What those chosen ask for, against the number of awards that there are times the award.
fn money(all: &Portfolio, stage: &Stage) -> Html {
    let chosen: Vec<&Seen> = all.seen().filter(|s| s.outcome() == Some(Outcome::Chosen)).collect();
    let silent = chosen.iter().filter(|s| s.asked.is_none()).count();
    let asked = asked(chosen.iter().copied());
    let there = stage.chooses_count().and_then(|n| stage.award?.times(*n.end()));
    html(maud! {
        "Those chosen ask for " (asked.map_or_else(|| "more than can be counted".to_string(), |m| m.to_string()))
        @if silent > 0 { ", without " (silent) " that do not say how much" }
        @match (there, stage.award, asked) {
            (Some(there), _, Some(asked)) => {
                " of " @if stage.up_to { "up to " } (there.to_string()) "."
                @if asked > there { " " (parts::tag("More than there is", parts::Tone::Warning)) }
            }
            (_, Some(award), _) => { ". An award is " @if stage.up_to { "up to " } (award.to_string()) "." }
            _ => { ". The design does not say how much there is." }
        }
    })
}

/// How many of some applications are chosen or in reserve, in the cells of a row.
fn counted<'a>(of: impl Iterator<Item = &'a Seen> + Clone) -> Vec<Cell> {
    let number = |outcome| of.clone().filter(|s| s.outcome() == Some(outcome)).count();
    let money = asked(of.clone().filter(|s| s.outcome() == Some(Outcome::Chosen)));
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
