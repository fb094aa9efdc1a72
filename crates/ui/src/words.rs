//! The words people wrote: as Markdown, as plain text, as a snippet of what was searched for, and as two versions
//! side by side.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use hypertext::Buffer;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use similar::{ChangeTag, TextDiff};

use crate::dsl::*;
use crate::html::already_clean;

/// HTML that came from what people wrote and holds nothing but words: no script, no picture, no style.
#[derive(Debug, Clone)]
pub struct Clean(Html);

impl Clean {
    /// Of HTML that came out of a [`cleaner`].
    pub(crate) const fn of(html: Html) -> Self {
        Self(html)
    }
}

impl Renderable for Clean {
    fn render_to(&self, buffer: &mut Buffer) {
        self.0.render_to(buffer);
    }
}

/// The tags that words may come in.
const SAFE_TAGS: [&str; 16] =
    ["p", "br", "h2", "h3", "h4", "ul", "ol", "li", "a", "strong", "em", "blockquote", "code", "pre", "hr", "del"];

/// What may be left after cleaning. Nothing here can run, load or dress up as a part of the page.
static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| cleaner(&[]));

/// The same, with tags beside those that people's words come in.
pub(crate) fn cleaner(more: &[&'static str]) -> Builder<'static> {
    let mut cleaner = Builder::empty();
    cleaner
        .tags(SAFE_TAGS.into_iter().chain(more.iter().copied()).collect())
        .tag_attributes(HashMap::from([("a", HashSet::from(["href", "title"])), ("ol", HashSet::from(["start"]))]))
        .url_schemes(HashSet::from(["https", "http", "mailto", "tel"]))
        .url_relative(UrlRelative::PassThrough)
        .clean_content_tags(HashSet::from(["script", "style"]))
        .link_rel(Some("nofollow noopener"));
    cleaner
}

/// Markdown as people use it: paragraphs, headings below the page's own, lists, links, emphasis, quotations, code.
/// HTML in it is shown as it was typed; a picture becomes its description.
#[must_use]
pub fn markdown(text: &str) -> Clean {
    let mut written = String::with_capacity(text.len() * 3 / 2);
    pulldown_cmark::html::push_html(&mut written, events(text));
    Clean(html(maud! { div class="words" { (already_clean(CLEANER.clean(&written).to_string())) } }))
}

/// What a text consists of, nothing of which runs or loads.
pub(crate) fn events(text: &str) -> impl Iterator<Item = Event<'_>> {
    Parser::new_ext(text, Options::ENABLE_STRIKETHROUGH).filter_map(|event| match event {
        Event::Html(raw) | Event::InlineHtml(raw) => Some(Event::Text(raw)),
        Event::Start(Tag::HtmlBlock) => Some(Event::Start(Tag::Paragraph)),
        Event::End(TagEnd::HtmlBlock) => Some(Event::End(TagEnd::Paragraph)),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        Event::Start(Tag::Heading { level, id, classes, attrs }) => {
            Some(Event::Start(Tag::Heading { level: below(level), id, classes, attrs }))
        }
        Event::End(TagEnd::Heading(level)) => Some(Event::End(TagEnd::Heading(below(level)))),
        other => Some(other),
    })
}

/// A heading of a text stands below the heading of its page.
const fn below(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H2,
        HeadingLevel::H2 => HeadingLevel::H3,
        _ => HeadingLevel::H4,
    }
}

/// Text as it was typed: an empty line begins a paragraph, and line breaks stay.
#[must_use]
pub fn plain(text: &str) -> Html {
    let text = text.replace("\r\n", "\n");
    html(maud! {
        div class="words" {
            @for paragraph in text.split("\n\n").map(|p| p.trim_matches('\n')).filter(|p| !p.trim().is_empty()) {
                p {
                    @for (i, line) in paragraph.split('\n').enumerate() {
                        @if i > 0 { br; }
                        (line)
                    }
                }
            }
        }
    })
}

/// How much of a text a snippet shows, in characters.
const SNIPPET: usize = 220;

