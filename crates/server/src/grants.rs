//! `commonweal grants`: would this file of grants be accepted by the 360Giving Data Standard, how good are its data, and the same
//! grants in another kind of file.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use app::{Exported, Publishing, export_grants};
use clap::{Args, Subcommand, ValueEnum};
use kernel::Clock as _;
use serde::Serialize;
use store::Db;
use threesixty::{Check, Converted, Day, Format, Level, Place, Problem, Report, Tally};

use crate::import::ImportArgs;
use crate::{beside, import, say};

#[derive(Subcommand)]
pub enum GrantsAction {
    /// Check files of grants: 0 where all would be accepted, 1 where one would not, 2 where one cannot be read
    Check(CheckArgs),
    /// Write the grants of a file as another kind of file, by the endings .json, .csv and .xlsx
    Convert(ConvertArgs),
    /// Bring published grants in, to be searched at /grants
    Import(ImportArgs),
    /// Write a programme's agreed awards as a file of the standard; 1 where it would not be accepted, and why
    Export(ExportArgs),
}

#[derive(Args)]
pub struct CheckArgs {
    /// Files that end in .json, .csv or .xlsx
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// How to say what was found: in JSON, one object a file
    #[arg(long, value_enum, default_value_t = Words::Text)]
    format: Words,
    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// Tell the place of every problem, not only of the first of each kind
    #[arg(long)]
    all: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Words {
    Text,
    Json,
}

#[derive(Args)]
pub struct ConvertArgs {
    /// The grants as they are: .json, .csv or .xlsx
    #[arg(value_name = "IN")]
    from: PathBuf,
    /// The grants as they shall be: .json, .csv or .xlsx
    #[arg(value_name = "OUT")]
    to: PathBuf,
    /// Replace OUT where it is there
    #[arg(long)]
    force: bool,
}

#[derive(Args)]
pub struct ExportArgs {
    #[command(flatten)]
    place: crate::Place,
    /// The programme, as its address names it
    #[arg(long, value_name = "SLUG")]
    programme: String,
    /// The prefix that 360Giving has registered for whoever publishes, as 360G-example
    #[arg(long, env = "COMMONWEAL_GRANT_PREFIX", value_name = "PREFIX")]
    prefix: String,
    /// The address of the licence [default: that of CC BY 4.0]
    #[arg(long, env = "COMMONWEAL_GRANT_LICENCE", value_name = "URL")]
    licence: Option<String>,
    /// The address that people use for this site
    #[arg(long, env = "COMMONWEAL_ADDRESS", value_name = "URL", default_value = "http://127.0.0.1:8360")]
    address: String,
    /// The grants as they shall be: .json, .csv or .xlsx
    #[arg(value_name = "OUT")]
    to: PathBuf,
    /// Replace OUT where it is there
    #[arg(long)]
    force: bool,
}

/// What a script is told.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Well,
    Wrong,
    Unreadable,
}

pub async fn run(action: GrantsAction) -> Result<ExitCode, String> {
    let outcome = match action {
        GrantsAction::Check(args) => args.files.iter().map(|file| check(&args, file)).max().unwrap_or(Outcome::Well),
        GrantsAction::Convert(args) => convert(&args),
        GrantsAction::Import(args) => return import::run(args).await,
        GrantsAction::Export(args) => export(args).await?,
    };
    Ok(ExitCode::from(match outcome {
        Outcome::Well => 0,
        Outcome::Wrong => 1,
        Outcome::Unreadable => 2,
    }))
}

fn ending(file: &Path) -> Result<Format, String> {
    Format::of(file).ok_or_else(|| format!("{}: a file of grants ends in .json, .csv or .xlsx", file.display()))
}

fn read(args: &CheckArgs, file: &Path) -> Result<Report, String> {
    let format = ending(file)?;
    let today = kernel::SystemClock.today();
    let part = |n: u32| u8::try_from(n).unwrap_or(1);
    let today = Day::new(u16::try_from(today.year()).unwrap_or(1), part(today.month()), part(today.day_of_month()));
    let kept = match (args.all, args.is_json()) {
        (true, _) => usize::MAX,
        (false, true) => 50,
        (false, false) => 5,
    };
    let mut check = Check::new(today.ok_or("The clock shows no day")?).keeping(kept);
    threesixty::read(file, format, &mut check).map_err(|stop| format!("{}: {stop}", file.display()))?;
    Ok(check.finish())
}

