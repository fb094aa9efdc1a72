//! What applications ask for, against what there is.

use design::Stage;
use kernel::Money;
use ui::figures::{MoneyBar, money_bars};
use ui::{Html, html, parts};

use super::Outcome;
use super::portfolio::{Portfolio, Seen};
use crate::ground::html::*;

/// What some ask for together; nothing where that is more than can be counted.
pub(super) fn asked<'a>(of: impl Iterator<Item = &'a Seen>) -> Option<Money> {
    of.filter_map(|s| s.asked).try_fold(Money::ZERO, Money::checked_add)
}

/// As many awards as there are: of the stage that those chosen come into.
fn there(stage: &Stage, next: &Stage) -> Option<Money> {
    stage.chooses_count().and_then(|n| next.award?.times(*n.end()))
}

/// What those chosen ask for, against the number of awards that there are times the award.
pub(super) fn in_words(all: &Portfolio, (stage, next): (&Stage, &Stage)) -> Html {
    let chosen: Vec<&Seen> = all.seen().filter(|s| s.outcome() == Some(Outcome::Chosen)).collect();
    let silent = chosen.iter().filter(|s| s.asked.is_none()).count();
    let asked = asked(chosen.iter().copied());
    let there = there(stage, next);
    html(maud! {
        "Those chosen ask for " (asked.map_or_else(|| "more than can be counted".to_string(), |m| m.to_string()))
        @if silent > 0 { ", without " (silent) " that do not say how much" }
        @match (there, next.award, asked) {
            (Some(there), _, Some(asked)) => {
                " of " @if next.up_to { "up to " } (there.to_string()) "."
                @if asked > there { " " (parts::tag("More than there is", parts::Tone::Warning)) }
            }
            (_, Some(award), _) => { ". An award is " @if next.up_to { "up to " } (award.to_string()) "." }
            _ => { ". The design does not say how much there is." }
        }
    })
}

/// The same as bars, once anything is said that asks for money.
pub(super) fn picture(all: &Portfolio, (stage, next): (&Stage, &Stage)) -> Html {
    let of = |outcome, counts| asked(all.seen().filter(|s| s.outcome() == Some(outcome) && s.counts() == counts));
    let bar = |outcome: Outcome| {
        Some(MoneyBar { name: outcome.words().into(), settled: of(outcome, true)?, proposed: of(outcome, false)? })
    };
    let bars: Vec<MoneyBar> = [Outcome::Chosen, Outcome::Reserve].into_iter().filter_map(bar).collect();
    let anything = bars.iter().any(|b| b.settled > Money::ZERO || b.proposed > Money::ZERO);
    if anything { money_bars("What they ask for, against what there is", &bars, there(stage, next)) } else { html("") }
}
