//! Numbers that give nobody away: for those who do not run an event, nothing is counted below the design's small number, and
//! what is left out cannot be worked out from what is shown.

/// What stands for the groups that were too small to be told apart.
pub(super) const OTHERS: &str = "Others together";

/// The groups as they may be told: those of at least `fewest`, and the rest in one sum, which takes in the smallest of the others
/// until it is large enough itself. So the sum of what is shown is the sum of all, and tells nothing more. Nothing where all
/// of them together are too few.
pub(super) fn together(groups: &[(String, u64)], fewest: u64) -> Option<Vec<(String, u64)>> {
    let all: u64 = groups.iter().map(|(_, count)| count).sum();
    if all < fewest {
        return None;
    }
    let mut large: Vec<(String, u64)> = groups.iter().filter(|(_, count)| *count >= fewest).cloned().collect();
    let mut rest: u64 = all - large.iter().map(|(_, count)| count).sum::<u64>();
    while rest > 0 && rest < fewest {
        let Some(smallest) = (0..large.len()).min_by_key(|at| large[*at].1) else { break };
        rest += large.remove(smallest).1;
    }
    if rest > 0 {
        large.push((OTHERS.to_string(), rest));
    }
    Some(large)
}

#[cfg(test)]
mod tests {
    use super::together;

    fn told(groups: &[(&str, u64)], fewest: u64) -> Option<Vec<(String, u64)>> {
        together(&groups.iter().map(|(name, count)| ((*name).to_string(), *count)).collect::<Vec<_>>(), fewest)
    }

    #[test]
    fn what_is_small_is_summed_until_it_is_not() {
        let shown = told(&[("a", 9), ("b", 3), ("c", 4)], 5).unwrap();
        assert_eq!(shown, [("a".to_string(), 9), ("Others together".to_string(), 7)]);
        // Two alone would be a small number, so the smallest of the others stands with them.
        let shown = told(&[("a", 9), ("b", 6), ("c", 2)], 5).unwrap();
        assert_eq!(shown, [("a".to_string(), 9), ("Others together".to_string(), 8)]);
        assert_eq!(told(&[("a", 6), ("b", 1)], 5).unwrap(), [("Others together".to_string(), 7)]);
        assert_eq!(told(&[("a", 6)], 5).unwrap(), [("a".to_string(), 6)]);
        assert_eq!(told(&[("a", 2), ("b", 2)], 5), None);
        assert_eq!(told(&[], 5), None);
    }

    #[test]
    fn nothing_shown_is_ever_small_and_nothing_is_lost() {
        for a in 0..12 {
            for b in 0..12 {
                for c in 0..12 {
                    let shown = told(&[("a", a), ("b", b), ("c", c)], 5);
                    assert_eq!(shown.is_some(), a + b + c >= 5);
                    let shown = shown.unwrap_or_default();
                    assert!(shown.iter().all(|(_, count)| *count >= 5), "{a} {b} {c}: {shown:?}");
                    let sum: u64 = shown.iter().map(|(_, count)| count).sum();
                    assert!(sum == a + b + c || shown.is_empty());
                }
            }
        }
    }
}
