//! A statement tree with bound values, rendered for SQLite and for PostgreSQL.
