use std::time::Duration;

/// The limits of a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How many connections run queries outside transactions.
    pub readers: usize,
    /// How many connections run transactions.
    pub writers: usize,
    /// How long a query or a transaction waits for a connection to become free.
    pub turn_timeout: Duration,
    /// How long the server may take to accept a connection.
    pub connect_timeout: Duration,
    /// How long a transaction may stay without a statement; then it is rolled back.
    pub idle_timeout: Duration,
    /// How long one statement may run.
    pub query_timeout: Duration,
    /// How many prepared statements each connection keeps.
    pub statements: usize,
    /// Whether nobody else may have the database open in this way, as long as the store is.
    pub exclusive: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            readers: 16,
            writers: 8,
            turn_timeout: Duration::from_secs(10),
            connect_timeout: Duration::from_secs(5),
            idle_timeout: Duration::from_secs(30),
            query_timeout: Duration::from_secs(30),
            statements: 256,
            exclusive: false,
        }
    }
}
