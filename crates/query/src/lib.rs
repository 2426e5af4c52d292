//! Compiles filters, rules and sorts against a schema into one statement.
//!
//! A [`Compiler`] belongs to one [`Request`]. It gives queries in which the rule is part of the condition, so that a
//! row which a caller may not see is never read:
//!
//! ```
//! # use baibase_query as query;
//! # use std::sync::Arc;
//! use query::{Compiler, List, Request, Schema};
//! # fn example(schema: &dyn Schema, posts: &Arc<schema::Collection>) -> Result<(), Box<dyn std::error::Error>> {
//! let request = Request { method: "GET", ..Request::default() };
//! let rule = filter::parse("@request.auth.id != '' && author = @request.auth.id")?;
//! let page = Compiler::new(schema, &request).list(&List {
//!     rule: Some(&rule),
//!     filter: Some(&filter::parse("title ~ 'abc'")?),
//!     sort: &filter::sort::parse("-created")?,
//!     limit: 30,
//!     ..List::new(posts)
//! })?;
//! // page.rows gives the columns of posts.fields, in their order; page.count gives the number of rows in all.
//! # let _ = (page.rows, page.count);
//! # Ok(())
//! # }
//! ```
//!
//! Rules are taken as parsed trees, so that they are parsed once and not for every request. A missing rule (`None` in
//! the schema) is the caller's business: nobody but superusers gets past it. A superuser's request skips every rule.
//!
//! The tables of [`table`] are those that are no collections: logs, and the collections themselves.

mod alias;
mod body;
mod column;
mod compare;
mod compiler;
mod condition;
mod error;
mod function;
mod headers;
mod like;
mod macros;
mod operand;
mod path;
mod request;
mod schema;
mod scope;
mod selection;
mod sort;
mod statics;
pub mod table;
mod value;
mod walk;

pub use compiler::{Compiler, List, Page};
pub use error::{Error, ErrorKind, Part};
pub use headers::Headers;
pub use request::{Caller, Context, Request, restricted_root};
pub use schema::{Schema, projection};
