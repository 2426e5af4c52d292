//! `CREATE INDEX` statements as data.

use std::fmt;
use std::sync::LazyLock;

use regex::Regex;

/// A parsed `CREATE INDEX` statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    /// Whether two rows may not have the same values.
    pub unique: bool,
    /// Whether it says `IF NOT EXISTS`.
    pub if_not_exists: bool,
    /// The schema before the name; empty for none.
    pub schema: String,
    /// The name; empty when the statement has none, which makes it invalid.
    pub name: String,
    /// The table; empty when the statement has none, which makes it invalid.
    pub table: String,
    /// What is indexed; empty when nothing could be read, which makes it invalid.
    pub columns: Vec<IndexColumn>,
    /// The condition on the rows that are indexed; empty for none.
    pub condition: String,
}

/// One column of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexColumn {
    /// The name of a column without quotes, or an expression.
    pub name: String,
    /// The collation; empty for the column's own.
    pub collate: String,
    /// `ASC`, `DESC` or empty.
    pub sort: String,
}

static STATEMENT: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"(?i)create[ \t\n\f\r]+(unique[ \t\n\f\r]+)?[ \t\n\f\r]*index[ \t\n\f\r]*",
        r"(if[ \t\n\f\r]+not[ \t\n\f\r]+exists[ \t\n\f\r]+)?([^ \t\n\f\r]*)[ \t\n\f\r]+on[ \t\n\f\r]+",
        r"([^ \t\n\f\r]*)[ \t\n\f\r]*\(((?s:.*))\)(?:[ \t\n\f\r]*where[ \t\n\f\r]+((?s:.*)))?",
    ))
});

static COLUMN: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"(?im)^((?s:.+?))(?:[ \t\n\f\r]+collate[ \t\n\f\r]+([0-9A-Za-z_]+))?",
        r"(?:[ \t\n\f\r]+(asc|desc))?$",
    ))
});

#[expect(clippy::expect_used, reason = "only called on the constant patterns above, which a test compiles")]
fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a valid pattern")
}

/// What surrounds a name without being part of it.
const AROUND_NAMES: [char; 11] = ['`', '"', '\'', '[', ']', '\r', '\n', '\t', '\u{b}', '\u{c}', ' '];

impl Index {
    /// Reads a statement; `None` when it is no `CREATE INDEX` at all. One without a name, a table or columns can be
    /// read, but is not valid (see [`Self::is_valid`]).
    pub fn parse(statement: &str) -> Option<Self> {
        let parts = STATEMENT.captures(statement)?;
        let part = |number| parts.get(number).map_or("", |found: regex::Match<'_>| found.as_str());
        let (schema, name) = split_name(part(3));
        Some(Self {
            unique: !part(1).is_empty(),
            if_not_exists: !part(2).is_empty(),
            schema,
            name,
            table: bare(part(4)),
            columns: split(part(5), ',')
                .unwrap_or_default()
                .iter()
                .filter_map(|column| IndexColumn::parse(column))
                .collect(),
            condition: part(6).trim().to_owned(),
        })
    }

    /// Whether it has what a database needs: a name, a table and a column.
    pub fn is_valid(&self) -> bool {
        !self.name.is_empty() && !self.table.is_empty() && !self.columns.is_empty()
    }

    /// Whether it keeps this column alone unique (a condition is not looked at).
    pub fn is_single_unique(&self, column: &str) -> bool {
        self.unique && matches!(self.columns.as_slice(), [only] if only.name.eq_ignore_ascii_case(column))
    }

    /// Replaces a column's name where it is indexed as such; expressions and conditions stay.
    pub fn rename_column(&mut self, from: &str, to: &str) {
        for column in &mut self.columns {
            if column.name.eq_ignore_ascii_case(from) {
                to.clone_into(&mut column.name);
            }
        }
    }
}

/// The first of these statements that keeps this column alone unique.
pub fn single_unique_index(statements: &[String], column: &str) -> Option<Index> {
    statements
        .iter()
        .filter_map(|statement| Index::parse(statement))
        .find(|index| index.is_single_unique(column))
}

impl IndexColumn {
    fn parse(text: &str) -> Option<Self> {
        let parts = COLUMN.captures(text)?;
        let part = |number| parts.get(number).map_or("", |found: regex::Match<'_>| found.as_str());
        let name = bare(part(1));
        (!name.is_empty()).then(|| Self {
            name,
            collate: part(2).to_owned(),
            sort: part(3).to_ascii_uppercase(),
        })
    }
}

impl fmt::Display for Index {
    /// A single column on the line, several of them on a line each.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CREATE {}INDEX ", if self.unique { "UNIQUE " } else { "" })?;
        if self.if_not_exists {
            f.write_str("IF NOT EXISTS ")?;
        }
        if !self.schema.is_empty() {
            write!(f, "`{}`.", self.schema)?;
        }
        write!(f, "`{}` ON `{}` (", self.name, self.table)?;
        match self.columns.as_slice() {
            [only] => write!(f, "{only}")?,
            columns => {
                for (position, column) in columns.iter().enumerate() {
                    write!(f, "{}\n  {column}", if position == 0 { "" } else { "," })?;
                }
                f.write_str("\n")?;
            }
        }
        f.write_str(")")?;
        if !self.condition.is_empty() {
            write!(f, " WHERE {}", self.condition)?;
        }
        Ok(())
    }
}

impl fmt::Display for IndexColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name.trim();
        if self.name.contains(['(', ' ']) {
            f.write_str(name)?;
        } else {
            write!(f, "`{name}`")?;
        }
        if !self.collate.is_empty() {
            write!(f, " COLLATE {}", self.collate)?;
        }
        if !self.sort.is_empty() {
            write!(f, " {}", self.sort)?;
        }
        Ok(())
    }
}

