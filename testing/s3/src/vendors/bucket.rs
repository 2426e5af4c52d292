//! What is in the buckets, and what is answered about it.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};
use md5::{Digest as _, Md5};

use super::Vendor;
use super::request::{Request, base64, decode, hex, now};

/// The most keys in one portion of a listing: few, so that tests see several.
const PAGE: usize = 2;

pub(super) type Reply = Response<Bytes>;

#[derive(Clone)]
pub(super) struct Object {
    pub(super) body: Bytes,
    /// Its content type and the metadata of its owner, under the vendor's names.
    pub(super) headers: HeaderMap,
    tag: String,
}

/// One bucket.
#[derive(Default)]
pub(super) struct Bucket {
    pub(super) objects: BTreeMap<String, Object>,
    /// What is being uploaded in parts: the key, the headers, and the parts by their numbers.
    uploads: BTreeMap<String, (String, HeaderMap, BTreeMap<u32, Object>)>,
    started: usize,
}

impl Bucket {
    /// Does what the request asks for.
    pub(super) fn answer(&mut self, vendor: Vendor, name: &str, request: &Request) -> Reply {
        let key = request.decoded_path().trim_start_matches('/').to_owned();
        let upload = request.parameter("uploadId");
        match (request.method.as_str(), key.as_str(), upload) {
            ("GET", "", _) => self.list(vendor, name, request),
            ("POST", _, None) if request.parameter("uploads").is_some() => self.start(vendor, &key, request),
            ("PUT", _, Some(upload)) => self.part(upload, request),
            ("POST", _, Some(upload)) => self.complete(upload, request),
            ("DELETE", _, Some(upload)) => {
                self.uploads.remove(upload);
                reply(StatusCode::NO_CONTENT, "")
            }
            ("PUT", ..) => self.put(vendor, name, key, request),
            ("GET" | "HEAD", ..) => self.get(&key, request),
            ("DELETE", ..) => {
                self.objects.remove(&key);
                reply(StatusCode::NO_CONTENT, "")
            }
            _ => failure(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed"),
        }
    }

    fn put(&mut self, vendor: Vendor, name: &str, key: String, request: &Request) -> Reply {
        let source = decode(request.header(&format!("{}copy-source", vendor.headers())));
        if source.is_empty() {
            let object = Object::new(request.body.clone(), owned_headers(vendor, request));
            let tag = object.tag.clone();
            self.objects.insert(key, object);
            return tagged(reply(StatusCode::OK, ""), &tag);
        }
        let source = source.strip_prefix(&format!("/{name}/")).and_then(|key| self.objects.get(key)).cloned();
        let Some(object) = source else { return failure(StatusCode::NOT_FOUND, "NoSuchKey") };
        let text = format!("<CopyObjectResult><ETag>{}</ETag></CopyObjectResult>", object.tag);
        self.objects.insert(key, object);
        reply(StatusCode::OK, text)
    }

    fn get(&self, key: &str, request: &Request) -> Reply {
        let Some(object) = self.objects.get(key) else { return failure(StatusCode::NOT_FOUND, "NoSuchKey") };
        let size = object.body.len();
        let range = request.header("range").strip_prefix("bytes=").and_then(|range| range.split_once('-'));
        let number = |text: &str, otherwise| text.parse::<usize>().unwrap_or(otherwise);
        let mut found = match range {
            Some((first, last)) => {
                let (first, last) = (number(first, 0), number(last, size - 1).min(size.saturating_sub(1)));
                if first >= size {
                    return failure(StatusCode::RANGE_NOT_SATISFIABLE, "InvalidRange");
                }
                let mut part = reply(StatusCode::PARTIAL_CONTENT, object.body.slice(first..=last));
                header(&mut part, "content-range", &format!("bytes {first}-{last}/{size}"));
                part
            }
            None => reply(StatusCode::OK, object.body.clone()),
        };
        found.headers_mut().extend(object.headers.clone());
        header(&mut found, "last-modified", &httpdate::fmt_http_date(now()));
        tagged(found, &object.tag)
    }

    fn list(&self, vendor: Vendor, name: &str, request: &Request) -> Reply {
        let prefix = request.parameter("prefix").unwrap_or_default();
        // OSS continues by a token that nobody can read, the others by the last key.
        let after = match vendor {
            Vendor::Oss => request.parameter("continuation-token").map(|token| {
                self.objects.keys().find(|key| continuation(key) == token).cloned().unwrap_or_default()
            }),
            Vendor::Cos | Vendor::Obs => request.parameter("marker").map(str::to_owned),
        };
        let left: Vec<_> = self
            .objects
            .iter()
            .filter(|(key, _)| key.starts_with(prefix) && after.as_ref().is_none_or(|after| *key > after))
            .collect();
        let page = left.get(..PAGE).unwrap_or(&left);
        let contents: String = page
            .iter()
            .map(|(key, object)| {
                format!(
                    "<Contents><Key>{}</Key><LastModified>2026-01-02T03:04:05.000Z</LastModified>\
                     <ETag>{}</ETag><Size>{}</Size></Contents>",
                    escape(key),
                    object.tag,
                    object.body.len()
                )
            })
            .collect();
        let next = match (page.last(), vendor) {
            (Some((key, _)), Vendor::Oss) if left.len() > PAGE => {
                format!("<NextContinuationToken>{}</NextContinuationToken>", continuation(key))
            }
            (Some((key, _)), _) if left.len() > PAGE => format!("<NextMarker>{}</NextMarker>", escape(key)),
            _ => String::new(),
        };
        reply(
            StatusCode::OK,
            format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListBucketResult><Name>{name}</Name>\
                 <Prefix>{}</Prefix><MaxKeys>{PAGE}</MaxKeys><IsTruncated>{}</IsTruncated>{contents}{next}\
                 </ListBucketResult>",
                escape(prefix),
                left.len() > PAGE
            ),
        )
    }

