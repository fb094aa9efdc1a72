//! Themes against places and against time, as a picture and a table: every number leads to the excerpts behind it that
//! the viewer may read.

use std::collections::{BTreeSet, HashMap, HashSet};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tables::{PlaceId, ThemeId, place};
use ui::figures::{DotRow, dot_table};
use ui::parts::{self, FilterGroup, FilterOption, Page};
use ui::table::{Cell as TableCell, Table};
use ui::{Html, html};

use super::counts::{self, Cell, quarter_name, quarter_of, short_quarter};
use super::takes_part;
use super::vocabulary::Vocabulary;
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Snapshot};
use crate::places;

const ROWS: usize = 40;
const COLUMNS: usize = 10;
/// More lines than this nobody reads: those of the themes that were seen most are shown.
const LINES: usize = 100;
/// The last two quarters are held against the two before.
const LATELY: i64 = 2;
/// A theme that rises in so many places is pointed out.
const PLACES: usize = 2;

/// What stands above a column, and how it narrows the excerpts.
struct Column {
    name: String,
    /// In a picture there is less room.
    short: String,
    query: String,
    holds: Box<dyn Fn(&Cell) -> bool + Send + Sync>,
}

/// `/programmes/{programme}/theme-table`
pub(super) async fn page(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    takes_part(&cx, &programme)?;
    let vocabulary = Vocabulary::load(cx.read(), programme.id).await?;
    let places = places::all(&cx, &programme).await?;
    let told = counts::told(&cx, &programme).await?;
    let by_time = cx.query("across") == "time";
    let wanted_place = places.iter().find(|p| p.slug == cx.query("place"));
    let quarter = cx.query("quarter").parse::<i64>().ok();
    let cells: Vec<(Cell, i64)> = told
        .iter()
        .filter(|(c, _)| wanted_place.is_none_or(|p| c.place == Some(p.id)) && quarter.is_none_or(|q| c.quarter == q))
        .map(|(c, n)| (*c, *n))
        .collect();
    let home = format!("{}/theme-table", programme.href());
    let columns = if by_time { quarters(&cells) } else { of_places(&places, &cells) };
    let number = cx.query("page").parse::<usize>().unwrap_or(1).max(1);
    let pages = columns.len().div_ceil(COLUMNS).max(1);
    let mut shown: Vec<&Column> = columns.iter().skip((number.min(pages) - 1) * COLUMNS).take(COLUMNS).collect();
    let wider = cx.query("under").parse().ok().and_then(|id: ThemeId| vocabulary.live(id)).map(|t| t.id);
    if by_time {
        // Pages go back in time; on each, time goes from left to right.
        shown.reverse();
    }
    let (rows, more) = rows(&vocabulary, wider, &cells, &shown);
    let narrowed = narrowing(wanted_place, quarter);
    let across = format!("{home}?across={}{narrowed}", if by_time { "time" } else { "places" });
    let within = wider.map(|id| format!("&under={id}")).unwrap_or_default();
    let base = format!("{across}{within}");
    let mut filters = filters(&home, &told, &places, by_time, wanted_place, quarter);
    filters.iter_mut().flat_map(|group| &mut group.options).for_each(|option| option.href.push_str(&within));
    let fewest = programme.programme.design.small_numbers;
    let draft = Draft::new("Themes, places and time").crumb(&programme.name, programme.href());
    let draft = draft.crumb("Themes", format!("{}/themes", programme.href()));
    Ok(draft.lead("How often each theme was seen, where and when.").page(
        &cx,
        maud! {
            (parts::filters(&filters))
            p class="muted" { "A dash is not nought: it may be that nothing was marked, or that it cannot be told. What you may not read is counted only where it comes from at least " (fewest) " people in one place and quarter, and what stands in a place’s own circle never." }
            @if let Some(id) = wider { p { "Only " strong { (vocabulary.path(id)) } " and what stands below it. " a href=(&across) { "All themes" } "." } }
            @if rows.is_empty() {
                (parts::empty_state("Nothing to count yet", "Mark passages of entries and say what they are about.", None))
            } @else {
                (picture(&shown, &rows))
                (table(&programme, &shown, &rows, &narrowed, &across))
                @if more > 0 { p class="muted" { (more) " more were seen less often. " a href={ (programme.href()) "/themes" } { "All themes, with what belongs to them" } "." } }
                (parts::pagination(&Page { number: number.min(pages), of: pages, base_href: base.clone() }))
            }
            p class="muted" {
                "A wider theme counts what those below it have, and an excerpt counts for each theme that it has."
            }
            (rising(&programme, &vocabulary, &places, &told, quarter_of(cx.today())))
        },
    ))
}