/// What is said of a file in JSON.
#[derive(Serialize)]
struct Said<'r> {
    file: String,
    accepted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    unreadable: Option<String>,
    #[serde(flatten)]
    report: Option<&'r Report>,
}

impl CheckArgs {
    fn is_json(&self) -> bool {
        self.json || self.format == Words::Json
    }
}

fn check(args: &CheckArgs, file: &Path) -> Outcome {
    let report = read(args, file);
    let (accepted, outcome) = match &report {
        Ok(report) if report.accepted() => (true, Outcome::Well),
        Ok(_) => (false, Outcome::Wrong),
        Err(_) => (false, Outcome::Unreadable),
    };
    if args.is_json() {
        let said = Said {
            file: file.display().to_string(),
            accepted,
            unreadable: report.as_ref().err().cloned(),
            report: report.as_ref().ok(),
        };
        say(serde_json::to_string(&said).unwrap_or_default());
    }
    match report {
        Err(problem) => eprintln!("commonweal: {problem}"),
        Ok(report) if !args.is_json() => tell(file, &report),
        Ok(_) => {}
    }
    outcome
}

/// Errors stand on standard error, each with its place; what else was found on standard output.
fn tell(file: &Path, report: &Report) {
    let errors = report.count(Level::Error);
    for tally in report.tallies.iter().filter(|tally| tally.level == Level::Error) {
        for problem in &tally.problems {
            eprintln!("{}: {}", file.display(), line(problem));
        }
        if let Some(more) = more(tally) {
            eprintln!("{}: {}: {more}", file.display(), tally.title);
        }
    }
    let verdict = match errors {
        0 => "would be accepted".to_owned(),
        1 => "would not be accepted: 1 error".to_owned(),
        n => format!("would not be accepted: {n} errors"),
    };
    let mut out = format!("{}: {}, {verdict}\n", file.display(), grants(report.grants));
    if report.currencies.len() > 1 {
        let each: Vec<String> = report.currencies.iter().map(|(code, count)| format!("{code} ({count})")).collect();
        let _ = writeln!(out, "  Amounts are in several currencies, which do not add up: {}", each.join(", "));
    }
    for (level, title) in [
        (Level::Codelist, "Codes that are not on the standard's lists"),
        (Level::Accuracy, "May not be so (★ misleads people who use the data)"),
        (Level::Usefulness, "Would make the data more useful"),
    ] {
        let tallies: Vec<&Tally> = report.tallies.iter().filter(|tally| tally.level == level).collect();
        if tallies.is_empty() {
            continue;
        }
        let _ = writeln!(out, "  {title}");
        for tally in tallies {
            tell_tally(&mut out, tally);
        }
    }
    if !report.extra.is_empty() {
        let _ = writeln!(out, "  Fields beyond the standard, which are allowed");
        for extra in &report.extra {
            let _ = writeln!(out, "    {} ({} times){}", extra.field, extra.count, first_place(&extra.place));
        }
    }
    for (place, what) in &report.remarks {
        let _ = writeln!(out, "  {}{what}", before(place));
    }
    say(out.trim_end());
}

fn tell_tally(out: &mut String, tally: &Tally) {
    let star = if tally.critical { "★ " } else { "" };
    let _ = writeln!(out, "    {star}{}: {} ({})", tally.title, tally.count, tally.check);
    // What is missing everywhere needs no list of places.
    let shown = if tally.level == Level::Usefulness && more(tally).is_some() { 1 } else { tally.problems.len() };
    for problem in tally.problems.iter().take(shown) {
        let _ = writeln!(out, "      {}", line(problem));
    }
    let left = tally.count.saturating_sub(u64::try_from(shown).unwrap_or(0));
    if left > 0 {
        let _ = writeln!(out, "      and {left} more");
    }
}

fn more(tally: &Tally) -> Option<String> {
    let left = tally.count.saturating_sub(u64::try_from(tally.problems.len()).unwrap_or(0));
    (left > 0).then(|| format!("{left} more; --all tells where"))
}

fn grants(count: u64) -> String {
    if count == 1 { "1 grant".to_owned() } else { format!("{count} grants") }
}

fn before(place: &Place) -> String {
    let shown = place.to_string();
    if shown.is_empty() { shown } else { format!("{shown}: ") }
}

