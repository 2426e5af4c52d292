use std::borrow::Cow;

use super::{Dialect, Renderer};
use crate::ident::kept_by_postgres;
use crate::{Catalog, Ident, Source, Value};

impl<'a> Renderer<'a> {
    pub(super) fn source(&mut self, source: &'a Source) {
        match source {
            Source::Table { name, alias } => {
                self.reads(name);
                self.ident(name);
                if let Some(alias) = alias {
                    self.alias(alias);
                }
            }
            Source::Select { select, alias } => {
                self.push("(");
                self.select(select);
                self.push(")");
                self.alias(alias);
            }
            Source::JsonEach { array, alias } => {
                self.json_each(array);
                self.alias(alias);
                self.push_either("", "(\"value\")");
            }
            Source::Catalog(catalog) => {
                self.asks_elsewhere();
                self.catalog(catalog);
            }
            Source::Authored { query, alias } => {
                self.asks_elsewhere();
                self.push("(");
                self.authored_query(query);
                self.push(")");
                self.alias(alias);
            }
        }
    }

    pub(super) fn alias(&mut self, alias: &Ident) {
        self.push(" AS ");
        self.ident(alias);
    }

    fn catalog(&mut self, catalog: &Catalog) {
        match catalog {
            Catalog::Tables => self.push_either(
                "(SELECT name, type AS kind, sql AS definition FROM sqlite_master \
                 WHERE type IN ('table', 'view'))",
                "(SELECT baibase_name(c.relname) AS name, \
                 CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END AS kind, \
                 CASE c.relkind WHEN 'v' THEN 'CREATE VIEW ' || quote_ident(c.relname) || ' AS ' \
                 || pg_get_viewdef(c.oid) END AS definition FROM pg_class c \
                 WHERE c.relkind IN ('r', 'v') AND c.relname NOT IN ('baibase_names', 'baibase_server') AND c.relnamespace = current_schema()::regnamespace)",
            ),
            Catalog::Columns { table } => self.catalog_columns(table),
            Catalog::Indexes => self.push_either(
                "(SELECT name, tbl_name AS `table`, sql AS definition FROM sqlite_master \
                 WHERE type = 'index' AND sql IS NOT NULL)",
                "(SELECT baibase_name(indexname) AS name, baibase_name(tablename) AS \"table\", indexdef AS definition FROM pg_indexes \
                 WHERE schemaname = current_schema() AND NOT EXISTS \
                 (SELECT 1 FROM pg_constraint k WHERE k.conname = indexname))",
            ),
        }
        self.push(" AS ");
        self.push_either("`catalog`", "\"catalog\"");
    }

    fn catalog_columns(&mut self, table: &str) {
        let bound = |name: &str| Cow::Owned(Value::Text(name.to_owned()));
        match self.dialect {
            Dialect::Sqlite => {
                self.push(
                    "(SELECT cid AS position, name, type, \"notnull\" AS required, dflt_value AS `default`, \
                     pk AS key FROM pragma_table_info(",
                );
                self.bind(bound(table));
                self.push("))");
            }
            Dialect::Postgres => {
                self.push(
                    "(SELECT a.attnum AS position, baibase_name(a.attname) AS name, format_type(a.atttypid, a.atttypmod) AS type, \
                     a.attnotnull::int AS required, pg_get_expr(d.adbin, d.adrelid) AS \"default\", \
                     coalesce(array_position(i.indkey::int2[], a.attnum), -1) + 1 AS key FROM pg_attribute a \
                     LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
                     LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary \
                     WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attname != '_rowid_' \
                     AND a.attrelid = (SELECT c.oid FROM pg_class c WHERE c.relname = ",
                );
                self.bind(bound(&kept_by_postgres(table)));
                self.push(" AND c.relnamespace = current_schema()::regnamespace))");
            }
        }
    }
}
