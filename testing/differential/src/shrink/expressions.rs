use crate::model::{Comparison, Expression};

/// Smaller expressions, the smallest first.
pub(super) fn smaller(expression: &Expression) -> Vec<Expression> {
    match expression {
        Expression::Empty => Vec::new(),
        Expression::Verbatim(text) => shorter(text).into_iter().map(Expression::Verbatim).collect(),
        Expression::Comparison(comparison) => {
            simpler(comparison).into_iter().map(Expression::Comparison).collect()
        }
        Expression::Sequence(parts) => {
            let alone = parts.iter().map(|(_, part)| part.clone());
            let without = (0..parts.len()).filter(|_| parts.len() > 2).map(|at| {
                let mut rest = parts.clone();
                rest.remove(at);
                Expression::Sequence(rest)
            });
            let within = parts.iter().enumerate().flat_map(|(at, (join, part))| {
                smaller(part).into_iter().map(move |part| {
                    let mut all = parts.clone();
                    all[at] = (*join, part);
                    Expression::Sequence(all)
                })
            });
            alone.chain(without).chain(within).collect()
        }
    }
}

fn simpler(comparison: &Comparison) -> Vec<Comparison> {
    let mut simpler = Vec::new();
    if comparison.gap != " " {
        simpler.push(Comparison { gap: " ", ..comparison.clone() });
    }
    for left in operands(&comparison.left) {
        simpler.push(Comparison { left, ..comparison.clone() });
    }
    for right in operands(&comparison.right) {
        simpler.push(Comparison { right, ..comparison.clone() });
    }
    let plain = comparison.operator.trim_start_matches('?');
    for operator in ["=", "!=", "~", ">"] {
        if operator.len() < comparison.operator.len() || comparison.operator != "=" && operator == "=" {
            simpler.push(Comparison { operator, ..comparison.clone() });
        }
        if operator == plain {
            break;
        }
    }
    simpler
}

/// Shorter operands: a path without its modifier or one of its segments, a literal that is simpler.
fn operands(operand: &str) -> Vec<String> {
    let mut shorter = Vec::new();
    let is_path = operand.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '@');
    if !is_path || operand.contains('(') {
        let simple = ["1", "''", "'a'"];
        return simple.into_iter().filter(|simple| simple.len() < operand.len()).map(str::to_owned).collect();
    }
    if let Some((path, _)) = operand.rsplit_once(':') {
        shorter.push(path.to_owned());
    }
    let segments: Vec<&str> = operand.split('.').collect();
    for at in 0..segments.len() {
        if segments.len() > 1 && !segments[0].starts_with('@') {
            let mut rest = segments.clone();
            rest.remove(at);
            shorter.push(rest.join("."));
        }
    }
    if segments.len() > 1 || operand.starts_with('@') {
        shorter.push("id".to_owned());
    }
    shorter
}

/// A text without its halves, its quarters and so on.
fn shorter(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut size = chars.len().div_ceil(2);
    let mut shorter = Vec::new();
    while size > 0 {
        for start in (0..chars.len()).step_by(size) {
            let rest = chars.iter().enumerate().filter(|(at, _)| !(start..start + size).contains(at));
            shorter.push(rest.map(|(_, c)| c).collect());
        }
        size = if size > 1 { size.div_ceil(2) } else { 0 };
    }
    shorter
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Join;

    fn comparison(left: &str) -> Expression {
        let (left, right) = (left.to_owned(), "'abc'".to_owned());
        Expression::Comparison(Comparison { left, operator: "?!=", right, gap: "\n" })
    }

    #[test]
    fn every_candidate_is_smaller_so_that_the_search_ends() {
        let parts = vec![(Join::And, comparison("a.b:lower")), (Join::Or, comparison("@request.auth.id"))];
        let mut left = vec![Expression::Sequence(parts)];
        let mut rounds = 0;
        while let Some(next) = left.pop() {
            left = smaller(&next);
            rounds += 1;
            assert!(rounds < 100);
        }
    }

    #[test]
    fn parts_come_alone_and_paths_get_shorter() {
        let parts = vec![(Join::And, comparison("a.b")), (Join::And, comparison("c"))];
        let all: Vec<String> =
            smaller(&Expression::Sequence(parts)).iter().map(ToString::to_string).collect();
        assert!(all.contains(&"c\n?!=\n'abc'".to_owned()));
        assert!(all.contains(&"b\n?!=\n'abc' && c\n?!=\n'abc'".to_owned()));
        assert_eq!(shorter("ab"), ["b", "a"]);
    }
}
