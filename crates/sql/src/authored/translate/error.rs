/// Why a text cannot be said to PostgreSQL. Where SQLite itself would refuse the text, it is said in the words in which
/// superusers know it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Untranslatable {
    /// The text is no SQL.
    #[error("SQL logic error: near \"{0}\": syntax error (1)")]
    Syntax(String),
    /// A comment at the end of a query would go on behind it.
    #[error("SQL logic error: incomplete input (1)")]
    Incomplete,
    /// There is no such table.
    #[error("SQL logic error: no such table: {0} (1)")]
    Table(String),
    /// There is no such column.
    #[error("SQL logic error: no such column: {0} (1)")]
    Column(String),
    /// Several tables have a column of this name.
    #[error("SQL logic error: ambiguous column name: {0} (1)")]
    Ambiguous(String),
    /// There is no such function.
    #[error("SQL logic error: no such function: {0} (1)")]
    Function(String),
    /// A function has too few or too many arguments.
    #[error("SQL logic error: wrong number of arguments to function {0}() (1)")]
    Arguments(String),
    /// A value is to come with the request.
    #[error("SQL logic error: parameters are not allowed in views (1)")]
    Parameter,
    /// The parts of a `UNION` and its like, or the rows of `VALUES`, have different numbers of columns.
    #[error(
        "SQL logic error: SELECTs to the left and right of {0} do not have the same number of result columns (1)"
    )]
    Widths(&'static str),
    /// In an index, a time that is not that of the row.
    #[error("SQL logic error: non-deterministic use of {0}() in an index (1)")]
    Present(String),
    /// In an index, what is another value each time.
    #[error("SQL logic error: non-deterministic functions prohibited in {0} (1)")]
    Unsteady(&'static str),
    /// SQLite has it, PostgreSQL does not.
    #[error("on PostgreSQL a query cannot have {0}")]
    Unsupported(String),
}

impl Untranslatable {
    pub(super) fn unsupported(what: impl Into<String>) -> Self {
        Self::Unsupported(what.into())
    }
}
