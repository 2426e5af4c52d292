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

/// What is refused, what of it is underlined, and why.
const REFUSED: [(&str, &str, &str); 38] = [
    ("", "", "expected a condition like name = 'value', found nothing"),
    ("a = 1 && ()", "", "expected a condition like name = 'value', found nothing"),
    ("verified", "", OPERATOR_AT_END),
    (
        "(verified) && a = 1",
        ")",
        "expected an operator: = != ~ !~ < <= > >=, or one of them after a ?, found \")\"",
    ),
    ("a == 1", "==", "expected an operator: = != ~ !~ < <= > >=, or one of them after a ?, found \"==\""),
    ("a ?? 1", "??", "expected an operator: = != ~ !~ < <= > >=, or one of them after a ?, found \"??\""),
    ("a & 1", "&", "expected an operator: = != ~ !~ < <= > >=, or one of them after a ?, found \"&\""),
    ("a is 1", "is", "expected an operator: = != ~ !~ < <= > >=, or one of them after a ?, found \"is\""),
    ("a (b = 1)", "(", "expected an operator: = != ~ !~ < <= > >=, or one of them after a ?, found \"(\""),
    ("a =", "", "expected a field, a text, a number or a function, found the end"),
    ("(a =) || b = 1", ")", "expected a field, a text, a number or a function, found \")\""),
    ("a = && b = 1", "&&", "expected a field, a text, a number or a function, found \"&&\""),
    ("a = (b = 1)", "(", "expected a field, a text, a number or a function, found \"(\""),
    ("a = .5", ".", "expected a field, a text, a number or a function, found \".\""),
    ("a = é", "é", "expected a field, a text, a number or a function, found \"é\""),
    ("a = [1]", "[", "expected a field, a text, a number or a function, found \"[\""),
    ("a = 1 &&", "", "expected a field, a text, a number, a function or (, found the end"),
    ("a = 1 && || b = 2", "||", "expected a field, a text, a number, a function or (, found \"||\""),
    ("!a = 1", "!", "expected a field, a text, a number, a function or (, found \"!\""),
    (", a = 1", ",", "expected a field, a text, a number, a function or (, found \",\""),
    ("a = 1 b = 2", "b", "expected &&, || or the end, found \"b\""),
    ("a = 1 and b = 2", "and", "expected &&, || or the end, found \"and\""),
    ("a = 1 & b = 2", "&", "expected &&, || or the end, found \"&\""),
    ("a = 1)", ")", "expected &&, || or the end, found \")\""),
    ("(a = 1)(b = 1)", "(", "expected &&, || or the end, found \"(\""),
    ("a = 1 \r\n", "\r", "expected &&, || or the end, found \"\\r\""),
    ("(a = 1 b = 2)", "b", "expected &&, || or ), found \"b\""),
    ("(a = 1", "(", "expected a ) that closes this bracket, found the end"),
    ("a = 5.", "5.", "expected a number with digits after the dot, found \"5.\""),
    ("a = -", "-", "expected a number with digits after the dot, found \"-\""),
    ("a. = 1", "a.", "expected a name that ends with a letter, digit or underscore, found \"a.\""),
    ("@ = 1", "@", "expected a name that ends with a letter, digit or underscore, found \"@\""),
    ("a = 'x && b = 1", "'x && b = 1", "expected a closing ' for this text, found the end"),
    ("a = \"x'", "\"x'", "expected a closing \" for this text, found the end"),
    ("f(,a) = 1", ",", "expected a field, a text, a number, a function or ), found \",\""),
    ("f(a b) = 1", "b", "expected , or ), found \"b\""),
    ("f(a", "", "expected , or ), found the end"),
    ("a / b", "/", "expected a second / for a comment, found \"/\""),
];

const OPERATOR_AT_END: &str =
    "expected an operator: = != ~ !~ < <= > >=, or one of them after a ?, found the end";

#[test]
fn errors_say_where_what_was_expected_and_what_was_found() {
    for (text, place, message) in REFUSED {
        let error = parse(text).unwrap_err();
        assert_eq!((error.span.of(text), error.kind.to_string().as_str()), (place, message), "{text:?}");
    }
    let sorts =
        [("a,,b", ",", "expected a field, found \",\""), ("a, -", " -", "expected a field, found \" -\"")];
    for (text, place, message) in sorts {
        let error = crate::sort::parse(text).unwrap_err();
        assert_eq!((error.span.of(text), error.kind.to_string().as_str()), (place, message), "{text:?}");
    }
    let text = "id,body:cut(3)";
    let error = crate::fields::parse(text).unwrap_err();
    assert_eq!(error.span.of(text), "cut(3)");
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
