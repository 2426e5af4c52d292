use proptest::prelude::*;

use crate::{Comparison, Expr, Number, Operand, OperandKind, Operator, ParseErrorKind, Span, parse};

/// The canonical text of a text.
fn canonical(text: &str) -> String {
    parse(text).unwrap_or_else(|error| panic!("{text:?}: {error}")).to_string()
}

fn refused(text: &str) -> ParseErrorKind {
    match parse(text) {
        Ok(expr) => panic!("{text:?} was taken as {expr}"),
        Err(error) => error.kind,
    }
}

#[test]
fn and_binds_tighter_than_or() {
    let Expr::Or(items) = parse("a=1 || b=2 && c=3").unwrap() else { panic!() };
    assert!(matches!(items.as_slice(), [Expr::Comparison(_), Expr::And(and)] if and.len() == 2));
    assert_eq!(canonical("(a=1||b=2)&&c=3"), "(a = 1 || b = 2) && c = 3");
    assert_eq!(canonical("((a=1))"), "a = 1");
}

#[test]
fn operands_may_be_of_any_kind() {
    assert_eq!(
        canonical(r#"'a'~name&&1=1&&@request.auth.id!="""#),
        "'a' ~ name && 1 = 1 && @request.auth.id != ''"
    );
    assert_eq!(canonical("#a.b:each ?!~ -1.50"), "#a.b:each ?!~ -1.50");
    assert_eq!(canonical("@collection.x:y.z?=null"), "@collection.x:y.z ?= null");
}

#[test]
fn all_operators() {
    for sign in ["=", "!=", "~", "!~", "<", "<=", ">", ">="] {
        for any in ["", "?"] {
            let text = format!("a {any}{sign} b");
            assert_eq!(canonical(&text), text);
        }
    }
}

#[test]
fn texts_and_their_escapes() {
    let text = |filter: &str| match parse(filter).unwrap() {
        Expr::Comparison(Comparison { right: Operand { kind: OperandKind::Text(text), .. }, .. }) => text,
        other => panic!("{other}"),
    };
    assert_eq!(text(r"a='te\'st'"), "te'st");
    assert_eq!(text(r#"a="te\'s\"t""#), "te's\"t");
    assert_eq!(text(r"a='\n\t\r\\\d'"), "\n\t\r\\\\d");
    assert_eq!(text("a='x\r\ny 名'"), "x\r\ny 名");
    assert_eq!(text(r"a='c:\\'"), r"c:\");
    refused(r"a='c:\'");
}

#[test]
fn comments_and_whitespace() {
    assert_eq!(canonical("// one\na//two\n=\t1 // three"), "a = 1");
    assert_eq!(canonical("(a = 1 // till the bracket)\n&& b = 2"), "a = 1 && b = 2");
    assert_eq!(canonical("f(a, // x\n b,) = 1"), "f(a, b) = 1");
    assert!(matches!(refused("a = 1 \r\n"), ParseErrorKind::Unexpected { .. }));
    refused("a / b");
    // Quotes count in the comments of a group.
    refused("( // don't\n a = 1)");
}

#[test]
fn empty_texts() {
    for text in ["", "  \n\t", "// only a comment", "a = 1 && ()"] {
        assert_eq!(refused(text), ParseErrorKind::Empty, "{text:?}");
    }
}

#[test]
fn refusals() {
    for text in [
        "verified",
        "a =",
        "a = 1 &&",
        "a = 1 & b = 2",
        "a = 1 b = 2",
        "a = 1 && || b = 2",
        "a == 1",
        "a ?? 1",
        "a = .5",
        "a = 5.",
        "a = -",
        "a = 1.2.3",
        "a. = 1",
        "a: = 1",
        "@ = 1",
        "_ = 1",
        "a = 'x",
        "a = \"x'",
        "(a = 1",
        "a = 1)",
        "a = (b = 1)",
        "(a = 1)(b = 1)",
        "a = 1 (b = 1)",
        "f(,a) = 1",
        "f(a,,b) = 1",
        "f(a b) = 1",
        "f(a = 1",
        "a = é",
        "a = 1\0",
        "a = '\0'",
        "f(( a)) = 1",
        "a = 1,",
    ] {
        refused(text);
    }
}

#[test]
fn errors_say_where_and_what() {
    let text = "title ~ 'a' && status = && x = 1";
    let error = parse(text).unwrap_err();
    assert_eq!(error.span, Span::new(24, 26));
    assert_eq!(
        error.to_string(),
        "expected a field, a text, a number or a function, found \"&&\" (at 24..26)"
    );
    assert_eq!(
        parse("a =").unwrap_err().to_string(),
        "expected a field, a text, a number or a function, found the end (at 3..3)"
    );
}

#[test]
fn spans_cover_operands() {
    let text = " a.b  =  f( 'x', 1 ) ";
    let Expr::Comparison(comparison) = parse(text).unwrap() else { panic!() };
    assert_eq!(comparison.span.of(text), "a.b  =  f( 'x', 1 )");
    assert_eq!(comparison.left.span.of(text), "a.b");
    let OperandKind::Function { arguments, .. } = &comparison.right.kind else { panic!() };
    assert_eq!(arguments[0].span.of(text), "'x'");
}

#[test]
fn functions_nest_three_deep() {
    assert_eq!(canonical("a(b(c(1))) = d()"), "a(b(c(1))) = d()");
    assert_eq!(
        refused("a(b(c(d(1)))) = 1"),
        ParseErrorKind::TooMany { limit: 3, what: "functions in functions" }
    );
}

#[test]
fn at_most_200_comparisons() {
    let chain = |count: usize| vec!["(a=1)"; count].join("||");
    assert!(parse(&chain(200)).is_ok());
    assert_eq!(refused(&chain(201)), ParseErrorKind::TooMany { limit: 200, what: "comparisons" });
}

#[test]
fn deep_nesting_is_refused_and_does_not_overflow() {
    let nested = |depth: usize| format!("{}a=1{}", "(".repeat(depth), ")".repeat(depth));
    assert_eq!(canonical(&nested(250)), "a = 1");
    assert_eq!(refused(&nested(251)), ParseErrorKind::TooMany { limit: 250, what: "brackets in brackets" });
    refused(&nested(10_000));
    refused(&"(".repeat(10_000));
}

fn operand() -> impl Strategy<Value = Operand> {
    let leaf = prop_oneof![
        "[@a-zA-Z][a-z0-9_.:]{0,8}[a-z0-9_]".prop_map(OperandKind::Identifier),
        "[^\0]{0,6}".prop_map(OperandKind::Text),
        "-?[0-9]{1,4}(\\.[0-9]{1,3})?"
            .prop_map(|text| OperandKind::Number(Number { value: text.parse().unwrap(), text })),
    ]
    .prop_map(|kind| Operand { kind, span: Span::default() });
    leaf.prop_recursive(2, 8, 3, |argument| {
        ("[a-z][a-z0-9]{0,5}", prop::collection::vec(argument, 0..3)).prop_map(|(name, arguments)| Operand {
            kind: OperandKind::Function { name, arguments },
            span: Span::default(),
        })
    })
}

fn operator() -> impl Strategy<Value = Operator> {
    use Operator::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, Like, NotEqual, NotLike};
    prop::sample::select(vec![Equal, NotEqual, Like, NotLike, Less, LessOrEqual, Greater, GreaterOrEqual])
}

fn expr() -> impl Strategy<Value = Expr> {
    let comparison =
        (operand(), operator(), any::<bool>(), operand()).prop_map(|(left, operator, any, right)| {
            Expr::Comparison(Comparison { left, operator, any, right, span: Span::default() })
        });
    comparison.prop_recursive(5, 40, 4, |item| {
        let items = prop::collection::vec(item, 2..4);
        prop_oneof![items.clone().prop_map(Expr::And), items.prop_map(Expr::Or)]
    })
}

proptest! {
    #[test]
    fn what_is_printed_is_read_back(tree in expr()) {
        // An And in an Or is printed without brackets and read back as the same tree, so nothing is lost.
        let text = tree.to_string();
        prop_assert_eq!(parse(&text).map(|read| read.without_spans()), Ok(tree), "{}", text);
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,60}") {
        let _ = parse(&text);
        let _ = crate::sort::parse(&text);
        let _ = crate::expand::parse(&text);
        let _ = crate::fields::parse(&text);
    }

    #[test]
    fn no_likely_text_panics(parts in prop::collection::vec(prop::sample::select(vec![
        "(", ")", "'", "\"", "\\", "//", "\n", " ", "a", "@request.auth", ".", ":", "=", "?", "!~", "&&", "||", "-", "1",
        ",", "f(", "é", "\0", "\r",
    ]), 0..24)) {
        let _ = parse(&parts.concat());
    }
}
