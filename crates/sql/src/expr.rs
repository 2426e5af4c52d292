use crate::{Ident, Select, Value, Values};

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// A column, by the name or alias of its table and its own name.
    Column {
        /// The table's alias, or its name when it has none; `None` where there is only one table.
        table: Option<Ident>,
        /// The column.
        name: Ident,
        /// What is known of its values.
        values: Values,
    },
    /// The hidden number of a row, in the order of insertion.
    RowId {
        /// As in [`Self::Column`].
        table: Option<Ident>,
    },
    /// A bound value. Everything from a request is one.
    Value(Value),
    /// A constant that is part of the statement's text.
    Literal(Literal),
    /// A comparison of two values.
    Compare {
        /// How they are compared.
        op: Comparison,
        /// The left operand.
        left: Box<Expr>,
        /// The right operand.
        right: Box<Expr>,
    },
    /// Whether all hold; true when there are none.
    All(Vec<Expr>),
    /// Whether any holds; false when there are none.
    Any(Vec<Expr>),
    /// Whether it does not hold.
    Not(Box<Expr>),
    /// Whether a value is null.
    IsNull {
        /// The value.
        operand: Box<Expr>,
        /// Whether it is not null.
        negated: bool,
    },
    /// Whether a text matches a pattern with `%` and `_`, and `\` to escape them; ASCII letters match in any case.
    Like {
        /// The text.
        subject: Box<Expr>,
        /// The pattern.
        pattern: Box<Expr>,
        /// Whether it does not match.
        negated: bool,
    },
    /// Whether a value is one of a list.
    InList {
        /// The value.
        operand: Box<Expr>,
        /// The list; when it is empty, nothing is in it.
        list: Vec<Expr>,
        /// Whether it is none of them.
        negated: bool,
    },
    /// Whether a value is in the first column of a query.
    InSelect {
        /// The value.
        operand: Box<Expr>,
        /// The query.
        select: Box<Select>,
        /// Whether it is not.
        negated: bool,
    },
    /// Whether a query has rows.
    Exists {
        /// The query.
        select: Box<Select>,
        /// Whether it has none.
        negated: bool,
    },
    /// The first column of the first row of a query.
    Scalar(Box<Select>),
    /// A calculation with two numbers.
    Arithmetic {
        /// The calculation.
        op: Arithmetic,
        /// The left operand.
        left: Box<Expr>,
        /// The right operand.
        right: Box<Expr>,
    },
    /// Texts put together; null when one of them is.
    Concat(Vec<Expr>),
    /// A function of its arguments.
    Call(Function, Vec<Expr>),
    /// The value of the first branch whose condition holds.
    Case {
        /// Conditions and values.
        branches: Vec<(Expr, Expr)>,
        /// The value when none holds; null when there is none.
        otherwise: Option<Box<Expr>>,
    },
    /// A value converted to a type.
    Cast {
        /// The value.
        operand: Box<Expr>,
        /// The type.
        to: CastType,
    },
    /// A part of a JSON document: strings come unquoted, numbers as numbers, true and false as 1 and 0, arrays and
    /// objects as JSON text, a missing part as null.
    /// When `document` is not JSON, an empty path gives it as it is and any other path gives null.
    JsonExtract {
        /// The document.
        document: Box<Expr>,
        /// The way to the part; empty for the whole document.
        path: Vec<PathSegment>,
    },
    /// The number of items of a JSON array; 0 for null and empty text, 1 for anything else that is no array.
    JsonArrayLength(Box<Expr>),
    /// The value when it is a JSON array, `[]` when it is null or empty, and an array of it alone otherwise.
    JsonArrayOf(Box<Expr>),
    /// The last item of a JSON array, empty text when it has none, and the value itself when it is no array.
    JsonArrayLast(Box<Expr>),
    /// The number of rows, or of rows where the operand is not null.
    Count {
        /// What is counted; `None` for rows.
        operand: Option<Box<Expr>>,
        /// Whether equal values count once.
        distinct: bool,
    },
}

/// A constant that never comes from a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Literal {
    /// SQL null.
    Null,
    /// True; 1 where the database has no booleans.
    True,
    /// False; 0 where the database has no booleans.
    False,
    /// Empty text.
    Empty,
    /// A whole number.
    Integer(i32),
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// Equal; null when one of them is null.
    Eq,
    /// Not equal; null when one of them is null.
    NotEq,
    /// Of two texts: equal, with ASCII letters in any case.
    EqIgnoreCase,
    /// Less.
    Lt,
    /// Less or equal.
    Lte,
    /// Greater.
    Gt,
    /// Greater or equal.
    Gte,
    /// Equal or both null; never null.
    Is,
    /// Neither equal nor both null; never null.
    IsNot,
}

/// A calculation with two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arithmetic {
    /// The sum.
    Add,
    /// The difference.
    Subtract,
    /// The product.
    Multiply,
    /// The quotient; a whole number when both are, null when the divisor is zero.
    Divide,
}

/// A function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// The first argument that is not null.
    Coalesce,
    /// ASCII letters in lower case.
    Lower,
    /// The arc cosine in radians; null where the argument is out of range.
    Acos,
    /// The cosine of radians.
    Cos,
    /// The sine of radians.
    Sin,
    /// Radians of degrees.
    Radians,
    /// A random number for each row.
    Random,
    /// A format, optionally a time and modifiers: the time in that format, as SQLite defines it.
    Strftime,
    /// The greatest value of a group.
    Max,
    /// The least value of a group.
    Min,
}

/// A type to convert to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CastType {
    /// Text.
    Text,
    /// A whole number.
    Integer,
    /// A 64-bit float.
    Real,
}

/// One step into a JSON document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathSegment {
    /// The value of a key of an object.
    Key(String),
    /// An item of an array, from 0.
    Index(u64),
}
