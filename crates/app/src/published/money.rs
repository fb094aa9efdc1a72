//! Amounts in any currency, as people read them.

use std::fmt::Write as _;

/// £50,000, €12.50, 7,000 JPY.
pub(super) fn amount(hundredths: i128, currency: &str) -> String {
    let whole = (hundredths.unsigned_abs() / 100).to_string();
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let part = hundredths.unsigned_abs() % 100;
    if part > 0 {
        let _ = write!(grouped, ".{part:02}");
    }
    let minus = if hundredths < 0 { "−" } else { "" };
    match currency {
        "GBP" => format!("{minus}£{grouped}"),
        "EUR" => format!("{minus}€{grouped}"),
        "USD" => format!("{minus}US${grouped}"),
        other => format!("{minus}{grouped} {other}"),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn amounts_read_as_people_write_them() {
        for (hundredths, currency, shown) in [
            (5_000_000, "GBP", "£50,000"),
            (1_250, "EUR", "€12.50"),
            (100_000_000_005, "USD", "US$1,000,000,000.05"),
            (0, "JPY", "0 JPY"),
            (-99, "GBP", "−£0.99"),
        ] {
            assert_eq!(super::amount(hundredths, currency), shown);
        }
    }
}
