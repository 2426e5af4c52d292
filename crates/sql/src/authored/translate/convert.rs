use super::super::ColumnType;
use super::term::{Kind, Term};

impl Term {
    /// As text, as `CAST(… AS TEXT)` gives it.
    pub(super) fn as_text(&self) -> String {
        let sql = &self.sql;
        match self.kind {
            Kind::Null => "NULL::text".into(),
            Kind::Text | Kind::Json => sql.clone(),
            Kind::Integer => format!("{sql}::text"),
            Kind::Bool => format!("{sql}::integer::text"),
            Kind::Numeric => format!("baibase_number_text({sql})"),
            Kind::Real => format!("baibase_text({sql})"),
            Kind::Any => format!("baibase_text({sql})"),
        }
    }

    /// As a number, as arithmetic takes it: of a text what it begins with.
    pub(super) fn as_number(&self) -> Self {
        let sql = &self.sql;
        match self.kind {
            Kind::Null => Self::integer("NULL::bigint"),
            Kind::Integer | Kind::Numeric | Kind::Real => self.clone(),
            Kind::Bool => Self::integer(format!("{sql}::integer::bigint")),
            Kind::Text | Kind::Json | Kind::Any => {
                Self::numeric(format!("baibase_leading_number({})", self.as_text()))
            }
        }
    }

    /// As `double precision`.
    pub(super) fn as_double(&self) -> String {
        let number = self.as_number();
        match number.kind {
            Kind::Integer => format!("{}::double precision", number.sql),
            _ => number.sql,
        }
    }

    /// As `bigint`, as `CAST(… AS INTEGER)` gives it.
    pub(super) fn as_integer(&self) -> String {
        let sql = &self.sql;
        match self.kind {
            Kind::Numeric | Kind::Real => format!("baibase_integer({sql})"),
            Kind::Text | Kind::Json | Kind::Any => format!("baibase_leading_integer({})", self.as_text()),
            Kind::Null | Kind::Integer | Kind::Bool => self.as_number().sql,
        }
    }

    /// As a condition.
    pub(super) fn truth(&self) -> String {
        match self.kind {
            Kind::Bool => self.sql.clone(),
            Kind::Null => "NULL::boolean".into(),
            _ => format!("({} <> 0)", self.as_number().sql),
        }
    }

    /// As `json`, a number or a text.
    pub(super) fn as_any(&self) -> String {
        let sql = &self.sql;
        match self.kind {
            Kind::Null => "NULL::json".into(),
            Kind::Any => sql.clone(),
            Kind::Json => format!("baibase_any({sql})"),
            Kind::Bool => format!("baibase_value({sql}::integer)"),
            Kind::Text | Kind::Integer | Kind::Numeric | Kind::Real => format!("baibase_value({sql})"),
        }
    }

    /// As bytes that compare as SQLite compares values of different types.
    pub(super) fn key(&self) -> String {
        match self.kind {
            Kind::Null => "NULL::bytea".into(),
            Kind::Json => format!("baibase_numeric_key({})", self.sql),
            Kind::Text | Kind::Any => format!("baibase_key({})", self.sql),
            Kind::Integer | Kind::Numeric | Kind::Real | Kind::Bool => {
                format!("baibase_key({})", self.as_double())
            }
        }
    }

    /// As [`Self::key`], where text that reads like a number counts as one.
    pub(super) fn numeric_key(&self) -> String {
        match self.kind {
            Kind::Text | Kind::Any | Kind::Json => format!("baibase_numeric_key({})", self.sql),
            Kind::Null | Kind::Integer | Kind::Numeric | Kind::Real | Kind::Bool => self.key(),
        }
    }

    /// Beside a number: the number that it is, otherwise one that is greater than every number. `reads` says whether
    /// a text that reads like a number counts as one.
    pub(super) fn beside_a_number(&self, reads: bool) -> String {
        match self.kind {
            Kind::Text | Kind::Any | Kind::Json if reads => format!("baibase_numeric({})", self.sql),
            Kind::Text | Kind::Any | Kind::Json => format!("baibase_rank({})", self.sql),
            Kind::Null | Kind::Integer | Kind::Numeric | Kind::Real | Kind::Bool => self.as_double(),
        }
    }

    /// As texts and numbers can be told apart, sorted and compared with others of their kind.
    pub(super) fn ordered(&self) -> String {
        match self.kind {
            Kind::Null => "NULL::text".into(),
            Kind::Text => self.collated(),
            Kind::Integer | Kind::Numeric | Kind::Real | Kind::Bool => self.sql.clone(),
            Kind::Json | Kind::Any => self.key(),
        }
    }

    /// A text that compares by its bytes, or as its collation says.
    pub(super) fn collated(&self) -> String {
        let text = self.as_text();
        match self.collation.as_deref() {
            Some("NOCASE") => format!("lower({text} COLLATE \"C\")"),
            Some("RTRIM") => format!("(rtrim({text}) COLLATE \"C\")"),
            _ => format!("({text} COLLATE \"C\")"),
        }
    }

    /// As a column of this type holds it; `None` for its own type.
    pub(super) fn stored_as(&self, column: Option<ColumnType>) -> String {
        match column {
            None => match self.kind {
                Kind::Null | Kind::Any => self.as_text(),
                Kind::Text | Kind::Json => self.collated(),
                Kind::Integer | Kind::Numeric | Kind::Real | Kind::Bool => self.sql.clone(),
            },
            Some(ColumnType::Text) => self.collated(),
            Some(ColumnType::Number) => self.as_double(),
            Some(ColumnType::Bool) => match self.kind {
                Kind::Bool => self.sql.clone(),
                Kind::Integer | Kind::Numeric | Kind::Real => format!("({} = 1)", self.sql),
                Kind::Null | Kind::Text | Kind::Json | Kind::Any => {
                    format!("({} IN ('1', 't', 'T', 'true', 'TRUE', 'True'))", self.as_text())
                }
            },
            Some(ColumnType::Json) => match self.kind {
                Kind::Real | Kind::Any => format!("(baibase_shown({}) COLLATE \"C\")", self.sql),
                Kind::Numeric => format!("(baibase_shown_number({}) COLLATE \"C\")", self.sql),
                _ => self.collated(),
            },
        }
    }
}
