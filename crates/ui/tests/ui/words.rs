//! What people write stays words.

use super::common::{all, attr, one, page, text};
use ui::words;

#[test]
fn markdown_becomes_headings_below_the_pages_own_lists_and_links() {
    let page = page(words::markdown("# Heard\n\n- one\n- *two*\n\n[notes](https://example.org/n) and <https://example.org>"));
    assert!(all(&page, "h1").is_empty());
    assert_eq!(text(one(&page, "h2")), "Heard");
    assert_eq!(all(&page, "li").len(), 2);
    let link = all(&page, "a")[0];
    assert_eq!((attr(link, "href"), attr(link, "rel")), ("https://example.org/n", "nofollow noopener"));
}

#[test]
fn nothing_in_markdown_runs_loads_or_dresses_up() {
    for hostile in [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![pixel](https://example.org/pixel.png)",
        "[click](javascript:alert(1))",
        "[click](JaVaScRiPt:alert(1))",
        "[click](data:text/html;base64,PHNjcmlwdD4=)",
        "<a href='https://example.org' onclick='x()' style='color:red' class='govuk-button'>x</a>",
        "<svg><script>alert(1)</script></svg>",
        "<iframe src=//example.org></iframe>\n\n<form action=/sign-out><input></form>",
        "<div id=main>",
        "[x]: javascript:alert(1)\n\n[x]",
        "<style>body{display:none}</style>",
        "```\n</code></pre><script>alert(1)</script>\n```",
        "| a | b |\n|---|---|\n| <b onmouseover=x()>1</b> | 2 |",
    ] {
        let page = page(words::markdown(hostile));
        assert!(
            all(&page, "script, img, svg, iframe, form, input, style, table, [style], [id], body > div ~ *").is_empty(),
            "{hostile}"
        );
        for element in all(&page, ".words *") {
            assert!(element.value().attrs().all(|(name, _)| matches!(name, "href" | "rel" | "title" | "start")), "{hostile}");
            assert!(
                ["", "http://", "https://"]
                    .iter()
                    .any(|s| attr(element, "href").is_empty() || (!s.is_empty() && attr(element, "href").starts_with(s))),
                "{hostile}"
            );
        }
    }
}

#[test]
fn html_in_markdown_is_shown_as_it_was_typed() {
    let page = page(words::markdown("Use <b>bold</b> sparingly"));
    assert_eq!(text(one(&page, "p")), "Use <b>bold</b> sparingly");
}

#[test]
fn a_picture_becomes_its_description() {
    let page = page(words::markdown("Before ![the harbour](x.png) after"));
    assert_eq!(text(one(&page, "p")), "Before the harbour after");
}

#[test]
fn plain_text_keeps_its_lines_and_paragraphs() {
    let page = page(words::plain("One\r\ntwo\r\n\r\n\r\nThree <b>"));
    let paragraphs: Vec<String> = all(&page, "p").into_iter().map(|p| p.inner_html()).collect();
    assert_eq!(paragraphs, ["One<br>two", "Three &lt;b&gt;"]);
}

#[test]
fn a_snippet_marks_what_was_looked_for_and_nothing_else() {
    let long = format!("{} Trust, said the choir, is lent. {}", "word ".repeat(60), "more ".repeat(80));
    let page = page(words::snippet(&long, &["trust"]));
    assert_eq!(text(one(&page, "mark")), "Trust,");
    let whole = page.root_element().text().collect::<String>();
    assert!(whole.starts_with('…') && whole.ends_with('…') && whole.chars().count() < 300, "{whole}");
    assert!(all(&super::common::page(words::snippet("<mark>a</mark>", &["zzz"])), "mark").is_empty());
    assert_eq!(words::snippet("", &["a"]).as_str(), "");
}

#[test]
fn a_difference_says_what_was_taken_out_and_put_in() {
    let page = page(words::difference("We will open two hubs by April 2026.", "We will open one hub by April 2026."));
    assert_eq!(text(one(&page, "del")), "[Taken out: two hubs]");
    assert_eq!(text(one(&page, "ins")), "[Put in: one hub]");
    assert!(all(&super::common::page(words::difference("same", "same")), "ins, del").is_empty());
}

#[test]
fn both_versions_can_be_read_back_from_a_difference() {
    for (before, after) in [
        ("a b c", "a c"),
        ("", "new words"),
        ("old words", ""),
        ("one two\n\nthree", "one 2\n\nthree four"),
        ("<b> & c", "<i> & d"),
        ("", ""),
    ] {
        let page = page(words::difference(before, after));
        let version = |leave_out: &str| {
            one(&page, ".difference-text")
                .descendants()
                .filter(|n| {
                    !n.ancestors()
                        .filter_map(scraper::ElementRef::wrap)
                        .any(|e| e.value().name() == leave_out || e.value().name() == "span")
                })
                .filter_map(|n| n.value().as_text().map(|t| t.to_string()))
                .collect::<String>()
        };
        assert_eq!(version("ins"), before);
        assert_eq!(version("del"), after);
    }
}