fn narrowing(place: Option<&place::Model>, quarter: Option<i64>) -> String {
    let place = place.map(|p| format!("&place={}", p.slug)).unwrap_or_default();
    let quarter = quarter.map(|q| format!("&quarter={q}")).unwrap_or_default();
    format!("{place}{quarter}")
}

fn of_places(places: &[place::Model], cells: &[(Cell, i64)]) -> Vec<Column> {
    let mut sums: HashMap<Option<PlaceId>, i64> = HashMap::new();
    for (cell, n) in cells {
        *sums.entry(cell.place).or_default() += n;
    }
    let mut columns: Vec<(i64, Column)> = places
        .iter()
        .filter_map(|p| {
            let (id, sum) = (Some(p.id), *sums.get(&Some(p.id))?);
            Some((sum, column(p.name.clone(), format!("place={}", p.slug), move |c| c.place == id)))
        })
        .collect();
    columns.extend(sums.get(&None).map(|sum| (*sum, column("The programme".into(), "place=-".into(), |c| c.place.is_none()))));
    // Where most was seen stands first; places alike stay in the order of their names.
    columns.sort_by_key(|(sum, _)| std::cmp::Reverse(*sum));
    columns.into_iter().map(|(_, c)| c).collect()
}

fn quarters(cells: &[(Cell, i64)]) -> Vec<Column> {
    let mut all: Vec<i64> = cells.iter().map(|(c, _)| c.quarter).collect();
    all.sort_unstable();
    all.dedup();
    all.reverse();
    let of =
        |q: i64| Column { short: short_quarter(q), ..column(quarter_name(q), format!("quarter={q}"), move |c| c.quarter == q) };
    all.into_iter().map(of).collect()
}

fn column(name: String, query: String, holds: impl Fn(&Cell) -> bool + Send + Sync + 'static) -> Column {
    Column { short: name.clone(), name, query, holds: Box::new(holds) }
}

/// A theme with its number in each column, and in all that is narrowed to.
struct Line {
    theme: ThemeId,
    name: String,
    counts: Vec<i64>,
    all: i64,
    /// How many themes stand below it that are not shown.
    narrower: usize,
}

/// The themes that are shown: all of a small tree, else those that stand on their own; or one of them with all below it.
fn lines(vocabulary: &Vocabulary, wider: Option<ThemeId>) -> Vec<ThemeId> {
    match wider {
        Some(id) => vocabulary.under(id),
        None if vocabulary.themes.len() <= ROWS => vocabulary.themes.iter().map(|(t, _)| t.id).collect(),
        None => vocabulary.themes.iter().filter(|(_, depth)| *depth == 0).map(|(t, _)| t.id).collect(),
    }
}

/// A line for each theme that is shown, and how many that were seen less often are left out.
fn rows(vocabulary: &Vocabulary, wider: Option<ThemeId>, cells: &[(Cell, i64)], columns: &[&Column]) -> (Vec<Line>, usize) {
    let mut of: HashMap<ThemeId, Vec<(&Cell, i64)>> = HashMap::new();
    for (cell, n) in cells {
        of.entry(cell.theme).or_default().push((cell, *n));
    }
    let shown = lines(vocabulary, wider);
    let folded = wider.is_none() && shown.len() < vocabulary.themes.len();
    let line = |id: ThemeId| {
        let under = vocabulary.under(id);
        let mine: Vec<(&Cell, i64)> = under.iter().filter_map(|t| of.get(t)).flatten().copied().collect();
        let all = mine.iter().map(|(_, n)| n).sum();
        let counts = columns.iter().map(|c| mine.iter().filter(|(cell, _)| (c.holds)(cell)).map(|(_, n)| n).sum()).collect();
        let narrower = if folded { under.len() - 1 } else { 0 };
        (all > 0).then(|| Line { theme: id, name: vocabulary.path(id), counts, all, narrower })
    };
    let mut rows: Vec<Line> = shown.iter().filter(|id| vocabulary.live(**id).is_some()).filter_map(|id| line(*id)).collect();
    let left = rows.len().saturating_sub(LINES);
    if left > 0 {
        let mut most: Vec<(i64, ThemeId)> = rows.iter().map(|l| (l.all, l.theme)).collect();
        most.sort_by_key(|(all, _)| std::cmp::Reverse(*all));
        let kept: HashSet<ThemeId> = most.iter().take(LINES).map(|(_, id)| *id).collect();
        rows.retain(|l| kept.contains(&l.theme));
    }
    (rows, left)
}

