//! The vocabulary: every theme with how often it was seen, as far as the viewer may read.

use kernel::Invalid;
use tables::{ThemeId, theme};
use ui::form::{self, Choice, Field};
use ui::parts;
use ui::table::{Cell, Table};

use super::vocabulary::{LONGEST_ABOUT, LONGEST_NAME, MOST, Vocabulary, note};
use super::{counts, keeps, takes_part};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Form, Stop};

const SAID: &[(&str, &str)] = &[
    ("added", "Added. It can be given to excerpts from now on."),
    ("ended", "Ended. Excerpts that have it keep it; nobody is offered it any more."),
    ("merged", "Merged. Its excerpts have the other theme now."),
];

/// `/programmes/{programme}/themes`
pub(super) async fn page(cx: Cx) -> Answer {
    shown(&cx, &Form::default(), &Invalid::default()).await
}

async fn shown(cx: &Cx, typed: &Form, wrong: &Invalid) -> Answer {
    let programme = cx.programme()?.clone();
    takes_part(cx, &programme)?;
    let vocabulary = Vocabulary::load(cx.read(), programme.id).await?;
    let counted = counts::readable(cx, &programme).await?;
    let home = format!("{}/themes", programme.href());
    let rows = vocabulary.themes.iter().map(|(theme, _)| {
        vec![
            Cell::link(&format!("{home}/{}", theme.id), &vocabulary.path(theme.id)).head(),
            Cell::text(&theme.about),
            Cell::number(counted.get(&theme.id).copied().unwrap_or_default()),
        ]
    });
    let headers = ["Theme", "What belongs to it", "Excerpts of its own that you may read"];
    let table = Table::new("Themes", &headers, rows.collect()).quiet().html();
    let keeps = keeps(cx, &programme);
    let draft = Draft::new("Themes").crumb(&programme.name, programme.href()).done(cx, SAID).invalid(wrong);
    Ok(draft.lead("The words that all share for what is said in different places.").page(
        cx,
        maud! {
            p { a href={ (programme.href()) "/theme-table" } { "Themes, places and time, one against the other" } }
            @if vocabulary.themes.is_empty() {
                (parts::empty_state("There are no themes yet", "Those who keep them add some, beginning with what is heard again and again.", None))
            } @else { (table) }
            @if !vocabulary.ended.is_empty() {
                (parts::details("Themes that are no longer offered", maud! {
                    ul { @for theme in &vocabulary.ended {
                        li { a href={ (&home) "/" (theme.id.to_string()) } { (&theme.name) } @if let Some(into) = theme.merged_into { ", now in " (vocabulary.name(into)) } }
                    } }
                }))
            }
            @if keeps { (parts::section("add", "Add a theme", add_fields(cx, &home, &vocabulary, typed, wrong))) }
        },
    ))
}

fn add_fields(cx: &Cx, home: &str, vocabulary: &Vocabulary, typed: &Form, wrong: &Invalid) -> ui::Html {
    form::form(home, &cx.form_keys(), fields(vocabulary, None, typed, wrong, "Add it"))
}

/// How a theme stands, to notice that somebody else has worded it meanwhile.
pub(super) fn stands(theme: &theme::Model) -> String {
    store::sha256(format!("{}\n{}\n{:?}", theme.name, theme.about, theme.parent_id).as_bytes())
}

/// Name, meaning and place of a theme.
pub(super) fn fields(vocabulary: &Vocabulary, of: Option<ThemeId>, typed: &Form, wrong: &Invalid, button: &str) -> ui::Html {
    let below = of.map(|id| vocabulary.under(id)).unwrap_or_default();
    let mut wider = vec![Choice::new("", "None: it stands on its own")];
    wider.extend(vocabulary.choices().into_iter().filter(|c| c.value.parse().map_or(true, |id| !below.contains(&id))));
    let hint = "What belongs to it and what does not, so that two people give it alike.";
    let stands = of.and_then(|id| vocabulary.find(id)).map(stands).unwrap_or_default();
    ui::html(maud! {
        (form::hidden("was", &stands))
        (form::text(Field::new("name", "Theme").value(typed.get("name")).error(wrong.of("name"))))
        (form::long_text(Field::new("about", "What belongs to it").hint(hint).value(typed.get("about")).error(wrong.of("about")), 3))
        (form::select(Field::new("parent", "The wider theme").value(typed.get("parent")).error(wrong.of("parent")).optional(), &wider))
        (form::button(button))
    })
}

/// Name, meaning and place as typed, or what is wrong with them.
pub(super) fn read(vocabulary: &Vocabulary, of: Option<ThemeId>, form: &Form, wrong: &mut Invalid) -> Option<ThemeId> {
    let (name, about, parent) = (form.get("name"), form.get("about"), form.get("parent"));
    match name.chars().count() {
        0 => wrong.add("name", "Give the theme a name"),
        n if n > LONGEST_NAME => wrong.add("name", "Shorten this to 80 characters"),
        _ if vocabulary.called(name).is_some_and(|t| Some(t.id) != of) => {
            wrong.add("name", "There is a theme of this name already. Take that one, or another name");
        }
        _ if name.contains('\n') => wrong.add("name", "A name stands on one line"),
        _ => {}
    }
    match about.chars().count() {
        0 => wrong.add("about", "Say what belongs to it, so that others give it as you do"),
        n if n > LONGEST_ABOUT => wrong.add("about", "Shorten this to 2,000 characters"),
        _ => {}
    }
    if parent.is_empty() {
        return None;
    }
    let found = parent.parse().ok().and_then(|id: ThemeId| vocabulary.live(id)).map(|t| t.id);
    if found.is_none_or(|id| of.is_some_and(|of| vocabulary.under(of).contains(&id))) {
        wrong.add("parent", "Choose a theme that stands, and not below this one");
        return None;
    }
    found
}

pub(super) async fn save(act: Act) -> Answer {
    let programme = act.programme()?.clone();
    if !keeps(&act, &programme) {
        return Err(Stop::forbidden("Others keep the themes", "They are kept for the whole programme."));
    }
    let mut write = act.write("add a theme").await?;
    // Two who add the same name at once are held apart by the programme's row.
    write.lock::<tables::programme::Entity>(programme.id).await?.ok_or(Stop::Missing)?;
    let vocabulary = Vocabulary::load(write.tx(), programme.id).await?;
    let mut wrong = Invalid::default();
    let parent_id = read(&vocabulary, None, &act.form, &mut wrong);
    if vocabulary.themes.len() >= MOST {
        wrong.add("name", "There are 1,000 themes, which is as many as there can be. Merge or end some first");
    }
    if !wrong.is_empty() {
        drop(write);
        return shown(&act, &act.form, &wrong).await;
    }
    let row = theme::Model {
        id: ThemeId(write.id()),
        programme_id: programme.id,
        parent_id,
        name: act.form.get("name").into(),
        about: act.form.get("about").into(),
        made_at: write.at(),
        merged_into: None,
        ended_at: None,
    };
    let row = write.insert(row).await?;
    note(&mut write, &act, &row, "added", ("", &row.name), "").await?;
    act.save(write, &format!("{}/themes?done=added", programme.href())).await
}
