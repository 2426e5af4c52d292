use std::path::PathBuf;
use std::sync::Arc;

use files::{Blobs, LocalDisk, S3Bucket};
use opendal::Operator;
use opendal::services::{Cos, Obs, Oss};
use percent_encoding::percent_decode_str;
use url::Url;

use crate::bucket::Parts;
use crate::{client, s3};

/// The region of a store whose address names none; a store that has no regions does not look at it.
const DEFAULT_REGION: &str = "us-east-1";

/// A store of files: a folder, or a bucket as `SCHEME://KEY:SECRET@ENDPOINT/BUCKET[/FOLDER]`.
///
/// The scheme is `s3`, `oss` (Alibaba Cloud), `cos` (Tencent Cloud) or `obs` (Huawei Cloud). Parameters: `tls=false`
/// for an endpoint without encryption; for S3 `region`, and `path-style=true` for the bucket in the path instead of
/// in the name of the host.
#[derive(Clone)]
pub struct Address(Kind);

#[derive(Clone)]
enum Kind {
    Folder(PathBuf),
    Bucket(Remote),
}

#[derive(Clone)]
struct Remote {
    service: Service,
    endpoint: String,
    bucket: String,
    root: String,
    key: String,
    secret: String,
    region: String,
    path_style: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Service {
    S3,
    Oss,
    Cos,
    Obs,
}

/// Why a text is no address. The text itself holds a secret and is not part of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// It does not read as a URL.
    #[error("the address of the files is no URL: {0}")]
    Malformed(String),
    /// No such kind of store is known.
    #[error("files cannot be kept in {0:?}: known are a folder, s3://, oss://, cos:// and obs://")]
    Scheme(String),
    /// A part is missing.
    #[error("the address of the files has no {0}: it is SCHEME://KEY:SECRET@ENDPOINT/BUCKET")]
    Missing(&'static str),
    /// A parameter that is not known, or has a value that means nothing.
    #[error("the address of the files has an unknown parameter or value: {0}")]
    Parameter(String),
}

impl Address {
    /// Reads an address; what has no scheme is a folder.
    ///
    /// # Errors
    /// [`AddressError`] when it is of none of the known kinds.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let Some((scheme, _)) = text.split_once("://") else {
            return Ok(Self(Kind::Folder(text.into())));
        };
        let service = match scheme {
            "s3" => Service::S3,
            "oss" => Service::Oss,
            "cos" => Service::Cos,
            "obs" => Service::Obs,
            other => return Err(AddressError::Scheme(other.to_owned())),
        };
        let url = Url::parse(text).map_err(|error| AddressError::Malformed(error.to_string()))?;
        Remote::parse(service, &url).map(|remote| Self(Kind::Bucket(remote)))
    }

    /// The folder, if it is one.
    pub fn folder(&self) -> Option<&PathBuf> {
        match &self.0 {
            Kind::Folder(path) => Some(path),
            Kind::Bucket(_) => None,
        }
    }

    /// Where the files are, for people: without keys.
    pub fn location(&self) -> String {
        match &self.0 {
            Kind::Folder(path) => path.display().to_string(),
            Kind::Bucket(remote) => remote.location(),
        }
    }

    /// Opens the store; a folder is created when it is missing. Whether a bucket can be reached is not asked.
    ///
    /// # Errors
    /// When the folder cannot be created, or the parts of the address do not make a bucket.
    pub fn open(&self) -> files::Result<Arc<dyn Blobs>> {
        match &self.0 {
            Kind::Folder(path) => Ok(Arc::new(LocalDisk::open(path)?)),
            Kind::Bucket(remote) => remote.open(),
        }
    }
}

impl From<PathBuf> for Address {
    fn from(folder: PathBuf) -> Self {
        Self(Kind::Folder(folder))
    }
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Address").field(&self.location()).finish()
    }
}