fn picture(columns: &[&Column], rows: &[Line]) -> Html {
    let names: Vec<String> = columns.iter().map(|c| c.short.clone()).collect();
    let mut most: Vec<&Line> = rows.iter().collect();
    most.sort_by_key(|l| std::cmp::Reverse(l.all));
    let dots: Vec<DotRow> = most.iter().take(ROWS).map(|l| DotRow { name: l.name.clone(), counts: l.counts.clone() }).collect();
    let caption = match rows.len() > ROWS {
        true => format!("The {ROWS} themes that were seen most"),
        false => "How often each theme was seen".to_string(),
    };
    dot_table(&caption, &names, &dots, "theme-table", "excerpts")
}

fn table(programme: &Snapshot, columns: &[&Column], rows: &[Line], narrowed: &str, across: &str) -> Html {
    let link = |theme: ThemeId, query: &str, n: i64| match n {
        0 => TableCell::no_number("none told"),
        n => {
            let href = format!("{}/themes/{theme}?{query}{narrowed}", programme.href());
            TableCell::number_link(&href, n)
        }
    };
    let cells = rows.iter().map(|line| {
        let head = html(maud! {
            a href={ (programme.href()) "/themes/" (line.theme.to_string()) } { (&line.name) }
            @if line.narrower > 0 { br; a class="muted" href={ (across) "&under=" (line.theme.to_string()) } { (line.narrower) " narrower" span class="govuk-visually-hidden" { " themes of " (&line.name) } } }
        });
        let head = TableCell::html(head).head();
        let counts = line.counts.iter().zip(columns).map(|(n, column)| link(line.theme, &column.query, *n));
        std::iter::once(head).chain(counts).chain([link(line.theme, "", line.all)]).collect()
    });
    let mut headers = vec!["Theme"];
    headers.extend(columns.iter().map(|c| c.name.as_str()));
    headers.push("All");
    let table = Table::new("How often each theme was seen", &headers, cells.collect()).html();
    html(maud! { div id="theme-table" { (table) } })
}

fn filters(
    home: &str,
    told: &HashMap<Cell, i64>,
    places: &[place::Model],
    by_time: bool,
    place: Option<&place::Model>,
    quarter: Option<i64>,
) -> Vec<FilterGroup> {
    let option = |text: &str, query: String, current: bool| FilterOption {
        text: text.into(),
        href: format!("{home}?{query}"),
        current,
        count: None,
    };
    let kept = narrowing(place, quarter);
    let across = vec![
        option("Places", format!("across=places{kept}"), !by_time),
        option("Quarters", format!("across=time{kept}"), by_time),
    ];
    let mut groups = vec![FilterGroup { label: "Columns".into(), options: across }];
    let across = if by_time { "time" } else { "places" };
    let mut all: BTreeSet<i64> = told.keys().map(|c| c.quarter).collect();
    all.extend(quarter);
    let mut when = vec![option("All", format!("across={across}{}", narrowing(place, None)), quarter.is_none())];
    when.extend(
        all.iter()
            .rev()
            .take(8)
            .map(|q| option(&quarter_name(*q), format!("across={across}{}", narrowing(place, Some(*q))), quarter == Some(*q))),
    );
    groups.push(FilterGroup { label: "When".into(), options: when });
    let mut sums: HashMap<PlaceId, i64> = HashMap::new();
    for (place, n) in told.iter().filter_map(|(cell, n)| Some((cell.place?, n))) {
        *sums.entry(place).or_default() += n;
    }
    let mut most: Vec<&place::Model> = places.iter().filter(|p| sums.contains_key(&p.id)).collect();
    most.sort_by_key(|p| std::cmp::Reverse(sums.get(&p.id)));
    most.truncate(COLUMNS);
    if let Some(place) = place.filter(|p| most.iter().all(|m| m.id != p.id)) {
        most.push(place);
    }
    let mut at = vec![option("All", format!("across={across}{}", narrowing(None, quarter)), place.is_none())];
    at.extend(most.iter().map(|p| {
        let current = place.is_some_and(|wanted| wanted.id == p.id);
        option(&p.name, format!("across={across}{}", narrowing(Some(p), quarter)), current)
    }));
    groups.push(FilterGroup { label: "Where".into(), options: at });
    groups
}

/// A place, how often a theme was seen there lately, and how often before.
type Rise<'a> = (&'a str, i64, i64);

/// What comes up in several places may be worth a piece of its own; whoever writes outputs begins one with its name.
fn start_piece(programme: &Snapshot, theme: &str) -> TableCell {
    let title = utf8_percent_encode(theme, NON_ALPHANUMERIC);
    let text = html(maud! {
        @if programme.programme.design.kinds.iter().any(|k| k.output.is_some()) {
            a href={ (programme.href()) "/outputs/new?title=" (title.to_string()) } { "Start one" span class="govuk-visually-hidden" { " on " (theme) } }
        } @else { "—" }
    });
    TableCell::html(text)
}

