use crate::Span;

/// A filter or a rule.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// `left operator right`.
    Comparison(Comparison),
    /// All of them, two or more.
    And(Vec<Expr>),
    /// At least one of them, two or more.
    Or(Vec<Expr>),
}

/// `left operator right`.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// What stands on the left.
    pub left: Operand,
    /// How the two are compared.
    pub operator: Operator,
    /// Whether one value of several is enough: the `?` before the operator.
    pub any: bool,
    /// What stands on the right.
    pub right: Operand,
    /// From the left operand to the right one.
    pub span: Span,
}

/// One side of a comparison or an argument of a function.
#[derive(Debug, Clone, PartialEq)]
pub struct Operand {
    /// What it is.
    pub kind: OperandKind,
    /// Where it stands; with quotes, brackets and arguments.
    pub span: Span,
}

/// What an operand is.
#[derive(Debug, Clone, PartialEq)]
pub enum OperandKind {
    /// A dotted path, a macro, or `null`, `true`, `false`; the schema tells which.
    Identifier(String),
    /// A quoted text, without its quotes and escapes.
    Text(String),
    /// A number.
    Number(Number),
    /// `name(arguments)`.
    Function {
        /// In front of the bracket.
        name: String,
        /// Inside the brackets.
        arguments: Vec<Operand>,
    },
}

/// A number, as its value and as it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    /// Always finite.
    pub value: f64,
    /// `-?digits[.digits]`, or `-.digits`.
    pub text: String,
}

/// How two operands are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `~`: contains, or matches a pattern with `%`.
    Like,
    /// `!~`
    NotLike,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Operator {
    /// The sign without `?`.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Like => "~",
            Self::NotLike => "!~",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }

    /// The operator of a sign without `?`.
    pub(crate) fn from_sign(sign: &str) -> Option<Self> {
        Some(match sign {
            "=" => Self::Equal,
            "!=" => Self::NotEqual,
            "~" => Self::Like,
            "!~" => Self::NotLike,
            "<" => Self::Less,
            "<=" => Self::LessOrEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterOrEqual,
            _ => return None,
        })
    }
}

impl Expr {
    /// The same tree with all spans at zero, so that two texts can be compared by what they say.
    #[must_use]
    pub fn without_spans(&self) -> Self {
        let bare = |items: &[Self]| items.iter().map(Self::without_spans).collect();
        match self {
            Self::Comparison(comparison) => Self::Comparison(Comparison {
                left: comparison.left.without_spans(),
                right: comparison.right.without_spans(),
                span: Span::default(),
                ..comparison.clone()
            }),
            Self::And(items) => Self::And(bare(items)),
            Self::Or(items) => Self::Or(bare(items)),
        }
    }
}

impl Operand {
    fn without_spans(&self) -> Self {
        let kind = match &self.kind {
            OperandKind::Function { name, arguments } => OperandKind::Function {
                name: name.clone(),
                arguments: arguments.iter().map(Self::without_spans).collect(),
            },
            kind => kind.clone(),
        };
        Self { kind, span: Span::default() }
    }
}
