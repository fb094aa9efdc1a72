//! What became of asks for backing, counted in the same way for whoever was asked and for whoever asked.

use kernel::Day;
use ui::table::Cell;

use super::followed::Followed;

/// What a row of the tally says, after who it is about.
pub(super) const COUNTED: [&str; 6] =
    ["Asked", "Answered", "Days to the first answer (median)", "Done", "Something came of it", "Silent"];

#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    asked: usize,
    answered: usize,
    /// Days from each ask to the first answer to it.
    waited: Vec<i64>,
    done: usize,
    came: usize,
    silent: usize,
}

impl Tally {
    pub fn add(&mut self, one: &Followed<'_>, today: Day) {
        self.asked += 1;
        if let Some(answer) = one.first_answer() {
            self.answered += 1;
            self.waited.push(answer.on.days_since(one.listed.matter.opened_on).max(0));
        }
        self.done += usize::from(one.took(&one.mark.done));
        self.came += usize::from(one.took(&one.mark.came));
        self.silent += usize::from(one.is_late(today));
    }

    /// A row of the table, which begins with this cell.
    pub fn row(&self, of: Cell) -> Vec<Cell> {
        vec![
            of,
            Cell::number(self.asked),
            Cell::number(self.answered),
            median(self.waited.clone()).map_or_else(|| Cell::text("—"), Cell::number),
            Cell::number(self.done),
            Cell::number(self.came),
            Cell::number(self.silent),
        ]
    }
}

/// The middle one of these numbers; half-way between the two in the middle where there are as many below as above.
fn median(mut numbers: Vec<i64>) -> Option<String> {
    numbers.sort_unstable();
    let half = numbers.len() / 2;
    let upper = *numbers.get(half)?;
    if !numbers.len().is_multiple_of(2) {
        return Some(upper.to_string());
    }
    let both = numbers[half - 1] + upper;
    Some(if both % 2 == 0 { (both / 2).to_string() } else { format!("{}.5", both / 2) })
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn the_middle_one_is_found() {
        for (numbers, said) in [
            (vec![], None),
            (vec![7], Some("7")),
            (vec![9, 1, 4], Some("4")),
            (vec![3, 1], Some("2")),
            (vec![8, 1, 2, 3], Some("2.5")),
        ] {
            assert_eq!(median(numbers).as_deref(), said);
        }
    }
}
