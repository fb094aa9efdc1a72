//! What the address of a list of grants asks for. All of it stands there, so that a list can be sent on and kept.

use facets::{Ask, Index, Matches, Order};
use kernel::Fault;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use store::search::{fold, stems};

use super::reading::{AREA, FUNDER, PROGRAMME};
use super::shelf::with_words;
use crate::ground::Cx;

/// Beyond so many words, a question says no more about what is looked for.
const WORDS: usize = 16;

/// The lists to narrow by: the word in the address, what it is called, and where it stands in the index.
pub(super) const LISTS: [(&str, &str, usize); 4] = [
    ("funder", "Funder", FUNDER),
    ("programme", "Programme", PROGRAMME),
    ("area", "Area", AREA),
    ("currency", "Currency", facets::CURRENCY),
];

/// Amounts from here up to the next, in hundredths.
pub(super) const BANDS: [(i64, &str, &str); 6] = [
    (0, "0", "Below 1,000"),
    (100_000, "1000", "1,000 to 10,000"),
    (1_000_000, "10000", "10,000 to 50,000"),
    (5_000_000, "50000", "50,000 to 250,000"),
    (25_000_000, "250000", "250,000 to 1 million"),
    (100_000_000, "1000000", "1 million and more"),
];

/// Everything that an address may say, in the order in which it is written.
const NAMES: [&str; 8] = ["q", "funder", "programme", "area", "currency", "year", "amount", "sort"];

/// The address of the list with something else in it, and from its first page.
pub(super) fn with(cx: &Cx, path: &str, changed: &[(&str, &str)]) -> String {
    let said = NAMES.iter().filter_map(|name| {
        let value = changed.iter().find(|(own, _)| own == name).map_or_else(|| cx.query(name), |(_, value)| value);
        (!value.is_empty()).then(|| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)))
    });
    let said: Vec<String> = said.collect();
    if said.is_empty() { path.to_string() } else { format!("{path}?{}", said.join("&")) }
}

pub(super) fn order(cx: &Cx) -> Order {
    if cx.query("sort") == "amount" { Order::Largest } else { Order::Newest }
}

/// Which amounts are asked for, if any.
pub(super) fn band(cx: &Cx) -> Option<usize> {
    BANDS.iter().position(|(_, key, _)| *key == cx.query("amount"))
}

/// The grants that the address asks for.
pub(super) async fn matching(cx: &Cx, index: &std::sync::Arc<Index>) -> Result<Matches, Fault> {
    let mut ask = Ask { year: cx.query("year").parse().ok(), ..Ask::default() };
    for (name, _, list) in LISTS {
        ask.keys[list] = Some(cx.query(name)).filter(|key| !key.is_empty()).map(str::to_owned);
    }
    let from = |at: usize| BANDS.get(at).map_or(i64::MAX, |(from, ..)| *from);
    ask.amounts = band(cx).map(|at| (from(at), from(at + 1)));
    let mut words = stems(&fold(cx.query("q")));
    words.sort_unstable();
    words.dedup();
    words.truncate(WORDS);
    with_words(&cx.app().db, &mut ask, words).await?;
    let index = index.clone();
    tokio::task::spawn_blocking(move || index.matching(&ask)).await.map_err(|e| Fault::new("search grants", e))
}
