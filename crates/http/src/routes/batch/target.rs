//! Which change a method and an address of a batch mean.

use engine::Action;

/// What an item of a batch is about.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Target<'a> {
    pub(super) action: Action,
    /// The id or the name of the collection, as it is in the address.
    pub(super) collection: &'a str,
    /// The query of the address.
    pub(super) query: &'a str,
}

impl<'a> Target<'a> {
    /// Reads an address, `None` when it is none or not one of a change of records. It may begin with the `mount` below
    /// which the API is.
    pub(super) fn parse(method: &str, url: &'a str, mount: &str) -> Option<Self> {
        let below_mount = url.strip_prefix(mount).filter(|path| path.starts_with("/api/")).unwrap_or(url);
        let path = below_mount.strip_prefix("/api/collections/")?.split('?').next().unwrap_or_default();
        let segments: Vec<&str> = path.split('/').collect();
        let (action, collection) = match (method, segments.as_slice()) {
            ("POST", [collection, "records"]) => (Action::Create, collection),
            ("PUT", [collection, "records"]) => (Action::Upsert, collection),
            ("PATCH", [collection, "records", id]) => (Action::Update((*id).to_owned()), collection),
            ("DELETE", [collection, "records", id]) => (Action::Delete((*id).to_owned()), collection),
            _ => return None,
        };
        let nameless = matches!(&action, Action::Update(id) | Action::Delete(id) if id.is_empty());
        if collection.is_empty() || nameless || !is_address(url) {
            return None;
        }
        let (before_fragment, _) = url.split_once('#').unwrap_or((url, ""));
        let (_, query) = before_fragment.split_once('?').unwrap_or_default();
        Some(Self { action, collection, query })
    }
}

/// Whether a text can be an address: it has no control characters, and no broken escape outside of its query.
fn is_address(url: &str) -> bool {
    let (before_fragment, fragment) = url.split_once('#').unwrap_or((url, ""));
    let (path, _) = before_fragment.split_once('?').unwrap_or((before_fragment, ""));
    !url.bytes().any(|byte| byte.is_ascii_control())
        && [path, fragment].iter().all(|part| crate::body::has_whole_escapes(part.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_changes_are_understood() {
        let parse = |method, url| Target::parse(method, url, "/pb");
        let of = |action, collection, query| Some(Target { action, collection, query });
        let id = || "a1".to_owned();
        for (method, url, expected) in [
            ("POST", "/api/collections/posts/records", of(Action::Create, "posts", "")),
            ("PUT", "/pb/api/collections/posts/records?expand=a", of(Action::Upsert, "posts", "expand=a")),
            ("PATCH", "/api/collections/p%20q/records/a1?b=c/d", of(Action::Update(id()), "p%20q", "b=c/d")),
            ("DELETE", "/api/collections/posts/records/a1?x#y?z", of(Action::Delete(id()), "posts", "x")),
            (
                "DELETE",
                "/api/collections/posts/records/a1#y?z",
                of(Action::Delete("a1#y".into()), "posts", ""),
            ),
        ] {
            assert_eq!(parse(method, url), expected, "{method} {url}");
        }
    }

    #[test]
    fn other_addresses_are_not() {
        for (method, url) in [
            ("GET", "/api/collections/posts/records"),
            ("post", "/api/collections/posts/records"),
            ("POST", "/api/collections/posts/records/"),
            ("POST", "/api/collections/posts/records#x"),
            ("POST", "/api/collections//records"),
            ("POST", "/api/collections/posts"),
            ("POST", "/pb/pb/api/collections/posts/records"),
            ("POST", "pb/api/collections/posts/records"),
            ("POST", "http://x/api/collections/posts/records"),
            ("PATCH", "/api/collections/posts/records"),
            ("PATCH", "/api/collections/posts/records/"),
            ("PATCH", "/api/collections/posts/records/a/b"),
            ("PATCH", "/api/collections/posts/records/a%zz"),
            ("POST", "/api/collections/posts/records?a\nb"),
            ("PUT", "/api/collections/posts/records/a1"),
        ] {
            assert_eq!(Target::parse(method, url, "/pb"), None, "{method} {url:?}");
        }
    }
}
