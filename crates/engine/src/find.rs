use filter::sort::SortItem;
use filter::{Comparison, Expr, Number, Operand, OperandKind, Operator, Span};

/// Which records of a collection an extension or the engine itself wants: the filter language without its text, so
/// that no value is ever spliced into one.
#[derive(Debug, Clone, Default)]
pub struct Find {
    conditions: Vec<Expr>,
    pub(crate) sort: Vec<SortItem>,
    pub(crate) limit: Option<u64>,
}

impl Find {
    /// All records, in the order of the database.
    pub fn all() -> Self {
        Self::default()
    }

    /// Those whose field has this text.
    #[must_use]
    pub fn eq(self, field: &str, text: &str) -> Self {
        self.compare(field, Operator::Equal, OperandKind::Text(text.to_owned()))
    }

    /// Those whose field is a list with this text in it.
    #[must_use]
    pub fn has(self, field: &str, text: &str) -> Self {
        self.compare_any(&format!("{field}:each"), Operator::Equal, OperandKind::Text(text.to_owned()), true)
    }

    /// Those whose field does not have this text.
    #[must_use]
    pub fn not_eq(self, field: &str, text: &str) -> Self {
        self.compare(field, Operator::NotEqual, OperandKind::Text(text.to_owned()))
    }

    /// Those whose field has this number.
    #[must_use]
    pub fn eq_number(self, field: &str, value: f64) -> Self {
        self.compare(field, Operator::Equal, OperandKind::Number(Number { value, text: value.to_string() }))
    }

    /// Those whose field comes before this text, as times do.
    #[must_use]
    pub fn before(self, field: &str, text: &str) -> Self {
        self.compare(field, Operator::Less, OperandKind::Text(text.to_owned()))
    }

    /// Those whose field matches a pattern of `%` and `_`; a pattern without `%` is looked for anywhere.
    #[must_use]
    pub fn like(self, field: &str, pattern: &str) -> Self {
        self.compare(field, Operator::Like, OperandKind::Text(pattern.to_owned()))
    }

    /// In the order of this field.
    #[must_use]
    pub fn sort(mut self, field: &str, descending: bool) -> Self {
        self.sort.push(SortItem { descending, name: field.to_owned(), span: Span::default() });
        self
    }

    /// At most so many.
    #[must_use]
    pub fn limit(mut self, records: u64) -> Self {
        self.limit = Some(records);
        self
    }

    /// The condition, `None` for all records.
    pub(crate) fn condition(&self) -> Option<Expr> {
        match self.conditions.as_slice() {
            [] => None,
            [single] => Some(single.clone()),
            several => Some(Expr::And(several.to_vec())),
        }
    }

    fn compare(self, field: &str, operator: Operator, value: OperandKind) -> Self {
        self.compare_any(field, operator, value, false)
    }

    fn compare_any(mut self, field: &str, operator: Operator, value: OperandKind, any: bool) -> Self {
        let operand = |kind| Operand { kind, span: Span::default() };
        self.conditions.push(Expr::Comparison(Comparison {
            left: operand(OperandKind::Identifier(field.to_owned())),
            operator,
            any,
            right: operand(value),
            span: Span::default(),
        }));
        self
    }
}
