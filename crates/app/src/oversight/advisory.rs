//! For those who sit in advisory groups: the programmes that they advise side by side, as their designs say it; what the
//! groups have said and been told; and the questions that stay open. A group belongs to one programme, so whoever is in
//! several reads here what each of them would show by itself, and nothing else.

use std::collections::BTreeMap;
use std::sync::Arc;

use design::{ComponentKind, Design, Part, Sponsor, Statement};
use kernel::{Day, Fault};
use sea_orm::Condition;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{CircleId, ThemeId, entry, place};
use ui::table::{Cell, Table};
use ui::{Html, html, parts};

use crate::entries::{self, Asked, EntryListed, MatterListed, MattersWanted};
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Snapshot, Stop};
use crate::learning;
use crate::programmes::{amount, days_given, statements};

/// As many of the newest entries as stand here.
const NEWEST: usize = 50;
/// As many themes.
const THEMES: usize = 40;
/// As many open matters of one programme.
const OPEN: u64 = 100;

/// A programme that the viewer advises.
struct Advised {
    programme: Arc<Snapshot>,
    /// What its advisory group reads.
    circles: Vec<CircleId>,
    /// How many places it has.
    places: u64,
}

impl Advised {
    fn design(&self) -> &Design {
        &self.programme.programme.design
    }
}

async fn advised(cx: &Cx) -> Result<Vec<Advised>, Fault> {
    let mut all = Vec::new();
    for programme in cx.viewer().advised() {
        let groups = programme.programme.design.advisory_circles();
        let circles: Vec<CircleId> = groups.filter_map(|c| programme.circle_id(&c.key)).collect();
        let places = place::Entity::find().filter(place::COLUMN.programme_id.eq(programme.id));
        let places = places.count(cx.read()).await.map_err(fault("count places"))?;
        all.push(Advised { programme, circles, places });
    }
    Ok(all)
}

/// `/advisory`
pub(super) async fn page(cx: Cx) -> Answer {
    let all = advised(&cx).await?;
    if all.is_empty() {
        return Err(Stop::Missing);
    }
    let newest = newest(&cx, &all).await?;
    let open = open(&cx, &all).await?;
    let pooled = pooled(&cx, &all).await?;
    let compared = side_by_side(&cx, &all);
    let open = open_matters(&cx, &open);
    let each = each(&cx, &all);
    let lead = "The programmes that you advise side by side, what the groups have said and been told, and what stays open.";
    Ok(Draft::new("Advisory group").lead(lead).page(
        &cx,
        maud! {
            (parts::section("side-by-side", "Programmes side by side", &compared))
            (parts::section("said", "What the group has said and been told", maud! {
                @if newest.is_empty() {
                    p { "Nothing yet. What the group records stands here, and what is shared with it." }
                } @else {
                    (entries::cards_across(&newest))
                    @if newest.len() == NEWEST { p { "These are the newest " (NEWEST) ". The rest stands in each programme, below." } }
                }
            }))
            (parts::section("themes", "Themes of all of them", maud! { (pooled) }))
            (parts::section("questions", "Open questions", maud! { (open) (asked_by_designs(&all)) }))
            (parts::section("programmes", "Each programme", &each))
        },
    ))
}

/// Themes of one name: in which of the programmes, and in how many excerpts there.
struct Alike {
    name: String,
    of: Vec<(usize, ThemeId, i64)>,
}

impl Alike {
    fn sum(&self) -> i64 {
        self.of.iter().map(|(.., many)| many).sum()
    }
}

/// Programmes keep their own themes; those of one name are taken together. Those that most programmes have stand first.
async fn alike(cx: &Cx, all: &[Advised]) -> Result<Vec<Alike>, Fault> {
    let mut named: BTreeMap<String, Alike> = BTreeMap::new();
    for (at, one) in all.iter().enumerate() {
        for (id, name, many) in learning::themes_read(cx, &one.programme).await? {
            named.entry(name.to_lowercase()).or_insert_with(|| Alike { name, of: Vec::new() }).of.push((at, id, many));
        }
    }
    let mut themes: Vec<Alike> = named.into_values().collect();
    // By name where they are alike: sorting keeps the order that there is.
    themes.sort_by_key(|theme| std::cmp::Reverse((theme.of.len(), theme.sum())));
    Ok(themes)
}

