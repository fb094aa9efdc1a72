//! `commonweal grants import`: portfolios of published grants, brought in to be searched.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use app::{Imported, Portfolio, import_grants};
use clap::Args;
use kernel::{RandomIds, SystemClock};
use store::{Db, Writer};

use crate::{Place, say};

#[derive(Args)]
pub struct ImportArgs {
    #[command(flatten)]
    place: Place,
    /// Files that end in .json, .csv or .xlsx
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// What the file is known by, if not by its own name; the one that is known by it is replaced whole
    #[arg(long = "as", value_name = "NAME")]
    name: Option<String>,
}

/// Each file whole or not at all, one after the other. The status is 1 where one was not taken.
pub async fn run(args: ImportArgs) -> Result<ExitCode, String> {
    if args.name.is_some() && args.files.len() > 1 {
        return Err("--as names one file; give one".into());
    }
    let db = Db::open(&args.place.clone().target()?, 2).await.map_err(|e| e.to_string())?;
    let done = import_all(&db, &args).await;
    db.close().await;
    done.map(|well| if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn import_all(db: &Db, args: &ImportArgs) -> Result<bool, String> {
    let writer = Writer { actor: None, clock: Arc::new(SystemClock), ids: Arc::new(RandomIds) };
    let shows = std::io::stderr().is_terminal();
    let (mut well, mut changed) = (true, false);
    for file in &args.files {
        let own = || file.file_stem().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let wanted = Portfolio { file: file.clone(), name: args.name.clone().unwrap_or_else(own) };
        if wanted.name.starts_with(app::OWN) {
            let own = app::OWN;
            return Err(format!(
                "Names that begin with “{own}” are for what programmes here publish of their own. Say another with --as"
            ));
        }
        let mut shown = false;
        let mut progress = |grants: u64| {
            if shows {
                shown = true;
                eprint!("\r{}: {grants} grants", file.display());
                let _ = std::io::stderr().flush();
            }
        };
        let done = import_grants(db, &writer, &wanted, &mut progress).await;
        if shown {
            eprintln!();
        }
        let done = done.map_err(|e| format!("{}: {e}", file.display()))?;
        changed |= matches!(done, Imported::Done { .. });
        well &= tell(file, done);
    }
    if changed {
        db.count_anew().await.map_err(|e| e.to_string())?;
    }
    Ok(well)
}

/// Says what came of a file, and whether it is there.
fn tell(file: &std::path::Path, done: Imported) -> bool {
    let file = file.display();
    match done {
        Imported::Done { grants, before, rounded, remarks } => {
            for remark in remarks {
                eprintln!("{file}: {remark}");
            }
            if rounded > 0 {
                eprintln!(
                    "{file}: {rounded} amounts are no whole number of pence; they are counted to the nearest, and kept as written"
                );
            }
            match before {
                Some(before) => say(format_args!("Imported {file}: {grants} grants, in the place of {before}")),
                None => say(format_args!("Imported {file}: {grants} grants")),
            }
            true
        }
        Imported::Same { grants } => {
            say(format_args!("{file} is there already, with {grants} grants; nothing has changed"));
            true
        }
        Imported::Refused(wrong) => {
            for what in &wrong.told {
                eprintln!("{file}: {what}");
            }
            if wrong.more > 0 {
                eprintln!("{file}: and {} more of these", wrong.more);
            }
            eprintln!("commonweal: {file}: nothing was imported, because of what is said above");
            false
        }
    }
}
