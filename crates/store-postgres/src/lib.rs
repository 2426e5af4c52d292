//! The store on a PostgreSQL server.
//!
//! * [`PostgresStore`] is the [`store::Store`]; [`Options`] are its limits.
//! * Queries and transactions have connections of their own, so that a transaction that waits for a query, or a
//!   crowd of queries, cannot bring the other kind to a stop. Every session is read-only outside a transaction.
//! * Transactions are serialisable. One that gets in the way of another ends with [`store::Error::Conflict`], and
//!   whoever asked for it runs it again.
//! * A statement is prepared once for each connection, by its text and the types of its values, and then takes one
//!   round trip. What surrounds it (the begin of the transaction, the savepoint to which it is rolled back when it
//!   fails) travels with it.
//! * A connection that is lost is replaced by the next one who needs it. A query that has given no row yet is run
//!   again then; a transaction is not.
//! * One store at a time can have a database for itself ([`Options::exclusive`]).
//!
//! PostgreSQL cannot store the character NUL: a write with such a text is refused as [`store::Error::Constraint`].

mod bind;
mod columns;
mod console;
mod error;
mod guard;
mod lease;
mod options;
mod prepared;
mod row;
mod run;
mod session;
mod setup;
mod store;
mod target;
mod tls;
mod transaction;
mod unique;

pub use error::OpenError;
pub use options::Options;
pub use store::PostgresStore;
