//! An award is offered, signed by both sides, and at its end closed. What is signed is a text that stands as it was offered,
//! known by its hash; the second signature brings it into force.

use std::fmt::Write as _;

use axum::http::StatusCode;
use design::Power;
use kernel::{Invalid, Money};
use sea_orm::entity::prelude::*;
use store::{Write, fault};
use tables::{PersonId, SignatureId, award, instalment, person, place, signature};
use ui::form::{self, Choice, Field};
use ui::table::Cell;
use ui::{Html, parts, words};

use super::accounts::{self, AWARDED, BUDGET, By, NotDone};
use super::award::{FUNDER, PLACE, Standing, Whole, below, href, line_name, named, not_now, whole as load, year_name};
use super::tell::tell;
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Snapshot, Stop};

/// Conditions, as they are written one a line.
pub(super) fn conditions(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(|line| line.trim().trim_start_matches(['-', '*', ' '])).filter(|line| !line.is_empty())
}

/// What both sides sign, in Markdown, from what the award says.
fn text(programme: &Snapshot, place: &place::Model, whole: &Whole) -> String {
    let (row, mut out) = (&whole.row, String::new());
    // Writing to a String cannot fail.
    let _ = writeln!(out, "## {} to {}\n", programme.name, place.name);
    let _ =
        writeln!(out, "Award {} of {} to {}, who hold it for the partnership.\n", row.reference, whole.amount(), whole.holder);
    let _ = writeln!(out, "From {} to {}.\n\n### Purpose\n\n{}\n", row.starts_on, row.ends_on, row.purpose);
    if !row.conditions.is_empty() {
        let _ = writeln!(out, "### Conditions\n");
        for one in conditions(&row.conditions) {
            let _ = writeln!(out, "- {one}");
        }
        let _ = writeln!(out);
    }
    let _ = writeln!(out, "### Instalments\n");
    for one in whole.instalments.iter().filter(|i| i.amount > 0) {
        let due = one.due_on.map(|d| format!(" on {d}")).unwrap_or_default();
        let after = if one.milestone.is_empty() { String::new() } else { format!(", once this has happened: {}", one.milestone) };
        let _ = writeln!(out, "- {}{due}{after}", Money::from_pence(one.amount));
    }
    let _ = writeln!(out, "\n### Budget\n");
    for year in 1..=whole.years() {
        let lines = whole.budget().into_iter().flat_map(|b| &b.cells).filter(|c| c.year == year && c.after > 0);
        let lines: Vec<String> =
            lines.map(|c| format!("{} {}", line_name(programme, &c.line), Money::from_pence(c.after))).collect();
        if !lines.is_empty() {
            let _ = writeln!(out, "- {}: {}", year_name(row, year), lines.join("; "));
        }
    }
    out
}

/// `…/awards/{award}/agreement`: the text, who has signed it, and the button for whoever still may.
pub(super) async fn page(cx: Cx) -> Answer {
    let (programme, place) = (cx.programme()?.clone(), cx.place()?.clone());
    let whole = named(&cx).await?;
    if whole.standing() == Standing::Draft {
        let here = href(&programme, &place, whole.row.id);
        return Err(not_now(&whole, "There is no agreement yet", "It stands here once the award is offered.", here));
    }
    let signed = signatures(&cx, &programme, &whole).await?;
    let sides = sides(&cx, &whole);
    let draft = below(&cx, &whole, format!("Agreement on award {}", whole.row.reference))?
        .lead("Both sides sign this text. It does not change any more; what changes later is a version of the budget.")
        .done(
            &cx,
            &[
                ("signed", "Signed. The other side has still to sign."),
                ("agreed", "Signed by both sides. The award is in force."),
            ],
        );
    let action = format!("{}/sign", href(&programme, &place, whole.row.id));
    Ok(draft.page(
        &cx,
        maud! {
            (parts::section("text", "What both sides sign", words::markdown(&whole.row.agreement)))
            p class="muted" { "This text is known by its SHA-256: " code class="hash" { (&whole.row.agreement_hash) } }
            (parts::section("signatures", "Signatures", &signed))
            @for side in &sides {
                (form::form(&action, &cx.form_keys(), maud! {
                    (form::hidden("_side", side)) (form::hidden("_hash", &whole.row.agreement_hash))
                    (form::button(if *side == FUNDER { "Sign for the funder" } else { "Sign for the place" }))
                }))
            }
        },
    ))
}

