use schema::collection::Index;
use sql::{Comparison, Expr, Select};

use crate::records::Access;
use crate::{Engine, Entry, Record, Result, row};

impl Engine {
    /// The record that goes by an identity: by one field, or by the collection's identity fields in turn, the
    /// e-mail address first. The first record found is the one, whatever its password.
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
        for field in fields {
            // An e-mail address is looked up only by something that can be one.
            if field == "email" && identity_field.is_empty() && !identity.contains('@') {
                continue;
            }
            let query = lookup(entry, field, identity);
            let record = self.fetch_record(&mut Access::Store(self.store()), entry, &query).await?;
            if record.is_some() {
                return Ok(record);
            }
        }
        Ok(None)
    }
}

/// The row whose field is this identity. An empty value is nobody's; saying so lets the database use an index over
/// the values that are not empty.
fn lookup(entry: &Entry, field: &str, identity: &str) -> Select {
    let column = || Expr::column(&entry.collection.name, field.to_owned());
    let comparison = if ignores_case(entry, field) { Comparison::EqIgnoreCase } else { Comparison::Eq };
    row::select(&entry.collection)
        .filter(column().compare(comparison, identity))
        .filter(column().compare(Comparison::NotEq, Expr::EMPTY))
        .limit(1)
}

/// Whether the unique index of a field says that letters are equal in any case.
fn ignores_case(entry: &Entry, field: &str) -> bool {
    entry.collection.indexes.iter().filter_map(|text| Index::parse(text)).any(|index| {
        index.is_single_unique(field)
            && index.columns.iter().any(|column| column.collate.eq_ignore_ascii_case("nocase"))
    })
}
