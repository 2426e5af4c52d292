//! The filter, sort, expand and fields languages: text to syntax trees with spans.
//!
//! * [`parse`] reads a filter or a rule: `title ~ 'abc' && (created > @now || author.name ?= "x")`.
//! * [`sort::parse`] reads `-created,title`.
//! * [`expand::parse`] reads `author,comments_via_post.author`.
//! * [`fields::parse`] reads `id,expand.author.name,body:excerpt(100,true)` and applies it to JSON.
//!
//! Nothing here knows a collection: whether `author` is a field is the business of the query compiler. Every
//! function is pure, and none panics or overflows the stack whatever the text.

mod ast;
mod error;
pub mod expand;
pub mod fields;
mod lexer;
mod parser;
mod position;
mod print;
pub mod sort;
mod span;
#[cfg(test)]
mod tests;

pub use ast::{Comparison, Expr, Number, Operand, OperandKind, Operator};
pub use error::{ParseError, ParseErrorKind};
pub use parser::{MAX_CALL_DEPTH, MAX_COMPARISONS, MAX_GROUP_DEPTH, parse};
pub use position::Position;
pub use span::Span;
