//! Files in OSS, COS and OBS: a server whose operator names such a bucket.

use baibase_tests::{Reply, Server, Setup, run};
use reqwest::multipart::{Form, Part};
use serde_json::json;
use test_s3::{Vendor, VendorServer};

const RECORDS: &str = "/api/collections/papers/records";

async fn start(vendor: Vendor, store: &VendorServer) -> Server {
    let address = vendor.address("files/of/this");
    let server =
        Setup::default().superuser().env("http_proxy", &store.proxy()).env("BAIBASE_FILES", &address);
    let server = server.start().await;
    let token = server.superuser().await;
    let collection = json!({
        "name": "papers", "type": "base", "viewRule": "", "createRule": "", "updateRule": "", "deleteRule": "",
        "fields": [{"type": "file", "name": "scan", "maxSize": 50_000_000, "thumbs": ["10x10"]}],
    });
    server.post("/api/collections").token(&token).json(&collection).send().await.expect(200);
    server
}

async fn upload(server: &Server, name: &'static str, bytes: Vec<u8>) -> (Reply, String) {
    let form = Form::new().part("scan", Part::bytes(bytes).file_name(name));
    let record = server.post(RECORDS).form(form).send().await.expect(200);
    let key = format!("{}/{}/{}", record.at("/collectionId"), record.at("/id"), record.at("/scan"));
    (record, key)
}

fn png() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(40, 40).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[tokio::test]
async fn files_live_and_die_in_buckets_of_vendors() {
    for vendor in [Vendor::Oss, Vendor::Cos, Vendor::Obs] {
        let store = VendorServer::new();
        let server = start(vendor, &store).await;
        let (record, key) = upload(&server, "photo 1.png", png()).await;
        let url = format!("/api/files/{key}");
        assert_eq!(store.keys(vendor, "files"), [format!("of/this/{key}")]);
        let whole = server.get(&url).send().await.expect(200);
        assert_eq!((whole.header("content-type"), &*whole.bytes), ("image/png", &*png()));
        let part = server.get(&url).header("range", "bytes=1-3").send().await.expect(206);
        assert_eq!(part.text(), "PNG");
        let thumb = server.get(&format!("{url}?thumb=10x10")).send().await.expect(200);
        assert_eq!(image::load_from_memory(&thumb.bytes).unwrap().width(), 10);
        assert_eq!(store.keys(vendor, "files").len(), 2);
        let id = record.at("/id");
        server.delete(&format!("{RECORDS}/{id}")).send().await.expect(204);
        for _ in 0..100 {
            if store.keys(vendor, "files").is_empty() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        assert_eq!(store.keys(vendor, "files"), [""; 0], "{vendor:?}");
        assert_eq!(store.refusals(), [""; 0], "{vendor:?}");
    }
}

#[tokio::test]
async fn a_copy_takes_large_files_to_a_store_that_keeps_no_name_of_them() {
    let mut server = Server::with_superuser().await;
    let token = server.superuser().await;
    let fields = json!([{"type": "file", "name": "scan", "maxSize": 50_000_000}]);
    let collection = json!({"name": "papers", "type": "base", "createRule": "", "fields": fields});
    server.post("/api/collections").token(&token).json(&collection).send().await.expect(200);
    let (_, key) = upload(&server, "large.bin", vec![b'x'; 25 << 20]).await;
    server.terminate();
    assert!(server.ended().await.success());
    let data = server.data();
    let home = server.home();
    let from = home.env().first().map_or(data.to_str().unwrap().to_owned(), |(_, url)| (*url).to_owned());
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("copy");
    let store = VendorServer::new();
    let (files, proxy) = (Vendor::Oss.address("files"), store.proxy());
    let storage = data.join("storage");
    let env = [
        ("BAIBASE_COPY_FROM_FILES", storage.to_str().unwrap()),
        ("BAIBASE_COPY_TO_FILES", &files),
        ("http_proxy", &proxy),
    ];
    let out = run(&["copy", "--from", &from, "--to", to.to_str().unwrap()], &env);
    assert_eq!(out.code, Some(0), "{out:?}");
    assert!(format!("{out:?}").contains("did not keep the original name"), "{out:?}");
    assert_eq!(store.keys(Vendor::Oss, "files"), [key]);
}
