//! `commonweal check`: are these designs sound, and what does each contain?

use std::path::PathBuf;

use clap::Args;
use design::{DesignForm, Programme};

use crate::load::sources_beside;
use crate::say;

#[derive(Args)]
pub struct CheckArgs {
    /// Folders with a design each
    #[arg(required = true, value_name = "DESIGN_DIR")]
    designs: Vec<PathBuf>,
    /// Print one JSON object a design
    #[arg(long)]
    json: bool,
}

/// A form, with what is worth knowing about it: how much it asks, and which texts have no Welsh.
fn form(form: &DesignForm) -> serde_json::Value {
    let untranslated: Vec<&str> = form.form.untranslated().into_iter().map(|(_, text)| text).collect();
    serde_json::json!({ "ours": form.is_ours(), "questions": form.questions(), "untranslated": untranslated, "form": form.form })
}

pub fn run(args: &CheckArgs) -> Result<(), String> {
    let (mut looked_at, mut bad) = (0, 0);
    // A folder of folders is often given with a star, which also names the files beside them.
    for folder in args.designs.iter().filter(|p| p.is_dir() || !p.exists()) {
        looked_at += 1;
        if folder.join("sources.toml").is_file() {
            bad += 1;
            eprintln!(
                "{}: This holds designs, each in a folder of its own. Check them by name, or all with {}",
                folder.display(),
                folder.join("*").display()
            );
            continue;
        }
        let whole = std::path::absolute(folder).unwrap_or_else(|_| folder.clone());
        let read = sources_beside(&whole).map_err(|e| vec![e]).and_then(|sources| {
            Programme::read(folder, &sources).map_err(|wrong| wrong.iter().map(ToString::to_string).collect::<Vec<_>>())
        });
        match read {
            Ok(programme) if args.json => {
                let forms: Vec<_> = programme.forms.iter().map(form).collect();
                say(serde_json::json!({
                    "folder": folder, "design": programme.design, "history": programme.history, "forms": forms, "notes": programme.notes(),
                }));
            }
            Ok(programme) => say(programme.contents()),
            Err(problems) => {
                bad += 1;
                problems.iter().for_each(|problem| eprintln!("{problem}"));
            }
        }
    }
    match bad {
        0 if looked_at == 0 => Err("there is no folder with a design among these".into()),
        0 => Ok(()),
        1 => Err("1 design needs mending".into()),
        n => Err(format!("{n} designs need mending")),
    }
}
