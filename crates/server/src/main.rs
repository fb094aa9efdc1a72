//! The `commonweal` command. Results go to standard output, problems to standard error, and the exit status is 0 only
//! when all is well.

mod beside;
mod check;
mod config;
mod form;
mod grants;
mod import;
mod keep;
mod load;
mod measure;
mod practice;
mod serve;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use store::Target;

/// Pages are many small strings; this allocator is made for that, also for the SQLite inside.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(name = "commonweal", version, about = "Runs place-based partnership programmes")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the site
    Serve(config::ServeArgs),
    /// Check programme designs and say what each contains
    Check(check::CheckArgs),
    /// Check a form, or convert it to XLSForm and back
    Form {
        #[command(subcommand)]
        action: form::FormAction,
    },
    /// Check grants by the 360Giving Data Standard, convert them among JSON, CSV and XLSX, or bring them in
    Grants {
        #[command(subcommand)]
        action: grants::GrantsAction,
    },
    /// Measure a table of ratings, without a database
    Measure {
        #[command(subcommand)]
        action: measure::MeasureAction,
    },
    /// Make a practice programme: a real design's shape, filled with made-up places and people
    Practice(practice::PracticeArgs),
    /// Invite somebody to a role: how the first person of an installation gets in
    Invite(keep::InviteArgs),
    /// The journal
    Journal {
        #[command(subcommand)]
        action: JournalAction,
    },
    /// Copy the database into a file, while people work
    Backup {
        #[command(flatten)]
        place: Place,
        file: PathBuf,
    },
    /// Put a backup in the place of a database that is not there
    Restore {
        #[command(flatten)]
        place: Place,
        file: PathBuf,
    },
    /// Copy everything from one database to an empty other, and compare
    Move {
        /// A SQLite file, a data folder, or an address that starts with postgres://
        from: String,
        to: String,
    },
}

#[derive(Subcommand)]
enum JournalAction {
    /// Walk every chain and find any record that was removed or altered
    Verify {
        #[command(flatten)]
        place: Place,
    },
}

/// Which database a command works on.
#[derive(Args, Debug, Clone, Default)]
pub struct Place {
    /// The data folder, with its own SQLite database [env: COMMONWEAL_DATA] [default: data]. Beside --database, a server
    /// keeps only its mail there
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// A PostgreSQL database, as an address that starts with postgres:// [env: COMMONWEAL_DATABASE]
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
}

impl Place {
    /// What the environment says. The parser would take one of each for two of a kind.
    pub fn of_environment() -> Self {
        let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        Self { data: set("COMMONWEAL_DATA").map(PathBuf::from), database: set("COMMONWEAL_DATABASE") }
    }
    pub fn says_nothing(&self) -> bool {
        self.data.is_none() && self.database.is_none()
    }
    pub fn folder(&self) -> PathBuf {
        self.data.clone().unwrap_or_else(|| PathBuf::from("data"))
    }
    /// The database, where it is settled which place it is: one that is named stands before one in the folder.
    pub fn settled(&self) -> Target {
        self.database.as_deref().map_or_else(|| Target::in_folder(&self.folder()), named)
    }
    /// The database that a command is to work on: the command line's, or else the environment's.
    ///
    /// # Errors
    /// Where the command line gives two.
    pub fn target(self) -> Result<Target, String> {
        if self.data.is_some() && self.database.is_some() {
            return Err("data and database: give one of the two".into());
        }
        Ok(if self.says_nothing() { Self::of_environment().settled() } else { self.settled() })
    }
}

/// A database as people name it: an address, a file or a folder.
pub fn named(text: &str) -> Target {
    if text.starts_with("postgres://") || text.starts_with("postgresql://") {
        return Target::Postgres(text.to_string());
    }
    let path = PathBuf::from(text.strip_prefix("sqlite://").unwrap_or(text));
    if path.is_dir() || path.extension().is_none() { Target::in_folder(&path) } else { Target::File(path) }
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("commonweal: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(cli.command)) {
        Ok(status) => status,
        Err(problem) => {
            if !problem.is_empty() {
                eprintln!("commonweal: {problem}");
            }
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Result<ExitCode, String> {
    match command {
        Command::Grants { action } => return grants::run(action).await,
        Command::Check(args) => check::run(&args),
        Command::Form { action } => form::run(&action),
        Command::Measure { action } => measure::run(&action),
        Command::Serve(args) => serve::run(args).await,
        Command::Practice(args) => practice::run(args).await,
        Command::Invite(args) => keep::invite(args).await,
        Command::Journal { action: JournalAction::Verify { place } } => keep::verify(place.target()?).await,
        Command::Backup { place, file } => keep::backup(place.target()?, file).await,
        Command::Restore { place, file } => keep::restore(place.target()?, file).await,
        Command::Move { from, to } => keep::move_all(named(&from), named(&to)).await,
    }?;
    Ok(ExitCode::SUCCESS)
}

/// Prints a line of the result. Whoever reads it may have seen enough: `commonweal check … | head` is no accident.
pub fn say(line: impl std::fmt::Display) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout(), "{line}");
}
