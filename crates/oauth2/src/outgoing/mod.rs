//! Requests to services over the network.

mod address;

use std::error::Error as _;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use http::{Request, Response};
use reqwest::{Client, ClientBuilder, redirect, retry};
use url::Url;

use self::address::{Allowed, Guard, is_public};
use crate::{Http, HttpError};

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long a request to an endpoint may take; the whole login has as much.
const CALL: Duration = Duration::from_secs(30);
/// How long a download may take.
const DOWNLOAD: Duration = Duration::from_secs(10);
/// The longest reply of an endpoint that is read, in bytes.
const MAX_REPLY: usize = 1 << 20;
/// How many redirects are followed.
const MAX_REDIRECTS: usize = 5;

/// Requests over the network.
///
/// **Endpoints** are superusers' configuration: they may be anywhere, also in the own network, where a company's
/// identity provider is. A redirect is followed only within the same host and never from https to http, so that
/// codes, tokens and secrets stay with whom they were meant for.
///
/// **Downloads** go to addresses that a service's profile names, which its user may have chosen: by http or https, to
/// public addresses alone. That is checked when a name is resolved, for each redirect, and no proxy is used, which
/// would resolve names itself.
pub struct Outgoing {
    /// To endpoints, through the proxy that the environment names.
    endpoints: Lazy,
    /// To endpoints on this machine by plain HTTP: no proxy can reach them, and no root certificates are needed.
    local: Lazy,
    downloads: Lazy,
    allowed: Allowed,
}

/// Made when it is first needed: a system without root certificates can serve everything else.
type Lazy = OnceLock<Result<Client, String>>;

impl Outgoing {
    /// Requests over the network; connections are made when they are needed.
    pub fn new() -> Self {
        Self::allowing(is_public)
    }

    /// Downloads from other addresses than public ones, for tests.
    fn allowing(allowed: Allowed) -> Self {
        Self { endpoints: Lazy::new(), local: Lazy::new(), downloads: Lazy::new(), allowed }
    }

    fn endpoint_client(&self, url: &Url) -> Result<&Client, HttpError> {
        let builder = || common().timeout(CALL).redirect(redirect::Policy::custom(follow_within_host));
        if address::is_local(url) {
            get(&self.local, || builder().no_proxy().tls_certs_only([]))
        } else {
            get(&self.endpoints, builder)
        }
    }

    fn download_client(&self) -> Result<&Client, HttpError> {
        let allowed = self.allowed;
        get(&self.downloads, || {
            common()
                .timeout(DOWNLOAD)
                .no_proxy()
                .dns_resolver(Arc::new(Guard(allowed)))
                .redirect(redirect::Policy::custom(move |attempt| follow_allowed(attempt, allowed)))
        })
    }
}

impl Default for Outgoing {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl Http for Outgoing {
    async fn call(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, HttpError> {
        let request = reqwest::Request::try_from(request).map_err(|_| HttpError::Address)?;
        if !matches!(request.url().scheme(), "http" | "https") {
            return Err(HttpError::Address);
        }
        let response = self.endpoint_client(request.url())?.execute(request).await.map_err(failure)?;
        let mut reply = Response::new(Vec::new());
        *reply.status_mut() = response.status();
        reply.headers_mut().clone_from(response.headers());
        *reply.body_mut() = read(response, MAX_REPLY).await?;
        Ok(reply)
    }

    async fn download(&self, address: &Url, limit: usize) -> Result<Vec<u8>, HttpError> {
        if !address::may_download(address, self.allowed) {
            return Err(HttpError::Address);
        }
        let response = self.download_client()?.get(address.clone()).send().await.map_err(failure)?;
        if !response.status().is_success() {
            return Err(HttpError::Status(response.status().as_u16()));
        }
        read(response, limit).await
    }
}

fn common() -> ClientBuilder {
    Client::builder()
        .connect_timeout(CONNECT)
        // A code must not be sent twice.
        .retry(retry::never())
        .referer(false)
        .user_agent(concat!("baibase/", env!("CARGO_PKG_VERSION")))
}

fn get(lazy: &Lazy, make: impl FnOnce() -> ClientBuilder) -> Result<&Client, HttpError> {
    let made = lazy.get_or_init(|| make().build().map_err(|error| chain(&error)));
    made.as_ref().map_err(|why| HttpError::Connection(why.clone()))
}

fn follow_within_host(attempt: redirect::Attempt<'_>) -> redirect::Action {
    let stays = attempt.previous().first().is_some_and(|first| {
        let next = attempt.url();
        let is_as_safe = next.scheme() == first.scheme() || next.scheme() == "https";
        next.host_str() == first.host_str() && is_as_safe
    });
    if stays && attempt.previous().len() <= MAX_REDIRECTS {
        attempt.follow()
    } else {
        attempt.error("a redirect to somewhere else")
    }
}

fn follow_allowed(attempt: redirect::Attempt<'_>, allowed: Allowed) -> redirect::Action {
    if attempt.previous().len() <= MAX_REDIRECTS && address::may_download(attempt.url(), allowed) {
        attempt.follow()
    } else {
        attempt.error("a redirect to an address that is not allowed")
    }
}

async fn read(mut response: reqwest::Response, limit: usize) -> Result<Vec<u8>, HttpError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failure)? {
        if body.len() + chunk.len() > limit {
            return Err(HttpError::TooLong(limit));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn failure(error: reqwest::Error) -> HttpError {
    if error.is_timeout() { HttpError::TimedOut } else { HttpError::Connection(chain(&error.without_url())) }
}

/// What lies behind an error of the client, without the address.
fn chain(error: &reqwest::Error) -> String {
    let mut causes = Vec::new();
    let mut source = error.source();
    while let Some(cause) = source {
        causes.push(cause.to_string());
        source = cause.source();
    }
    if causes.is_empty() { error.to_string() } else { causes.join(": ") }
}

#[cfg(test)]
mod tests;
