use schema::collection::Index;
use sql::{Comparison, Expr, Select};

use crate::records::Access;
use crate::{Engine, Entry, Error, Record, Result};

impl Engine {
    /// The record that goes by an identity: by one field, or by the collection's identity fields in turn, the
    /// e-mail address first. The first record found is the one, whatever its password.
    ///
    /// # Errors
    /// 500 when no record is found and the last field that was asked does not tell records apart.
    pub(super) async fn find_by_identity(
        &self,
        entry: &Entry,
        identity: &str,
        identity_field: &str,
    ) -> Result<Option<Record>> {
        let Some(auth) = entry.collection.auth() else { return Ok(None) };
        let mut fields: Vec<&str> = match identity_field {
            "" => auth.password_auth.identity_fields.iter().map(String::as_str).collect(),
            single => vec![single],
        };
        fields.sort_by_key(|&field| field != "email");
        let mut outcome = Ok(None);
        for field in fields {
            // An e-mail address is looked up only by something that can be one.
            if field == "email" && identity_field.is_empty() && !schema::value::is_email(identity) {
                continue;
            }
            outcome = match unique_index(entry, field) {
                Some(index) => self.find_by(entry, field, identity, ignores_case(&index)).await,
                None => Err(Error::internal(format!("{field} has no unique index to log in by"))),
            };
            if matches!(outcome, Ok(Some(_))) {
                break;
            }
        }
        outcome
    }

    /// The record of this address, in letters of any case where its index says so.
    pub(super) async fn find_by_email(&self, entry: &Entry, email: &str) -> Result<Option<Record>> {
        self.find_by_email_in(&mut Access::Store(self.store()), entry, email).await
    }

    /// The same, where the transaction sees its own writes.
    pub(super) async fn find_by_email_in(
        &self,
        access: &mut Access<'_>,
        entry: &Entry,
        email: &str,
    ) -> Result<Option<Record>> {
        let ignoring = unique_index(entry, "email").is_some_and(|index| ignores_case(&index));
        self.fetch_record(access, entry, &lookup(entry, "email", email, ignoring)).await
    }

    async fn find_by(
        &self,
        entry: &Entry,
        field: &str,
        text: &str,
        any_case: bool,
    ) -> Result<Option<Record>> {
        let query = lookup(entry, field, text, any_case);
        self.fetch_record(&mut Access::Store(self.store()), entry, &query).await
    }
}

/// The row whose field is this text. An empty value is nobody's; saying so lets the database use an index over the
/// values that are not empty.
fn lookup(entry: &Entry, field: &str, text: &str, any_case: bool) -> Select {
    let column = || Expr::column(&entry.collection.name, field.to_owned());
    let comparison = if any_case { Comparison::EqIgnoreCase } else { Comparison::Eq };
    entry
        .select()
        .filter(column().compare(comparison, text))
        .filter(column().compare(Comparison::NotEq, Expr::EMPTY))
        .limit(1)
}

/// The index by which no two records have the same value in this field.
fn unique_index(entry: &Entry, field: &str) -> Option<Index> {
    let mut indexes = entry.collection.indexes.iter().filter_map(|text| Index::parse(text));
    indexes.find(|index| index.is_single_unique(field))
}

/// Whether an index says that letters are equal in any case.
fn ignores_case(index: &Index) -> bool {
    index.columns.iter().any(|column| column.collate.eq_ignore_ascii_case("nocase"))
}
