//! Collections, fields and values as data.
//!
//! * [`collection`] holds what a collection is: its fields, rules, indexes and options, their JSON form as it is
//!   stored and sent, their defaults, and the checks on them that need no database.
//! * [`field`] holds the field types and their options.
//! * [`value`] holds the values of records: how input is normalised, checked, stored and written as JSON.
//! * [`view`] makes the fields of a view from its query.
//! * [`load`] and [`checks`] are the rules by which options are read from JSON and looked over.
//!
//! Everything here is pure: no database, no clock, no randomness that is not passed in.

pub mod checks;
pub mod collection;
pub mod error;
pub mod field;
pub mod json;
pub mod load;
pub mod value;
pub mod view;

pub use collection::{AuthOptions, Collection, CollectionKind, Rules};
pub use error::{FieldError, FieldErrors};
pub use field::{Field, FieldKind};
pub use load::LoadError;
pub use value::Value;
