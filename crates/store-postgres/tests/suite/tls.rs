//! Encrypted connections.

use std::fs;

use baibase_store_postgres::{Options, PostgresStore};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use store::Store;
use test_postgres::Cluster;

use crate::support::texts;

/// An authority that signs certificates, which nobody knows.
fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

#[tokio::test]
async fn the_server_is_who_the_address_asks_for() {
    let (good, other) = (authority(), authority());
    let key = KeyPair::generate().unwrap();
    let certificate =
        CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &good).unwrap();
    let cluster = Cluster::with_tls(&certificate.pem(), &key.serialize_pem());
    let database = cluster.database();
    let folder = tempfile::tempdir().unwrap();
    let roots = |name: &str, text: String| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let good = roots("good.pem", good.pem());
    let other = roots("other.pem", other.pem());
    let empty = roots("empty.pem", String::new());

    let by_address = |options: &str| format!("{}?{options}", database.url);
    let by_name = |options: &str| by_address(options).replace("127.0.0.1", "localhost");
    for (address, encrypted) in [
        (by_address("sslmode=disable"), "f"),
        (by_address(""), "t"),
        (by_address("sslmode=require"), "t"),
        (by_name(&format!("sslmode=verify-full&sslrootcert={good}")), "t"),
        (by_name(&format!("sslmode=require&sslrootcert={good}")), "t"),
    ] {
        let store = PostgresStore::open(&address, Options::default()).await.unwrap();
        let found = "SELECT ssl::text::char FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
        assert_eq!(texts(&database, &store, found).await.unwrap(), [encrypted], "{address}");
        store.close().await.unwrap();
    }
    for (address, reason) in [
        (by_address(&format!("sslmode=verify-full&sslrootcert={good}")), "not valid for name"),
        (by_name(&format!("sslmode=verify-full&sslrootcert={other}")), "certificate"),
        (by_name(&format!("sslmode=require&sslrootcert={other}")), "certificate"),
        (by_name("sslmode=verify-full"), "certificate"),
        (by_name(&format!("sslmode=verify-full&sslrootcert={empty}")), "there are none"),
    ] {
        let error = PostgresStore::open(&address, Options::default()).await.err().unwrap().to_string();
        assert!(error.contains(reason), "{address}: {error}");
    }
}
