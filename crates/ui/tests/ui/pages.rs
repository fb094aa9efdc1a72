//! What holds for every page, seen on the one that holds every part.

use std::collections::HashSet;

use super::common::{all, attr, one, text};
use scraper::Html;
use ui::Shell;

fn everything() -> Html {
    Html::parse_document(ui::gallery::shell().page(ui::gallery::gallery()).as_inner())
}

#[test]
fn a_page_is_in_british_english_with_one_heading_and_a_way_past_the_bar() {
    let page = everything();
    assert_eq!(attr(one(&page, "html"), "lang"), "en-GB");
    assert_eq!(text(one(&page, "h1")), "Everything there is");
    assert_eq!(attr(one(&page, "a.govuk-skip-link"), "href"), "#main");
    assert_eq!(attr(one(&page, "main"), "id"), "main");
}

#[test]
fn ids_are_unique_and_everything_referred_to_is_there() {
    let page = everything();
    let ids: Vec<&str> = all(&page, "[id]").into_iter().map(|e| attr(e, "id")).collect();
    let unique: HashSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len(), "an id is there twice");
    for name in ["for", "aria-labelledby", "aria-describedby", "aria-controls"] {
        for element in all(&page, &format!("[{name}]")) {
            for id in attr(element, name).split_whitespace() {
                assert!(unique.contains(id), "{name} refers to {id}, which is not there");
            }
        }
    }
}

#[test]
fn nothing_is_styled_or_scripted_within_the_page() {
    let page = everything();
    assert!(all(&page, "[style], style").is_empty());
    assert!(all(&page, "script").into_iter().all(|s| attr(s, "src").starts_with("/assets/") && text(s).is_empty()));
    for element in all(&page, "*") {
        assert!(element.value().attrs().all(|(name, _)| !name.starts_with("on")), "{}", element.html());
    }
}

#[test]
fn headings_go_down_one_step_at_a_time() {
    let page = everything();
    let main = one(&page, "main");
    let mut last = 1;
    for heading in main.select(&super::common::select("h1, h2, h3, h4")).skip_while(|h| h.value().name() != "h1") {
        let level = heading.value().name()[1..].parse::<u32>().unwrap();
        assert!(level <= last + 1, "{} comes after a heading of level {last}", text(heading));
        last = level;
    }
}

#[test]
fn the_section_one_is_in_is_marked_in_rail_and_menu_alike() {
    let page = everything();
    let current: Vec<String> = all(&page, "nav a[aria-current=page]").into_iter().map(text).collect();
    assert_eq!(current, ["Places", "Places"]);
}

#[test]
fn a_stranger_is_offered_to_sign_in_and_nothing_else() {
    let page = Html::parse_document(Shell::new("Welcome").page("").as_inner());
    assert_eq!(text(one(&page, "nav[aria-label='Your pages']")), "Sign in");
    assert!(all(&page, "input").is_empty());
}

#[test]
fn a_page_without_errors_does_not_say_error() {
    let shell = Shell { invalid: Some(ui::shell::InvalidSummary::default()), ..Shell::new("New award") };
    let page = Html::parse_document(shell.page("").as_inner());
    assert_eq!(text(one(&page, "title")), "New award – Commonweal");
    assert!(all(&page, ".govuk-error-summary").is_empty());
}

#[test]
fn the_bundle_is_served_under_the_names_the_pages_use() {
    // Where the bundle was not built, pages come without it.
    for address in [ui::assets::stylesheet(), ui::assets::script(), ui::assets::icon()].into_iter().filter(|a| !a.is_empty()) {
        let asset = ui::assets::find(address.strip_prefix("/assets/").unwrap()).unwrap();
        assert!(asset.immutable && !asset.bytes.is_empty() && asset.mime != "application/octet-stream", "{address}");
    }
    for path in ["manifest.json", "../Cargo.toml", "/etc/passwd", ""] {
        assert!(ui::assets::find(path).is_none(), "{path}");
    }
}