/// The sides that the viewer may still sign for.
fn sides(cx: &Cx, whole: &Whole) -> Vec<&'static str> {
    let may = |power| cx.viewer().may(power, whole.row.programme_id, Some(whole.row.place_id));
    let all = [(FUNDER, Power::ManageGrants), (PLACE, Power::PlanMoney)];
    let open = whole.standing() == Standing::Offered;
    all.into_iter().filter(|(side, power)| open && may(*power) && whole.signed(side).is_none()).map(|(side, _)| side).collect()
}

async fn signatures(cx: &Cx, programme: &Snapshot, whole: &Whole) -> Result<Html, Stop> {
    let ids: Vec<_> = whole.signatures.iter().map(|s| s.person_id).collect();
    let people =
        person::Entity::find().filter(person::COLUMN.id.is_in(ids)).all(cx.read()).await.map_err(fault("list people"))?;
    let name = |s: &signature::Model| people.iter().find(|p| p.id == s.person_id).map_or_else(String::new, |p| p.name.clone());
    let rows = whole.signatures.iter().map(|s| {
        let stands = match s.void_at {
            Some(at) => format!("Void since {at}: the offer was taken back"),
            None => "Stands".into(),
        };
        vec![
            Cell::text(if s.side == FUNDER { "The funder" } else { "The place" }).head(),
            Cell::text(format!("{}, {}", name(s), programme.role_name(&s.role))),
            Cell::text(s.signed_at.to_string()),
            Cell::text(stands),
        ]
    });
    let rows: Vec<_> = rows.collect();
    Ok(match rows.is_empty() {
        true => ui::html(maud! { p { "Nobody has signed yet." } }),
        false => ui::table::Table::new("Who has signed", &["For", "Who", "When", "Stands"], rows).quiet().html(),
    })
}

pub(super) async fn offer(act: Act) -> Answer {
    let (programme, place) = (act.programme()?.clone(), act.place()?.clone());
    let here = href(&programme, &place, named(&act).await?.row.id);
    let mut write = act.write("offer an award").await?;
    let id = act.param("award").parse().map_err(|_| Stop::Missing)?;
    let before = write.lock::<award::Entity>(id).await?.filter(|a| a.place_id == place.id).ok_or(Stop::Missing)?;
    let whole = load(write.tx(), before.clone()).await?;
    if whole.standing() != Standing::Draft {
        return Err(not_now(&whole, "It has been offered already", "The award’s page says who has still to sign.", here));
    }
    let missing = whole.not_ready(&programme.programme.design.budget_lines);
    if !missing.is_empty() {
        return Err(not_now(&whole, "It cannot be offered yet", &format!("{}.", missing.join(". ")), here));
    }
    put_offer(&mut write, &programme, &place, &whole).await?;
    let text = format!(
        "{} is offered award {} of {}. Read what both sides sign, and sign it for the place:\n\n{}{here}/agreement\n",
        place.name,
        whole.row.reference,
        whole.amount(),
        act.app().settings.address,
    );
    tell(&mut write, &programme, place.id, &[Power::PlanMoney], ("An award is offered to your place", &text)).await?;
    act.save(write, &format!("{here}?done=offered")).await
}

/// Keeps the text that both sides sign, with its hash.
pub(super) async fn put_offer(
    write: &mut Write,
    programme: &Snapshot,
    place: &place::Model,
    whole: &Whole,
) -> Result<award::Model, Stop> {
    let (agreement, before) = (text(programme, place, whole), &whole.row);
    let agreement_hash = store::sha256(agreement.as_bytes());
    let after =
        award::Model { agreement, agreement_hash, offered_at: Some(write.at()), revision: before.revision + 1, ..before.clone() };
    Ok(write.replace(before, after).await?)
}

