use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use axum::routing::{get, patch, post};
use axum::{Json, Router};

use super::rows::{self, Change, NewPost, Posts, Rows};

/// The routes, as the server has them.
pub(super) fn router<R: Rows>(rows: R) -> Router {
    let records = |collection: &str| format!("/api/collections/{collection}/records");
    let mut router = Router::new()
        .route("/api/health", get(async || "{}"))
        .route(&records("bench_posts"), get(list::<R>))
        .route(&records("bench_entries"), post(create::<R>))
        .route(&format!("{}/{{id}}", records("bench_entries")), patch(update::<R>))
        .route(&format!("{}/{{id}}", records("bench_spares")), axum::routing::delete(delete::<R>));
    for posts in Posts::ALL {
        let view = move |State(rows): State<Arc<R>>, Path(id): Path<String>| async move {
            reply(rows.view(posts, &id).await)
        };
        router = router.route(&format!("{}/{{id}}", records(posts.name())), get(view));
    }
    router.with_state(Arc::new(rows))
}

async fn list<R: Rows>(State(rows): State<Arc<R>>, RawQuery(query): RawQuery) -> Response {
    match query.as_deref().and_then(Query::parse) {
        Some(Query::Views { least, totals }) => reply(rows.list(least, totals).await),
        Some(Query::Owner(name)) => reply(rows.related(&name).await),
        None => empty(StatusCode::BAD_REQUEST),
    }
}

async fn create<R: Rows>(State(rows): State<Arc<R>>, Json(post): Json<NewPost>) -> Response {
    reply(rows.create(post).await)
}

async fn update<R: Rows>(
    State(rows): State<Arc<R>>,
    Path(id): Path<String>,
    Json(change): Json<Change>,
) -> Response {
    reply(rows.update(&id, change).await)
}

async fn delete<R: Rows>(State(rows): State<Arc<R>>, Path(id): Path<String>) -> Response {
    match rows.delete(&id).await {
        Ok(true) => empty(StatusCode::NO_CONTENT),
        Ok(false) => empty(StatusCode::NOT_FOUND),
        Err(_) => empty(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// What differs between the lists of the benchmark.
#[derive(Debug, PartialEq, Eq)]
enum Query {
    Views { least: i32, totals: bool },
    Owner(String),
}

impl Query {
    fn parse(query: &str) -> Option<Self> {
        if let Some((_, name)) = query.split_once("owner.name%3D%22") {
            return Some(Self::Owner(
                name.split('%').take(2).collect::<Vec<_>>().join("%").replace("%20", " "),
            ));
        }
        let (_, views) = query.split_once("views%3E%3D")?;
        let least = views.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()?;
        Some(Self::Views { least, totals: !query.contains("skipTotal") })
    }
}

/// A reply with a body of JSON; without a row it is a 404.
fn reply(body: rows::Body) -> Response {
    match body {
        Ok(Some(mut body)) => {
            // As PocketBase, this server ends JSON with a line feed.
            body.push(b'\n');
            let mut response = Response::new(Body::from(Bytes::from(body)));
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
    fn what_differs_between_lists_is_found() {
        let query = Query::parse("perPage=30&skipTotal=1&filter=published%3Dtrue%26%26views%3E%3D4200&x=1");
        assert_eq!(query, Some(Query::Views { least: 4200, totals: false }));
        let query =
            Query::parse("expand=owner&filter=owner.name%3D%22User%20000007%22%26%26published%3Dtrue");
        assert_eq!(query, Some(Query::Owner("User 000007".to_owned())));
        assert_eq!(Query::parse("perPage=30"), None);
    }
}
