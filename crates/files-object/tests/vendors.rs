//! OSS, COS and OBS over the wire, by their real names, with every signature checked.
//!
//! The server is the HTTP proxy of the client. A client learns of its proxy from its environment alone, so each test
//! runs itself again in a process that has one.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic is how something is reported here")]

mod contract;

use std::process::Command;

use baibase_files_object::Address;
use contract::{key, properties};
use files::{Content, Properties};
use test_s3::{Vendor, VendorServer};

/// Says, in the environment of the second process, that it is the second.
const AGAIN: &str = "BAIBASE_TEST_BEHIND_PROXY";

/// Runs the suite on a bucket of the vendor; `test` is the name of the test that calls this. The properties are those
/// that are known of a file which has to be uploaded in parts.
async fn suite(vendor: Vendor, test: &str, known_of_parts: Properties) {
    if std::env::var_os(AGAIN).is_none() {
        let server = VendorServer::new();
        let again = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", test, "--nocapture"])
            .envs([("http_proxy", server.proxy()), (AGAIN, "1".to_owned())])
            .env_remove("no_proxy")
            .env_remove("NO_PROXY")
            .status();
        // A signature that was refused is the reason of everything else.
        assert_eq!(server.refusals(), [""; 0]);
        assert!(again.unwrap().success());
        assert_eq!(server.keys(vendor, "files-1"), ["c/r2/b", "d/a..__0x2f__b", "d/x__0x1__y", "empty"]);
        assert_eq!(server.keys(vendor, "files-2"), ["a b/c/x"]);
        assert!(server.log().iter().any(|line| line.contains("partNumber=2")), "{:?}", server.log());
        return;
    }
    let blobs = Address::parse(&vendor.address("files-1")).unwrap().open().unwrap();
    contract::a_file_comes_and_goes(&blobs).await;
    contract::a_large_file_comes_back(&blobs, 13, &properties("x")).await;
    contract::a_large_file_comes_back(&blobs, 30, &known_of_parts).await;
    contract::prefixes_are_listed_and_removed(&blobs).await;
    let folder = vendor.address("files-2/a b");
    let blobs = Address::parse(&folder).unwrap().open().unwrap();
    blobs.put(&key("c/x"), &Content::from(&b"x"[..]), &properties("x")).await.unwrap();
    assert_eq!(blobs.list(&contract::prefix("c/")).await.unwrap()[0].key, key("c/x"));
}

#[tokio::test]
async fn oss_is_a_bucket() {
    let nameless = Properties { original_name: None, ..properties("x") };
    suite(Vendor::Oss, "oss_is_a_bucket", nameless).await;
}

#[tokio::test]
async fn cos_is_a_bucket() {
    suite(Vendor::Cos, "cos_is_a_bucket", properties("x")).await;
}

#[tokio::test]
async fn obs_is_a_bucket() {
    let nameless = Properties { original_name: None, ..properties("x") };
    suite(Vendor::Obs, "obs_is_a_bucket", nameless).await;
}

#[tokio::test]
async fn a_wrong_secret_is_refused() {
    let test = "a_wrong_secret_is_refused";
    if std::env::var_os(AGAIN).is_none() {
        let server = VendorServer::new();
        let again = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", test, "--nocapture"])
            .envs([("http_proxy", server.proxy()), (AGAIN, "1".to_owned())])
            .status();
        assert!(again.unwrap().success());
        assert_eq!(server.refusals().len(), 3, "{:?}", server.refusals());
        return;
    }
    for vendor in [Vendor::Oss, Vendor::Cos, Vendor::Obs] {
        let address = vendor.address("files").replace("0123456789", "9876543210");
        let blobs = Address::parse(&address).unwrap().open().unwrap();
        let error = blobs.put(&key("a"), &Content::from(&b"x"[..]), &properties("a")).await.unwrap_err();
        let text = format!("{error}: {error:?}");
        assert!(text.contains("SignatureDoesNotMatch") && !text.contains("9876543210"), "{text}");
    }
}
