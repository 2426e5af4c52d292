//! `baibase copy`: a whole instance, from one place to another.

mod folder;
mod paths;
mod progress;
mod source;
mod target;

use ::copy::Report;
use ambient::SystemEntropy;
use indicatif::HumanBytes;

use self::paths::Paths;
use self::progress::Shown;
use self::source::Source;
use self::target::Target;
pub(crate) use self::target::{PATIENCE, connect, open_file};
use crate::cli::Copy;
use crate::error::Error;
use crate::signals::Signals;

/// Copies, and says what was copied.
pub(crate) async fn run(options: Copy) -> Result<String, Error> {
    let mut signals = Signals::install().map_err(Error::Signals)?;
    let paths = paths::find(&options)?;
    let source = Source::open(&options.from).await?;
    let report = match prepare(&source, &options, paths).await {
        Ok((target, paths)) => copy(&source, target, &paths, &mut signals).await,
        Err(error) => Err(error),
    };
    source.close().await;
    report.map(|report| text(&report))
}

async fn prepare(source: &Source, options: &Copy, paths: Paths) -> Result<(Target, Paths), Error> {
    let paths = paths.with_bucket(source.bucket().await?);
    Ok((Target::prepare(&options.to, &paths).await?, paths))
}

async fn copy(
    source: &Source,
    target: Target,
    paths: &Paths,
    signals: &mut Signals,
) -> Result<Report, Error> {
    let shown = Shown::new();
    let copied = tokio::select! {
        copied = copy_files_and_rows(source, &target, paths, &shown) => copied,
        () = signals.next() => Err(Error::Interrupted),
    };
    shown.clear();
    match copied {
        Ok(report) => target.finish().await.map(|()| report),
        Err(error) => {
            target.abandon().await;
            Err(error)
        }
    }
}

async fn copy_files_and_rows(
    source: &Source,
    target: &Target,
    paths: &Paths,
    shown: &Shown,
) -> Result<Report, Error> {
    let files = target.files(paths)?;
    let copied = ::copy::copy(source.stores(), target.stores(), files.as_ref(), &SystemEntropy, shown);
    let mut report = copied.await?;
    if let Some(bucket) = &paths.bucket {
        let what =
            if paths.share_files() { "the files stay in" } else { "the settings of the copy still name" };
        report.notes.push(format!("{what} the bucket {}", bucket.bucket));
    }
    Ok(report)
}

fn text(report: &Report) -> String {
    let Report { tables, rows, files, bytes, notes } = report;
    let files = format!("{files} files ({})", HumanBytes(*bytes));
    let copied = format!("Copied and compared: {rows} rows of {tables} tables, {files}.");
    notes.iter().fold(copied, |text, note| format!("{text}\nNote: {note}."))
}