impl Remote {
    fn parse(service: Service, url: &Url) -> Result<Self, AddressError> {
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(AddressError::Missing("endpoint"))?;
        let (bucket, root) =
            url.path().trim_matches('/').split_once('/').unwrap_or((url.path().trim_matches('/'), ""));
        let (key, secret) = (decoded(url.username()), decoded(url.password().unwrap_or_default()));
        for (part, name) in [(bucket, "bucket"), (&key, "key"), (&secret, "secret")] {
            if part.is_empty() {
                return Err(AddressError::Missing(name));
            }
        }
        let (mut tls, mut path_style, mut region) = (true, false, DEFAULT_REGION.to_owned());
        for (name, value) in url.query_pairs() {
            match (&*name, &*value) {
                ("tls", "true" | "false") => tls = value == "true",
                ("path-style", "true" | "false") if service == Service::S3 => path_style = value == "true",
                ("region", value) if service == Service::S3 && !value.is_empty() => region = value.to_owned(),
                _ => return Err(AddressError::Parameter(name.into_owned())),
            }
        }
        let scheme = if tls { "https" } else { "http" };
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        Ok(Self {
            service,
            endpoint: format!("{scheme}://{host}{port}"),
            bucket: decoded(bucket),
            root: decoded(root),
            key,
            secret,
            region,
            path_style,
        })
    }

    fn location(&self) -> String {
        let scheme = match self.service {
            Service::S3 => "s3",
            Service::Oss => "oss",
            Service::Cos => "cos",
            Service::Obs => "obs",
        };
        let host = self.endpoint.split_once("://").map_or(self.endpoint.as_str(), |(_, host)| host);
        let root = if self.root.is_empty() { String::new() } else { format!("/{}", self.root) };
        format!("{scheme}://{host}/{}{root}", self.bucket)
    }

    fn open(&self) -> files::Result<Arc<dyn Blobs>> {
        let Self { endpoint, bucket, root, key, secret, .. } = self;
        match self.service {
            Service::S3 => s3::open(
                &S3Bucket {
                    bucket: bucket.clone(),
                    region: self.region.clone(),
                    endpoint: endpoint.clone(),
                    access_key: key.clone(),
                    secret: secret.clone(),
                    force_path_style: self.path_style,
                },
                root,
            ),
            Service::Oss => {
                let store = Oss::default().root(root).bucket(bucket).endpoint(endpoint);
                let store = store.access_key_id(key).access_key_secret(secret);
                client::open(Operator::new(store), Parts::LARGE)
            }
            Service::Cos => {
                let store = Cos::default().root(root).bucket(bucket).endpoint(endpoint);
                let store = store.secret_id(key).secret_key(secret).disable_config_load();
                client::open(Operator::new(store), Parts::PARALLEL)
            }
            Service::Obs => {
                let store = Obs::default().root(root).bucket(bucket).endpoint(endpoint);
                let store = store.access_key_id(key).secret_access_key(secret);
                client::open(Operator::new(store), Parts::LARGE)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_scheme_is_a_folder() {
        let address = Address::parse("/srv/files").unwrap();
        assert_eq!(address.folder(), Some(&"/srv/files".into()));
        assert_eq!(address.location(), "/srv/files");
    }

    #[test]
    fn an_address_is_told_without_its_keys() {
        for (text, location) in [
            (
                "s3://key:se%2Fcret@127.0.0.1:9000/files?tls=false&path-style=true",
                "s3://127.0.0.1:9000/files",
            ),
            (
                "oss://key:secret@oss-cn-hangzhou.aliyuncs.com/files/a/b",
                "oss://oss-cn-hangzhou.aliyuncs.com/files/a/b",
            ),
            (
                "cos://key:secret@cos.ap-shanghai.myqcloud.com/files-123/",
                "cos://cos.ap-shanghai.myqcloud.com/files-123",
            ),
            (
                "obs://key:secret@obs.cn-north-4.myhuaweicloud.com/files",
                "obs://obs.cn-north-4.myhuaweicloud.com/files",
            ),
        ] {
            let address = Address::parse(text).unwrap();
            assert_eq!(address.location(), location);
            assert_eq!(address.folder(), None);
            assert!(!format!("{address:?}").contains("cret"), "{address:?}");
            address.open().unwrap();
        }
    }

    #[test]
    fn what_is_missing_is_named_and_the_secret_is_not() {
        for (text, error) in [
            ("gs://key:secret@host/files", AddressError::Scheme("gs".into())),
            ("oss://key:secret@host", AddressError::Missing("bucket")),
            ("oss://host/files", AddressError::Missing("key")),
            ("oss://key@host/files", AddressError::Missing("secret")),
            ("oss://key:secret@host/files?region=x", AddressError::Parameter("region".into())),
            ("s3://key:secret@host/files?tls=no", AddressError::Parameter("tls".into())),
        ] {
            let found = Address::parse(text).unwrap_err();
            assert_eq!(found, error, "{text}");
            assert!(!found.to_string().contains("secret@"), "{found}");
        }
    }
}