fn first_place(place: &Place) -> String {
    let shown = place.to_string();
    if shown.is_empty() { shown } else { format!(", first at {shown}") }
}

/// `sheet ‘grants’, cell C5, ‘Amount Awarded’: grant 4 (360G-…): this is … write …`
fn line(problem: &Problem) -> String {
    let mut out = before(&problem.place);
    if let Some(number) = problem.grant {
        let id = problem.id.as_ref().map_or_else(String::new, |id| format!(" ({})", id.escape_debug()));
        let _ = write!(out, "grant {number}{id}: ");
    }
    if problem.place.heading.is_none() && !problem.pointer.is_empty() {
        let _ = write!(out, "{}: ", problem.pointer);
    }
    let _ = write!(out, "{}; {}", problem.what, problem.fix);
    out
}

fn convert(args: &ConvertArgs) -> Outcome {
    let kinds = ending(&args.from).and_then(|kind| Ok((kind, ending(&args.to)?)));
    let (kind, into) = match kinds.and_then(|kinds| beside::refuse_to_overwrite(&args.to, args.force).map(|()| kinds)) {
        Ok(kinds) => kinds,
        Err(problem) => return stopped(&problem),
    };
    let mut seen = Converted::default();
    let done = beside::write(&args.to, args.force, |file| {
        seen = threesixty::convert(&args.from, kind, file, into).map_err(|stop| match stop {
            threesixty::Stop::Unwritable(_) => format!("{}: {stop}", args.to.display()),
            _ => format!("{}: {stop}", args.from.display()),
        })?;
        if seen.wrong.is_empty() { Ok(()) } else { Err(String::new()) }
    });
    for (place, what) in &seen.remarks {
        eprintln!("{}: {}{what}", args.from.display(), before(place));
    }
    for (place, note) in &seen.wrong {
        eprintln!("{}: {}{}; {}", args.from.display(), before(place), note.what, note.fix);
    }
    if seen.more_wrong > 0 {
        eprintln!("{}: and {} more of these", args.from.display(), seen.more_wrong);
    }
    match done {
        Ok(()) => {
            say(format_args!("Wrote {}: {}", args.to.display(), grants(seen.grants)));
            Outcome::Well
        }
        Err(problem) if problem.is_empty() => {
            eprintln!("commonweal: {}: nothing was written, because of what is said above", args.to.display());
            Outcome::Wrong
        }
        Err(problem) => stopped(&problem),
    }
}

async fn export(args: ExportArgs) -> Result<Outcome, String> {
    let kind = ending(&args.to)?;
    beside::refuse_to_overwrite(&args.to, args.force)?;
    let publishing = Publishing::new(&args.prefix, args.licence.clone()).map_err(|e| format!("--prefix, --licence: {e}"))?;
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let package = folder.path().join("grants.json");
    let db = Db::open(&args.place.clone().target()?, 2).await.map_err(|e| e.to_string())?;
    let address = args.address.trim_end_matches('/');
    let done = export_grants(&db, &kernel::SystemClock, &args.programme, &publishing, address, &package).await;
    db.close().await;
    match done.map_err(|e| e.to_string())? {
        Exported::Missing => Err(format!("There is no programme ‘{}’ here", args.programme)),
        Exported::Refused(why) => {
            why.iter().for_each(|why| eprintln!("{why}"));
            eprintln!("commonweal: {}: nothing was written, because of what is said above", args.to.display());
            Ok(Outcome::Wrong)
        }
        Exported::Done { grants: count } => {
            let written = beside::write(&args.to, args.force, |file| {
                if kind == Format::Json {
                    let mut made = std::fs::File::open(&package).map_err(|e| e.to_string())?;
                    std::io::copy(&mut made, &mut &*file).map(drop).map_err(|e| e.to_string())
                } else {
                    threesixty::convert(&package, Format::Json, file, kind).map(drop).map_err(|e| e.to_string())
                }
            });
            Ok(match written {
                Ok(()) => {
                    say(format_args!("Wrote {}: {}", args.to.display(), grants(count as u64)));
                    Outcome::Well
                }
                Err(problem) => stopped(&problem),
            })
        }
    }
}

fn stopped(problem: &str) -> Outcome {
    eprintln!("commonweal: {problem}");
    Outcome::Unreadable
}