/// The themes that the excerpts have which reach the viewer, programme beside programme.
async fn pooled(cx: &Cx, all: &[Advised]) -> Result<Html, Fault> {
    let themes = alike(cx, all).await?;
    let left = themes.len().saturating_sub(THEMES);
    let rows = themes.iter().take(THEMES).map(|theme| {
        let each = all.iter().enumerate().map(|(at, one)| match theme.of.iter().find(|(of, ..)| *of == at) {
            Some((_, id, many)) => Cell::number_link(&format!("{}/themes/{id}", one.programme.href()), *many),
            None => Cell::no_number("none"),
        });
        std::iter::once(Cell::text(&theme.name).head()).chain(each).chain([Cell::number(theme.sum())]).collect::<Vec<Cell>>()
    });
    let mut headers = vec!["Theme"];
    headers.extend(all.iter().map(|one| one.programme.name.as_str()));
    headers.push("All");
    let table = Table::new("Excerpts of what is shared with you, by theme", &headers, rows.collect()).quiet().html();
    Ok(html(maud! {
        @if themes.is_empty() { p { "Nothing yet. Once passages of what is shared with the group have themes, they stand here, programme beside programme." } } @else {
            p class="muted" { "Excerpts of what you may read, and of nothing else. Themes of the same name are taken together; those that several programmes have stand first." }
            (table)
            @if left > 0 { p class="muted" { (left) " more are in fewer excerpts; they stand in each programme." } }
        }
    }))
}

/// What a design says of something; nothing where it says nothing.
type Says = fn(&Cx, &Advised) -> Option<Html>;

const LINES: [(&str, Says); 10] = [
    ("What it is for", purpose),
    ("Who runs it", sponsors),
    ("Phases", phases),
    ("Places", places),
    ("How places are found", found),
    ("What a place is made of", made_of),
    ("What it offers", offer),
    ("Days", days),
    ("Money", money),
    ("Evaluation", evaluation),
];

/// A column for each programme, so that the same thing stands beside itself; on a narrow screen, a card for each thing.
fn side_by_side(cx: &Cx, all: &[Advised]) -> Html {
    let mut headers = vec!["What the design says"];
    headers.extend(all.iter().map(|one| one.programme.name.as_str()));
    let rows = LINES.into_iter().filter_map(|(name, says)| {
        let said: Vec<Option<Html>> = all.iter().map(|one| says(cx, one)).collect();
        // What no design says is left out.
        said.iter().any(Option::is_some).then(|| {
            let cells = said.into_iter().map(|said| said.map_or_else(Cell::not_stated, Cell::html));
            std::iter::once(Cell::text(name).head()).chain(cells).collect::<Vec<Cell>>()
        })
    });
    Table::new("The programmes side by side", &headers, rows.collect()).quiet().html()
}

fn listed(lines: Vec<String>) -> Option<Html> {
    (!lines.is_empty()).then(|| html(maud! { ul class="govuk-list" { @for line in &lines { li { (line) } } } }))
}

fn told(cx: &Cx, said: &[Statement]) -> Option<Html> {
    (!said.is_empty()).then(|| statements(cx, said))
}

fn paragraph(text: &str) -> Html {
    html(maud! { p { (text) } })
}

fn purpose(cx: &Cx, one: &Advised) -> Option<Html> {
    Some(told(cx, &one.design().purpose).unwrap_or_else(|| paragraph(&one.design().summary)))
}

fn sponsors(_: &Cx, one: &Advised) -> Option<Html> {
    listed(one.design().sponsors.iter().map(|s| format!("{} ({})", s.name, s.part.words())).collect())
}

/// With their months and how long they last, and the gates between them.
fn phases(_: &Cx, one: &Advised) -> Option<Html> {
    let phases = one.design().phases.iter().map(|phase| {
        let when: Vec<String> = phase.dates().into_iter().chain(phase.lasts.clone()).collect();
        if when.is_empty() { phase.name.clone() } else { format!("{} ({})", phase.name, when.join(", ")) }
    });
    let gates = one.design().gates.iter().map(|gate| format!("Gate: {}", gate.name));
    listed(phases.chain(gates).collect())
}

