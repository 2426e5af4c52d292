//! The expand language: `author,comments_via_post.author`.

/// How many levels are expanded; what stands deeper is left out without an error.
pub const MAX_DEPTH: usize = 6;

/// A relation to expand, with those to expand in the records that it points to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expand {
    /// A relation field, `<collection>_via_<field>`, or the old form `<collection>(<field>)`, as it was written.
    /// It is also the key of the expanded records.
    pub name: String,
    /// What to expand in the expanded records.
    pub children: Vec<Expand>,
}

/// Reads comma-separated paths into a forest. Spaces are dropped, paths that begin alike are merged, and nothing
/// is an error: whether a name is a relation shows when it is looked up, and only then for its own path.
pub fn parse(text: &str) -> Vec<Expand> {
    let mut roots = Vec::new();
    for path in text.split(',') {
        let path: String = path.chars().filter(|char| *char != ' ').collect();
        let path = path.trim_matches('.');
        if !path.is_empty() {
            insert(&mut roots, path.split('.').take(MAX_DEPTH));
        }
    }
    roots
}

fn insert<'a>(siblings: &mut Vec<Expand>, path: impl Iterator<Item = &'a str>) {
    let mut siblings = siblings;
    for name in path {
        let index = siblings.iter().position(|sibling| sibling.name == name).unwrap_or_else(|| {
            siblings.push(Expand { name: name.to_owned(), children: Vec::new() });
            siblings.len() - 1
        });
        let Some(node) = siblings.get_mut(index) else { return };
        siblings = &mut node.children;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(nodes: &[Expand]) -> String {
        let print_one = |node: &Expand| match node.children.as_slice() {
            [] => node.name.clone(),
            children => format!("{}[{}]", node.name, print(children)),
        };
        nodes.iter().map(print_one).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn merges_paths_and_drops_spaces_and_dots() {
        assert_eq!(print(&parse("a, b . c,a.x,.a.y., ,b")), "a[x y] b[c]");
        assert_eq!(
            print(&parse("posts_via_author.tags,posts(author)")),
            "posts_via_author[tags] posts(author)"
        );
        assert_eq!(parse(""), []);
    }

    #[test]
    fn cuts_below_six_levels() {
        assert_eq!(print(&parse("a.b.c.d.e.f.g.h")), "a[b[c[d[e[f]]]]]");
    }
}
