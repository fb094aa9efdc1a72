//! What was spent, read from the spreadsheet that a place keeps anyway. Its columns and names are matched to the budget once, and
//! known the next time. Nothing is noted here: what the lines come to stands in the form of the conversation, to be looked at.

mod matching;
mod table;

use std::collections::BTreeMap;
use std::sync::Arc;

use design::BudgetLine;
use kernel::{Day, Fault, Invalid, Money};
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{SpendLayoutId, place, spend_layout};
use ui::form::{self, Choice, Field};
use ui::table::{Cell, Table as Rows};
use ui::{Html, html, parts};

use self::matching::{Matching, Name, Sums, guess, sums};
use self::table::{Known, Table, key};
use super::award::{Whole, below, href, named};
use super::make::plain;
use super::talk;
use crate::ground::html::*;
use crate::ground::{Act, Answer, Content, Cx, Stop};

/// What stands for a name that nobody has matched, and for one whose rows are left out. No line has such a key.
const NOT_SAID: &str = "?";
const LEFT_OUT: &str = "-";

/// Rows of the sheet that are shown.
const SHOWN: usize = 5;

/// The lines of the budget that something may be spent on.
fn lines(cx: &Cx, whole: &Whole) -> Result<Vec<BudgetLine>, Stop> {
    let spent_on = talk::lines(whole);
    let all = &cx.programme()?.programme.design.budget_lines;
    Ok(all.iter().filter(|l| spent_on.contains(&l.key)).cloned().collect())
}

async fn layout(cx: &Cx) -> Result<Option<spend_layout::Model>, Stop> {
    let of_place = spend_layout::COLUMN.place_id.eq(cx.place()?.id);
    let found = spend_layout::Entity::find().filter(of_place).one(cx.read()).await;
    Ok(found.map_err(fault("load how a spreadsheet is read"))?)
}

fn names_of(layout: &spend_layout::Model) -> BTreeMap<String, String> {
    serde_json::from_str(&layout.names).unwrap_or_default()
}

/// `…/awards/{award}/sheet`
pub(super) async fn form(cx: Cx) -> Answer {
    let whole = named(&cx).await?;
    talk::open(&cx, &whole)?;
    choose(&cx, &whole, "", &Invalid::default()).await
}

async fn choose(cx: &Cx, whole: &Whole, sheet: &str, wrong: &Invalid) -> Answer {
    let known = layout(cx).await?;
    let draft = below(cx, whole, "Read what was spent from a spreadsheet")?
        .lead("The one that you keep anyway. Nothing is noted yet: you see first what its lines come to.")
        .invalid(wrong);
    let hint = "It ends in .xlsx or .csv, with up to 10 MB. It has a column that names the line or the purpose, and one with amounts in pounds.";
    let action = format!("{}/sheet", href(cx.programme()?, cx.place()?, whole.row.id));
    let file = Field::new("file", "The spreadsheet").hint(hint).error(wrong.of("file"));
    let name = Field::new("sheet", "Name of the sheet").hint("Leave it empty to take the one that was read last, or the first.");
    Ok(draft.page(
        cx,
        maud! {
            @if let Some(known) = &known {
                (parts::inset(maud! { p { "How this place’s spreadsheet is read was matched on " (known.at.day().to_string()) ": ‘" (&known.lines) "’ names the line, ‘" (&known.amounts) "’ the amount. You can change it on the next page." } }))
            }
            (form::form_with_files(&action, &cx.form_keys(), maud! {
                (form::file(file, ".xlsx,.csv"))
                (form::text(name.value(sheet).width(20).optional()))
                (form::button("Read it"))
            }))
        },
    ))
}

/// Reads the file that came with the form. The sentence of an error is for whoever chose it.
async fn read(act: &Act, before: Option<spend_layout::Model>) -> Result<Table, String> {
    let upload = act.files.iter().find(|u| u.field == "file").ok_or("Choose a spreadsheet")?;
    let bytes = match &upload.content {
        Content::Whole(bytes) if bytes.is_empty() && upload.name.is_empty() => return Err("Choose a spreadsheet".into()),
        Content::Whole(bytes) => bytes.clone(),
        Content::TooLarge => return Err("Choose a smaller spreadsheet: one with at most 10 MB".into()),
        Content::NoRoom => return Err("Very many files are arriving just now. Choose yours again in a minute".into()),
    };
    let (name, sheet) = (upload.name.clone(), act.form.get("sheet").to_string());
    // Not where others wait for a turn; and whatever goes wrong with it goes wrong there alone.
    let done = tokio::task::spawn_blocking(move || {
        let headings = |l: &'_ spend_layout::Model| [l.lines.clone(), l.amounts.clone()];
        let headings = before.as_ref().map(headings).unwrap_or_default();
        let layout = before.as_ref().map(|l| (l.sheet.as_str(), headings.iter().map(String::as_str).collect()));
        Table::read(&name, &bytes, &Known { sheet: &sheet, layout })
    });
    done.await.unwrap_or_else(|_| Err("This spreadsheet could not be read. Choose another".into()))
}

