//! Commands for whoever keeps an installation: inviting, verifying, copying, moving.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use kernel::{RandomIds, SystemClock};
use store::{Db, Target, Writer};

use crate::{Place, say};

#[derive(Args)]
pub struct InviteArgs {
    #[command(flatten)]
    place: Place,
    /// The programme, as it stands in its address
    #[arg(long, value_name = "SLUG")]
    programme: String,
    /// The role, as the design names it
    #[arg(long, value_name = "KEY")]
    role: String,
    /// The place, as it stands in its address, for a role of one place
    #[arg(long = "for", value_name = "SLUG")]
    at: Option<String>,
    /// The sponsor the person decides for, as the design names it, for a role that decides
    #[arg(long, value_name = "KEY")]
    sponsor: Option<String>,
    #[arg(long)]
    name: String,
    #[arg(long)]
    email: String,
    /// The address people use, for the link
    #[arg(long, env = "COMMONWEAL_ADDRESS", default_value = "http://127.0.0.1:8360")]
    address: String,
}

async fn open(target: &Target) -> Result<Db, String> {
    if let Target::File(path) = target
        && !path.exists()
    {
        return Err(format!("There is no database at {}", path.display()));
    }
    Db::open(target, 2).await.map_err(|e| e.to_string())
}

pub async fn invite(args: InviteArgs) -> Result<(), String> {
    let db = open(&args.place.target()?).await?;
    let invitation = app::Invitation {
        programme: args.programme,
        role: args.role,
        place: args.at,
        sponsor: args.sponsor,
        name: args.name,
        email: args.email,
        address: args.address,
    };
    let link = app::invite(&db, Arc::new(SystemClock), Arc::new(RandomIds), invitation).await;
    db.close().await;
    say(link.map_err(|e| e.cause)?);
    Ok(())
}

pub async fn verify(target: Target) -> Result<(), String> {
    let db = open(&target).await?;
    let found = store::journal::verify(&db).await;
    db.close().await;
    let found = found.map_err(|e| e.to_string())?;
    if found.broken.is_empty() {
        say(format_args!("The journal is whole: {} records in {} chains", found.records, found.chains));
        return Ok(());
    }
    Err(format!("The journal is broken.\n{}", found.broken.join("\n")))
}

pub async fn backup(target: Target, file: PathBuf) -> Result<(), String> {
    store::backup(&target, &file).await.map_err(|e| e.to_string())?;
    say(format_args!("Copied {} to {}, and checked the copy", target.shown(), file.display()));
    Ok(())
}

pub async fn restore(target: Target, file: PathBuf) -> Result<(), String> {
    store::restore(&target, &file).await.map_err(|e| e.to_string())?;
    say(format_args!("Restored {} to {}", file.display(), target.shown()));
    Ok(())
}

/// What a server wrote while the rows are copied, or after, would stay behind: none may have the file open, and none
/// that starts meanwhile gets to write.
pub async fn move_all(from: Target, to: Target) -> Result<(), String> {
    for place in [&from, &to] {
        if place.in_use().await {
            return Err(format!("A server or another command has {} open. Stop it first", place.shown()));
        }
    }
    let source = open(&from).await?;
    let mover = Writer { actor: None, clock: Arc::new(SystemClock), ids: Arc::new(RandomIds) };
    let held = if source.is_sqlite() { Some(source.write(&mover, "move").await.map_err(|e| e.to_string())?) } else { None };
    let dest = Db::open(&to, 2).await.map_err(|e| e.to_string())?;
    let moved = store::move_all(&source, &dest, &mut |moved| say(format_args!("{:>10}  {}", moved.rows, moved.table))).await;
    drop(held);
    source.close().await;
    let checked = match &moved {
        Ok(_) => store::journal::verify(&dest).await.map_err(|e| e.to_string()),
        Err(error) => Err(error.cause.clone()),
    };
    dest.close().await;
    let checked = checked?;
    if let Some(broken) = checked.broken.first() {
        return Err(format!("Everything arrived, but the journal is broken: {broken}"));
    }
    let rows: u64 = moved.map_err(|e| e.cause)?.iter().map(|m| m.rows).sum();
    say(format_args!("Moved {rows} rows from {} to {}, each compared; the journal is whole", from.shown(), to.shown()));
    Ok(())
}