/// The offer becomes a draft again, and what was signed under it is void.
pub(super) async fn take_back(act: Act) -> Answer {
    let (programme, place) = (act.programme()?.clone(), act.place()?.clone());
    let seen = named(&act).await?;
    let here = href(&programme, &place, seen.row.id);
    let mut write = act.write("take back the offer of an award").await?;
    let before = write.lock::<award::Entity>(seen.row.id).await?.ok_or(Stop::Missing)?;
    let whole = load(write.tx(), before.clone()).await?;
    if whole.standing() != Standing::Offered {
        return Err(not_now(
            &whole,
            "There is no offer to take back",
            "Both sides have signed, or it was taken back already.",
            here,
        ));
    }
    for one in whole.signatures.iter().filter(|s| s.void_at.is_none()) {
        write.replace(one, signature::Model { void_at: Some(write.at()), ..one.clone() }).await?;
    }
    let after = award::Model {
        agreement: String::new(),
        agreement_hash: String::new(),
        offered_at: None,
        revision: before.revision + 1,
        ..before.clone()
    };
    write.replace(&before, after).await?;
    let text = format!(
        "The offer of award {} to {} was taken back. What was signed under it is void. Those who look after the grant can say why.\n",
        before.reference, place.name,
    );
    tell(&mut write, &programme, place.id, &[Power::PlanMoney], ("An offer to your place was taken back", &text)).await?;
    act.save(write, &format!("{here}?done=taken-back")).await
}

pub(super) async fn sign(act: Act) -> Answer {
    let (programme, place) = (act.programme()?.clone(), act.place()?.clone());
    let seen = named(&act).await?;
    let here = href(&programme, &place, seen.row.id);
    let side = sides(&act, &seen).into_iter().find(|s| *s == act.form.get("_side"));
    let side = side.ok_or_else(|| {
        not_now(
            &seen,
            "There is nothing for you to sign",
            "This side has signed, the offer was taken back, or your role does not sign for it.",
            here.clone(),
        )
    })?;
    let power = if side == FUNDER { Power::ManageGrants } else { Power::PlanMoney };
    let role = act.held().find(|h| h.reaches(Some(place.id)) && programme.role_may(&h.role, power)).map(|h| h.role.clone());
    let mut write = act.write("sign the agreement on an award").await?;
    let before = write.lock::<award::Entity>(seen.row.id).await?.ok_or(Stop::Missing)?;
    let whole = load(write.tx(), before.clone()).await?;
    if whole.standing() != Standing::Offered || before.agreement_hash != act.form.get("_hash") || whole.signed(side).is_some() {
        return Err(not_now(
            &whole,
            "The agreement has changed meanwhile",
            "Read it as it stands now, then sign it.",
            format!("{here}/agreement"),
        ));
    }
    put_signature(&mut write, act.person()?, &before, (side, role.unwrap_or_default())).await?;
    let other = if side == FUNDER { PLACE } else { FUNDER };
    if whole.signed(other).is_none() {
        return act.save(write, &format!("{here}/agreement?done=signed")).await;
    }
    let first = whole.versions.first().ok_or(Stop::Missing)?;
    match accounts::agree(&mut write, By::of(&act)?, &programme, &before, first).await {
        Ok(()) => {}
        Err(NotDone::Stop(stop)) => return Err(stop),
        Err(NotDone::Refused(why)) => {
            return Err(Stop::Refused {
                status: StatusCode::CONFLICT,
                title: "There is not enough committed".into(),
                why: format!(
                    "{why}. Whoever looks after grants has to note first what the sponsors commit; then this can be signed."
                ),
                next: Some(("Money of the programme".into(), format!("{}/money", programme.href()))),
            });
        }
    }
    write.replace(&before, award::Model { agreed_at: Some(write.at()), ..before.clone() }).await?;
    act.save(write, &format!("{here}/agreement?done=agreed")).await
}

/// Somebody signs the text that is offered for their side, in their role.
pub(super) async fn put_signature(
    write: &mut Write,
    by: PersonId,
    row: &award::Model,
    (side, role): (&str, String),
) -> Result<(), Stop> {
    let row = signature::Model {
        id: SignatureId(write.id()),
        programme_id: row.programme_id,
        award_id: row.id,
        side: side.into(),
        person_id: by,
        role,
        hash: row.agreement_hash.clone(),
        signed_at: write.at(),
        void_at: None,
    };
    write.insert(row).await?;
    Ok(())
}

/// `…/awards/{award}/close`
pub(super) async fn close_form(cx: Cx) -> Answer {
    let whole = named(&cx).await?;
    closing(&cx, &whole, "", &Invalid::default()).await
}

