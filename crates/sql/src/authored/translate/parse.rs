use std::any::TypeId;

use sqlparser::ast::{BinaryOperator, Expr, Query, Statement};
use sqlparser::dialect::{Dialect, Precedence, SQLiteDialect};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Token, Tokenizer, Whitespace};

use super::Result;
use super::error::Untranslatable;

/// How deep a text may be nested.
const DEPTH: usize = 40;

/// How many words, signs and gaps a text may have. SQLite takes no expression that is deeper than 1,000.
const TOKENS: usize = 5_000;

/// SQLite's SQL, with what the parser's own dialect of that name lacks.
#[derive(Debug, Default)]
struct Sqlite(SQLiteDialect);

impl Dialect for Sqlite {
    fn dialect(&self) -> TypeId {
        self.0.dialect()
    }

    fn is_delimited_identifier_start(&self, ch: char) -> bool {
        self.0.is_delimited_identifier_start(ch)
    }

    fn is_identifier_start(&self, ch: char) -> bool {
        self.0.is_identifier_start(ch)
    }

    fn is_identifier_part(&self, ch: char) -> bool {
        self.0.is_identifier_part(ch)
    }

    fn supports_filter_during_aggregation(&self) -> bool {
        true
    }

    fn supports_in_empty_list(&self) -> bool {
        true
    }

    fn supports_limit_comma(&self) -> bool {
        true
    }

    fn supports_dollar_placeholder(&self) -> bool {
        true
    }

    fn supports_notnull_operator(&self) -> bool {
        true
    }

    fn supports_comma_separated_trim(&self) -> bool {
        true
    }

    /// `||` and `->` bind more tightly than `*`.
    fn get_next_precedence(&self, parser: &Parser) -> Option<Result<u8, ParserError>> {
        match parser.peek_token_ref().token {
            Token::StringConcat | Token::Arrow | Token::LongArrow => {
                Some(Ok(self.prec_value(Precedence::MulDivModOp) + 1))
            }
            _ => None,
        }
    }

    /// `IS` compares values of any kind, and bits can be shifted.
    fn parse_infix(
        &self,
        parser: &mut Parser,
        expr: &Expr,
        precedence: u8,
    ) -> Option<Result<Expr, ParserError>> {
        let is_comparison = |parser: &Parser, ahead: usize| {
            let next = parser.peek_nth_token_ref(ahead).token.clone();
            let known = [Keyword::NULL, Keyword::TRUE, Keyword::FALSE, Keyword::DISTINCT, Keyword::NOT];
            !matches!(next, Token::Word(word) if known.contains(&word.keyword))
        };
        let shift = match parser.peek_token_ref().token {
            Token::ShiftLeft => Some(BinaryOperator::PGBitwiseShiftLeft),
            Token::ShiftRight => Some(BinaryOperator::PGBitwiseShiftRight),
            _ => None,
        };
        if let Some(op) = shift {
            parser.advance_token();
            let left = Box::new(expr.clone());
            let right = parser.parse_subexpr(precedence);
            return Some(right.map(|right| Expr::BinaryOp { left, op, right: Box::new(right) }));
        }
        if !parser.peek_keyword(Keyword::IS) {
            return self.0.parse_infix(parser, expr, precedence);
        }
        let negated =
            matches!(&parser.peek_nth_token_ref(1).token, Token::Word(word) if word.keyword == Keyword::NOT);
        if !is_comparison(parser, if negated { 2 } else { 1 }) {
            return None;
        }
        for _ in 0..=usize::from(negated) {
            parser.advance_token();
        }
        let left = Box::new(expr.clone());
        Some(parser.parse_subexpr(precedence).map(|right| match negated {
            true => Expr::IsDistinctFrom(left, Box::new(right)),
            false => Expr::IsNotDistinctFrom(left, Box::new(right)),
        }))
    }
}

/// Parses one query.
pub(super) fn query(text: &str) -> Result<Query> {
    if ends_in_comment(text) {
        return Err(Untranslatable::Incomplete);
    }
    #[expect(clippy::redundant_closure_for_method_calls, reason = "the method is of one lifetime")]
    let mut statements = parse(text, |parser| parser.parse_statements())?;
    match (statements.pop(), statements.is_empty()) {
        (Some(Statement::Query(query)), true) => Ok(*query),
        (None, _) => Err(Untranslatable::Syntax(")".into())),
        (Some(other), _) => {
            let text = other.to_string();
            Err(Untranslatable::Syntax(text.split(' ').next().unwrap_or_default().to_lowercase()))
        }
    }
}

/// Whether what stands behind the query would be part of a comment.
fn ends_in_comment(text: &str) -> bool {
    let tokens = Tokenizer::new(&Sqlite::default(), text).tokenize().unwrap_or_default();
    let Some(Token::Whitespace(Whitespace::SingleLineComment { comment, .. })) = tokens.last() else {
        return false;
    };
    !comment.ends_with('\n')
}

/// Parses one expression.
pub(super) fn expression(text: &str) -> Result<Expr> {
    parse(text, |parser| {
        let expr = parser.parse_expr()?;
        parser.expect_token(&Token::EOF)?;
        Ok(expr)
    })
}

fn parse<T>(text: &str, parse: impl FnOnce(&mut Parser) -> Result<T, ParserError>) -> Result<T> {
    let dialect = Sqlite::default();
    let tokens = Tokenizer::new(&dialect, text).tokenize_with_location();
    let tokens = tokens.map_err(|error| refused(&error.into()))?;
    if tokens.len() > TOKENS {
        return Err(Untranslatable::unsupported("so many words"));
    }
    let mut parser = Parser::new(&dialect).with_recursion_limit(DEPTH).with_tokens_with_locations(tokens);
    parse(&mut parser).map_err(|error| refused(&error))
}

fn refused(error: &ParserError) -> Untranslatable {
    let message = match error {
        ParserError::ParserError(message) | ParserError::TokenizerError(message) => message,
        ParserError::RecursionLimitExceeded => return Untranslatable::unsupported("so many levels"),
    };
    let found = message.rsplit_once("found: ").map_or(message.as_str(), |(_, found)| found);
    let found = found.split(" at Line").next().unwrap_or_default();
    // A query stands in parentheses.
    Untranslatable::Syntax(if found == "EOF" { ")" } else { found }.to_owned())
}

/// Whether an operator is one of JSON's arrows.
pub(super) fn is_arrow(op: &BinaryOperator) -> bool {
    matches!(op, BinaryOperator::Arrow | BinaryOperator::LongArrow)
}
