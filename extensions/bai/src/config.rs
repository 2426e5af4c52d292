use std::time::Duration;

/// How the business behaves where an installation may choose.
#[derive(Debug, Clone)]
pub struct Config {
    /// For how long the same request of the same caller is refused; zero for never.
    pub duplicate_window: Duration,
    /// Who may register as a platform user.
    pub registration: Registration,
}

/// Who may register as a platform user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registration {
    /// Anybody, as the documents say.
    Open,
    /// Nobody: superusers alone create platform users.
    Closed,
}

impl Default for Config {
    /// A second, and open.
    fn default() -> Self {
        Self { duplicate_window: Duration::from_secs(1), registration: Registration::Open }
    }
}
