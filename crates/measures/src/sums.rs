//! The sums every measure is made of.

/// A count as a number to reckon with. Exact: no count here comes near 2^53.
pub fn count(n: usize) -> f64 {
    n as f64
}

/// Whether squares of such numbers still fit: finite, and not beyond any scale that people use.
pub fn usable(value: f64) -> bool {
    value.abs() <= 1e100
}

pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / count(values.len())
}

/// The sum of squared deviations from the mean, by the two-pass algorithm, which loses nothing to large means.
pub fn squares(values: &[f64]) -> f64 {
    let mean = mean(values);
    values.iter().map(|v| (v - mean).powi(2)).sum()
}

/// The different values, in order.
pub fn distinct(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    values.dedup();
    values
}

/// Where a value stands among different values in order.
pub fn place(values: &[f64], value: f64) -> usize {
    values.partition_point(|v| *v < value)
}
