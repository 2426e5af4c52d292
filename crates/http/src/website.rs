//! Static files: what is answered where no route is.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use files::mime;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use percent_encoding::percent_decode_str;
use tokio::io::AsyncReadExt;
use tower_http::compression::CompressionLayer;

use crate::ApiError;
use crate::middleware::Quiet;
use crate::serve_file::{Source, insert, serve};

const INDEX: &str = "index.html";

/// What the dashboard may load: itself, and the maps that it shows.
const DASHBOARD_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' http://127.0.0.1:* \
     https://tile.openstreetmap.org data: blob:; connect-src 'self' http://127.0.0.1:* \
     https://nominatim.openstreetmap.org; script-src 'self' http://127.0.0.1:*; frame-ancestors 'none'",
);

/// What the dashboard asks for extensions of itself. Its build has no such file.
const EXTENSIONS: &str = "/_/extensions.js";

/// For all of the dashboard but its page.
const DASHBOARD_CACHE: HeaderValue =
    HeaderValue::from_static("max-age=1209600, stale-while-revalidate=86400");

/// A folder of files that are served as they are. It need not exist.
#[derive(Debug, Clone)]
pub struct Website {
    root: Arc<Path>,
    index_fallback: bool,
}

/// What is found under a path.
enum Found {
    File(PathBuf),
    /// Under this address.
    Elsewhere(String),
    Nothing,
}

impl Website {
    /// The files of a folder. With `index_fallback` a path without a file gets the page `index.html` of the folder.
    pub fn new(root: impl Into<PathBuf>, index_fallback: bool) -> Self {
        Self { root: root.into().into(), index_fallback }
    }

    /// Whether there is a dashboard, whose pages others can lead to.
    pub(crate) async fn has_dashboard(&self) -> bool {
        tokio::fs::try_exists(self.root.join("_").join(INDEX)).await.unwrap_or_default()
    }

    /// The reply to a request that no route is for.
    pub(crate) async fn answer(&self, request: &Parts) -> Response {
        let path = request.uri.path();
        let is_dashboard = path == "/_" || path.starts_with("/_/");
        let found = match self.find(path).await {
            Found::Nothing if self.index_fallback && !is_dashboard => Found::File(self.root.join(INDEX)),
            found => found,
        };
        let mut response = match found {
            Found::Elsewhere(address) => moved(&address),
            Found::File(file) => send(&file, request).await.unwrap_or_else(|| missing().into_response()),
            Found::Nothing if path == EXTENSIONS => no_extensions(),
            Found::Nothing => missing().into_response(),
        };
        if is_dashboard {
            let headers = response.headers_mut();
            headers.insert(CONTENT_SECURITY_POLICY, DASHBOARD_POLICY);
            if path != "/_/" {
                headers.insert(CACHE_CONTROL, DASHBOARD_CACHE);
            }
        }
        response.extensions_mut().insert(Quiet);
        response
    }

    async fn find(&self, path: &str) -> Found {
        let Some(relative) = relative(path) else { return Found::Nothing };
        let file = self.root.join(relative);
        let Ok(metadata) = tokio::fs::metadata(&file).await else { return Found::Nothing };
        match path.strip_suffix('/') {
            Some(_) if metadata.is_dir() => {
                let index = file.join(INDEX);
                let is_there = tokio::fs::try_exists(&index).await.unwrap_or_default();
                if is_there { Found::File(index) } else { Found::Nothing }
            }
            None if metadata.is_dir() => Found::Elsewhere(format!("{path}/")),
            Some(without_slash) => Found::Elsewhere(without_slash.to_owned()),
            None => match path.strip_suffix(INDEX).filter(|folder| folder.ends_with('/')) {
                Some(folder) => Found::Elsewhere(folder.to_owned()),
                None => Found::File(file),
            },
        }
    }
}

/// The routes of the dashboard, whose files are sent packed.
pub(crate) fn dashboard(website: &Website) -> Router {
    let answer = |State(website): State<Website>, request: Request| async move {
        website.answer(&request.into_parts().0).await
    };
    Router::new()
        .route("/_/", get(answer))
        .route("/_/{*path}", get(answer))
        .layer(CompressionLayer::new())
        .with_state(website.clone())
}

/// The reply to a request that no route is for; `website` is looked at for it.
pub(crate) async fn fallback(website: Option<Website>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    match website {
        Some(website) if [Method::GET, Method::HEAD].contains(&parts.method) => website.answer(&parts).await,
        _ => ApiError::not_found("").into_response(),
    }
}

/// There are none.
fn no_extensions() -> Response {
    let mut response = StatusCode::OK.into_response();
    insert(response.headers_mut(), CONTENT_TYPE, "text/javascript");
    response
}

fn missing() -> ApiError {
    ApiError::not_found("File not found.")
}

/// The path of a file below the folder; `None` for one that would lead out of it or is no path at all.
fn relative(path: &str) -> Option<PathBuf> {
    let decoded = percent_decode_str(path).decode_utf8().ok()?;
    let mut kept = Vec::new();
    for segment in decoded.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(kept.pop()?),
            segment if is_name(segment) => kept.push(segment),
            _ => return None,
        }
    }
    Some(kept.into_iter().collect())
}

/// Whether a text is the name of a file, and nothing else on any system.
fn is_name(segment: &str) -> bool {
    let mut components = Path::new(segment).components();
    let is_one = matches!(components.next(), Some(Component::Normal(name)) if name == segment);
    is_one && components.next().is_none() && !segment.contains(['\0', '\\'])
}

/// A redirect within this server: an address that begins with two slashes would be another one.
fn moved(address: &str) -> Response {
    let address = format!("/{}", address.trim_start_matches(['/', '\\']));
    let mut response = StatusCode::MOVED_PERMANENTLY.into_response();
    insert(response.headers_mut(), LOCATION, &address);
    response
}

