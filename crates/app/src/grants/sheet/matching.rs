//! Which column says what, which name stands for which line of the budget, and what each line comes to.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use design::BudgetLine;
use kernel::{Day, Money};
use spreadsheets::{Cell, Row, at};

use super::table::{Table, day_of, key, pence_of};

/// More different names than anybody matches by hand.
const MOST_NAMES: usize = 60;
/// Problems that are told; the others are counted.
const TOLD: usize = 10;

/// How a table is read.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Matching {
    pub lines: u32,
    pub amounts: u32,
    pub days: Option<u32>,
    /// Only rows of these days, where there is a column of days.
    pub from: Option<Day>,
    pub to: Option<Day>,
    /// The line of the budget that each name stands for, by [`key`]; an empty one is left out.
    pub names: BTreeMap<String, String>,
}

/// A name in the column of lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    pub text: String,
    pub rows: usize,
    /// The line it stands for; empty where it is left out, nothing where nobody has said.
    pub line: Option<String>,
}

/// What a table comes to.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Sums {
    pub names: Vec<Name>,
    /// What was spent, by line of the budget.
    pub lines: BTreeMap<String, i64>,
    /// Rows that count, and rows of other days.
    pub counted: usize,
    pub other_days: usize,
    /// Amounts that were no whole number of pence.
    pub rounded: usize,
    /// Rows with an amount that stand for no line, and what they come to.
    pub left_out: (usize, i64),
    /// The last day of the rows that count, where there is a column of days.
    pub last: Option<Day>,
    /// What keeps it from being used, each with its cell.
    pub problems: Vec<String>,
}

/// What a table is likely to mean, from its headings, its cells, and how the place's last one was matched.
pub(super) fn guess(table: &Table, lines: &[BudgetLine], before: Option<&Matching>) -> Matching {
    let names = before.map(|m| m.names.clone()).unwrap_or_default();
    let share = |column: u32, is: &dyn Fn(&Cell) -> bool| {
        let cells = table.rows.iter().filter_map(|row| row.cells.get(&column));
        let (all, those) = cells.fold((0, 0), |(all, those), cell| (all + 1, those + usize::from(is(cell))));
        (those * 100usize).checked_div(all).unwrap_or(0)
    };
    let said = |column: u32, words: &[&str]| {
        let heading = key(table.heading(column));
        usize::from(words.iter().any(|word| heading.split(' ').any(|own| own == key(word))))
    };
    let of_lines: BTreeSet<String> = lines.iter().map(|l| key(&l.name)).collect();
    let is_line = |cell: &Cell| {
        let own = key(&cell.to_string());
        names.contains_key(&own) || of_lines.contains(&own)
    };
    let best = |score: &dyn Fn(u32) -> usize| {
        let scored = table.headings.iter().map(|(column, _)| (score(*column), *column));
        scored.filter(|(score, _)| *score > 0).max_by_key(|(score, column)| (*score, u32::MAX - column)).map(|(_, column)| column)
    };
    let day = best(&|c| {
        let days = share(c, &|cell| day_of(cell).is_ok());
        if days > 50 { days + 100 * said(c, &["date", "day"]) } else { 0 }
    });
    let amount = best(&|c| {
        let numbers = share(c, &|cell| pence_of(cell).is_ok());
        let named = 200 * said(c, &["spent", "spend", "actual", "paid", "debit"]) + 100 * said(c, &["amount", "cost", "total"]);
        if said(c, &["credit", "received", "income", "balance", "planned", "centre", "code", "number"]) > 0 {
            return 0;
        }
        if Some(c) == day || (numbers <= 50 && named == 0) { 0 } else { numbers + named }
    });
    // A column of kinds says the same again and again, one of descriptions does not.
    let again = |column: u32| {
        let all: Vec<String> = table.rows.iter().filter_map(|row| row.cells.get(&column)).map(|c| key(&c.to_string())).collect();
        let different: BTreeSet<&String> = all.iter().collect();
        if all.is_empty() { 0 } else { 100 - different.len() * 100 / all.len() }
    };
    let line = best(&|c| {
        let texts = share(c, &|cell| matches!(cell, Cell::Text(_)) && pence_of(cell).is_err());
        if texts == 0 || Some(c) == day || Some(c) == amount {
            return 0;
        }
        texts + again(c) + 400 * share(c, &is_line) + 150 * said(c, &["line", "category", "heading", "budget", "kind"])
    });
    let first = table.headings.first().map_or(0, |(column, _)| *column);
    Matching { lines: line.unwrap_or(first), amounts: amount.unwrap_or(first), days: day, from: None, to: None, names }
}

