use std::path::Path;

use super::group::Group;
use super::run::Runner;
use super::scenario::{Case, Place, Reply};

/// Runs a group and tells every case whose reply is not the one that is expected at this place.
///
/// # Panics
/// When a request fails without a reply.
pub async fn check(runner: &mut Runner, group: &Group, at: Place) -> Vec<String> {
    let mut wrong = Vec::new();
    for (path, scenario) in &group.scenarios {
        for case in &scenario.cases {
            let reply = runner.run(case).await;
            if let Some(what) = difference(case, &reply, at) {
                wrong.push(format!("{}\n{what}", heading(path, case)));
            }
        }
    }
    wrong
}

fn heading(path: &Path, case: &Case) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let source: Vec<String> = case.source.iter().skip(1).map(|line| format!("    {line}\n")).collect();
    format!("{name}:{}: {}\n{}", case.line, case.name, source.concat())
}

/// `None` when the reply is the expected one.
fn difference(case: &Case, reply: &Reply, at: Place) -> Option<String> {
    let Some(peer) = &case.reply else { return Some("no reply was recorded".to_owned()) };
    match case.difference(at) {
        Some(deliberate) if deliberate.reply == *peer => Some("the deliberate difference is none".to_owned()),
        Some(deliberate) => (deliberate.reply != *reply).then(|| changed(&deliberate.reply, reply)),
        None => (peer != reply).then(|| changed(peer, reply)),
    }
}

/// The lines that differ, after `-` the expected ones and after `+` the others.
fn changed(expected: &Reply, reply: &Reply) -> String {
    let (expected, reply) = (expected.to_string(), reply.to_string());
    let (old, new): (Vec<_>, Vec<_>) = (expected.lines().collect(), reply.lines().collect());
    let same = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let most = old.len().min(new.len()) - same;
    let tail = old.iter().rev().zip(new.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
    let lines = |sign: char, lines: &[&str]| {
        lines[same..lines.len() - tail].iter().map(|line| format!("{sign} {line}\n")).collect::<String>()
    };
    lines('-', &old) + &lines('+', &new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_told() {
        let reply = |lines: &[&str]| Reply {
            status: 200,
            lines: lines.iter().map(|line| (*line).to_owned()).collect(),
        };
        assert_eq!(changed(&reply(&["{", "a", "}"]), &reply(&["{", "b", "c", "}"])), "- a\n+ b\n+ c\n");
    }
}
