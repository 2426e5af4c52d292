use std::fmt;

/// Why an instance was not copied. The target is as it was then, except for files that were copied already.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is nothing to copy.
    #[error("the source holds no instance")]
    NoInstance,
    /// The source cannot be understood.
    #[error("the source cannot be copied: {0}")]
    Source(#[from] engine::StartError),
    /// There is something already where the copy should be.
    #[error("the target is not empty: {0}")]
    NotEmpty(String),
    /// Rows cannot be read.
    #[error("reading {table} from the source: {cause}")]
    Read {
        /// The table.
        table: String,
        /// What the database says.
        #[source]
        cause: store::Error,
    },
    /// A table, its rows or its indexes cannot be written.
    #[error("writing {table} to the target: {cause}")]
    Write {
        /// The table.
        table: String,
        /// What the database says.
        #[source]
        cause: store::Error,
    },
    /// Values that the target cannot hold.
    #[error("the target cannot hold {count} of the values: {}", list(.first))]
    Misfits {
        /// How many there are.
        count: u64,
        /// The first of them.
        first: Vec<Misfit>,
    },
    /// A table of the target is not what was written to it.
    #[error("the copy of {table} differs from the source ({source_rows} rows there, {target_rows} here)")]
    Differs {
        /// The table.
        table: String,
        /// How many rows the source has.
        source_rows: u64,
        /// How many rows the target has.
        target_rows: u64,
    },
    /// The views cannot be made, for another reason than their queries.
    #[error("making the views: {0}")]
    Views(#[source] engine::Error),
    /// A file cannot be copied.
    #[error("the file {key}: {cause}")]
    File {
        /// Its key.
        key: String,
        /// What the store of files says.
        #[source]
        cause: files::Error,
    },
    /// A file of the target is not what was written to it.
    #[error("the copy of the file {0} differs from the source")]
    FileDiffers(String),
    /// A database does not answer.
    #[error("the target: {0}")]
    Target(#[source] store::Error),
}

/// The results of a copy.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A value that the target cannot hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// The table.
    pub table: String,
    /// The first column of the row that identifies it: its id, as a rule.
    pub row: String,
    /// The column.
    pub column: String,
    /// Why the target cannot hold it.
    pub reason: &'static str,
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} {:?} {}", self.column, self.table, self.row, self.reason)
    }
}

fn list(misfits: &[Misfit]) -> String {
    misfits.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
