//! The throwaway PostgreSQL of the tests, for scripts and browser stories.

use std::io::{Read, Write};
use std::process::{Command, ExitCode};

use testkit::postgres::{self, Cluster, OWN_SERVER};

const USAGE: &str = "test-postgres start        starts the test server unless it runs, and prints its address
test-postgres url          the same
test-postgres stop         stops it and removes all it held
test-postgres tidy         the same, unless some process still uses it
test-postgres database     prints the address of a new empty database, and drops it when its standard input ends
test-postgres measure CMD  runs a command with COMMONWEAL_TEST_POSTGRES set to a server that waits for the disk as a real
                           one does, started for the purpose";

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["start" | "url"] => postgres::server().map(|url| println!("{url}")),
        ["stop"] => postgres::stop(),
        ["tidy"] => postgres::stop_unused().map(|_| ()),
        ["database"] => lend_database().await,
        ["measure", program, rest @ ..] => return measure(program, rest),
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
    }
}

async fn lend_database() -> Result<(), String> {
    let database = postgres::fresh_database("empty", async |_| Ok(())).await?;
    println!("{}", database.url());
    std::io::stdout().flush().map_err(|e| e.to_string())?;
    let mut ignored = Vec::new();
    std::io::stdin().read_to_end(&mut ignored).map_err(|e| e.to_string())?;
    Ok(())
}

fn measure(program: &str, arguments: &[&str]) -> ExitCode {
    let run = || {
        let cluster = Cluster::for_measuring()?;
        let (url, _lease) = cluster.start()?;
        let status = Command::new(program).args(arguments).env(OWN_SERVER, url).status().map_err(|e| format!("{program}: {e}"));
        cluster.stop()?;
        status
    };
    match run() {
        Ok(status) => ExitCode::from(u8::try_from(status.code().unwrap_or(1)).unwrap_or(1)),
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
    }
}