    fn start(&mut self, vendor: Vendor, key: &str, request: &Request) -> Reply {
        self.started += 1;
        let id = format!("upload+{}/=", self.started);
        let text = format!(
            "<InitiateMultipartUploadResult><Key>{}</Key><UploadId>{id}</UploadId></InitiateMultipartUploadResult>",
            escape(key)
        );
        self.uploads.insert(id, (key.to_owned(), owned_headers(vendor, request), BTreeMap::new()));
        reply(StatusCode::OK, text)
    }

    fn part(&mut self, upload: &str, request: &Request) -> Reply {
        let number = request.parameter("partNumber").and_then(|number| number.parse().ok());
        let (Some((_, _, parts)), Some(number)) = (self.uploads.get_mut(upload), number) else {
            return failure(StatusCode::NOT_FOUND, "NoSuchUpload");
        };
        let part = Object::new(request.body.clone(), HeaderMap::new());
        let answer = tagged(reply(StatusCode::OK, ""), &part.tag);
        parts.insert(number, part);
        answer
    }

    fn complete(&mut self, upload: &str, request: &Request) -> Reply {
        let Some((key, headers, parts)) = self.uploads.remove(upload) else {
            return failure(StatusCode::NOT_FOUND, "NoSuchUpload");
        };
        let wanted = String::from_utf8_lossy(&request.body).replace("&quot;", "\"");
        let mut whole = Vec::new();
        for (number, part) in &parts {
            if !wanted.contains(&format!("<PartNumber>{number}</PartNumber>")) || !wanted.contains(&part.tag)
            {
                return failure(StatusCode::BAD_REQUEST, "InvalidPart");
            }
            whole.extend_from_slice(&part.body);
        }
        let mut object = Object::new(whole.into(), headers);
        object.tag = format!("{}-{}\"", object.tag.trim_end_matches('"'), parts.len());
        let text = format!(
            "<CompleteMultipartUploadResult><Key>{}</Key><ETag>{}</ETag></CompleteMultipartUploadResult>",
            escape(&key),
            object.tag
        );
        self.objects.insert(key, object);
        reply(StatusCode::OK, text)
    }
}

impl Object {
    fn new(body: Bytes, headers: HeaderMap) -> Self {
        let tag = format!("\"{}\"", hex(&Md5::digest(&body)));
        Self { body, headers, tag }
    }
}

/// What is kept with an object.
fn owned_headers(vendor: Vendor, request: &Request) -> HeaderMap {
    let meta = format!("{}meta-", vendor.headers());
    let is_kept = |name: &str| name == "content-type" || name.starts_with(&meta);
    let all = request.headers.iter().filter(|(name, _)| is_kept(name.as_str()));
    all.map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn continuation(key: &str) -> String {
    base64(key.as_bytes())
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn header(reply: &mut Reply, name: &'static str, value: &str) {
    reply.headers_mut().insert(name, value.parse().expect("a header"));
}

fn tagged(mut reply: Reply, tag: &str) -> Reply {
    header(&mut reply, "etag", tag);
    reply
}

fn reply(status: StatusCode, body: impl Into<Bytes>) -> Reply {
    let mut reply = Response::new(body.into());
    *reply.status_mut() = status;
    reply
}

/// An error as all of the vendors write it.
pub(super) fn failure(status: StatusCode, code: &str) -> Reply {
    reply(status, format!("<Error><Code>{code}</Code><Message>{code}</Message></Error>"))
}
