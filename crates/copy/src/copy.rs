use ambient::Entropy;
use engine::transfer::{Contents, Table};
use sql::Statement;
use store::{Store, Transaction};

use crate::files::Files;
use crate::rows::{Misfits, copy_rows, read_again};
use crate::{Error, Progress, Result, survey};

/// The instance to copy. Nobody may change it meanwhile.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// Holds collections, records and settings.
    pub data: &'a dyn Store,
    /// Holds the logs; `None` when there is no such database.
    pub logs: Option<&'a dyn Store>,
}

/// Where the copy is to be.
#[derive(Clone, Copy)]
pub struct Target<'a> {
    /// For collections, records and settings.
    pub data: &'a dyn Store,
    /// For the logs; `None` when they are to be beside the data.
    pub logs: Option<&'a dyn Store>,
    /// Whether a column holds values of its type alone, and texts no NUL.
    pub typed: bool,
    /// Whether an instance that is there makes place for the copy, in the transaction that writes it. Without it the
    /// target must be empty.
    pub replace: bool,
}

/// What was copied.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// How many tables.
    pub tables: usize,
    /// How many rows.
    pub rows: u64,
    /// How many files.
    pub files: u64,
    /// How many bytes the files have.
    pub bytes: u64,
    /// What its owner should know: what was left behind, and what was broken before.
    pub notes: Vec<String>,
}

/// Copies an instance; without `files` when the source and the copy share them.
///
/// When it returns, everything was written, read again and compared. When it fails, the databases of the target are
/// as they were before; files that were copied already are there.
///
/// # Errors
/// [`Error`], by cause.
pub async fn copy(
    source: Source<'_>,
    target: Target<'_>,
    files: Option<&Files>,
    entropy: &dyn Entropy,
    progress: &dyn Progress,
) -> Result<Report> {
    let contents = Contents::read(source.data).await?.ok_or(Error::NoInstance)?;
    let logs = Table::of_logs();
    let replaced = match target.replace {
        true => Contents::read(target.data).await?,
        false => None,
    };
    if replaced.is_none() {
        check_empty(target).await?;
    }
    let mut report = Report { notes: notes(source, &contents, &logs).await?, ..Report::default() };
    if let Some(files) = files {
        files.copy(contents.catalog(), &mut report, progress).await?;
    }
    let mut data = target.data.begin().await.map_err(Error::Target)?;
    if let Some(replaced) = replaced {
        replaced.remove(&mut *data).await.map_err(Error::Target)?;
    }
    let mut job = Job { typed: target.typed, misfits: Misfits::default(), report: &mut report, progress };
    job.tables(source.data, &mut *data, contents.tables()).await?;
    // One transaction where there is one database; otherwise the one that matters is committed last.
    let mut apart = match target.logs {
        Some(store) => Some(store.begin().await.map_err(Error::Target)?),
        None => None,
    };
    let logs_target = apart.as_deref_mut().unwrap_or(&mut *data);
    let logs_source = match source.logs {
        Some(store) if has_tables(store, &logs).await? => Some(store),
        _ => None,
    };
    match logs_source {
        Some(store) => job.tables(store, logs_target, &logs).await?,
        None => create(logs_target, &logs).await?,
    }
    job.misfits.into_result()?;
    let broken = contents.create_views(&mut *data, entropy).await.map_err(Error::Views)?;
    report
        .notes
        .extend(broken.into_iter().map(|(view, reason)| format!("the view {view} does not work: {reason}")));
    if let Some(apart) = apart {
        apart.commit().await.map_err(Error::Target)?;
    }
    data.commit().await.map_err(Error::Target)?;
    Ok(report)
}

/// What all tables have in common.
struct Job<'a> {
    typed: bool,
    misfits: Misfits,
    report: &'a mut Report,
    progress: &'a dyn Progress,
}

impl Job<'_> {
    /// Makes tables, copies their rows, makes their indexes and reads all of it again.
    async fn tables(
        &mut self,
        source: &dyn Store,
        target: &mut dyn Transaction,
        tables: &[Table],
    ) -> Result<()> {
        for table in tables {
            self.table(source, target, table).await?;
        }
        Ok(())
    }

    async fn table(&mut self, source: &dyn Store, target: &mut dyn Transaction, table: &Table) -> Result<()> {
        let failed = |cause| Error::Write { table: table.name().to_owned(), cause };
        let rows = survey::count(source, table).await?;
        self.progress.begin(table.name(), rows);
        target.execute(&table.create()).await.map_err(failed)?;
        let expected = copy_rows(source, target, table, self.typed, &mut self.misfits, self.progress).await?;
        self.progress.end();
        if self.misfits.is_empty() {
            let mut indexes: Vec<&Statement> = table.indexes().iter().collect();
            if !target.tells_newest_index() {
                indexes.reverse();
            }
            for index in indexes {
                target.execute(index).await.map_err(failed)?;
            }
            self.progress.begin(&format!("{}, checked", table.name()), rows);
            let found = read_again(target, table, self.progress).await?;
            if found != expected {
                let (source_rows, target_rows) = (expected.0, found.0);
                return Err(Error::Differs { table: table.name().to_owned(), source_rows, target_rows });
            }
            self.progress.end();
        }
        self.report.tables += 1;
        self.report.rows += expected.0;
        Ok(())
    }
}

async fn create(target: &mut dyn Transaction, tables: &[Table]) -> Result<()> {
    for table in tables {
        for statement in std::iter::once(&table.create()).chain(table.indexes()) {
            let created = target.execute(statement).await;
            created.map_err(|cause| Error::Write { table: table.name().to_owned(), cause })?;
        }
    }
    Ok(())
}

async fn check_empty(target: Target<'_>) -> Result<()> {
    for store in std::iter::once(target.data).chain(target.logs) {
        if let Some(table) = survey::tables(store).await.map_err(Error::Target)?.first() {
            return Err(Error::NotEmpty(format!("it has a table {table}")));
        }
    }
    Ok(())
}

async fn has_tables(store: &dyn Store, tables: &[Table]) -> Result<bool> {
    let there = survey::tables(store).await.map_err(engine::StartError::from)?;
    Ok(tables.iter().all(|table| there.iter().any(|name| name == table.name())))
}

async fn notes(source: Source<'_>, contents: &Contents, logs: &[Table]) -> Result<Vec<String>> {
    let known: Vec<&Table> = contents.tables().iter().chain(logs).collect();
    Ok(survey::left_behind(source.data, &known).await.map_err(engine::StartError::from)?)
}
