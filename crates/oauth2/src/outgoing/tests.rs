use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Redirect;
use axum::routing::get;

use super::*;

/// The only address that downloads of these tests may go to. All of 127.0.0.0/8 is this machine.
const ALLOWED: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

fn only_allowed(ip: IpAddr) -> bool {
    ip == ALLOWED
}

async fn serve(ip: Ipv4Addr, router: Router) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind((ip, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

fn url(address: SocketAddr, path: &str) -> Url {
    Url::parse(&format!("http://{address}{path}")).unwrap()
}

#[tokio::test]
async fn downloads_go_nowhere_else_not_by_redirects_and_not_by_names() {
    let private = serve(Ipv4Addr::LOCALHOST, Router::new().route("/", get(|| async { "private" }))).await;
    let to_private = move || async move { Redirect::temporary(url(private, "/").as_str()) };
    let router = Router::new()
        .route("/ok", get(|| async { "picture" }))
        .route("/hop", get(|| async { Redirect::temporary("/ok") }))
        .route("/private", get(to_private))
        .route("/loop", get(|| async { Redirect::temporary("/loop") }))
        .route("/missing", get(|| async { StatusCode::NOT_FOUND }));
    let allowed = serve(ALLOWED, router).await;
    let outgoing = Outgoing::allowing(only_allowed);
    let download = |url: Url| {
        let outgoing = &outgoing;
        async move { outgoing.download(&url, 7).await }
    };
    assert_eq!(download(url(allowed, "/ok")).await.unwrap(), b"picture");
    assert_eq!(download(url(allowed, "/hop")).await.unwrap(), b"picture");
    assert!(matches!(download(url(allowed, "/private")).await, Err(HttpError::Connection(_))));
    assert!(matches!(download(url(allowed, "/loop")).await, Err(HttpError::Connection(_))));
    assert!(matches!(download(url(allowed, "/missing")).await, Err(HttpError::Status(404))));
    assert!(matches!(download(url(private, "/")).await, Err(HttpError::Address)));
    let named = Url::parse(&format!("http://localhost:{}/", private.port())).unwrap();
    assert!(matches!(download(named).await, Err(HttpError::Connection(_))));
    assert!(matches!(outgoing.download(&url(allowed, "/ok"), 6).await, Err(HttpError::TooLong(6))));
}

#[tokio::test]
async fn what_is_sent_to_an_endpoint_stays_with_its_host() {
    let other = serve(ALLOWED, Router::new().route("/", get(|| async { "stolen" }))).await;
    let echo = |headers: HeaderMap| async move {
        headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
    };
    let router = Router::new()
        .route("/echo", get(echo))
        .route("/moved", get(|| async { Redirect::permanent("/echo") }))
        .route("/away", get(move || async move { Redirect::temporary(url(other, "/").as_str()) }))
        .route("/large", get(|| async { vec![b'x'; MAX_REPLY + 1] }))
        .route("/refusal", get(|| async { (StatusCode::FORBIDDEN, "no") }));
    let endpoint = serve(Ipv4Addr::LOCALHOST, router).await;
    let outgoing = Outgoing::new();
    let call = |path: &str| {
        let request = Request::get(url(endpoint, path).as_str()).header("Authorization", "Bearer t");
        outgoing.call(request.body(Vec::new()).unwrap())
    };
    assert_eq!(call("/moved").await.unwrap().body(), b"Bearer t");
    assert!(matches!(call("/away").await, Err(HttpError::Connection(_))));
    assert!(matches!(call("/large").await, Err(HttpError::TooLong(_))));
    assert_eq!(call("/refusal").await.unwrap().status(), StatusCode::FORBIDDEN);
}
