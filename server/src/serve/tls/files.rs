use std::path::Path;
use std::sync::Arc;

use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ConfigBuilder, ServerConfig};

use super::PROTOCOLS;
use crate::error::Error;

/// Serves with the certificate in one file and its key in another one.
pub(super) fn config(certificate: &Path, key: &Path) -> Result<Arc<ServerConfig>, Error> {
    let unusable = |path: &Path, reason: String| Error::Certificate { path: path.to_owned(), reason };
    let chain = CertificateDer::pem_file_iter(certificate).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let chain = chain.map_err(|error| unusable(certificate, error.to_string()))?;
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|error| unusable(key, error.to_string()))?;
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map(ConfigBuilder::<ServerConfig, _>::with_no_client_auth)
        .and_then(|builder| builder.with_single_cert(chain, secret));
    let mut config = config.map_err(|error| unusable(certificate, error.to_string()))?;
    config.alpn_protocols = PROTOCOLS.map(Vec::from).into();
    Ok(Arc::new(config))
}
