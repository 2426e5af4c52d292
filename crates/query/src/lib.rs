//! Compiles filters, rules and sorts against a schema into one statement.
