//! Reading a page as a browser does.

use hypertext::Renderable;
use scraper::{ElementRef, Html, Selector};

pub fn page(piece: impl Renderable) -> Html {
    Html::parse_document(piece.render().as_inner())
}

pub fn select(css: &str) -> Selector {
    Selector::parse(css).unwrap()
}

pub fn all<'a>(page: &'a Html, css: &str) -> Vec<ElementRef<'a>> {
    page.select(&select(css)).collect()
}

pub fn one<'a>(page: &'a Html, css: &str) -> ElementRef<'a> {
    let found = all(page, css);
    assert_eq!(found.len(), 1, "{css} is there {} times", found.len());
    found[0]
}

pub fn text(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

pub fn attr<'a>(element: ElementRef<'a>, name: &str) -> &'a str {
    element.value().attr(name).unwrap_or_default()
}

/// What somebody hears after a field's name: its hint and its error.
pub fn description(page: &Html, element: ElementRef<'_>) -> String {
    attr(element, "aria-describedby")
        .split_whitespace()
        .map(|id| text(one(page, &format!("[id='{id}']"))))
        .collect::<Vec<_>>()
        .join(" | ")
}