/// How many there are, and how many the design asks for.
fn places(_: &Cx, one: &Advised) -> Option<Html> {
    let phases = one.design().phases.iter().filter_map(|p| Some(format!("{}: {}", p.name, p.places.as_ref()?)));
    let stages = one.design().call.iter().flat_map(|c| &c.stages).filter(|s| !s.is_wholly_ours());
    let stages = stages.filter_map(|s| Some(format!("{}, chosen: {}", s.name, s.chooses.as_ref()?)));
    let asked = listed(phases.chain(stages).collect());
    let href = format!("{}/places", one.programme.href());
    if one.places == 0 && asked.is_none() {
        return None;
    }
    Some(html(maud! {
        @if one.places > 0 { p { a href=(&href) { (one.places) @if one.places == 1 { " place" } @else { " places" } } } }
        @if let Some(asked) = &asked { p { "By the design:" } (asked) }
    }))
}

fn found(_: &Cx, one: &Advised) -> Option<Html> {
    one.design().call.as_ref().map(|call| paragraph(&call.summary))
}

fn made_of(_: &Cx, one: &Advised) -> Option<Html> {
    one.design().place_rule.as_ref().map(|rule| paragraph(&rule.text))
}

fn offer(cx: &Cx, one: &Advised) -> Option<Html> {
    told(cx, &one.design().offer)
}

fn days(_: &Cx, one: &Advised) -> Option<Html> {
    let lines = one.design().days.iter().filter(|line| !line.is_ours());
    listed(lines.map(|line| format!("{}: {}", one.programme.role_name(&line.role), days_given(line))).collect())
}

/// Line by line, and the totals as the sources state them.
fn money(_: &Cx, one: &Advised) -> Option<Html> {
    let lines = one.design().money.iter().map(|line| {
        let times = line.count.map_or_else(String::new, |count| format!("{count} × "));
        format!("{}: {times}{}", line.name, amount(line.amount, line.up_to))
    });
    let totals = one.design().totals.iter().map(|total| format!("In all, {}: {}", total.what, amount(total.amount, total.up_to)));
    listed(lines.chain(totals).collect())
}

/// Who evaluates, and how.
fn evaluation(cx: &Cx, one: &Advised) -> Option<Html> {
    let design = one.design();
    let leads = |key: &String| design.component(key).is_some_and(|c| c.kind == ComponentKind::Evaluation);
    let evaluates = |s: &&Sponsor| s.part == Part::Evaluator || s.leads.iter().any(leads);
    let by: Vec<&str> = design.sponsors.iter().filter(evaluates).map(|s| s.name.as_str()).collect();
    let said = told(cx, &design.evaluation);
    if by.is_empty() && said.is_none() {
        return None;
    }
    let by = by.join(", ");
    Some(html(maud! {
        @if !by.is_empty() { p { "Led by: " (&by) } }
        @if let Some(said) = &said { (said) }
    }))
}

