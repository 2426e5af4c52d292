use std::time::Duration;

/// Statements in somebody's own words, in the dialect of the database, and what they may cost.
#[derive(Debug, Clone)]
pub struct Console {
    /// One statement, or several with `;` between them.
    pub text: String,
    /// The most rows of the result that are wanted; more are not read.
    pub max_rows: usize,
    /// The most bytes that the values of the result may have.
    pub max_bytes: usize,
    /// How long all of it may take.
    pub timeout: Duration,
}

/// What statements of a [`Console`] gave.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConsoleOutput {
    /// How many rows the last statement changed.
    pub changed: u64,
    /// The columns of the last statement that has any.
    pub columns: Vec<ConsoleColumn>,
    /// Its rows, with values as text; `None` for null.
    pub rows: Vec<Vec<Option<String>>>,
}

/// A column of a [`ConsoleOutput`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsoleColumn {
    /// As the statement names it.
    pub name: String,
    /// Its type in capitals; empty when it has none or the database does not say.
    pub kind: String,
}

impl ConsoleOutput {
    /// Begins the result of another statement.
    pub fn begin(&mut self, columns: Vec<ConsoleColumn>) {
        self.columns = columns;
        self.rows.clear();
    }
}