async fn closing(cx: &Cx, whole: &Whole, why: &str, wrong: &Invalid) -> Answer {
    let (programme, place) = (cx.programme()?, cx.place()?);
    let here = href(programme, place, whole.row.id);
    if whole.standing() != Standing::Agreed {
        return Err(not_now(whole, "The award is not in force", "Only an award that both sides have signed is closed.", here));
    }
    let held = accounts::held(cx.read(), whole.row.id, None).await?;
    let (left, unpaid) = (accounts::sum(&held, BUDGET), accounts::sum(&held, AWARDED));
    let draft = below(cx, whole, format!("Close award {}", whole.row.reference))?
        .lead("What is left is noted as underspend, and what was not paid can be awarded again. This cannot be undone.")
        .invalid(wrong);
    let sure = [Choice::new("yes", format!("Award {} has come to its end", whole.row.reference))];
    Ok(draft.page(
        cx,
        maud! {
            (parts::summary_list(vec![
                ("Ends on".to_string(), ui::html(whole.row.ends_on.to_string().as_str())),
                ("Left in its lines".to_string(), ui::html(left.to_string().as_str())),
                ("Not paid".to_string(), ui::html(unpaid.to_string().as_str())),
            ]))
            @if cx.today() <= whole.row.ends_on { (parts::inset(maud! { p { "It has not ended yet. An extension or a reprofile would keep the money with the place." } })) }
            (form::form(cx.path(), &cx.form_keys(), maud! {
                (form::hidden("_left", &left.pence().to_string()))
                (form::long_text(Field::new("why", "What became of what is left?").hint("Such as: returned, or kept for a last event.").value(why).error(wrong.of("why")), 3))
                (form::checkboxes(Field::new("sure", "Is it closed?").error(wrong.of("sure")), &sure))
                (form::warning_button("Close it"))
            }))
        },
    ))
}

pub(super) async fn close(act: Act) -> Answer {
    let (programme, place) = (act.programme()?.clone(), act.place()?.clone());
    let seen = named(&act).await?;
    let here = href(&programme, &place, seen.row.id);
    let mut wrong = Invalid::default();
    if act.form.get("why").is_empty() || act.form.get("why").chars().count() > 2_000 {
        wrong.add("why", "Say what became of it, in at most 2,000 characters");
    }
    if act.form.get("sure") != "yes" {
        wrong.add("sure", "Tick this if it has come to its end");
    }
    if !wrong.is_empty() {
        return closing(&act, &seen, act.form.get("why"), &wrong).await;
    }
    let mut write = act.write("close an award").await?;
    let before = write.lock::<award::Entity>(seen.row.id).await?.ok_or(Stop::Missing)?;
    let whole = load(write.tx(), before.clone()).await?;
    if whole.standing() != Standing::Agreed {
        return Err(not_now(&whole, "The award is not in force", "Somebody has closed it meanwhile.", here));
    }
    if whole.waiting().is_some() {
        return Err(not_now(&whole, "A change is waiting for an answer", "Answer it first: it may keep the award open.", here));
    }
    let filed = |i: &instalment::Model| i.payment_file_id.is_some() && i.paid_at.is_none();
    if whole.instalments.iter().any(filed) {
        return Err(not_now(&whole, "A payment is under way", "What was handed over to be paid is noted as paid first.", here));
    }
    let left = accounts::sum(&accounts::held(write.tx(), before.id, None).await?, BUDGET);
    if left.pence().to_string() != act.form.get("_left") {
        drop(write);
        let wrong = Invalid::one("sure", "What is left has changed meanwhile. Look again, then close it");
        return closing(&act, &seen, act.form.get("why"), &wrong).await;
    }
    match accounts::close(&mut write, By::of(&act)?, &programme, &before, act.form.get("why")).await {
        Ok(()) => {}
        Err(NotDone::Stop(stop)) => return Err(stop),
        Err(NotDone::Refused(why)) => return Err(not_now(&whole, "It cannot be closed", &why, here)),
    }
    write.replace(&before, award::Model { closed_at: Some(write.at()), ..before.clone() }).await?;
    act.save(write, &format!("{here}?done=closed")).await
}
