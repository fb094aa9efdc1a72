//! A page as somebody gets it, whatever they see it with. Every page is looked over when it arrives: what a screen
//! reader or a keyboard stumbles over fails the test that opened it.

use std::collections::HashMap;

use axum::http::{HeaderMap, StatusCode, header};
use scraper::{ElementRef, Html, Selector};

/// A page that was opened.
pub struct Page {
    pub status: StatusCode,
    pub path: String,
    pub headers: HeaderMap,
    /// The page as it was sent.
    pub source: String,
    pub(crate) document: Html,
}

pub(crate) fn select(css: &str) -> Selector {
    Selector::parse(css).expect("a selector")
}

/// An element's words as they are read out: all its text, with single spaces.
pub(crate) fn words(element: ElementRef<'_>) -> String {
    squeeze(&element.text().collect::<String>())
}

pub(crate) fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Page {
    pub(crate) fn read(status: StatusCode, path: &str, headers: HeaderMap, source: String) -> Self {
        let document = Html::parse_document(&source);
        Self { status, path: path.to_string(), headers, source, document }
    }

    pub(crate) fn all(&self, css: &str) -> Vec<ElementRef<'_>> {
        self.document.select(&select(css)).collect()
    }
    /// The text of every element that a selector finds.
    pub fn texts(&self, css: &str) -> Vec<String> {
        self.all(css).into_iter().map(words).collect()
    }
    /// What an attribute of these elements says.
    pub fn attributes(&self, css: &str, name: &str) -> Vec<String> {
        self.all(css).into_iter().filter_map(|element| element.value().attr(name)).map(ToString::to_string).collect()
    }
    pub fn heading(&self) -> String {
        self.texts("h1").into_iter().next().unwrap_or_default()
    }
    /// Everything below the bar.
    pub fn text(&self) -> String {
        self.texts("main").join(" ")
    }
    pub fn says(&self, words: &str) -> bool {
        self.text().contains(words)
    }
    /// Fails unless the page says this.
    #[track_caller]
    pub fn must_say(&self, words: &str) -> &Self {
        assert!(self.says(words), "{} does not say “{words}”, but:\n{}", self.path, self.text());
        self
    }
    /// Fails where the page says this anywhere, in sight or in its source.
    #[track_caller]
    pub fn must_not_say(&self, words: &str) -> &Self {
        assert!(!self.source.contains(words) && !self.says(words), "{} says “{words}”:\n{}", self.path, self.text());
        self
    }
    #[track_caller]
    pub fn must_be(&self, status: u16) -> &Self {
        assert_eq!(self.status.as_u16(), status, "{}: {}", self.path, self.text());
        self
    }
    /// The lines of the error summary.
    pub fn errors(&self) -> Vec<String> {
        self.texts(".govuk-error-summary__list a")
    }
    /// What the page says has just been done.
    pub fn notice(&self) -> String {
        self.texts(".notice").join(" ")
    }
    /// Where a link with this text leads; the first of several that lead to the same page.
    pub fn link(&self, text: &str) -> Option<String> {
        let found = self.all("a[href]").into_iter().find(|a| words(*a) == text)?;
        found.value().attr("href").map(ToString::to_string)
    }
    /// Every id that starts like this.
    pub fn ids(&self, start: &str) -> Vec<String> {
        let all = self.all("[id]").into_iter().filter_map(|e| e.value().attr("id"));
        all.filter(|id| id.starts_with(start)).map(ToString::to_string).collect()
    }
    /// Every address of this site that the page links to.
    pub fn links(&self) -> Vec<String> {
        let local = self.all("a[href^='/']").into_iter().filter_map(|a| a.value().attr("href"));
        local.map(ToString::to_string).collect()
    }

    /// What somebody hears when they come to a field or a button.
    pub(crate) fn accessible_name(&self, element: ElementRef<'_>) -> String {
        let value = element.value();
        if let Some(ids) = value.attr("aria-labelledby") {
            return ids.split_whitespace().filter_map(|id| self.by_id(id)).map(words).collect::<Vec<_>>().join(" ");
        }
        if let Some(label) = value.attr("aria-label") {
            return squeeze(label);
        }
        if value.name() == "button" {
            return words(element);
        }
        let labelled = |id| self.all("label").into_iter().find(move |l| l.value().attr("for") == Some(id));
        let around = || element.ancestors().filter_map(ElementRef::wrap).find(|e| e.value().name() == "label");
        value.attr("id").and_then(labelled).or_else(around).map(words).unwrap_or_default()
    }
    pub(crate) fn by_id(&self, id: &str) -> Option<ElementRef<'_>> {
        self.all("[id]").into_iter().find(|e| e.value().attr("id") == Some(id))
    }

    /// Looks the page over.
    #[track_caller]
    pub fn look_over(&self) {
        let wrong = self.faults();
        assert!(wrong.is_empty(), "{} ({}) is not right:\n{}\n\n{}", self.path, self.status, wrong.join("\n"), self.text());
    }

    fn faults(&self) -> Vec<String> {
        let mut wrong: Vec<String> = self.document.errors.iter().map(|e| format!("HTML: {e}")).collect();
        wrong.extend(self.heads().into_iter().chain(self.references()).chain(self.unnamed()).chain(self.against_policy()));
        wrong
    }

    fn heads(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let h1 = self.texts("h1");
        if h1.len() != 1 || h1[0].is_empty() {
            wrong.push(format!("there must be one h1, and there are: {h1:?}"));
        }
        if self.texts("head > title").iter().all(String::is_empty) {
            wrong.push("the title is empty".into());
        }
        if self.all("html[lang]").is_empty() {
            wrong.push("the language is not stated".into());
        }
        // What went wrong with a form stands above the heading, where it is heard first.
        let mut level = 0;
        for heading in self.all("h1, main h2, main h3, main h4, main h5, main h6") {
            if heading.value().attr("class") == Some("govuk-error-summary__title") {
                continue;
            }
            let here = usize::from(heading.value().name().as_bytes()[1] - b'0');
            if here > level + 1 {
                wrong.push(format!("the heading “{}” skips a level", words(heading)));
            }
            level = here;
        }
        wrong
    }

    /// Identifiers are there once, and whatever points to one finds it.
    fn references(&self) -> Vec<String> {
        let mut ids: HashMap<&str, usize> = HashMap::new();
        for id in self.all("[id]").into_iter().filter_map(|e| e.value().attr("id")) {
            *ids.entry(id).or_default() += 1;
        }
        let mut wrong: Vec<String> =
            ids.iter().filter(|(_, n)| **n > 1).map(|(id, n)| format!("the id {id} is there {n} times")).collect();
        for name in ["aria-describedby", "aria-labelledby", "aria-controls", "for", "headers"] {
            for element in self.all(&format!("[{name}]")) {
                for id in element.value().attr(name).unwrap_or_default().split_whitespace().filter(|id| !ids.contains_key(id)) {
                    wrong.push(format!("{name} points to {id}, which is not there"));
                }
            }
        }
        for link in self.all("a[href^='#']") {
            let id = link.value().attr("href").unwrap_or_default().trim_start_matches('#');
            if !ids.contains_key(id) {
                wrong.push(format!("the link “{}” leads to {id}, which is not there", words(link)));
            }
        }
        for link in self.all(".govuk-error-summary a") {
            let id = link.value().attr("href").unwrap_or_default().trim_start_matches('#');
            let field = self.by_id(id).is_some_and(|e| matches!(e.value().name(), "input" | "select" | "textarea"));
            if !field {
                wrong.push(format!("the error “{}” does not lead to a field", words(link)));
            }
        }
        wrong
    }

    /// Whatever can be used has a name.
    fn unnamed(&self) -> Vec<String> {
        // A button that neither eye nor keyboard reaches only says what the Enter key presses.
        let fields = self.all("input:not([type=hidden]), select, textarea, button:not([aria-hidden=true][tabindex='-1'])");
        let unnamed =
            fields.into_iter().filter(|f| self.accessible_name(*f).is_empty()).map(|f| format!("no name: {}", f.html()));
        let links = self.all("a[href]").into_iter().filter(|a| words(*a).is_empty() && a.value().attr("aria-label").is_none());
        unnamed.chain(links.map(|a| format!("no words: {}", a.html()))).collect()
    }

    /// The policy is there, and nothing on the page goes against it.
    fn against_policy(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let policy = self.headers.get(header::CONTENT_SECURITY_POLICY).and_then(|v| v.to_str().ok()).unwrap_or_default();
        if !policy.contains("default-src 'none'") || policy.contains("unsafe") {
            wrong.push(format!("the content security policy is: “{policy}”"));
        }
        // Facts for machines are no script: a browser runs nothing of them, and asks no policy.
        for element in
            self.all("[style], style, script:not([src]):not([type='application/ld+json']), iframe, object, embed, base")
        {
            wrong.push(format!("the policy blocks: {}", element.html()));
        }
        for element in self.document.tree.nodes().filter_map(ElementRef::wrap) {
            for (name, _) in element
                .value()
                .attrs()
                .filter(|(n, v)| n.starts_with("on") || v.trim_start().to_lowercase().starts_with("javascript:"))
            {
                wrong.push(format!("script in {name} of {}", element.value().name()));
            }
        }
        wrong
    }
}
