//! When a mail may go: how often somebody wants to hear, in which hours they do not, and on which days.

use kernel::{Day, Deadline, Moment};
use tables::mail_choice;

/// The hour of a day or week at which what was said since is told.
const HOUR: u32 = 8;
/// The days of a week, as rows and forms call them, and as people do.
pub(super) const DAYS: [(&str, &str); 7] = [
    ("mon", "Monday"),
    ("tue", "Tuesday"),
    ("wed", "Wednesday"),
    ("thu", "Thursday"),
    ("fri", "Friday"),
    ("sat", "Saturday"),
    ("sun", "Sunday"),
];

/// How often somebody wants to hear by mail what is said in a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rhythm {
    /// What is said to them: they are named, or what they wrote is answered.
    Named,
    AtOnce,
    Daily,
    Weekly,
    Nothing,
}

impl Rhythm {
    pub(super) const ALL: [Self; 5] = [Self::Named, Self::AtOnce, Self::Daily, Self::Weekly, Self::Nothing];

    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::Named => "named",
            Self::AtOnce => "at-once",
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Nothing => "nothing",
        }
    }
    pub(super) const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Named => (
                "What is said to me, at once",
                "Somebody names you, answers what you wrote, or writes in a thread that you follow.",
            ),
            Self::AtOnce => {
                ("Each thing at once", "Every new thread, ask and offer, and what is said in threads that you follow.")
            }
            Self::Daily => ("Once a day", "The same together, at 8:00 in the morning, on days on which there was something."),
            Self::Weekly => ("Once a week", "The same together, on Mondays at 8:00."),
            Self::Nothing => ("Nothing", "What names you still stands in your Today."),
        }
    }
    pub(super) fn of(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.key() == key)
    }
    /// From when something is due that was written at this moment; nothing where it never is.
    fn due(self, written: Moment) -> Option<Moment> {
        let at = |day: Day| Deadline { day, hour: HOUR, minute: 0 }.moment();
        let today = written.day();
        // The first such hour that comes after it.
        let next = |day: Day, step: i64| if at(day) > written { at(day) } else { at(day.plus_days(step)) };
        match self {
            Self::Named | Self::AtOnce => Some(written),
            Self::Daily => Some(next(today, 1)),
            Self::Weekly => Some(next(today.plus_days((7 - weekday(today)) % 7), 7)),
            Self::Nothing => None,
        }
    }
}

/// 0 on a Monday.
fn weekday(day: Day) -> i64 {
    // The first day of 2024 was a Monday.
    Day::new(2024, 1, 1).map_or(0, |monday| day.days_since(monday).rem_euclid(7))
}

/// The minute of the day in London.
fn minute(at: Moment) -> Option<i32> {
    let (hour, minute) = at.clock_time().split_once(':').map(|(h, m)| (h.to_string(), m.to_string()))?;
    Some(hour.parse::<i32>().ok()? * 60 + minute.parse::<i32>().ok()?)
}

/// Whether somebody wants to be left alone at this moment.
pub(super) fn is_quiet(choice: &mail_choice::Model, now: Moment) -> bool {
    let today = usize::try_from(weekday(now.day())).ok().and_then(|day| DAYS.get(day)).map_or("", |(key, _)| *key);
    if choice.days_off.split(' ').any(|off| off == today) {
        return true;
    }
    match (choice.quiet_from, choice.quiet_to, minute(now)) {
        (Some(from), Some(to), Some(at)) if from < to => (from..to).contains(&at),
        // Through midnight.
        (Some(from), Some(to), Some(at)) if from > to => at >= from || at < to,
        _ => false,
    }
}

/// Whether what was written, the first of it at this moment, is to be told now.
pub(super) fn tells(choice: &mail_choice::Model, first: Moment, now: Moment) -> bool {
    let due = Rhythm::of(&choice.rhythm).and_then(|rhythm| rhythm.due(first));
    due.is_some_and(|due| due <= now) && !is_quiet(choice, now)
}

