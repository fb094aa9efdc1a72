//! `commonweal check`: are these designs sound, and what does each contain?

use std::path::PathBuf;

use clap::Args;
use design::Programme;

use crate::load::sources_beside;

#[derive(Args)]
pub struct CheckArgs {
    /// Folders with a design each
    #[arg(required = true, value_name = "DESIGN_DIR")]
    designs: Vec<PathBuf>,
    /// Print one JSON object a design
    #[arg(long)]
    json: bool,
}

pub fn run(args: &CheckArgs) -> Result<(), String> {
    let mut bad = 0;
    // A folder of folders is often given with a star, which also names the files beside them.
    for folder in args.designs.iter().filter(|p| p.is_dir() || !p.exists()) {
        let whole = std::path::absolute(folder).unwrap_or_else(|_| folder.clone());
        let read = sources_beside(&whole).map_err(|e| vec![e]).and_then(|sources| {
            Programme::read(folder, &sources).map_err(|wrong| wrong.iter().map(ToString::to_string).collect::<Vec<_>>())
        });
        match read {
            Ok(programme) if args.json => {
                let object = serde_json::json!({ "folder": folder, "design": programme.design, "history": programme.history, "notes": programme.notes() });
                println!("{object}");
            }
            Ok(programme) => println!("{}", programme.contents()),
            Err(problems) => {
                bad += 1;
                problems.iter().for_each(|problem| eprintln!("{problem}"));
            }
        }
    }
    match bad {
        0 => Ok(()),
        1 => Err("1 design needs mending".into()),
        n => Err(format!("{n} designs need mending")),
    }
}