/// The part of a text around the first word looked for, with those words marked.
#[must_use]
pub fn snippet(text: &str, words: &[&str]) -> Html {
    let plain = without_marks(text);
    let text = plain.as_str();
    let wanted: Vec<String> = words.iter().map(|w| w.to_lowercase()).filter(|w| !w.is_empty()).collect();
    if wanted.is_empty() {
        let (shown, cut) = beginning(text);
        return html(maud! { (shown) @if cut { " …" } });
    }
    let found = |word: &str| {
        let word = word.to_lowercase();
        wanted.iter().any(|w| word.trim_start_matches(|c: char| !c.is_alphanumeric()).starts_with(w.as_str()))
    };
    let from = text.split_whitespace().position(found).unwrap_or(0).saturating_sub(8);
    let (mut length, mut cut) = (0, false);
    let shown: Vec<&str> = text
        .split_whitespace()
        .skip(from)
        .take_while(|word| {
            length += word.chars().count() + 1;
            cut = length > SNIPPET;
            !cut
        })
        .collect();
    html(maud! {
        @if from > 0 { "… " }
        @for (i, word) in shown.iter().enumerate() {
            @if i > 0 { " " }
            @if found(word) { mark { (word) } } @else { (word) }
        }
        @if cut { " …" }
    })
}

/// A text without the marks of headings and points, which mean nothing in the middle of a line.
fn without_marks(text: &str) -> String {
    let line = |line: &str| {
        let heading = line.trim_start_matches('#');
        let line = if heading.len() < line.len() && heading.starts_with(' ') { heading.trim_start() } else { line };
        // A line that stands for a quotation means nothing away from its page.
        let quoted = line.strip_prefix("[quotation ").and_then(|rest| rest.strip_suffix(']'));
        if quoted.is_some_and(|number| number.bytes().all(|b| b.is_ascii_digit())) {
            return "…".to_owned();
        }
        line.strip_prefix("- ").unwrap_or(line).to_owned()
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// How a text begins, in whole words, and whether it goes on.
fn beginning(text: &str) -> (&str, bool) {
    let text = text.trim();
    match text.char_indices().nth(SNIPPET) {
        None => (text, false),
        Some((end, _)) => (text[..end].rsplit_once(char::is_whitespace).map_or("", |(words, _)| words.trim_end()), true),
    }
}

/// What changed between two versions of a text, word by word. Those who listen hear where something was taken out
/// or put in, since they cannot see the line through it.
#[must_use]
pub fn difference(before: &str, after: &str) -> Html {
    let runs = runs(before, after);
    let unchanged = runs.iter().all(|run| run.removed.is_empty() && run.added.is_empty());
    html(maud! {
        div class="difference" {
            @if unchanged { p class="muted" { "Nothing changed in the text." } }
            p class="difference-text" {
                @for run in &runs {
                    @if !run.removed.is_empty() {
                        del { span class="govuk-visually-hidden" { "[Taken out: " } (&run.removed) span class="govuk-visually-hidden" { "] " } }
                    }
                    @if !run.added.is_empty() {
                        ins { span class="govuk-visually-hidden" { "[Put in: " } (&run.added) span class="govuk-visually-hidden" { "] " } }
                    }
                    (&run.kept)
                }
            }
        }
    })
}

/// What was taken out and put in at one spot, and what stayed after it.
#[derive(Default)]
struct Run {
    removed: String,
    added: String,
    kept: String,
}

/// Changes with nothing but a space between them are one change: that is how people see them.
fn runs(before: &str, after: &str) -> Vec<Run> {
    let compared = TextDiff::from_words(before, after);
    let mut runs = vec![Run::default()];
    let mut last = Run::default();
    for change in compared.iter_all_changes() {
        let text = change.value();
        if change.tag() != ChangeTag::Equal && !last.kept.is_empty() {
            let only_space =
                last.kept.trim().is_empty() && !last.kept.contains('\n') && !(last.removed.is_empty() && last.added.is_empty());
            if only_space {
                let space = std::mem::take(&mut last.kept);
                last.removed.push_str(&space);
                last.added.push_str(&space);
            } else {
                runs.push(std::mem::take(&mut last));
            }
        }
        match change.tag() {
            ChangeTag::Equal => last.kept.push_str(text),
            ChangeTag::Delete => last.removed.push_str(text),
            ChangeTag::Insert => last.added.push_str(text),
        }
    }
    runs.push(last);
    runs
}