/// Adds up what a table says, by lines of the budget.
pub(super) fn sums(table: &Table, how: &Matching, lines: &[BudgetLine], today: Day) -> Sums {
    let (mut sums, mut problems) = (Sums::default(), Vec::new());
    let mut met: HashMap<String, (usize, Option<String>)> = HashMap::new();
    let by_name: HashMap<String, &str> = lines.iter().map(|l| (key(&l.name), l.key.as_str())).collect();
    for row in &table.rows {
        let Some(name) = row.cells.get(&how.lines).map(|cell| cell.to_string().trim().to_string()) else {
            leave_out(&mut sums, row, how);
            continue;
        };
        let number = met.len();
        let (at, line) = met.entry(key(&name)).or_insert_with_key(|own| (number, line_of(own, how, lines, &by_name)));
        match sums.names.get_mut(*at) {
            Some(known) => known.rows += 1,
            None if *at < MOST_NAMES => sums.names.push(Name { text: name, rows: 1, line: line.clone() }),
            None => {}
        }
        match line.clone().filter(|l| !l.is_empty()) {
            None => leave_out(&mut sums, row, how),
            Some(line) => {
                if let Err(why) = count(&mut sums, row, how, (line, today)) {
                    problems.push(why);
                }
            }
        }
    }
    if met.len() > MOST_NAMES {
        let (heading, names) = (table.heading(how.lines), met.len());
        problems = vec![format!("‘{heading}’ has {names} different names. Choose the column that names the line of the budget")];
    }
    for (line, pence) in sums.lines.iter().filter(|(_, pence)| **pence < 0) {
        let (name, less) = (lines.iter().find(|l| l.key == *line).map_or(line.as_str(), |l| &l.name), Money::from_pence(-pence));
        problems.push(format!(
            "‘{name}’ comes to {less} less than nought. Take back what was noted too much on the award’s page instead"
        ));
    }
    let more = problems.len().saturating_sub(TOLD);
    problems.truncate(TOLD);
    if more > 0 {
        problems.push(format!("And {more} more of these"));
    }
    sums.problems = problems;
    sums
}

/// Counts a row for a line of the budget. An error names the cell.
fn count(sums: &mut Sums, row: &Row, how: &Matching, (line, today): (String, Day)) -> Result<(), String> {
    let Some(cell) = row.cells.get(&how.amounts) else { return Ok(()) };
    let day = day(row, how)?;
    if !day.is_none_or(|day| how.from.is_none_or(|from| from <= day) && how.to.is_none_or(|to| day <= to)) {
        sums.other_days += 1;
        return Ok(());
    }
    if let Some(day) = day.filter(|day| *day > today) {
        let cell = at(how.days.unwrap_or_default(), row.number);
        return Err(format!("Cell {cell}: {day} is still to come. Enter it once it is spent, or choose ‘Only until’"));
    }
    let (pence, rounded) = pence_of(cell).map_err(|why| format!("Cell {}: {why}", at(how.amounts, row.number)))?;
    sums.counted += 1;
    sums.rounded += usize::from(rounded);
    sums.last = sums.last.max(day);
    *sums.lines.entry(line).or_default() += pence;
    Ok(())
}

/// Notes a row that stands for no line, where it holds an amount.
fn leave_out(sums: &mut Sums, row: &Row, how: &Matching) {
    if let Some(Ok((pence, _))) = row.cells.get(&how.amounts).map(pence_of) {
        sums.left_out = (sums.left_out.0 + 1, sums.left_out.1 + pence);
    }
}

/// As somebody matched it, otherwise the line of the same name; in either case one of the award’s.
fn line_of(name: &str, how: &Matching, lines: &[BudgetLine], by_name: &HashMap<String, &str>) -> Option<String> {
    let there = |line: &&String| line.is_empty() || lines.iter().any(|l| l.key == **line);
    let own = how.names.get(name).filter(there).cloned();
    own.or_else(|| by_name.get(name).map(|line| (*line).to_string()))
}

/// The day of a row, where there is a column of days. A row without one counts as long as nobody asks for days.
fn day(row: &Row, how: &Matching) -> Result<Option<Day>, String> {
    let Some(column) = how.days else { return Ok(None) };
    match row.cells.get(&column) {
        None if how.from.is_none() && how.to.is_none() => Ok(None),
        None => Err(format!("Cell {}: there is no day, so nobody can tell whether it counts", at(column, row.number))),
        Some(cell) => day_of(cell).map(Some).map_err(|why| format!("Cell {}: {why}", at(column, row.number))),
    }
}

#[cfg(test)]
mod tests {
    use super::super::table::Known;
    use super::*;