/// The minute of a time as somebody types it; nothing where they left it empty.
pub(super) fn typed_time(text: &str) -> Result<Option<i32>, ()> {
    if text.is_empty() {
        return Ok(None);
    }
    let (hour, minute) = text.split_once([':', '.']).unwrap_or((text, "00"));
    match (hour.trim().parse::<i32>(), minute.trim().parse::<i32>()) {
        (Ok(hour @ 0..=23), Ok(minute @ 0..=59)) => Ok(Some(hour * 60 + minute)),
        _ => Err(()),
    }
}

pub(super) fn time_words(minute: Option<i32>) -> String {
    minute.map(|at| format!("{:02}:{:02}", at / 60, at % 60)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use tables::{MailChoiceId, PersonId, ProgrammeId, Uuid};

    use super::*;

    fn at(day: u32, hour: u32, minute: u32) -> Moment {
        // 23 November 2026 is a Monday.
        Deadline { day: Day::new(2026, 11, day).expect("a day"), hour, minute }.moment()
    }

    fn choice(rhythm: Rhythm, quiet: Option<(i32, i32)>, off: &str) -> mail_choice::Model {
        mail_choice::Model {
            id: MailChoiceId(Uuid::nil()),
            programme_id: ProgrammeId(Uuid::nil()),
            person_id: PersonId(Uuid::nil()),
            rhythm: rhythm.key().into(),
            quiet_from: quiet.map(|q| q.0),
            quiet_to: quiet.map(|q| q.1),
            days_off: off.into(),
            told_until: at(1, 0, 0),
            changed_at: at(1, 0, 0),
        }
    }

    #[test]
    fn a_day_and_a_week_are_told_at_eight() {
        let daily = choice(Rhythm::Daily, None, "");
        assert!(!tells(&daily, at(23, 9, 0), at(23, 23, 59)) && tells(&daily, at(23, 9, 0), at(24, 8, 0)));
        assert!(tells(&daily, at(23, 7, 59), at(23, 8, 0)), "what came in the night is told in the morning");
        let weekly = choice(Rhythm::Weekly, None, "");
        assert!(!tells(&weekly, at(23, 8, 0), at(29, 23, 0)) && tells(&weekly, at(23, 8, 0), at(30, 8, 0)));
        assert!(tells(&weekly, at(22, 12, 0), at(23, 8, 0)), "on a Sunday");
        assert!(!tells(&choice(Rhythm::Nothing, None, ""), at(1, 0, 0), at(30, 12, 0)));
    }

    #[test]
    fn quiet_hours_go_through_midnight_and_days_off_from_midnight_to_midnight() {
        let night = choice(Rhythm::AtOnce, Some((20 * 60, 7 * 60 + 30)), "sat sun");
        for (when, quiet) in [
            (at(23, 19, 59), false),
            (at(23, 20, 0), true),
            (at(24, 7, 29), true),
            (at(24, 7, 30), false),
            (at(28, 12, 0), true),
            (at(29, 23, 59), true),
            (at(30, 0, 0), true),
            (at(30, 7, 30), false),
        ] {
            assert_eq!(is_quiet(&night, when), quiet, "{when}");
        }
        let noon = choice(Rhythm::AtOnce, Some((12 * 60, 13 * 60)), "");
        assert!(is_quiet(&noon, at(23, 12, 30)) && !is_quiet(&noon, at(23, 13, 0)));
        assert!(!is_quiet(&choice(Rhythm::AtOnce, Some((60, 60)), ""), at(23, 1, 0)), "no hours at all");
    }

    #[test]
    fn hours_are_those_of_london() {
        let summer = Deadline { day: Day::new(2026, 7, 6).expect("a day"), hour: 20, minute: 0 }.moment();
        assert!(is_quiet(&choice(Rhythm::AtOnce, Some((20 * 60, 21 * 60)), ""), summer));
    }

    #[test]
    fn times_are_read_as_people_type_them() {
        assert_eq!(typed_time("20:00"), Ok(Some(1_200)));
        assert_eq!(typed_time("7.30"), Ok(Some(450)));
        assert_eq!(typed_time("7"), Ok(Some(420)));
        assert_eq!(typed_time(""), Ok(None));
        assert_eq!(typed_time("24:00"), Err(()));
        assert_eq!(typed_time("late"), Err(()));
    }
}