pub(super) async fn save(act: Act) -> Answer {
    let whole = named(&act).await?;
    talk::open(&act, &whole)?;
    let before = layout(&act).await?;
    let table = match read(&act, before.clone()).await {
        Ok(table) => table,
        Err(why) => return choose(&act, &whole, act.form.get("sheet"), &Invalid::one("file", why)).await,
    };
    let lines = lines(&act, &whole)?;
    let known = before.as_ref().and_then(|l| {
        let names = names_of(l);
        let (of_lines, of_amounts) = (table.column(&l.lines)?, table.column(&l.amounts)?);
        Some(Matching { lines: of_lines, amounts: of_amounts, days: table.column(&l.days), names, ..Matching::default() })
    });
    let names = before.as_ref().map(|l| Matching { names: names_of(l), ..Matching::default() });
    let mut how = known.unwrap_or_else(|| guess(&table, &lines, names.as_ref()));
    let noted = talk::noted_until(&act, &whole).await?;
    how.from = how.days.map(|_| from_day(&whole, noted));
    let asked = Asked::new(how);
    page(&act, &whole, &Arc::new(table), (&asked, noted), Invalid::default()).await
}

/// How a table is to be read, with its days as they were typed.
#[derive(Clone)]
struct Asked {
    how: Matching,
    from: String,
    to: String,
}

impl Asked {
    fn new(how: Matching) -> Self {
        let written = |day: Option<Day>| day.map(|d| d.to_string()).unwrap_or_default();
        Self { from: written(how.from), to: written(how.to), how }
    }
}

/// What was noted before need not be noted again; what was spent before the award began is not of it.
fn from_day(whole: &Whole, noted: Option<Day>) -> Day {
    noted.map_or(whole.row.starts_on, |day| day.plus_days(1))
}

/// Adds up where others do not wait for a turn: a table may have thousands of rows.
async fn add_up(table: &Arc<Table>, how: &Matching, lines: &[BudgetLine], today: Day) -> Result<Sums, Stop> {
    let (table, how, lines) = (table.clone(), how.clone(), lines.to_vec());
    let sums = tokio::task::spawn_blocking(move || sums(&table, &how, &lines, today)).await;
    sums.map_err(|e| Fault::new("add up a spreadsheet", e).into())
}

async fn page(cx: &Cx, whole: &Whole, table: &Arc<Table>, (asked, noted): (&Asked, Option<Day>), wrong: Invalid) -> Answer {
    let (lines, how) = (lines(cx, whole)?, &asked.how);
    let sums = add_up(table, how, &lines, cx.today()).await?;
    let wrong = &wrong;
    let of = if table.sheet.is_empty() { String::new() } else { format!(", sheet ‘{}’", table.sheet) };
    let draft = below(cx, whole, "What the spreadsheet says")?
        .lead(format!("From ‘{}’{of}, {} rows.", table.file, table.rows.len()))
        .invalid(wrong);
    let action = format!("{}/sheet/match", href(cx.programme()?, cx.place()?, whole.row.id));
    let (shown, comes_to) = (beginning(table), sums_table(&sums, &lines));
    let columns = |none: Option<&str>| -> Vec<Choice> {
        let named = table.headings.iter().map(|(column, heading)| Choice::new(column.to_string(), heading));
        none.map(|label| Choice::new("", label)).into_iter().chain(named).collect()
    };
    let field = |of: &'static str, label, hint, value| Field::new(of, label).hint(hint).value(value).error(wrong.of(of));
    let (of_lines, of_amounts) = (how.lines.to_string(), how.amounts.to_string());
    let of_days = how.days.map(|d| d.to_string()).unwrap_or_default();
    // Where nobody can tell the days, what was noted before would count again.
    let twice = noted.filter(|_| how.days.is_none());
    let usable = sums.problems.is_empty() && sums.counted > 0;
    Ok(draft.page(
        cx,
        maud! {
            @if let Some(until) = twice {
                (parts::inset(maud! { p { "What was spent until " (until.to_string()) " is noted already. Without a column of days every row counts: take the rows of before out, or they are noted twice." } }))
            }
            (parts::section("comes-to", "What its lines come to", &comes_to))
            (form::form_with_files(&action, &cx.form_keys(), maud! {
                (form::hidden("_table", &table.carried()))
                (parts::section("columns", "What the columns say", maud! {
                    (form::select(field("lines", "Which column names the line?", "", &of_lines), &columns(None)))
                    (form::select(field("amounts", "Which column holds what was spent?", "In pounds. What was paid back is below nought.", &of_amounts), &columns(None)))
                    (form::select(field("days", "Which column holds the day?", "", &of_days), &columns(Some("None"))))
                    @if how.days.is_some() {
                        (form::date(field("from", "Only from", "The day after what was noted last, or the award’s first. Leave it empty to count all.", &asked.from).optional()))
                        (form::date(field("to", "Only until", "", &asked.to).optional()))
                    }
                }))
                (parts::section("names", "What the names stand for", names(&sums, &lines, wrong)))
                (parts::section("rows", "How it begins", &shown))
                (form::button_group(maud! {
                    @if usable { (form::main_named_button("Use these amounts", "_do", "use")) }
                    (form::named_button("Add it up again", "_do", "look"))
                }))
            }))
        },
    ))
}

