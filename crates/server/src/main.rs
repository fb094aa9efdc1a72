//! The `commonweal` command. Results go to standard output, problems to standard error, and the exit status is 0 only
//! when all is well.

mod check;
mod config;
mod keep;
mod load;
mod practice;
mod serve;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use store::Target;

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
    /// The data folder, with its own SQLite database
    #[arg(long, env = "COMMONWEAL_DATA", value_name = "DIR", conflicts_with = "database")]
    pub data: Option<PathBuf>,
    /// A PostgreSQL database, as an address that starts with postgres://
    #[arg(long, env = "COMMONWEAL_DATABASE", value_name = "URL", hide_env_values = true)]
    pub database: Option<String>,
}

impl Place {
    pub fn folder(&self) -> PathBuf {
        self.data.clone().unwrap_or_else(|| PathBuf::from("data"))
    }
    pub fn target(&self) -> Target {
        match &self.database {
            Some(url) => named(url),
            None => Target::in_folder(&self.folder()),
        }
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
    let done = match cli.command {
        Command::Check(args) => check::run(&args),
        Command::Serve(args) => runtime.block_on(serve::run(args)),
        Command::Practice(args) => runtime.block_on(practice::run(args)),
        Command::Invite(args) => runtime.block_on(keep::invite(args)),
        Command::Journal { action: JournalAction::Verify { place } } => runtime.block_on(keep::verify(place.target())),
        Command::Backup { place, file } => runtime.block_on(keep::backup(place.target(), file)),
        Command::Restore { place, file } => runtime.block_on(keep::restore(place.target(), file)),
        Command::Move { from, to } => runtime.block_on(keep::move_all(named(&from), named(&to))),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            if !problem.is_empty() {
                eprintln!("commonweal: {problem}");
            }
            ExitCode::FAILURE
        }
    }
}
