//! `baibase copy`: a whole instance, from one place to another.

mod folder;
mod paths;
mod progress;
mod source;
mod target;

use ::copy::Report;
use ambient::SystemEntropy;
use indicatif::HumanBytes;

use self::progress::Shown;
use self::source::Source;
use self::target::Target;
use crate::cli::Copy;
use crate::error::Error;
use crate::signals::Signals;

/// Copies, and says what was copied.
pub(crate) async fn run(options: Copy) -> Result<String, Error> {
    let mut signals = Signals::install().map_err(Error::Signals)?;
    let paths = paths::find(&options)?;
    let source = Source::open(&options.from, &paths.from_files).await?;
    let report = match Target::prepare(&options.to, &paths).await {
        Ok(target) => copy(&source, target, &mut signals).await,
        Err(error) => Err(error),
    };
    source.close().await;
    report.map(|report| text(&report))
}

async fn copy(source: &Source, target: Target, signals: &mut Signals) -> Result<Report, Error> {
    let shown = Shown::new();
    let copied = tokio::select! {
        copied = copy_files_and_rows(source, &target, &shown) => copied,
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

async fn copy_files_and_rows(source: &Source, target: &Target, shown: &Shown) -> Result<Report, Error> {
    let files = target.files(source.files())?;
    Ok(::copy::copy(source.stores(), target.stores(), files.as_ref(), &SystemEntropy, shown).await?)
}

fn text(report: &Report) -> String {
    let Report { tables, rows, files, bytes, notes } = report;
    let files = format!("{files} files ({})", HumanBytes(*bytes));
    let copied = format!("Copied and compared: {rows} rows of {tables} tables, {files}.");
    notes.iter().fold(copied, |text, note| format!("{text}\nNote: {note}."))
}
