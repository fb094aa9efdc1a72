//! The language that somebody reads a form in. It stands in the address, and goes along from page to page.

use forms::{Form, Lang, Text};
use ui::{Html, html};

use crate::ground::Cx;
use crate::ground::html::*;

/// The language that the address asks for, where the form has it.
pub(super) fn asked(cx: &Cx, form: &Form) -> Lang {
    if cx.query("lang") == "cy" && in_welsh(form) { Lang::Cy } else { Lang::En }
}

fn in_welsh(form: &Form) -> bool {
    form.texts().iter().any(|(_, text)| !text.lacks_welsh())
}

/// The address of a page in this language.
pub(super) fn with(lang: Lang, address: &str) -> String {
    let (page, place) = address.split_once('#').map_or((address, String::new()), |(page, place)| (page, format!("#{place}")));
    let join = if page.contains('?') { '&' } else { '?' };
    match lang {
        Lang::En => address.to_string(),
        Lang::Cy => format!("{page}{join}lang=cy{place}"),
    }
}

/// What marks a text of the form on a page that is in English elsewhere.
pub(super) fn mark(text: &Text, lang: Lang) -> Option<&'static str> {
    (lang == Lang::Cy && !text.is_empty() && !text.lacks_welsh()).then_some("cy")
}

/// The way to this page in the other language; nothing where the form has only one.
pub(super) fn switch(cx: &Cx, form: &Form) -> Html {
    html(maud! {
        @if in_welsh(form) {
            p class="languages" {
                @match asked(cx, form) {
                    Lang::En => a href=(with(Lang::Cy, cx.path())) lang="cy" hreflang="cy" { "Cymraeg" },
                    Lang::Cy => a href=(cx.path()) hreflang="en" { "English" },
                }
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_goes_along() {
        for (address, in_welsh) in [
            ("/a", "/a?lang=cy"),
            ("/a?done=saved", "/a?done=saved&lang=cy"),
            ("/a#problem", "/a?lang=cy#problem"),
            ("/a?b=c#d", "/a?b=c&lang=cy#d"),
        ] {
            assert_eq!((with(Lang::Cy, address).as_str(), with(Lang::En, address).as_str()), (in_welsh, address));
        }
    }
}