fn sums_table(sums: &Sums, lines: &[BudgetLine]) -> Html {
    let name = |key: &str| lines.iter().find(|l| l.key == key).map_or(key.to_string(), |l| l.name.clone());
    let rows = sums.lines.iter().map(|(line, pence)| vec![Cell::text(name(line)).head(), Cell::money(Money::from_pence(*pence))]);
    let rows: Vec<_> = rows.collect();
    let none = rows.is_empty();
    let all: i64 = sums.lines.values().sum();
    let foot = vec![Cell::text("Together").head(), Cell::money(Money::from_pence(all))];
    let table = Rows::new("Spent, by line of the budget", &["Line", "Spent"], rows).foot(foot).html();
    html(maud! {
        @if !sums.problems.is_empty() {
            (parts::inset(maud! {
                p { "This keeps it from being used. Mend it in the spreadsheet and read it again, or choose other columns below." }
                ul { @for problem in &sums.problems { li { (problem) } } }
            }))
        }
        @if none { p { "No row counts yet. Say below what the columns and names stand for." } } @else { (table) }
        p {
            "Rows that count: " (sums.counted.to_string()) ". "
            @if sums.other_days > 0 { "Rows of other days: " (sums.other_days.to_string()) ". To count them as well, change ‘Only from’ and ‘Only until’ below. " }
            @if sums.left_out.0 > 0 { "Rows left out: " (sums.left_out.0.to_string()) ", which come to " (Money::from_pence(sums.left_out.1).to_string()) ". " }
            @if sums.rounded > 0 { "Amounts that were rounded to pence: " (sums.rounded.to_string()) ". " }
        }
    })
}

fn name_field(at: usize) -> String {
    format!("stands-for-{at}")
}

fn names(sums: &Sums, lines: &[BudgetLine], wrong: &Invalid) -> Html {
    let stands_for = |name: &Name| -> Vec<Choice> {
        let open = name.line.is_none().then(|| Choice::new(NOT_SAID, "Nobody has said yet"));
        let lines = lines.iter().map(|l| Choice::new(&l.key, &l.name));
        open.into_iter().chain(lines).chain([Choice::new(LEFT_OUT, "Leave these rows out")]).collect()
    };
    html(maud! {
        p { "Lines for which the budget has nothing are not offered: to spend on them, the place first proposes to move money there." }
        @for (at, name) in sums.names.iter().enumerate() {
            (form::hidden(&format!("name-{at}"), &name.text))
            (form::select(
                Field::new(&name_field(at), &format!("‘{}’ is", name.text))
                    .hint(&if name.rows == 1 { "1 row".to_string() } else { format!("{} rows", name.rows) })
                    .error(wrong.of(&name_field(at)))
                    .value(match name.line.as_deref() { None => NOT_SAID, Some("") => LEFT_OUT, Some(line) => line }),
                &stands_for(name),
            ))
        }
    })
}

/// The first rows, so that people see which sheet and which headings were found.
fn beginning(table: &Table) -> Html {
    let heads: Vec<&str> = table.headings.iter().map(|(_, heading)| heading.as_str()).collect();
    let rows = table.rows.iter().take(SHOWN).map(|row| {
        let cell = |(column, _): &(u32, String)| Cell::text(row.cells.get(column).map(ToString::to_string).unwrap_or_default());
        table.headings.iter().map(cell).collect()
    });
    let shown = Rows::new("The first rows below the headings", &heads, rows.collect()).html();
    html(maud! {
        (shown)
        @if !table.merged.is_empty() {
            p { "Cells are merged: " (table.merged.join(", ")) ". Only the first of each holds anything, so the other rows may be left out." }
        }
    })
}

