use super::{Dialect, Renderer};
use crate::{
    AlterTable, ColumnChange, ColumnDef, ColumnKind, CreateIndex, CreateTable, CreateView, Ident,
    IndexColumn, IndexKey, RenameTable,
};

impl Renderer<'_> {
    pub(super) fn create_table(&mut self, table: &CreateTable) {
        self.push(if table.if_not_exists { "CREATE TABLE IF NOT EXISTS " } else { "CREATE TABLE " });
        self.ident(&table.name);
        self.push(" (");
        self.list(&table.columns, Self::column_def);
        // SQLite numbers its rows by itself.
        self.push_either("", ", \"_rowid_\" BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE");
        self.push(")");
    }

    fn column_def(&mut self, column: &ColumnDef) {
        self.ident(&column.name);
        self.push(" ");
        let kind = column.kind;
        if let ColumnKind::TextOr(default) = kind {
            self.push_either("TEXT DEFAULT '", "TEXT COLLATE \"C\" DEFAULT '");
            self.push(&default.replace('\'', "''"));
            return self.push("' NOT NULL");
        }
        let text = match self.dialect {
            Dialect::Sqlite => sqlite_column(kind),
            Dialect::Postgres => postgres_column(kind),
        };
        self.push(text);
    }

    pub(super) fn alter_table(&mut self, alter: &AlterTable) {
        self.push("ALTER TABLE ");
        self.ident(&alter.table);
        match &alter.change {
            ColumnChange::Add(column) => {
                self.push(" ADD COLUMN ");
                self.column_def(column);
            }
            ColumnChange::Drop(column) => {
                self.push(" DROP COLUMN ");
                self.ident(column);
            }
            ColumnChange::Rename { from, to } => {
                self.push(" RENAME COLUMN ");
                self.ident(from);
                self.push(" TO ");
                self.ident(to);
            }
        }
    }

    pub(super) fn rename_table(&mut self, rename: &RenameTable) {
        self.push("ALTER TABLE ");
        self.ident(&rename.from);
        self.push(" RENAME TO ");
        self.ident(&rename.to);
    }

    pub(super) fn drop(&mut self, what: &str, name: &Ident, if_exists: bool) {
        self.push("DROP ");
        self.push(what);
        self.push(if if_exists { " IF EXISTS " } else { " " });
        self.ident(name);
    }

    pub(super) fn create_index(&mut self, index: &CreateIndex) {
        self.push(if index.unique { "CREATE UNIQUE INDEX " } else { "CREATE INDEX " });
        if index.if_not_exists {
            self.push("IF NOT EXISTS ");
        }
        self.ident(&index.name);
        self.push(" ON ");
        self.ident(&index.table);
        // The layout is part of the data: clients see the text of an index as it is stored.
        let several = index.columns.len() > 1;
        self.push(if several { " (\n  " } else { " (" });
        for (position, column) in index.columns.iter().enumerate() {
            if position > 0 {
                self.push(",\n  ");
            }
            self.index_column(column);
        }
        self.push(if several { "\n)" } else { ")" });
        if let Some(filter) = &index.filter {
            self.push(" WHERE ");
            self.authored_condition(filter);
        }
    }

    fn index_column(&mut self, column: &IndexColumn) {
        // PostgreSQL has none of SQLite's collations: texts are in the order of their bytes, ...
        let is_nocase = column.collation.as_deref().is_some_and(|name| name.eq_ignore_ascii_case("NOCASE"));
        let is_lower = is_nocase && self.dialect == Dialect::Postgres;
        if is_lower {
            self.push("lower(");
        }
        match &column.key {
            IndexKey::Column(name) => self.ident(name),
            IndexKey::Authored(expression) => self.authored_expression(expression),
        }
        // ... and comparisons that ignore case are of lower case.
        if is_lower {
            self.push(")");
        }
        if let (Some(collation), Dialect::Sqlite) = (&column.collation, self.dialect) {
            self.push(" COLLATE ");
            self.push(collation);
        }
        match column.descending {
            Some(true) => self.push(" DESC"),
            Some(false) => self.push(" ASC"),
            None => {}
        }
    }

    pub(super) fn create_view(&mut self, view: &CreateView) {
        self.push("CREATE VIEW ");
        self.ident(&view.name);
        self.authored_view(&view.query);
    }
}

/// The texts that PocketBase writes, so that a database made by either looks the same.
fn sqlite_column(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::RandomId => "TEXT PRIMARY KEY DEFAULT ('r'||lower(hex(randomblob(7)))) NOT NULL",
        ColumnKind::TextKey => "TEXT PRIMARY KEY NOT NULL",
        ColumnKind::Text | ColumnKind::TextOr(_) => "TEXT DEFAULT '' NOT NULL",
        ColumnKind::UniqueText => "TEXT UNIQUE NOT NULL",
        ColumnKind::NullableText => "TEXT DEFAULT NULL",
        ColumnKind::CurrentTime => "TEXT DEFAULT (strftime('%Y-%m-%d %H:%M:%fZ')) NOT NULL",
        ColumnKind::Number => "NUMERIC DEFAULT 0 NOT NULL",
        ColumnKind::Integer => "INTEGER DEFAULT 0 NOT NULL",
        ColumnKind::RequiredInteger => "INTEGER NOT NULL",
        ColumnKind::Bool => "BOOLEAN DEFAULT FALSE NOT NULL",
        ColumnKind::Json | ColumnKind::JsonBytes => "JSON DEFAULT NULL",
        ColumnKind::JsonArray => "JSON DEFAULT '[]' NOT NULL",
        ColumnKind::JsonObject => "JSON DEFAULT '{}' NOT NULL",
        ColumnKind::GeoPoint => "JSON DEFAULT '{\"lon\":0,\"lat\":0}' NOT NULL",
    }
}

/// JSON is kept as text: clients get it back as they sent it, and conditions can be on the text itself. All text is in
/// the order of its bytes.
fn postgres_column(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::RandomId => {
            "TEXT COLLATE \"C\" PRIMARY KEY DEFAULT ('r'||left(replace(gen_random_uuid()::text, '-', ''), 14)) NOT NULL"
        }
        ColumnKind::TextKey => "TEXT COLLATE \"C\" PRIMARY KEY NOT NULL",
        ColumnKind::Text | ColumnKind::TextOr(_) => "TEXT COLLATE \"C\" DEFAULT '' NOT NULL",
        ColumnKind::UniqueText => "TEXT COLLATE \"C\" UNIQUE NOT NULL",
        ColumnKind::NullableText | ColumnKind::Json => "TEXT COLLATE \"C\" DEFAULT NULL",
        ColumnKind::CurrentTime => {
            "TEXT COLLATE \"C\" DEFAULT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS\"Z\"') NOT NULL"
        }
        ColumnKind::Number => "DOUBLE PRECISION DEFAULT 0 NOT NULL",
        ColumnKind::Integer => "BIGINT DEFAULT 0 NOT NULL",
        ColumnKind::RequiredInteger => "BIGINT NOT NULL",
        ColumnKind::Bool => "BOOLEAN DEFAULT FALSE NOT NULL",
        ColumnKind::JsonBytes => "BYTEA DEFAULT NULL",
        ColumnKind::JsonArray => "TEXT COLLATE \"C\" DEFAULT '[]' NOT NULL",
        ColumnKind::JsonObject => "TEXT COLLATE \"C\" DEFAULT '{}' NOT NULL",
        ColumnKind::GeoPoint => "TEXT COLLATE \"C\" DEFAULT '{\"lon\":0,\"lat\":0}' NOT NULL",
    }
}
