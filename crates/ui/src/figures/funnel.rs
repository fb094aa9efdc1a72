//! The stages of a call as bars, one below the other: how many began, submitted and went on.

use crate::dsl::*;
use crate::table::{Cell, Table};

/// The stages of a programme's call, the first of them first.
#[derive(Debug, Clone)]
pub struct Funnel {
    pub steps: Vec<FunnelStep>,
}

/// A stage.
#[derive(Debug, Clone)]
pub struct FunnelStep {
    pub name: String,
    /// Where the table leads from its name.
    pub href: Option<String>,
    pub started: usize,
    pub submitted: usize,
    /// Nothing while it is not told.
    pub reserve: Option<usize>,
    pub chosen: Option<usize>,
}

const WIDTH: f64 = 864.0;
const BAR: f64 = 26.0;
const STEP: f64 = 78.0;

/// The stages, as a picture and as a table.
#[must_use]
pub fn funnel(funnel: &Funnel) -> Html {
    let most = funnel.steps.iter().map(|s| s.started.max(s.submitted)).max().unwrap_or(0).max(1);
    let height = STEP * count(funnel.steps.len()) + 8.0;
    html(maud! {
        figure class="figure" {
            figcaption id="funnel-caption" { "Stage by stage" }
            div class="figure-scroll" role="region" aria-labelledby="funnel-caption" tabindex="0" {
                svg viewBox={ "0 0 " (WIDTH) " " (height) } role="img" aria-labelledby="funnel-title funnel-desc" {
                    title id="funnel-title" { "Stage by stage" }
                    desc id="funnel-desc" { (described(funnel)) }
                    @for (i, step) in funnel.steps.iter().enumerate() { (bars(step, STEP * count(i), most)) }
                }
            }
            (as_table(funnel))
        }
    })
}

fn described(funnel: &Funnel) -> String {
    let said = |step: &FunnelStep| {
        let chosen = step.chosen.map_or_else(|| "not told yet".to_string(), |n| format!("{n} chosen"));
        format!("{}: {} submitted, {chosen}", step.name, step.submitted)
    };
    let all: Vec<String> = funnel.steps.iter().map(said).collect();
    format!("{}. The table below holds the numbers.", all.join("; "))
}

#[expect(clippy::cast_precision_loss, reason = "far fewer than a picture could show")]
const fn count(n: usize) -> f64 {
    n as f64
}

fn bars(step: &FunnelStep, top: f64, most: usize) -> Html {
    let wide = |n: usize| (count(n) / count(most) * WIDTH * 10.0).round() / 10.0;
    let bar = top + 26.0;
    html(maud! {
        text x="0" y=(top + 18.0) class="fig-inside" { (&step.name) ": " (step.submitted) " submitted" }
        rect x="0" y=(bar) width=(wide(step.started)) height=(BAR) class="fig-begun" {}
        rect x="0" y=(bar) width=(wide(step.submitted)) height=(BAR) class="fig-submitted" {}
        @if let Some(chosen) = step.chosen { rect x="0" y=(bar) width=(wide(chosen)) height=(BAR) class="fig-chosen" {} }
    })
}

fn as_table(funnel: &Funnel) -> Html {
    let number = |n: Option<usize>| n.map_or_else(|| Cell::text("Not told yet"), Cell::number);
    let rows = funnel.steps.iter().map(|step| {
        vec![
            match &step.href {
                Some(href) => Cell::link(href, &step.name).head(),
                None => Cell::text(&step.name).head(),
            },
            Cell::number(step.started),
            Cell::number(step.submitted),
            number(step.reserve),
            number(step.chosen),
        ]
    });
    let key = html(maud! {
        ul class="figure-key" {
            li { span class="fig-key fig-begun-key" {} "Begun" }
            li { span class="fig-key fig-submitted-key" {} "Submitted" }
            li { span class="fig-key fig-chosen-key" {} "Chosen" }
        }
    });
    let table = Table::new("Stage by stage", &["Stage", "Begun", "Submitted", "In reserve", "Chosen"], rows.collect());
    let table = table.quiet().html();
    html(maud! {
        (key)
        (table)
    })
}