/// What the form of the page before says.
fn typed(act: &Act, whole: &Whole, table: &Table, noted: Option<Day>, wrong: &mut Invalid) -> Asked {
    let column = |of: &str| act.form.get(of).parse::<u32>().ok().filter(|c| table.headings.iter().any(|(at, _)| at == c));
    let first = table.headings.first().map_or(0, |(column, _)| *column);
    let mut day = |of: &'static str| match act.form.get(of) {
        "" => None,
        text => Day::parse_as_written(text).map_err(|bad| wrong.add(of, bad.to_string())).ok(),
    };
    let (from, to) = (day("from"), day("to"));
    let names = (0..).map_while(|at| {
        let name = act.form.get(&format!("name-{at}"));
        let line = Some(act.form.get(&name_field(at))).filter(|line| *line != LEFT_OUT).unwrap_or_default();
        (!name.is_empty()).then(|| (key(name), line.to_string()))
    });
    let how = Matching {
        lines: column("lines").unwrap_or(first),
        amounts: column("amounts").unwrap_or(first),
        days: column("days"),
        from,
        to,
        names: names.filter(|(_, line)| line != NOT_SAID).collect(),
    };
    // The column of days is chosen only now: the page before had no fields for them.
    if how.days.is_some() && act.form.pairs().all(|(name, _)| name != "from") {
        return Asked::new(Matching { from: Some(from_day(whole, noted)), ..how });
    }
    Asked { how, from: act.form.get("from").into(), to: act.form.get("to").into() }
}

pub(super) async fn use_it(act: Act) -> Answer {
    let whole = named(&act).await?;
    talk::open(&act, &whole)?;
    let Some(table) = Table::from_carried(act.form.get("_table")).map(Arc::new) else {
        let wrong = Invalid::one("file", "What was read of the spreadsheet did not arrive whole. Choose it again");
        return choose(&act, &whole, "", &wrong).await;
    };
    let mut wrong = Invalid::default();
    let noted = talk::noted_until(&act, &whole).await?;
    let mut asked = typed(&act, &whole, &table, noted, &mut wrong);
    // Names of a column that is looked at for the first time are known from the last spreadsheet.
    for (name, line) in layout(&act).await?.as_ref().map(names_of).unwrap_or_default() {
        asked.how.names.entry(name).or_insert(line);
    }
    if act.form.get("_do") != "use" {
        return page(&act, &whole, &table, (&asked, noted), wrong).await;
    }
    let found = add_up(&table, &asked.how, &lines(&act, &whole)?, act.today()).await?;
    for (at, _) in found.names.iter().enumerate().filter(|(_, name)| name.line.is_none()) {
        wrong.add(name_field(at), "Say what this is, or that its rows are left out");
    }
    if !wrong.is_empty() || !found.problems.is_empty() || found.counted == 0 {
        return page(&act, &whole, &table, (&asked, noted), wrong).await;
    }
    remember(&act, act.place()?, &table, (&asked.how, &found)).await?;
    let of = if table.sheet.is_empty() { String::new() } else { format!(", sheet ‘{}’", table.sheet) };
    let text = format!("What was spent is from ‘{}’{of}, {} rows.", table.file, found.counted);
    let amounts = found.lines.iter().map(|(line, pence)| (line.clone(), plain(Money::from_pence(*pence)))).collect();
    // Booked on the last day that counts, so that the next sheet goes on from there.
    let on = found.last.or(asked.how.to).map(|day| day.min(act.today()));
    talk::filled(&act, &whole, (text, on), &amounts).await
}

/// Keeps how this place's spreadsheet is read.
async fn remember(act: &Act, place: &place::Model, table: &Table, (how, found): (&Matching, &Sums)) -> Result<(), Stop> {
    const DOING: &str = "note how a spreadsheet is read";
    let names: BTreeMap<String, String> =
        found.names.iter().filter_map(|name| Some((key(&name.text), name.line.clone()?))).collect();
    let heading = |column: u32| table.heading(column).to_string();
    let mut write = act.write(DOING).await?;
    write.lock::<place::Entity>(place.id).await?.ok_or(Stop::Missing)?;
    let of_place = spend_layout::Entity::find().filter(spend_layout::COLUMN.place_id.eq(place.id));
    let before = of_place.one(write.tx()).await.map_err(fault(DOING))?;
    let row = spend_layout::Model {
        id: before.as_ref().map_or_else(|| SpendLayoutId(write.id()), |b| b.id),
        programme_id: place.programme_id,
        place_id: place.id,
        sheet: table.sheet.clone(),
        lines: heading(how.lines),
        amounts: heading(how.amounts),
        days: how.days.map(heading).unwrap_or_default(),
        names: serde_json::to_string(&names).map_err(|e| Fault::new(DOING, e))?,
        person_id: act.person()?,
        at: write.at(),
    };
    match before {
        Some(before) if spend_layout::Model { person_id: before.person_id, at: before.at, ..row.clone() } == before => {
            return Ok(());
        }
        Some(before) => write.replace(&before, row).await.map(drop)?,
        None => write.insert(row).await.map(drop)?,
    }
    Ok(write.save().await?)
}
