//! The floor: what remains of a server when there are no rules, no filters and no schema, only axum, one prepared
//! statement for each route, and the same bytes in the reply.

mod json;
mod postgres;
mod sqlite;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use axum::routing::get;
use tokio::net::TcpListener;

use crate::error::{Result, What};

/// How the floor is started.
#[derive(Debug, clap::Parser)]
pub struct Options {
    /// The data directory
    #[arg(long)]
    dir: std::path::PathBuf,
    /// Where to listen
    #[arg(long)]
    address: String,
    /// A database on a PostgreSQL server instead
    #[arg(long)]
    database: Option<String>,
}

/// Where rows are.
enum Rows {
    Sqlite(sqlite::Database),
    Postgres(postgres::Database),
}

/// Which rows a list asks for: `views` at least this, and whether they are counted.
struct ListQuery {
    views: i64,
    totals: bool,
}

/// Serves until it is ended.
///
/// # Errors
/// When the database cannot be opened, or nothing can be listened to.
pub async fn serve(options: Options) -> Result<()> {
    let rows = match &options.database {
        Some(url) => Rows::Postgres(postgres::Database::connect(url).await?),
        None => Rows::Sqlite(sqlite::Database::open(&options.dir.join("data.db"))?),
    };
    let router = Router::new()
        .route("/api/health", get(async || "{}"))
        .route("/api/collections/bench_posts/records", get(list))
        .route("/api/collections/bench_posts/records/{id}", get(view))
        .with_state(Arc::new(rows));
    let listener = TcpListener::bind(&options.address).await.what("listening")?;
    axum::serve(listener, router).await.what("serving")
}

async fn view(State(rows): State<Arc<Rows>>, Path(id): Path<String>) -> Response {
    reply(match &*rows {
        Rows::Sqlite(database) => database.view(&id),
        Rows::Postgres(database) => database.view(&id).await,
    })
}

async fn list(State(rows): State<Arc<Rows>>, RawQuery(query): RawQuery) -> Response {
    let Some(query) = query.as_deref().and_then(ListQuery::parse) else {
        return empty(StatusCode::BAD_REQUEST);
    };
    reply(match &*rows {
        Rows::Sqlite(database) => database.list(&query),
        Rows::Postgres(database) => database.list(&query).await,
    })
}

impl ListQuery {
    /// Finds what differs between the lists of the benchmark.
    fn parse(query: &str) -> Option<Self> {
        let (_, views) = query.split_once("views%3E%3D")?;
        let views = views.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()?;
        Some(Self { views, totals: !query.contains("skipTotal") })
    }
}

/// A reply with a body of JSON; without a row it is a 404.
fn reply(body: Result<Option<Vec<u8>>>) -> Response {
    match body {
        Ok(Some(mut body)) => {
            // As PocketBase, this server ends JSON with a line feed.
            body.push(b'\n');
            let mut response = Response::new(Body::from(body));
            let json = header::HeaderValue::from_static("application/json");
            response.headers_mut().insert(header::CONTENT_TYPE, json);
            response
        }
        Ok(None) => empty(StatusCode::NOT_FOUND),
        Err(_) => empty(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

fn empty(status: StatusCode) -> Response {
    let mut response = Response::default();
    *response.status_mut() = status;
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_in_a_filter_is_found() {
        let query =
            ListQuery::parse("perPage=30&skipTotal=1&filter=published%3Dtrue%26%26views%3E%3D4200&x=1")
                .unwrap();
        assert_eq!((query.views, query.totals), (4200, false));
        assert!(ListQuery::parse("perPage=30").is_none());
    }
}
