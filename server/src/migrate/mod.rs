//! `baibase migrate`: data of an older version is upgraded, and snapshots of collections are applied and made.

mod journal;
mod snapshots;

use std::io::{self, BufRead, Write};
use std::sync::Arc;

use ambient::{Clock, SystemClock};
use engine::Engine;
use oauth2_providers::Registry;

use self::journal::FolderJournal;
use self::snapshots::{Folder, NewFiles};
use crate::cli::{Global, MigrateAction as Action};
use crate::data_dir::DataDir;
use crate::error::Error;
use crate::print;

/// Does it and says what was done. No server may run on the data.
pub(crate) async fn run(action: Action, global: &Global) -> Result<String, Error> {
    let dir = DataDir::prepare(&global.data.dir)?;
    let _lock = dir.lock()?;
    let upgrades = match action {
        Action::Up { .. } => upgrades(&dir, global).await?,
        _ => Vec::new(),
    };
    if matches!(action, Action::Up { dry_run: true }) && !upgrades.is_empty() {
        // The snapshots could only be looked at in upgraded data.
        return Ok(format!("The data would be upgraded:\n{}", upgrades.join("\n")));
    }
    let engine = dir.start_server(&global.data, services().await?, Vec::new()).await?;
    let outcome = act(action, &engine, &Folder::of(global), &upgrades).await;
    engine.close().await.map_err(Error::Close)?;
    outcome
}

/// What the start of an engine will change in data of an older format.
async fn upgrades(dir: &DataDir, global: &Global) -> Result<Vec<String>, Error> {
    let planned = dir.plan_upgrade(&global.data, services().await?).await?;
    let lines = planned.iter().flat_map(|upgrade| {
        let changes = upgrade.changes.iter().map(|change| format!("  {change}"));
        std::iter::once(upgrade.migration.to_owned()).chain(changes)
    });
    Ok(lines.collect())
}

/// The services that collections may name; nobody logs in with them here.
async fn services() -> Result<Registry, Error> {
    let settings = wechat::Settings { app_id: None, app_secret: None, api_base: None, simulator: false };
    let wechat = wechat::connect(settings, Arc::new(SystemClock)).await?;
    Ok(Registry::default().with(wechat.scan_login))
}

/// What `serve` does before it takes requests: applies the snapshots that were not applied yet, warns of programs that
/// are not run, and has changes of collections written down.
///
/// A backup that was just restored stays as it is: what is younger than it would undo it, and delete again what was
/// deleted in the meantime.
pub(crate) async fn at_start(engine: &Engine, global: &Global, restored: bool) -> Result<(), Error> {
    let folder = Folder::of(global);
    let NewFiles { snapshots, scripts } = folder.new_files(engine).await?;
    if restored {
        engine.pass_over_snapshots(&snapshots).await.map_err(Error::Refused)?;
    } else {
        folder.apply(engine, &snapshots).await?;
    }
    for file in snapshots {
        match restored {
            true => tracing::warn!(file, "a snapshot of collections was not applied to the restored backup"),
            false => tracing::info!(file, "a snapshot of collections was applied"),
        }
    }
    for file in scripts.into_iter().chain(snapshots::hooks(global)) {
        tracing::warn!(file, "programs in JavaScript are not run by this version: what it does is missing");
    }
    if global.automigrate {
        engine.keep_journal(Arc::new(FolderJournal::open(folder)?));
    }
    Ok(())
}

async fn act(action: Action, engine: &Engine, folder: &Folder, upgrades: &[String]) -> Result<String, Error> {
    match action {
        Action::Up { dry_run: true } => Ok(match folder.new_files(engine).await?.snapshots.as_slice() {
            [] => "Nothing would change.".to_owned(),
            files => format!("These snapshots would be applied:\n{}", files.join("\n")),
        }),
        Action::Up { dry_run: false } => {
            let snapshots = folder.new_files(engine).await?.snapshots;
            folder.apply(engine, &snapshots).await?;
            let done: Vec<String> = upgrades.iter().cloned().chain(snapshots).collect();
            Ok(if done.is_empty() {
                "Nothing was to be done.".into()
            } else {
                format!("Applied:\n{}", done.join("\n"))
            })
        }
        Action::Down { number } => {
            let applied = engine.applied_snapshots().await.map_err(Error::Refused)?;
            let snapshots = applied.into_iter().rev().filter(|file| snapshots::is_snapshot(file));
            let last: Vec<String> = snapshots.take(number).collect();
            forget(engine, last, "It will be applied again; the collections stay as they are now.").await
        }
        Action::Create { name } => {
            let path =
                folder.create(&snapshots::file_name(&name, SystemClock.now().as_second()), &[(); 0])?;
            Ok(format!("An empty snapshot was made: {}", path.display()))
        }
        Action::Collections => {
            let collections = engine.snapshot().map_err(Error::Refused)?;
            let name = snapshots::file_name("collections_snapshot", SystemClock.now().as_second());
            let path = folder.create(&name, &collections)?;
            Ok(format!("{} collections were written to {}", collections.len(), path.display()))
        }
        Action::HistorySync => {
            let present = folder.names()?;
            let applied = engine.applied_snapshots().await.map_err(Error::Refused)?;
            let gone = applied.into_iter().filter(|file| !present.contains(file)).collect();
            forget(engine, gone, "Their files are gone.").await
        }
    }
}

async fn forget(engine: &Engine, files: Vec<String>, why: &str) -> Result<String, Error> {
    if files.is_empty() {
        return Ok("Nothing was to be done.".to_owned());
    }
    let list = files.join("\n");
    if !confirmed(&format!("{list}\n{why} Forget that this was applied?")) {
        return Err(Error::Cancelled);
    }
    engine.forget_snapshots(&files).await.map_err(Error::Refused)?;
    Ok(format!("Forgotten:\n{list}"))
}

/// Whether somebody says yes. Without an answer the answer is no.
fn confirmed(question: &str) -> bool {
    let mut out = io::stdout();
    // That nobody reads the question means that nobody answers it.
    let _ = write!(out, "{question} (y/N) ").and_then(|()| out.flush());
    let mut answer = String::new();
    let read = io::stdin().lock().read_line(&mut answer);
    print(&mut out, "");
    read.is_ok() && matches!(answer.trim().to_lowercase().as_str(), "y" | "yes")
}
