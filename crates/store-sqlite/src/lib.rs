//! The embedded store: SQLite with one writer that groups commits.
