use std::time::Duration;

/// The limits of a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How long a transaction waits for its turn.
    pub turn_timeout: Duration,
    /// How long a transaction may keep its turn without a statement; then it is rolled back.
    pub idle_timeout: Duration,
    /// How long one statement may run, or a query wait to be run.
    pub query_timeout: Duration,
    /// How many queries other than point reads may run at once.
    pub scans: usize,
    /// How many prepared statements each connection keeps.
    pub statements: usize,
    /// Whether a commit is on the disk before it is reported. Without it, the loss of power can undo the last ones; what
    /// is left is whole all the same.
    pub durable: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            turn_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(30),
            query_timeout: Duration::from_secs(30),
            scans: 8,
            statements: 256,
            durable: true,
        }
    }
}
