//! The stores of cloud vendors that do not speak S3: OSS, COS and OBS.
//!
//! A client reaches them by their real names with this server as its HTTP proxy, so that what it signs is what it
//! would sign there: the bucket is part of the name of the host. Each request's signature is computed again here as the
//! vendor's documentation says, and a request without a good one is refused and written down.

mod bucket;
mod cos;
mod obs;
mod oss;
mod request;
mod server;

pub use server::VendorServer;

use request::Request;

use crate::{ACCESS_KEY, SECRET};

/// A cloud vendor's object store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vendor {
    /// Alibaba Cloud.
    Oss,
    /// Tencent Cloud.
    Cos,
    /// Huawei Cloud.
    Obs,
}

impl Vendor {
    /// The address of a bucket with the key that the server knows, without encryption.
    pub fn address(self, bucket: &str) -> String {
        let secret = SECRET.replace('+', "%2B").replace('/', "%2F");
        format!("{}://{ACCESS_KEY}:{secret}@{}/{bucket}?tls=false", self.scheme(), self.endpoint())
    }

    fn scheme(self) -> &'static str {
        match self {
            Self::Oss => "oss",
            Self::Cos => "cos",
            Self::Obs => "obs",
        }
    }

    /// The host whose subdomains are buckets.
    fn endpoint(self) -> &'static str {
        match self {
            Self::Oss => "oss-cn-hangzhou.aliyuncs.com",
            Self::Cos => "cos.ap-shanghai.myqcloud.com",
            Self::Obs => "obs.cn-north-4.myhuaweicloud.com",
        }
    }

    /// What the vendor's own headers begin with.
    fn headers(self) -> &'static str {
        match self {
            Self::Oss => "x-oss-",
            Self::Cos => "x-cos-",
            Self::Obs => "x-obs-",
        }
    }

    /// The vendor and the bucket that a host is.
    fn of_host(host: &str) -> Option<(Self, &str)> {
        [Self::Oss, Self::Cos, Self::Obs].into_iter().find_map(|vendor| {
            let bucket = host.strip_suffix(vendor.endpoint())?.strip_suffix('.')?;
            Some((vendor, bucket))
        })
    }

    /// Why the request is not signed by the key that the server knows.
    fn check(self, bucket: &str, request: &Request) -> Result<(), String> {
        match self {
            Self::Oss => oss::check(bucket, request),
            Self::Cos => cos::check(request),
            Self::Obs => obs::check(bucket, request),
        }
    }
}