fn bare(text: &str) -> String {
    text.trim_matches(AROUND_NAMES).to_owned()
}

fn split_name(text: &str) -> (String, String) {
    match split(text, '.').unwrap_or_default().as_slice() {
        [schema, name] => (bare(schema), bare(name)),
        [name, ..] => (String::new(), bare(name)),
        [] => (String::new(), String::new()),
    }
}

/// The trimmed, non-empty parts between separators that are outside quotes and parentheses; `None` when those are
/// not balanced.
fn split(text: &str, separator: char) -> Option<Vec<String>> {
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut depth = 0_usize;
    let mut quote = None;
    let mut previous = ' ';
    for c in text.chars() {
        if previous != '\\' {
            match (c, quote) {
                ('(', None) => depth += 1,
                (')', None) => depth = depth.saturating_sub(1),
                ('\'' | '"' | '`', None) => quote = Some(c),
                (_, Some(open)) if c == open => quote = None,
                _ => {}
            }
        }
        if c == separator && depth == 0 && quote.is_none() {
            parts.push(std::mem::take(&mut part));
            previous = ' ';
        } else {
            part.push(c);
            previous = c;
        }
    }
    parts.push(part);
    let parts = parts.iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty());
    (depth == 0 && quote.is_none()).then(|| parts.collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_statement_is_read_and_printed_again() {
        let cases = [
            (
                "create unique index if not exists main.idx_a on posts (title collate nocase desc)",
                "CREATE UNIQUE INDEX IF NOT EXISTS `main`.`idx_a` ON `posts` (`title` COLLATE nocase DESC)",
            ),
            (
                "CREATE INDEX \"idx\" ON [posts](a, `b` asc,lower( c ))",
                "CREATE INDEX `idx` ON `posts` (\n  `a`,\n  `b` ASC,\n  lower( c )\n)",
            ),
            (
                "CREATE INDEX idx\nON posts\n(a)\nWHERE a != ''",
                "CREATE INDEX `idx` ON `posts` (`a`) WHERE a != ''",
            ),
            (
                "CREATE INDEX idx ON posts (coalesce(a, 'x,y'), b)",
                "CREATE INDEX `idx` ON `posts` (\n  coalesce(a, 'x,y'),\n  `b`\n)",
            ),
        ];
        for (statement, printed) in cases {
            let index = Index::parse(statement).unwrap();
            assert!(index.is_valid(), "{statement}");
            assert_eq!(index.to_string(), printed);
        }
    }

    #[test]
    fn what_is_not_whole_is_not_valid() {
        assert_eq!(Index::parse("create table a (b)"), None);
        assert_eq!(Index::parse("create index a on b"), None);
        for statement in [
            "create index on b (c)",
            "create index a on (c)",
            "create index a on b ()",
            "create index a on b ('c)",
            // The columns reach to the last parenthesis.
            "create index a on b (c) where (c > 1)",
        ] {
            assert!(!Index::parse(statement).unwrap().is_valid(), "{statement}");
        }
    }

    #[test]
    fn a_single_unique_column_is_found() {
        let statements = [
            "CREATE INDEX a ON t (email)".to_owned(),
            "CREATE UNIQUE INDEX b ON t (email, name)".to_owned(),
            "CREATE UNIQUE INDEX c ON t (`Email`) WHERE email != ''".to_owned(),
        ];
        assert_eq!(single_unique_index(&statements, "email").unwrap().name, "c");
        assert_eq!(single_unique_index(&statements, "name"), None);
    }

    #[test]
    fn columns_are_renamed_by_name() {
        let mut index = Index::parse("CREATE INDEX a ON t (x, lower(x), y)").unwrap();
        index.rename_column("X", "z");
        assert_eq!(index.to_string(), "CREATE INDEX `a` ON `t` (\n  `z`,\n  lower(x),\n  `y`\n)");
    }

    proptest! {
        #[test]
        fn parsing_never_panics(statement in "\\PC{0,60}") {
            let _ = Index::parse(&format!("create index {statement}"));
        }

        #[test]
        fn printing_and_parsing_again_changes_nothing(
            unique: bool,
            name in "[a-z_]{1,8}",
            columns in proptest::collection::vec(("[a-z]{1,6}", "(|NOCASE|RTRIM)", "(|ASC|DESC)"), 1..4),
            condition in "(|a != '')",
        ) {
            let columns = columns
                .into_iter()
                .map(|(name, collate, sort)| IndexColumn { name, collate, sort })
                .collect();
            let index = Index {
                unique,
                if_not_exists: false,
                schema: String::new(),
                name,
                table: "posts".into(),
                columns,
                condition,
            };
            prop_assert_eq!(Index::parse(&index.to_string()), Some(index));
        }
    }
}
