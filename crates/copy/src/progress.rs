/// Is told how far a copy has come.
pub trait Progress: Send + Sync {
    /// A step begins: what it is about, and how many rows or files there are.
    fn begin(&self, what: &str, total: u64);

    /// So many more of them are done.
    fn advance(&self, done: u64);

    /// The step is done.
    fn end(&self);
}
