use std::sync::LazyLock;

use regex::Regex;

use super::{ViewQueryError, scan, trimmed};

/// A column or a table as the query writes it, and the name it goes by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Identifier {
    pub(super) original: String,
    pub(super) alias: String,
}

/// The columns of a query's result, and the tables that it reads from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Identifiers {
    pub(super) columns: Vec<Identifier>,
    pub(super) tables: Vec<Identifier>,
}

static COMMENTS: LazyLock<Regex> = LazyLock::new(|| regex(r"(?s)/\*.*?\*/|--[^\n]+"));

static JOINS: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"(?i-u)\s+(?:(?:full|left|right)\s+outer\s+|(?:full|cross|inner|outer|left|right)\s+)?join\s")
});

static ENDS: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?i-u)\s+(?:where|group\s+by|having|order|limit|with)\s"));

/// Stands for the words that join a table; errors can show it.
const JOIN: &str = "__pb_join__";

/// Stands for the words with which a part begins that names neither columns nor tables; errors can show it.
const END: &str = "__pb_discard__";

#[expect(clippy::expect_used, reason = "only called on the constant patterns above, which tests compile")]
fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a valid pattern")
}

/// The part of a query that is being read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Clause {
    Select,
    From,
    Join,
    /// Nothing of it is an identifier; the clause in which it began.
    Ignored {
        join: bool,
    },
}

impl Identifiers {
    /// Reads a query. Words in comments are left out, those in quotes and parentheses are not looked at, except that
    /// the keywords that end a part are found everywhere.
    pub(super) fn parse(query: &str) -> Result<Self, ViewQueryError> {
        let text = COMMENTS.replace_all(trimmed(query), " ");
        let text = JOINS.replace_all(&text, format!(" {JOIN} "));
        let text = ENDS.replace_all(&text, format!(" {END} "));
        let [mut columns, mut tables, mut joined] = [const { String::new() }; 3];
        // What comes before the first `select` is left out.
        let mut clause = Clause::Ignored { join: false };
        for word in scan::parts(&text, &[',', ' ', '\n', '\t'], true)? {
            match word.trim().to_lowercase().as_str() {
                "select" => clause = Clause::Select,
                "distinct" => {}
                "from" => clause = Clause::From,
                JOIN => {
                    if matches!(clause, Clause::Join | Clause::Ignored { join: true }) {
                        joined.push(',');
                    }
                    clause = Clause::Join;
                }
                END => clause = Clause::Ignored { join: clause.is_join() },
                "on" if clause == Clause::Join => clause = Clause::Ignored { join: true },
                _ => {
                    let part = match clause {
                        Clause::Select => &mut columns,
                        Clause::From => &mut tables,
                        Clause::Join => &mut joined,
                        Clause::Ignored { .. } => continue,
                    };
                    part.push(' ');
                    part.push_str(&word);
                }
            }
        }
        let columns = identifiers(&columns)?;
        let mut tables = identifiers(&tables)?;
        tables.extend(identifiers(&joined)?);
        Ok(Self { columns, tables })
    }
}

impl Clause {
    fn is_join(self) -> bool {
        matches!(self, Self::Join | Self::Ignored { join: true })
    }
}

fn identifiers(list: &str) -> Result<Vec<Identifier>, ViewQueryError> {
    let items = scan::parts(list, &[','], false)?;
    items.iter().map(|item| identifier(scan::parts(item, &[' ', '\n', '\t'], false)?)).collect()
}

fn identifier(words: Vec<String>) -> Result<Identifier, ViewQueryError> {
    let (original, alias) = match words.as_slice() {
        [original, word, alias] if word.eq_ignore_ascii_case("as") => (original.as_str(), alias.as_str()),
        [_, word, _] => return Err(ViewQueryError::ExpectedAs(word.clone())),
        [original, alias] => (original.as_str(), alias.as_str()),
        [original] => (original.as_str(), original.rsplit('.').next().unwrap_or_default()),
        _ => return Err(ViewQueryError::Parts(words)),
    };
    // SQLite takes a text in single quotes for a name where only a name can be.
    Ok(Identifier { original: unquoted(original, ""), alias: unquoted(alias, "'") })
}

/// A path without the quotes of its parts.
fn unquoted(path: &str, more_quotes: &str) -> String {
    let is_quote = |c: char| "`\"[];".contains(c) || more_quotes.contains(c);
    path.split('.').map(|part| part.trim_matches(is_quote)).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    type Pairs = Vec<(String, String)>;

    fn parse(query: &str) -> (Pairs, Pairs) {
        let pairs =
            |list: Vec<Identifier>| list.into_iter().map(|item| (item.original, item.alias)).collect();
        let identifiers = Identifiers::parse(query).unwrap();
        (pairs(identifiers.columns), pairs(identifiers.tables))
    }

    fn pairs(list: &[(&str, &str)]) -> Pairs {
        list.iter().map(|&(original, alias)| (original.to_owned(), alias.to_owned())).collect()
    }

    #[test]
    fn columns_and_tables_have_their_aliases() {
        let (columns, tables) = parse(
            "SELECT DISTINCT a.id, `a`.\"title\" AS [heading], count(b.id) total, 'x, y' as 'text'
             FROM notes a, tags\tLEFT OUTER JOIN users u ON (u.id = a.author) inner join b where x = 'y'",
        );
        let expected = [("a.id", "id"), ("a.title", "heading"), ("count(b.id)", "total"), ("'x, y'", "text")];
        assert_eq!(columns, pairs(&expected));
        assert_eq!(tables, pairs(&[("notes", "a"), ("tags", "tags"), ("users", "u"), ("b", "b")]));
    }

    #[test]
    fn comments_and_inner_queries_are_not_looked_at() {
        let (columns, tables) = parse(
            "select -- a, b
             id,/* c from d */(select max(x) from y where z) as m from (select 1 as id) as s",
        );
        assert_eq!(columns, pairs(&[("id", "id"), ("(select max(x) from y __pb_discard__ z)", "m")]));
        assert_eq!(tables, pairs(&[("(select 1 as id)", "s")]));
    }

    #[test]
    fn what_a_query_with_a_name_for_another_begins_with_is_left_out() {
        let (columns, tables) = parse("with t as (select 1 as id) select id from t");
        assert_eq!((columns, tables), (pairs(&[("id", "id")]), pairs(&[("t", "t")])));
    }

    #[test]
    fn too_many_words_are_refused() {
        assert_eq!(Identifiers::parse("select a b c from d"), Err(ViewQueryError::ExpectedAs("b".into())));
        assert!(matches!(Identifiers::parse("select a as b c from d"), Err(ViewQueryError::Parts(_))));
        let union = Identifiers::parse("select id from a union select id from b");
        assert_eq!(union, Err(ViewQueryError::ExpectedAs("union".into())));
    }
}