/// The newest entries of all groups together, each read through the viewer.
async fn newest<'a>(cx: &Cx, all: &'a [Advised]) -> Result<Vec<(&'a Snapshot, EntryListed)>, Fault> {
    let mut newest: Vec<(&'a Snapshot, EntryListed)> = Vec::new();
    for one in all {
        let programme: &'a Snapshot = &one.programme;
        for circle in &one.circles {
            let asked = Asked { circle: Some(*circle), limit: NEWEST as u64, ..Asked::default() };
            let found = entries::list(cx, programme, &asked).await?;
            newest.extend(found.into_iter().map(|entry| (programme, entry)));
        }
    }
    newest.sort_by_key(|(_, entry)| std::cmp::Reverse((entry.happened_on, entry.id)));
    newest.truncate(NEWEST);
    Ok(newest)
}

/// What is open in the groups' circles, the oldest first.
async fn open<'a>(cx: &Cx, all: &'a [Advised]) -> Result<Vec<(&'a Snapshot, MatterListed)>, Fault> {
    let mut open: Vec<(&'a Snapshot, MatterListed)> = Vec::new();
    for one in all {
        let programme: &'a Snapshot = &one.programme;
        let here = Condition::all().add(entry::COLUMN.circle_id.is_in(one.circles.clone()));
        let wanted = MattersWanted { open: Some(true), also: Some(here), limit: OPEN, ..MattersWanted::default() };
        let found = entries::matters(cx, programme, wanted).await?;
        open.extend(found.into_iter().map(|matter| (programme, matter)));
    }
    open.sort_by_key(|(_, one)| (one.matter.opened_on, one.matter.id));
    Ok(open)
}

fn open_matters(cx: &Cx, open: &[(&Snapshot, MatterListed)]) -> Html {
    if open.is_empty() {
        let none = "None is open. A question that nobody can answer yet is recorded once, and stands here until it is settled.";
        return paragraph(none);
    }
    let rows = open.iter().map(|(programme, one)| {
        let kind = programme.programme.design.kind(&one.matter.kind);
        vec![
            Cell::link(&format!("{}/entries/{}", programme.href(), one.entry), &one.title).head(),
            Cell::text(&programme.name),
            Cell::text(entries::stands(kind, &one.matter)),
            Cell::text(span(one.matter.opened_on, cx.today())),
            Cell::text(span(one.matter.moved_at.day(), cx.today())),
        ]
    });
    let headers = ["What", "Programme", "Stands", "Open for", "Silent for"];
    Table::new("What is open, the oldest first", &headers, rows.collect()).quiet().html()
}

/// A time as people say it: in days at first, then in months, then in years.
fn span(from: Day, to: Day) -> String {
    let counted = |n: i64, one: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") };
    let month = |day: Day| i64::from(day.year()) * 12 + i64::from(day.month());
    let months = month(to) - month(from) - i64::from(to.day_of_month() < from.day_of_month());
    match months {
        ..2 => counted(to.days_since(from).max(0), "day"),
        2..24 => counted(months, "month"),
        _ if months % 12 == 0 => counted(months / 12, "year"),
        _ => format!("{} and {}", counted(months / 12, "year"), counted(months % 12, "month")),
    }
}

/// Questions that reach beyond one programme, as the designs ask them.
fn asked_by_designs(all: &[Advised]) -> Html {
    let asked = all.iter().flat_map(|one| one.design().questions.iter().map(move |question| (one, question)));
    let asked: Vec<(&Advised, &Statement)> = asked.collect();
    html(maud! {
        @if !asked.is_empty() {
            h3 { "Asked by the designs" }
            ul class="govuk-list govuk-list--bullet" {
                @for (one, question) in &asked {
                    li {
                        a href={ (one.programme.href()) "/statements/questions." (&question.key) } { (&question.text) }
                        ", " (&one.programme.name)
                    }
                }
            }
        }
    })
}

/// What the viewer can record for a group: what it is called, and where.
fn recordable(cx: &Cx, one: &Advised) -> Vec<(String, String)> {
    let of_group = |key: &str| one.design().advisory_circles().any(|c| c.key == key);
    let offers = entries::plain_offers(cx, &one.programme, None);
    let here = offers.iter().filter(|offer| offer.circles.iter().any(|(circle, _)| of_group(&circle.key)));
    let link = |offer: &entries::EntryOffer<'_>| {
        (offer.kind.name.to_lowercase(), format!("{}/entries/new?kind={}", one.programme.href(), offer.kind.key))
    };
    here.map(link).collect()
}

/// What one can record in each programme, and where to read on.
fn each(cx: &Cx, all: &[Advised]) -> Html {
    html(maud! {
        @for one in all {
            @let home = one.programme.href();
            @let kinds = recordable(cx, one);
            @let of = format!(" ({})", one.programme.name);
            h3 { a href=(&home) { (&one.programme.name) } }
            ul class="govuk-list govuk-list--bullet" {
                @for (name, href) in &kinds {
                    li { a href=(href) { "Record: " (name) span class="govuk-visually-hidden" { (&of) } } }
                }
                @for circle in one.design().advisory_circles() {
                    li { a href={ (&home) "/entries?circle=" (&circle.key) } { "All that stands in " (&circle.name) span class="govuk-visually-hidden" { (&of) } } }
                }
                li { a href={ (&home) "/statements" } { "What it rests on" span class="govuk-visually-hidden" { (&of) } } }
                li { a href={ (&home) "/design" } { "The whole design" span class="govuk-visually-hidden" { (&of) } } }
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use kernel::Day;

    #[test]
    fn an_age_is_told_in_days_months_and_years() {
        let today = Day::new(2026, 11, 20).unwrap();
        for (year, month, day, said) in [
            (2026, 11, 20, "0 days"),
            (2026, 11, 19, "1 day"),
            (2026, 9, 25, "56 days"),
            (2026, 9, 20, "2 months"),
            (2025, 11, 20, "12 months"),
            (2024, 11, 20, "2 years"),
            (2024, 10, 20, "2 years and 1 month"),
            (2023, 12, 21, "2 years and 10 months"),
            (2026, 12, 1, "0 days"),
        ] {
            assert_eq!(super::span(Day::new(year, month, day).unwrap(), today), said);
        }
    }
}
