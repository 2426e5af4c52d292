//! What must happen to the table of a collection that is saved.

use super::{Collection, Index};
use crate::error::FieldError;
use crate::field::{ColumnKind, Field};

/// One step; a list of them is to be taken in its order, in one transaction.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// Creates a table with these columns.
    CreateTable {
        /// The table.
        table: String,
        /// Names and kinds, in alphabetical order.
        columns: Vec<(String, ColumnKind)>,
    },
    /// Drops an index if it exists.
    DropIndex {
        /// The index.
        name: String,
    },
    /// Renames a table.
    RenameTable {
        /// The old name.
        from: String,
        /// The new name.
        to: String,
    },
    /// Drops a column with its values.
    DropColumn {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// Renames a column.
    RenameColumn {
        /// The table.
        table: String,
        /// The old name.
        from: String,
        /// The new name, which no other column has at this point.
        to: String,
    },
    /// Adds a column at the end.
    AddColumn {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// How its values are stored.
        kind: ColumnKind,
    },
    /// Turns a text column into a list: a value becomes the only item, no value the empty list, and what is a JSON
    /// array already stays.
    ToMultiple {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// Turns a list column into a text: the last item, or empty when there is none.
    ToSingle {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// Creates an index.
    CreateIndex {
        /// Where it stands in [`Collection::indexes`], to report an error by.
        position: usize,
        /// The index; its table is the collection's.
        index: Index,
    },
    /// Nothing but an error: this statement is no index. What the other indexes lack is told as well.
    RefuseIndex {
        /// Where it stands in [`Collection::indexes`].
        position: usize,
    },
}

/// The steps from the table of `old` (`None` when there is no table yet) to that of `new`; none for a view, which
/// has no table.
///
/// Columns belong to fields by the field's id: a field with another name is a renamed column, and one that is gone
/// is a dropped column.
pub fn table_changes(old: Option<&Collection>, new: &Collection) -> Vec<Change> {
    if new.is_view() {
        return Vec::new();
    }
    let Some(old) = old else {
        let mut changes = vec![create_table(new)];
        changes.extend(create_indexes(new));
        return changes;
    };
    let columns = column_changes(old, new);
    let is_renamed = old.name != new.name;
    let mut changes = Vec::new();
    // A database refuses to drop or retype a column that an index mentions.
    let rebuilds_indexes = is_renamed || !columns.is_empty() || old.indexes != new.indexes;
    if rebuilds_indexes {
        changes.extend(drop_indexes(old));
    }
    if is_renamed {
        changes.extend(table_renames(old, new));
    }
    changes.extend(columns);
    if rebuilds_indexes {
        changes.extend(create_indexes(new));
    }
    changes
}

/// SQLite takes a name in another case for one that is taken, so there is another name in between.
fn table_renames(old: &Collection, new: &Collection) -> Vec<Change> {
    let rename = |from: &str, to: &str| Change::RenameTable { from: from.into(), to: to.into() };
    if !old.name.eq_ignore_ascii_case(&new.name) {
        return vec![rename(&old.name, &new.name)];
    }
    let temporary = format!("_renamed_{}", new.id);
    vec![rename(&old.name, &temporary), rename(&temporary, &new.name)]
}

fn create_table(new: &Collection) -> Change {
    let mut columns: Vec<_> = new.fields.iter().map(|field| (field.name.clone(), field.column())).collect();
    columns.sort_by(|(a, _), (b, _)| a.cmp(b));
    // Of two with one name the checks will tell.
    columns.dedup_by(|(a, _), (b, _)| a == b);
    Change::CreateTable { table: new.name.clone(), columns }
}

fn drop_indexes(old: &Collection) -> impl Iterator<Item = Change> {
    let names = old.indexes.iter().filter_map(|statement| Index::parse(statement)).map(|index| index.name);
    names.filter(|name| !name.is_empty()).map(|name| Change::DropIndex { name })
}

fn create_indexes(new: &Collection) -> impl Iterator<Item = Change> {
    new.indexes.iter().enumerate().map(|(position, statement)| {
        let index = Index::parse(statement).map(|index| Index { table: new.name.clone(), ..index });
        match index.filter(Index::is_valid) {
            Some(index) => Change::CreateIndex { position, index },
            None => Change::RefuseIndex { position },
        }
    })
}

/// What is said of a statement that is no index.
pub fn invalid_index() -> FieldError {
    FieldError::new("validation_invalid_index_expression", "Invalid CREATE INDEX expression.")
}

/// Drops come first and renames go through names that nobody uses, so that fields can take over each other's names.
fn column_changes(old: &Collection, new: &Collection) -> Vec<Change> {
    let table = &new.name;
    let mut drops = Vec::new();
    let mut to_temporary = Vec::new();
    let mut additions = Vec::new();
    let mut to_final = Vec::new();
    let mut conversions = Vec::new();
    let rename = |from: &str, to: &str| Change::RenameColumn {
        table: table.clone(),
        from: from.into(),
        to: to.into(),
    };

    for field in &old.fields {
        if new.field_by_id(&field.id).is_none() {
            drops.push(Change::DropColumn { table: table.clone(), column: field.name.clone() });
        }
    }
    for (position, field) in new.fields.iter().enumerate() {
        let Some(before) = old.field_by_id(&field.id) else {
            let (column, kind) = (field.name.clone(), field.column());
            additions.push(Change::AddColumn { table: table.clone(), column, kind });
            continue;
        };
        if before.name != field.name {
            let temporary = unused_name(position, [&old.fields, &new.fields]);
            to_temporary.push(rename(&before.name, &temporary));
            to_final.push(rename(&temporary, &field.name));
        }
        conversions.extend(conversion(table, before, field));
    }
    [drops, to_temporary, additions, to_final, conversions].concat()
}

fn conversion(table: &str, before: &Field, field: &Field) -> Option<Change> {
    let (table, column) = (table.to_owned(), field.name.clone());
    match (before.kind.is_multiple(), field.kind.is_multiple()) {
        (false, true) => Some(Change::ToMultiple { table, column }),
        (true, false) => Some(Change::ToSingle { table, column }),
        (false, false) | (true, true) => None,
    }
}

/// A name that no field has, another one for each position.
fn unused_name(position: usize, fields: [&Vec<Field>; 2]) -> String {
    let mut unused = format!("_renamed_{position}");
    while fields.iter().copied().flatten().any(|field| field.name.eq_ignore_ascii_case(&unused)) {
        unused.push('_');
    }
    unused
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::collection::CollectionKind;
    use crate::field::fields_from_json;

    fn collection(name: &str, fields: &Value, indexes: &[&str]) -> Collection {
        let mut collection = Collection::new(CollectionKind::Base, name, "");
        collection.fields = fields_from_json(fields).unwrap();
        collection.indexes = indexes.iter().map(|&index| index.into()).collect();
        collection
    }

    fn rename(from: &str, to: &str) -> Change {
        Change::RenameColumn { table: "t".into(), from: from.into(), to: to.into() }
    }

    #[test]
    fn a_new_table_lists_its_columns_by_name() {
        let fields = json!([
            {"type": "text", "name": "id", "primaryKey": true},
            {"type": "number", "name": "count"},
            {"type": "select", "name": "tags", "maxSelect": 2},
            {"type": "select", "name": "Kind", "maxSelect": 1},
        ]);
        let changes = table_changes(None, &collection("t", &fields, &["create index i on other (count)"]));
        let columns = [
            ("Kind", ColumnKind::Text),
            ("count", ColumnKind::Number),
            ("id", ColumnKind::PrimaryKey),
            ("tags", ColumnKind::JsonList),
        ];
        let columns = columns.map(|(name, kind)| (name.to_owned(), kind)).into();
        let index = Index::parse("create index i on t (count)").unwrap();
        assert_eq!(
            changes,
            [Change::CreateTable { table: "t".into(), columns }, Change::CreateIndex { position: 0, index },]
        );
    }

    #[test]
    fn names_can_be_swapped_and_reused() {
        let old = json!([
            {"type": "text", "id": "1", "name": "a"},
            {"type": "text", "id": "2", "name": "b"},
            {"type": "text", "id": "3", "name": "c"},
        ]);
        let new = json!([
            {"type": "text", "id": "1", "name": "b"},
            {"type": "text", "id": "2", "name": "a"},
            {"type": "bool", "id": "4", "name": "c"},
        ]);
        let changes = table_changes(Some(&collection("t", &old, &[])), &collection("t", &new, &[]));
        let kind = ColumnKind::Bool;
        assert_eq!(
            changes,
            [
                Change::DropColumn { table: "t".into(), column: "c".into() },
                rename("a", "_renamed_0"),
                rename("b", "_renamed_1"),
                Change::AddColumn { table: "t".into(), column: "c".into(), kind },
                rename("_renamed_0", "b"),
                rename("_renamed_1", "a"),
            ]
        );
    }

    #[test]
    fn a_column_follows_its_field_from_single_to_multiple_and_back() {
        let single = || {
            collection("t", &json!([{"type": "file", "id": "1", "name": "a"}]), &["create index i on t (a)"])
        };
        let multiple =
            collection("u", &json!([{"type": "file", "id": "1", "name": "a", "maxSelect": 3}]), &[]);
        assert_eq!(
            table_changes(Some(&single()), &multiple),
            [
                Change::DropIndex { name: "i".into() },
                Change::RenameTable { from: "t".into(), to: "u".into() },
                Change::ToMultiple { table: "u".into(), column: "a".into() },
            ]
        );
        let back = table_changes(Some(&multiple), &Collection { name: "u".into(), ..single() });
        assert!(matches!(
            back.as_slice(),
            [Change::ToSingle { .. }, Change::CreateIndex { position: 0, .. }]
        ));
    }

    #[test]
    fn a_name_in_another_case_is_another_name() {
        let mut new = collection("T", &json!([{"type": "text", "id": "1", "name": "A"}]), &[]);
        new.id = "x".into();
        let old = collection("t", &json!([{"type": "text", "id": "1", "name": "a"}]), &[]);
        let table = |from: &str, to: &str| Change::RenameTable { from: from.into(), to: to.into() };
        let column = |from: &str, to: &str| Change::RenameColumn {
            table: "T".into(),
            from: from.into(),
            to: to.into(),
        };
        assert_eq!(
            table_changes(Some(&old), &new),
            [
                table("t", "_renamed_x"),
                table("_renamed_x", "T"),
                column("a", "_renamed_0"),
                column("_renamed_0", "A"),
            ]
        );
    }

    #[test]
    fn nothing_changes_when_only_rules_and_options_do() {
        let fields = |max: i64| json!([{"type": "text", "id": "1", "name": "a", "max": max}]);
        let old = collection("t", &fields(0), &["create index i on t (a)"]);
        let mut new = collection("t", &fields(5), &["create index i on t (a)"]);
        new.rules.list = Some(String::new());
        assert_eq!(table_changes(Some(&old), &new), []);
    }

    #[test]
    fn a_statement_that_is_no_index_leaves_the_others() {
        let fields = json!([{"type": "text", "name": "id", "primaryKey": true}]);
        let changes = table_changes(None, &collection("t", &fields, &["drop", "create index a on t (id)"]));
        assert!(matches!(
            changes.as_slice(),
            [
                Change::CreateTable { .. },
                Change::RefuseIndex { position: 0 },
                Change::CreateIndex { position: 1, .. }
            ]
        ));
    }
}
