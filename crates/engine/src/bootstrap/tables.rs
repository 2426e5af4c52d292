//! The tables of the system itself.

use sql::{
    Authored, ColumnDef, ColumnKind, ColumnType, CreateIndex, CreateTable, Expr, Ident, IndexColumn,
    IndexKey, Insert, Statement, Table, Tables, Value,
};

use crate::logs::LOGS;

pub(crate) const COLLECTIONS: &str = "_collections";
pub(crate) const PARAMS: &str = "_params";
pub(crate) const MIGRATIONS: &str = "_migrations";

/// The tables beside which those of the collections stand.
pub(super) fn data() -> Vec<Statement> {
    use ColumnKind::{
        Bool, CurrentTime, JsonArray, JsonBytes, JsonObject, NullableText, RandomId, TextOr, UniqueText,
    };
    vec![
        table(
            PARAMS,
            &[("id", RandomId), ("value", JsonBytes), ("created", CurrentTime), ("updated", CurrentTime)],
        ),
        table(
            COLLECTIONS,
            &[
                ("id", RandomId),
                ("system", Bool),
                ("type", TextOr("base")),
                ("name", UniqueText),
                ("fields", JsonArray),
                ("indexes", JsonArray),
                ("listRule", NullableText),
                ("viewRule", NullableText),
                ("createRule", NullableText),
                ("updateRule", NullableText),
                ("deleteRule", NullableText),
                ("options", JsonObject),
                ("created", CurrentTime),
                ("updated", CurrentTime),
            ],
        ),
        index("idx__collections_type", COLLECTIONS, IndexKey::Column("type".into())),
    ]
}

/// The table that says which migrations were applied.
pub(super) fn migrations() -> Statement {
    table(MIGRATIONS, &[("file", ColumnKind::TextKey), ("applied", ColumnKind::RequiredInteger)])
}

/// The tables of the logs.
pub(crate) fn auxiliary() -> Vec<Statement> {
    use ColumnKind::{CurrentTime, Integer, JsonObject, RandomId, Text};
    let hour = "strftime('%Y-%m-%d %H:00:00', `created`)";
    let logs = Tables::new([Table {
        name: LOGS.to_owned(),
        is_view: false,
        columns: vec![("created".to_owned(), ColumnType::Text)],
    }]);
    vec![
        table(
            LOGS,
            &[
                ("id", RandomId),
                ("level", Integer),
                ("message", Text),
                ("data", JsonObject),
                ("created", CurrentTime),
            ],
        ),
        index("idx_logs_level", LOGS, IndexKey::Column("level".into())),
        index("idx_logs_created_hour", LOGS, IndexKey::Authored(Authored::new(hour, &logs))),
    ]
}

/// Notes that a migration was applied, at this time in microseconds since 1970.
pub(crate) fn applied(file: &str, at: i64) -> Statement {
    Insert {
        table: MIGRATIONS.into(),
        columns: vec!["file".into(), "applied".into()],
        rows: vec![vec![Expr::value(file), Expr::value(at)]],
        on_conflict: None,
    }
    .into()
}

/// Stores the settings under their fixed id, as the bytes of a JSON text.
pub(crate) fn new_settings(json: Vec<u8>, now: &str) -> Statement {
    let value: Value = json.into();
    Insert {
        table: PARAMS.into(),
        columns: ["id", "value", "created", "updated"].map(Ident::from).into(),
        rows: vec![vec![Expr::value("settings"), value.into(), now.into(), now.into()]],
        on_conflict: None,
    }
    .into()
}

fn table(name: &'static str, columns: &[(&'static str, ColumnKind)]) -> Statement {
    let columns = columns.iter().map(|&(name, kind)| ColumnDef { name: name.into(), kind }).collect();
    CreateTable { name: name.into(), if_not_exists: true, columns }.into()
}

fn index(name: &'static str, table: &'static str, key: IndexKey) -> Statement {
    CreateIndex {
        name: name.into(),
        table: table.into(),
        unique: false,
        if_not_exists: true,
        columns: vec![IndexColumn { key, collation: None, descending: None }],
        filter: None,
    }
    .into()
}
