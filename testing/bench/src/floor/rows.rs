use std::future::Future;

use serde::Deserialize;

use crate::error::Result;

/// The body of a reply; `None` when there is no such row.
pub(super) type Body = Result<Option<Vec<u8>>>;

/// The collections of posts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Posts {
    Public,
    SignedIn,
    Entries,
}

impl Posts {
    pub(super) const ALL: [Self; 3] = [Self::Public, Self::SignedIn, Self::Entries];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Public => "bench_posts",
            Self::SignedIn => "bench_posts_auth",
            Self::Entries => "bench_entries",
        }
    }
}

/// A record that is created.
#[derive(Debug, Deserialize)]
pub(super) struct NewPost {
    pub(super) title: String,
    pub(super) body: String,
    pub(super) views: i32,
    pub(super) published: bool,
    pub(super) owner: String,
    pub(super) tags: Vec<String>,
}

/// A change of a record.
#[derive(Debug, Deserialize)]
pub(super) struct Change {
    pub(super) title: String,
    pub(super) views: i32,
}

/// Where rows are. Every method runs one prepared statement for a kind of row that it needs.
pub(super) trait Rows: Send + Sync + 'static {
    fn view(&self, posts: Posts, id: &str) -> impl Future<Output = Body> + Send;

    /// The first 30 of those that are published and have at least this many views; with their number when it is asked
    /// for.
    fn list(&self, views: i32, totals: bool) -> impl Future<Output = Body> + Send;

    /// The first 30 of those that are published and whose owner has this name, with owner and tags.
    fn related(&self, owner: &str) -> impl Future<Output = Body> + Send;

    fn create(&self, post: NewPost) -> impl Future<Output = Body> + Send;

    fn update(&self, id: &str, change: Change) -> impl Future<Output = Body> + Send;

    /// Whether there was such a row.
    fn delete(&self, id: &str) -> impl Future<Output = Result<bool>> + Send;
}

/// The columns of a post, as [`super::json::post`] wants them.
const COLUMNS: &str = "body, created, id, owner, published, tags, title, views";

/// Which posts are in a list.
const LISTED: &str = "FROM bench_posts WHERE published = TRUE AND views >= $1";

/// The statements. Parameters occur in the order of their numbers, because SQLite counts them so.
#[derive(Debug)]
pub(super) struct Statements {
    /// By the number of the collection.
    pub(super) views: [String; 3],
    pub(super) list: String,
    pub(super) count: String,
    pub(super) related: String,
    pub(super) user: &'static str,
    pub(super) tag: &'static str,
    pub(super) create: String,
    pub(super) update: String,
    pub(super) delete: &'static str,
}

impl Default for Statements {
    fn default() -> Self {
        let of_post = COLUMNS.replace(", ", ", p.");
        Self {
            views: Posts::ALL.map(|posts| format!("SELECT {COLUMNS} FROM {} WHERE id = $1", posts.name())),
            list: format!("SELECT {COLUMNS} {LISTED} ORDER BY views DESC LIMIT 30"),
            count: format!("SELECT COUNT(*) {LISTED}"),
            related: format!(
                "SELECT p.{of_post} FROM bench_posts p JOIN bench_users u ON u.id = p.owner \
                 WHERE u.name = $1 AND p.published = TRUE ORDER BY p.views DESC LIMIT 30"
            ),
            user: "SELECT id, name, verified FROM bench_users WHERE name = $1",
            tag: "SELECT id, name FROM bench_tags WHERE id = $1",
            create: format!(
                "INSERT INTO bench_entries (title, body, views, published, owner, tags, created, id) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING {COLUMNS}"
            ),
            update: format!(
                "UPDATE bench_entries SET title = $1, views = $2 WHERE id = $3 RETURNING {COLUMNS}"
            ),
            delete: "DELETE FROM bench_spares WHERE id = $1",
        }
    }
}

impl Statements {
    /// The one that reads a post by its id.
    pub(super) fn view(&self, posts: Posts) -> &str {
        let [public, signed_in, entries] = &self.views;
        match posts {
            Posts::Public => public,
            Posts::SignedIn => signed_in,
            Posts::Entries => entries,
        }
    }
}
