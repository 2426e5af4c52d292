//! Reads any bytes as a request body: the first byte chooses the content type, the second the size of the chunks in
//! which the body arrives. Nothing may fail but with an error of the client's, and nothing may be left behind.
#![no_main]

use std::{convert::Infallible, sync::LazyLock};

use axum::body::Body;
use bytes::Bytes;
use files::Scratch;
use futures_util::stream;
use http_api::body::{self, Error, Limits, Payload};
use libfuzzer_sys::fuzz_target;
use tokio::runtime::{Builder, Runtime};

const CONTENT_TYPES: [&str; 3] =
    ["multipart/form-data; boundary=X", "application/json", "application/x-www-form-urlencoded"];

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Builder::new_current_thread().build().unwrap());
static DIRECTORY: LazyLock<tempfile::TempDir> = LazyLock::new(|| tempfile::tempdir().unwrap());

fn read(content_type: &str, text: &[u8], chunk: usize) -> Result<Payload, Error> {
    let request = http::Request::post("/?q=1").header("content-type", content_type).body(()).unwrap();
    let (parts, ()) = request.into_parts();
    let chunks: Vec<_> =
        text.chunks(chunk).map(|chunk| Ok::<_, Infallible>(Bytes::copy_from_slice(chunk))).collect();
    let limits = Limits { total: 1 << 16, data: 1 << 12 };
    RUNTIME.block_on(body::read(
        &parts,
        Body::from_stream(stream::iter(chunks)),
        limits,
        &Scratch::new(DIRECTORY.path()),
    ))
}

fuzz_target!(|input: &[u8]| {
    let [kind, chunk, text @ ..] = input else { return };
    let content_type = CONTENT_TYPES[usize::from(*kind) % CONTENT_TYPES.len()];
    match read(content_type, text, usize::from(*chunk) + 1) {
        Ok(payload) => {
            let received: u64 = payload.files.iter().map(|(_, upload)| upload.content.size()).sum();
            assert!(received <= text.len() as u64);
            assert!(payload.files.iter().all(|(_, upload)| !upload.original_name.contains('/')));
            for (_, upload) in &payload.files {
                files::stored_name(&upload.original_name, text, &ambient::SeededEntropy::new(0));
            }
        }
        Err(Error::Storage(error)) => panic!("{error}"),
        Err(Error::TooLarge | Error::UnsupportedContentType | Error::Malformed(_)) => {}
    }
    assert_eq!(std::fs::read_dir(DIRECTORY.path()).unwrap().count(), 0);
});