/// A file; `None` when it is not there.
async fn send(file: &Path, request: &Parts) -> Option<Response> {
    let metadata = tokio::fs::metadata(file).await.ok().filter(std::fs::Metadata::is_file)?;
    let mut headers = HeaderMap::new();
    insert(&mut headers, CONTENT_TYPE, &content_type(file).await);
    let modified = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
    let response = serve(Source::Path(file.into()), metadata.len(), modified, headers, request).await;
    Some(response.unwrap_or_else(|error| ApiError::from(error).into_response()))
}

/// By the extension, or else by how the file begins.
async fn content_type(file: &Path) -> String {
    if let Some(known) = mime_guess::from_path(file).first() {
        let is_text = known.type_() == mime_guess::mime::TEXT;
        return if is_text { format!("{known}; charset=utf-8") } else { known.to_string() };
    }
    let mut head = Vec::new();
    if let Ok(file) = tokio::fs::File::open(file).await {
        // What cannot be read has no type; that it cannot be read shows when it is sent.
        let _ = file.take(mime::HEAD_LENGTH as u64).read_to_end(&mut head).await;
    }
    mime::detect(&head).content_type()
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    fn site() -> (tempfile::TempDir, Website) {
        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(dir.path().join(name), text).unwrap();
        std::fs::create_dir_all(dir.path().join("public/docs/empty")).unwrap();
        std::fs::create_dir_all(dir.path().join("public/_")).unwrap();
        write("secret.txt", "secret");
        write("public/index.html", "<p>home");
        write("public/a b.txt", "text");
        write("public/myindex.html", "mine");
        write("public/plain", "%PDF-1.4 x");
        write("public/docs/index.html", "<p>docs");
        write("public/_/index.html", "<p>dashboard");
        let website = Website::new(dir.path().join("public"), true);
        (dir, website)
    }

    async fn get(website: &Website, path: &str) -> (u16, HeaderMap, String) {
        let (request, ()) = http::Request::get(path).body(()).unwrap().into_parts();
        let (parts, body) = website.answer(&request).await.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        (parts.status.as_u16(), parts.headers, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn files_are_found_and_pages_of_folders() {
        let (_dir, website) = site();
        for (path, text, content_type) in [
            ("/", "<p>home", "text/html; charset=utf-8"),
            ("/docs/", "<p>docs", "text/html; charset=utf-8"),
            ("/a%20b.txt", "text", "text/plain; charset=utf-8"),
            ("/myindex.html", "mine", "text/html; charset=utf-8"),
            ("/plain", "%PDF-1.4 x", "application/pdf"),
            ("/docs/%2e%2e/plain", "%PDF-1.4 x", "application/pdf"),
            // A page of its own finds out by itself what its address means.
            ("/some/view", "<p>home", "text/html; charset=utf-8"),
            ("/docs/empty/", "<p>home", "text/html; charset=utf-8"),
        ] {
            let (status, headers, body) = get(&website, path).await;
            assert_eq!((status, body.as_str()), (200, text), "{path}");
            assert_eq!(headers[CONTENT_TYPE], content_type, "{path}");
            assert!(headers.contains_key("last-modified") && headers["accept-ranges"] == "bytes");
        }
        for (path, to) in [
            ("/docs", "/docs/"),
            ("/docs/empty", "/docs/empty/"),
            ("/index.html", "/"),
            ("/docs/index.html", "/docs/"),
            ("/plain/", "/plain"),
        ] {
            let (status, headers, _) = get(&website, path).await;
            assert_eq!((status, headers[LOCATION].to_str().unwrap()), (301, to), "{path}");
        }
    }

    #[tokio::test]
    async fn nothing_outside_of_the_folder_is_sent() {
        let (_dir, website) = site();
        let strict = Website { index_fallback: false, ..website.clone() };
        for path in [
            "/%2e%2e/secret.txt",
            "/..%2fsecret.txt",
            "/docs/..%2f..%2fsecret.txt",
            "/..%5csecret.txt",
            "/%2fetc%2fpasswd",
            "/a%00b",
            "/%ff",
            "/nope",
        ] {
            let (status, _, body) = get(&strict, path).await;
            assert_eq!(status, 404, "{path}");
            assert!(body.contains("File not found."), "{body}");
            assert_eq!(get(&website, path).await.2, "<p>home", "{path}");
        }
        let nowhere = Website::new("/does/not/exist", true);
        assert_eq!(get(&nowhere, "/").await.0, 404);
    }

    #[tokio::test]
    async fn the_dashboard_has_its_policy_and_no_fallback() {
        let (_dir, website) = site();
        let (status, headers, body) = get(&website, "/_/").await;
        assert_eq!((status, body.as_str()), (200, "<p>dashboard"));
        assert_eq!(headers[CONTENT_SECURITY_POLICY], DASHBOARD_POLICY);
        assert!(!headers.contains_key(CACHE_CONTROL));
        let (status, headers, body) = get(&website, EXTENSIONS).await;
        assert_eq!((status, body.as_str()), (200, ""));
        assert_eq!(headers[CONTENT_TYPE], "text/javascript");
        let (status, headers, _) = get(&website, "/_/nope.js").await;
        assert_eq!(status, 404);
        assert!(headers.contains_key(CONTENT_SECURITY_POLICY));
    }

    #[test]
    fn redirects_stay_on_this_server() {
        for (address, to) in [("//evil.com/", "/evil.com/"), ("/\\evil.com/", "/evil.com/"), ("/a/", "/a/")] {
            assert_eq!(moved(address).headers()[LOCATION], to);
        }
    }
}