/// Themes that are seen more often lately than before, in several places: somebody may want to look into them.
fn rising(programme: &Snapshot, vocabulary: &Vocabulary, places: &[place::Model], told: &HashMap<Cell, i64>, now: i64) -> Html {
    let mut found: Vec<(ThemeId, Vec<Rise<'_>>)> = Vec::new();
    let mut cells: HashMap<ThemeId, Vec<(&Cell, i64)>> = HashMap::new();
    for (cell, n) in told.iter().filter(|(cell, _)| (0..2 * LATELY).contains(&(now - cell.quarter))) {
        cells.entry(cell.theme).or_default().push((cell, *n));
    }
    for (theme, _) in &vocabulary.themes {
        let mut of: HashMap<PlaceId, (i64, i64)> = HashMap::new();
        let under = vocabulary.under(theme.id);
        for (cell, n) in under.iter().filter_map(|id| cells.get(id)).flatten() {
            let Some(place) = cell.place else { continue };
            let sums = of.entry(place).or_default();
            if now - cell.quarter < LATELY { sums.0 += n } else { sums.1 += n }
        }
        let rises = places.iter().filter_map(|p| {
            let (lately, before) = of.get(&p.id).copied().unwrap_or_default();
            (lately > before).then_some((p.name.as_str(), lately, before))
        });
        let rises: Vec<Rise<'_>> = rises.collect();
        if rises.len() >= PLACES {
            found.push((theme.id, rises));
        }
    }
    found.sort_by_key(|(_, places)| std::cmp::Reverse(places.len()));
    let rows = found.iter().take(20).map(|(theme, places)| {
        let said: Vec<String> =
            places.iter().take(6).map(|(name, lately, before)| format!("{name} {lately} after {before}")).collect();
        vec![
            TableCell::link(&format!("{}/themes/{theme}", programme.href()), &vocabulary.path(*theme)).head(),
            TableCell::number(places.len()),
            TableCell::text(said.join(", ")),
            start_piece(programme, vocabulary.name(*theme)),
        ]
    });
    let headers = ["Theme", "Places", "In the last two quarters, after the two before", "A piece on it"];
    let table = Table::new("Seen more often lately, in several places", &headers, rows.collect()).quiet().html();
    html(maud! {
        (parts::section("rising", "What rises in several places", maud! {
            @if found.is_empty() { p { "Nothing was seen more often in the last two quarters than in the two before, in at least two places." } }
            @else { (table) p class="muted" { "People decide what to make of it: this says no more than that it was marked more often." } }
        }))
    })
}

#[cfg(test)]
mod tests {
    use kernel::Moment;
    use tables::{ProgrammeId, Uuid, theme};

    use super::*;

    fn id(n: u8) -> ThemeId {
        ThemeId(Uuid::from_bytes([n; 16]))
    }

    fn vocabulary(themes: impl Iterator<Item = (u8, Option<u8>)>) -> Vocabulary {
        let theme = |(n, parent): (u8, Option<u8>)| {
            let row = theme::Model {
                id: id(n),
                programme_id: ProgrammeId(Uuid::nil()),
                parent_id: parent.map(id),
                name: format!("Theme {n}"),
                about: String::new(),
                made_at: Moment::from_micros(0),
                merged_into: None,
                ended_at: None,
            };
            (row, usize::from(parent.is_some()))
        };
        Vocabulary { themes: themes.map(theme).collect(), ended: Vec::new() }
    }

    fn cells(themes: std::ops::Range<u8>) -> Vec<(Cell, i64)> {
        themes.map(|n| (Cell { theme: id(n), place: None, quarter: 8_000 }, 1)).collect()
    }

    #[test]
    fn a_large_tree_is_folded_and_each_of_its_themes_can_be_opened() {
        let large = vocabulary((0..60).map(|n| (n, (n % 10 != 0).then_some(n / 10 * 10))));
        let cells = cells(0..60);
        let (folded, left) = rows(&large, None, &cells, &[]);
        let told: Vec<_> = folded.iter().map(|l| (l.name.as_str(), l.all, l.narrower)).collect();
        assert_eq!(told[..2], [("Theme 0", 10, 9), ("Theme 10", 10, 9)]);
        assert_eq!((told.len(), left), (6, 0));
        let (open, _) = rows(&large, Some(id(20)), &cells, &[]);
        assert_eq!(open.len(), 10);
        assert!(open.iter().all(|l| l.narrower == 0));
    }

    #[test]
    fn what_was_seen_most_is_shown_where_there_are_too_many() {
        let wide = vocabulary((0..120).map(|n| (n, None)));
        let mut cells = cells(0..120);
        cells[119].1 = 7;
        let (shown, left) = rows(&wide, None, &cells, &[]);
        assert_eq!((shown.len(), left), (LINES, 20));
        assert!(shown.iter().any(|l| l.theme == id(119)));
    }
}
