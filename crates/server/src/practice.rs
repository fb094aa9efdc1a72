//! `commonweal practice`: a practice programme of any size.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::time::Instant;

use app::practice::{Plan, populate, real_names};
use clap::Args;
use kernel::{Clock, Day, SystemClock};
use store::Db;

use crate::{Place, load, say};

#[derive(Args)]
pub struct PracticeArgs {
    #[command(flatten)]
    place: Place,
    /// The design whose shape it takes
    #[arg(long, value_name = "SLUG")]
    design: String,
    #[arg(long, default_value_t = 5)]
    places: usize,
    #[arg(long, default_value_t = 400)]
    entries: usize,
    /// Applications to the first stage of its call, closed and all but read
    #[arg(long, default_value_t = 0)]
    applications: u32,
    /// Awards to all places but the first, where the design makes any
    #[arg(long)]
    awards: bool,
    /// The same seed and day give the same programme
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The day on which it stands, like 2026-03-27 [default: today]
    #[arg(long, value_name = "DAY")]
    as_of: Option<String>,
    /// The folder with programme designs
    #[arg(long, env = "COMMONWEAL_PROGRAMMES", value_name = "DIR", default_value = "programmes")]
    programmes: PathBuf,
}

pub async fn run(args: PracticeArgs) -> Result<(), String> {
    let (programmes, sources) = load::designs(&args.programmes)?;
    let known = || programmes.iter().map(|p| p.design.slug.as_str()).collect::<Vec<_>>().join(", ");
    let design = programmes.iter().find(|p| p.design.slug == args.design);
    let design = design.ok_or_else(|| format!("There is no design “{}”. There are: {}", args.design, known()))?;
    let as_of = match &args.as_of {
        None => SystemClock.today(),
        Some(text) => Day::parse_as_written(text).map_err(|e| format!("--as-of: {e}"))?,
    };
    let target = args.place.target()?;
    let db = Db::open(&target, 2).await.map_err(|e| e.to_string())?;
    let plan = Plan {
        design,
        real_names: real_names(&programmes, &sources),
        places: args.places,
        entries: args.entries,
        applications: args.applications,
        awards: args.awards,
        followed: true,
        seed: args.seed,
        as_of,
    };
    let started = Instant::now();
    let shows = std::io::stderr().is_terminal();
    let made = populate(&db, &plan, &mut |done| {
        if shows {
            eprint!("\r{done} of {} entries", args.entries);
            let _ = std::io::stderr().flush();
        }
    })
    .await
    .map_err(|e| e.to_string());
    if shows {
        eprintln!();
    }
    let counted = db.count_anew().await.map_err(|e| e.to_string());
    db.close().await;
    let made = made?;
    counted?;
    say(format_args!(
        "{}: {} places, {} people, {} entries, {} applications, in {:.1} s",
        made.slug,
        made.places,
        made.people,
        made.entries,
        made.applications,
        started.elapsed().as_secs_f64()
    ));
    Ok(())
}
