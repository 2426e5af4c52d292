//! Names of a server, and sending clients from one to another.

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use http::header::{HOST, LOCATION};
use http::{Method, StatusCode, Uri};

/// The names of a server with TLS. For each `example.com` there is `www.example.com` too, which leads to it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::serve) struct Names {
    given: Vec<String>,
    /// Those with `www.` that nobody has given.
    guessed: Vec<String>,
}

impl Names {
    pub(in crate::serve) fn new(given: &[String]) -> Self {
        let given: Vec<String> = given.iter().map(|name| name.to_ascii_lowercase()).collect();
        let with_www =
            given.iter().filter(|name| !name.starts_with("www.")).map(|name| format!("www.{name}"));
        let guessed = with_www.filter(|name| !given.contains(name)).collect();
        Self { given, guessed }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.given.iter().chain(&self.guessed).map(String::as_str)
    }

    pub(super) fn given(&self) -> impl Iterator<Item = &str> {
        self.given.iter().map(String::as_str)
    }
}

/// Sends clients of the names that nobody has given to those without `www.`.
pub(in crate::serve) async fn without_www(
    State(names): State<Names>,
    request: Request,
    next: Next,
) -> Response {
    let host = host(&request);
    match host.strip_prefix("www.").filter(|_| names.guessed.contains(&host)) {
        Some(name) => {
            Redirect::temporary(&format!("https://{name}{}", target(request.uri()))).into_response()
        }
        None => next.run(request).await,
    }
}

/// What plain HTTP answers beside TLS: go there. A request with a body would have to be sent again, which nobody does.
pub(in crate::serve) fn to_https() -> Router {
    Router::new().fallback(|request: Request| async move {
        let host = host(&request);
        if host.is_empty() || !matches!(*request.method(), Method::GET | Method::HEAD) {
            return (StatusCode::BAD_REQUEST, "Use HTTPS\n").into_response();
        }
        let location = format!("https://{host}{}", target(request.uri()));
        (StatusCode::FOUND, [(LOCATION, location)]).into_response()
    })
}

/// The name that a client asked for, without the port.
fn host(request: &Request) -> String {
    let header = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    let host = header.or_else(|| request.uri().host()).unwrap_or_default();
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    name.to_ascii_lowercase()
}

fn target(uri: &Uri) -> &str {
    uri.path_and_query().map_or("/", |target| target.as_str())
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;

    async fn ask(router: &Router, method: &str, host: &str, path: &str) -> (u16, String) {
        let request = http::Request::builder().method(method).uri(path).header(HOST, host);
        let reply = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let location = reply.headers().get(LOCATION).map(|value| value.to_str().unwrap().to_owned());
        (reply.status().as_u16(), location.unwrap_or_default())
    }

    #[test]
    fn each_name_has_one_with_www() {
        let names =
            Names::new(&["Example.com".into(), "www.a.org".into(), "b.org".into(), "www.b.org".into()]);
        assert_eq!(names.guessed, ["www.example.com"]);
        assert_eq!(names.all().count(), 5);
    }

    #[tokio::test]
    async fn plain_http_leads_to_tls() {
        let router = to_https();
        let found = (302, "https://example.com/a?b=1".to_owned());
        assert_eq!(ask(&router, "GET", "example.com:80", "/a?b=1").await, found);
        assert_eq!(ask(&router, "GET", "[::1]", "/").await, (302, "https://[::1]/".into()));
        assert_eq!(ask(&router, "POST", "example.com", "/").await.0, 400);
    }

    #[tokio::test]
    async fn only_guessed_names_lead_elsewhere() {
        let names = Names::new(&["example.com".into(), "www.given.org".into()]);
        let router =
            Router::new().route("/a", get(|| async {})).layer(from_fn_with_state(names, without_www));
        let elsewhere = (307, "https://example.com/a".to_owned());
        assert_eq!(ask(&router, "GET", "www.example.com", "/a").await, elsewhere);
        for host in ["example.com", "www.given.org", "www.other.org"] {
            assert_eq!(ask(&router, "GET", host, "/a").await.0, 200, "{host}");
        }
    }
}
