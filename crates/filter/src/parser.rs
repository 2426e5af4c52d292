use crate::lexer::{Lexer, Token};
use crate::{Comparison, Expr, Operand, OperandKind, ParseError, Span};

/// How many comparisons a filter may have.
pub const MAX_COMPARISONS: usize = 200;
/// How deep functions may stand in functions.
pub const MAX_CALL_DEPTH: usize = 3;
/// How deep brackets may stand in brackets; more than [`MAX_COMPARISONS`] can use.
pub const MAX_GROUP_DEPTH: usize = 250;

const CONDITION: &str = "a field, a text, a number, a function or (";
const OPERAND: &str = "a field, a text, a number or a function";
const OPERATOR: &str = "an operator: = != ~ !~ < <= > >=, or one of them after a ?";
const ARGUMENT: &str = "a field, a text, a number, a function or )";

/// Reads a filter or a rule. `&&` binds tighter than `||`.
///
/// # Errors
/// [`ParseError`] when the text is not a filter, is empty, or goes beyond a limit.
pub fn parse(text: &str) -> Result<Expr, ParseError> {
    Parser { comparisons: 0 }.expression(&mut Lexer::new(text), 0)
}

struct Parser {
    comparisons: usize,
}

impl Parser {
    /// Reads until the lexer's end.
    fn expression(&mut self, lexer: &mut Lexer<'_>, depth: usize) -> Result<Expr, ParseError> {
        let mut alternatives = Vec::new();
        let mut conditions = Vec::new();
        loop {
            let (token, span) = lexer.next()?;
            if token == Token::End && alternatives.is_empty() && conditions.is_empty() {
                return Err(ParseError::empty(span));
            }
            conditions.push(self.condition(lexer, token, span, depth)?);
            match lexer.next()? {
                (Token::And, _) => {}
                (Token::Or, _) => alternatives.push(all(std::mem::take(&mut conditions))),
                (Token::End, _) => break,
                (_, span) => {
                    let expected = if depth == 0 { "&&, || or the end" } else { "&&, || or )" };
                    return Err(ParseError::unexpected(lexer.text(), span, expected));
                }
            }
        }
        let last = all(conditions);
        if alternatives.is_empty() {
            return Ok(last);
        }
        alternatives.push(last);
        Ok(Expr::Or(alternatives))
    }

    /// Reads a group or a comparison that begins with `token`.
    fn condition(
        &mut self,
        lexer: &mut Lexer<'_>,
        token: Token,
        span: Span,
        depth: usize,
    ) -> Result<Expr, ParseError> {
        if token == Token::Open {
            if depth >= MAX_GROUP_DEPTH {
                return Err(ParseError::too_many(span, MAX_GROUP_DEPTH, "brackets in brackets"));
            }
            let mut group = lexer.group(span)?;
            return self.expression(&mut group, depth + 1);
        }
        if self.comparisons >= MAX_COMPARISONS {
            return Err(ParseError::too_many(span, MAX_COMPARISONS, "comparisons"));
        }
        self.comparisons += 1;
        let left = operand(lexer, token, span, MAX_CALL_DEPTH, CONDITION)?;
        let (token, span) = lexer.next()?;
        let Token::Operator(operator, any) = token else {
            return Err(ParseError::unexpected(lexer.text(), span, OPERATOR));
        };
        let (token, span) = lexer.next()?;
        let right = operand(lexer, token, span, MAX_CALL_DEPTH, OPERAND)?;
        let span = left.span.to(right.span);
        Ok(Expr::Comparison(Comparison { left, operator, any, right, span }))
    }
}

/// All of one or more conditions.
fn all(mut conditions: Vec<Expr>) -> Expr {
    match (conditions.len(), conditions.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            conditions.extend(last);
            Expr::And(conditions)
        }
    }
}

/// Reads an operand that begins with `token`; `calls` levels of functions are left, and `expected` names what may
/// stand here.
fn operand(
    lexer: &mut Lexer<'_>,
    token: Token,
    span: Span,
    calls: usize,
    expected: &'static str,
) -> Result<Operand, ParseError> {
    let kind = match token {
        Token::Identifier(name) => OperandKind::Identifier(name),
        Token::Text(text) => OperandKind::Text(text),
        Token::Number(number) => OperandKind::Number(number),
        Token::Call(_) if calls == 0 => {
            return Err(ParseError::too_many(span, MAX_CALL_DEPTH, "functions in functions"));
        }
        Token::Call(name) => {
            let (arguments, close) = arguments(lexer, calls - 1)?;
            return Ok(Operand { kind: OperandKind::Function { name, arguments }, span: span.to(close) });
        }
        _ => return Err(ParseError::unexpected(lexer.text(), span, expected)),
    };
    Ok(Operand { kind, span })
}

/// Reads arguments up to the closing bracket, whose place it returns too. A comma may follow the last one.
fn arguments(lexer: &mut Lexer<'_>, calls: usize) -> Result<(Vec<Operand>, Span), ParseError> {
    let mut arguments = Vec::new();
    loop {
        let (token, span) = lexer.next()?;
        if token == Token::Close {
            return Ok((arguments, span));
        }
        arguments.push(operand(lexer, token, span, calls, ARGUMENT)?);
        match lexer.next()? {
            (Token::Comma, _) => {}
            (Token::Close, span) => return Ok((arguments, span)),
            (_, span) => return Err(ParseError::unexpected(lexer.text(), span, ", or )")),
        }
    }
}
