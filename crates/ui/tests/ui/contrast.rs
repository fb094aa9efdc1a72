//! Every pair of colours that the tokens declare can be read, light and dark (WCAG 2.2, 1.4.3 and 1.4.11).

use std::collections::{BTreeMap, BTreeSet};

type Colours = BTreeMap<String, String>;

fn tokens() -> String {
    std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/tokens.css")).unwrap()
}

/// The colours of the light scheme, and those of the dark one over them.
fn schemes(css: &str) -> [(&'static str, Colours); 2] {
    let (light, dark) = css.split_once("@media (prefers-color-scheme: dark)").unwrap();
    let read = |part: &str| -> Colours {
        part.lines()
            .filter_map(|line| line.trim().strip_prefix("--")?.strip_suffix(';')?.split_once(": "))
            .map(|(name, colour)| (name.to_owned(), colour.to_owned()))
            .collect()
    };
    let light = read(light);
    let mut over = light.clone();
    over.extend(read(dark));
    [("light", light), ("dark", over)]
}

/// "text: a b on c d" in the comment, as pairs with the contrast they need.
fn pairs(css: &str) -> Vec<(String, String, f64)> {
    let mut pairs = Vec::new();
    for line in css.lines().map(str::trim) {
        let Some((needed, rest)) =
            line.strip_prefix("text: ").map(|r| (4.5, r)).or_else(|| line.strip_prefix("shape: ").map(|r| (3.0, r)))
        else {
            continue;
        };
        let (above, below) = rest.split_once(" on ").unwrap();
        for a in above.split(' ') {
            for b in below.split(' ') {
                pairs.push((a.to_owned(), b.to_owned(), needed));
            }
        }
    }
    pairs
}

fn luminance(colour: &str) -> f64 {
    let part = |i: usize| {
        let value = f64::from(u8::from_str_radix(&colour[i..i + 2], 16).unwrap()) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
}

fn contrast(a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn black_on_white_measures_what_the_standard_says() {
    assert!((contrast("#000000", "#FFFFFF") - 21.0).abs() < 0.001);
    assert!((contrast("#777777", "#FFFFFF") - 4.478).abs() < 0.001);
}

#[test]
fn every_declared_pair_can_be_read() {
    let css = tokens();
    let pairs = pairs(&css);
    assert!(pairs.len() > 60, "only {} pairs are declared", pairs.len());
    let mut wrong = Vec::new();
    for (scheme, colours) in schemes(&css) {
        for (above, below, needed) in &pairs {
            let measured = contrast(&colours[above], &colours[below]);
            if measured < *needed {
                wrong.push(format!("{scheme}: {above} on {below} is {measured:.2}, needs {needed}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_colour_is_part_of_a_pair_and_has_a_dark_one() {
    let css = tokens();
    let [(_, light), _] = schemes(&css);
    let named: BTreeSet<String> = pairs(&css).into_iter().flat_map(|(a, b, _)| [a, b]).collect();
    let (_, dark) = css.split_once("@media (prefers-color-scheme: dark)").unwrap();
    for name in light.keys() {
        // Lines between rows carry no meaning: they may be as faint as they like.
        assert!(named.contains(name) || name == "line", "{name} stands in no declared pair");
        assert!(dark.contains(&format!("--{name}:")), "{name} has no dark colour");
    }
}

#[test]
fn no_colour_is_written_outside_the_tokens() {
    let styles = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/styles");
    for file in std::fs::read_dir(styles).unwrap() {
        let path = file.unwrap().path();
        let css = std::fs::read_to_string(&path).unwrap();
        // Paper is white and its ink black, whatever the screen's colours are.
        if path.ends_with("print.css") {
            continue;
        }
        let written = css.lines().find(|line| line.contains(": #") || line.contains("rgb(") || line.contains("rgba("));
        assert_eq!(written, None, "{}", path.display());
    }
}