    fn lines() -> Vec<BudgetLine> {
        let line = |key: &str, name: &str| BudgetLine {
            key: key.into(),
            name: name.into(),
            about: String::new(),
            required: false,
            sources: Vec::new(),
        };
        vec![line("people", "People"), line("involvement", "Community involvement"), line("evaluator", "Local evaluator")]
    }
    fn table(text: &str) -> Table {
        Table::read("spend.csv", text.as_bytes(), &Known::default()).unwrap()
    }
    fn today() -> Day {
        "2026-11-20".parse().unwrap()
    }
    fn day(text: &str) -> Option<Day> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn columns_are_guessed_and_sums_follow() {
        let table = table(
            "Riverside partnership\n\nDate,What,Budget line,Planned,Spent\n2026-04-03,Hall,community involvement,200,£150.50\n2026-05-01,Fares,Community Involvement,,(20.00)\n2026-05-02,Salary,People,,\"£1,000\"\n,Total,,200,1130.5\n",
        );
        let how = guess(&table, &lines(), None);
        assert_eq!((table.heading(how.lines), table.heading(how.amounts)), ("Budget line", "Spent"));
        assert_eq!(how.days.map(|c| table.heading(c)), Some("Date"));
        let all = sums(&table, &how, &lines(), today());
        assert_eq!(all.lines, BTreeMap::from([("involvement".into(), 13_050), ("people".into(), 100_000)]));
        assert_eq!((all.problems, all.counted), (Vec::<String>::new(), 3));
        let may = sums(&table, &Matching { from: day("2026-05-01"), ..how.clone() }, &lines(), today());
        assert_eq!(may.other_days, 1);
        assert_eq!(
            may.problems,
            [
                "‘Community involvement’ comes to £20 less than nought. Take back what was noted too much on the award’s page instead"
            ]
        );
    }

    #[test]
    fn names_are_matched_once_and_known_the_next_time() {
        let first = table("Heading,Cost\nVenue,10\nTotal,10\n");
        let how = guess(&first, &lines(), None);
        let before = sums(&first, &how, &lines(), today());
        assert_eq!(
            before.names.iter().map(|n| (n.text.as_str(), n.line.clone())).collect::<Vec<_>>(),
            [("Venue", None), ("Total", None)]
        );
        let names = BTreeMap::from([(key("Venue"), "involvement".to_string()), (key("Total"), String::new())]);
        let next = guess(&table("Cost,Heading\n30,VENUE\n30,total\n"), &lines(), Some(&Matching { names, ..how }));
        let all = sums(&table("Cost,Heading\n30,VENUE\n30,total\n"), &next, &lines(), today());
        assert_eq!(all.lines, BTreeMap::from([("involvement".into(), 3_000)]));
    }

    #[test]
    fn a_line_that_this_award_has_not_is_left_out_and_said() {
        let table = table("Line,Spent\nConsultant,10\nPeople,5\n,3\nTotal,18\n");
        let names = BTreeMap::from([(key("Consultant"), "gone".to_string()), (key("Total"), String::new())]);
        let all = sums(&table, &Matching { names, ..guess(&table, &lines(), None) }, &lines(), today());
        assert_eq!((all.lines, all.left_out), (BTreeMap::from([("people".into(), 500)]), (3, 3_100)));
        assert_eq!(all.names[0].line, None);
    }

    #[test]
    fn many_names_are_told_soon() {
        let rows: String = (0..9_000).map(|n| format!("Bus ticket {n},2\n")).collect();
        let table = table(&format!("What,Spent\n{rows}"));
        let all = sums(&table, &guess(&table, &lines(), None), &lines(), today());
        assert_eq!(all.names.len(), MOST_NAMES);
        assert_eq!(all.problems, ["‘What’ has 9000 different names. Choose the column that names the line of the budget"]);
    }

    #[test]
    fn headings_of_signs_are_told_apart() {
        let table = table("#,Line,£\n1,People,20\n2,People,30\n");
        assert_eq!((table.column("£"), table.column("#"), table.column("")), (Some(2), Some(0), None));
        assert_eq!(
            super::super::table::Table::read("x.csv", b"Line,Spent,Spent\nPeople,1,2\n", &Known::default())
                .unwrap()
                .column("Spent"),
            None
        );
    }

    #[test]
    fn what_is_no_amount_of_pounds_is_told_with_its_cell() {
        let table =
            table("Line,Spent\nPeople,€20\nPeople,twenty\nPeople,1.005\nPeople,$3\nPeople,\"12,50\"\nPeople,\"1,250.50\"\n");
        let told = sums(&table, &guess(&table, &lines(), None), &lines(), today()).problems;
        assert_eq!(
            told,
            [
                "Cell B2: ‘€20’ is not in pounds",
                "Cell B3: ‘twenty’ is no amount",
                "Cell B4: ‘1.005’ is no amount",
                "Cell B5: ‘$3’ is not in pounds",
                "Cell B6: ‘12,50’ has a comma that does not part thousands; write pence after a point"
            ]
        );
    }
}
