//! Paths that lead out of where they belong. Those of uploads stand in `bad_uploads`.

use std::io::{Cursor, Write};

use baibase_tests::Setup;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{raw, start};
use crate::backups;

const OUT: &[&str] = &[
    "..%2fdata.db",
    "%2e%2e%2fdata.db",
    "%2E%2E/data.db",
    "..%5cdata.db",
    "..%252fdata.db",
    "%2fetc%2fpasswd",
    "..%2f..%2f..%2f..%2fetc%2fpasswd",
    "x%2f..%2f..%2fdata.db",
    "....//data.db",
    ".%00./data.db",
    "..%c0%afdata.db",
    "data.db%00.zip",
];

#[tokio::test]
async fn backups_come_from_their_folder_alone() {
    let (server, token) = start().await;
    let file = server.post("/api/files/token").token(&token).send().await.expect(200);
    let file = file.at("/token");
    for path in OUT {
        let reply = raw(&server, &format!("GET /api/backups/{path}?token={file}")).await;
        assert!(!reply.contains("SQLite format 3") && !reply.contains("root:"), "{path}: {reply}");
        assert!(!reply.starts_with("HTTP/1.1 200") && !reply.starts_with("HTTP/1.1 5"), "{path}: {reply}");
        for (method, end) in [("DELETE", ""), ("POST", "/restore")] {
            let path = format!("/api/backups/{path}{end}");
            let call = server.call(&method.parse().unwrap(), &path).token(&token).send().await;
            assert!((300..500).contains(&call.status), "{method} {path}: {} {}", call.status, call.text());
        }
    }
    for name in ["../a.zip", "..\\a.zip", "/tmp/a.zip", "a/../../b.zip", "..", "../data.db"] {
        let sent = backups::upload(&server, &token, name, b"PK\x05\x06\0\0".to_vec()).await;
        assert!(sent.status < 500, "{name}: {}", sent.text());
    }
    // The last part of a path is a name, or it is refused.
    for name in backups::list(&server, &token).await {
        assert!(
            !name.contains('/') && name != ".." && server.data().join("backups").join(&name).is_file(),
            "{name}"
        );
    }
    assert!(!server.data().join("a.zip").exists() && !server.data().join("../b.zip").exists());
    assert!(server.data().join("data.db").exists() || !server.home().env().is_empty());
    server.get("/api/health").send().await.expect(200);
}

#[tokio::test]
async fn static_files_come_from_their_folder_alone() {
    let folder = tempfile::tempdir().unwrap();
    let public = folder.path().join("public");
    std::fs::create_dir_all(public.join("_")).unwrap();
    for (name, text) in
        [("data.db", "outside"), ("public/a.txt", "inside"), ("public/_/index.html", "inside")]
    {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let public = public.to_str().unwrap();
    let server = Setup::bare().arg("--publicDir").arg(public).arg("--indexFallback=false").start().await;
    assert!(raw(&server, "GET /a.txt").await.ends_with("inside"));
    for start in ["", "_/", "a.txt/", "_/..%2f"] {
        for path in OUT {
            let reply = raw(&server, &format!("GET /{start}{path}")).await;
            assert!(!reply.contains("outside") && !reply.contains("root:"), "{start}{path}: {reply}");
            assert!(!reply.starts_with("HTTP/1.1 5"), "{start}{path}: {reply}");
        }
        let absolute = format!("{}/data.db", folder.path().display()).replace('/', "%2f");
        let reply = raw(&server, &format!("GET /{start}{absolute}")).await;
        assert!(!reply.contains("outside"), "{start}: {reply}");
    }
}

/// v0.22.4: what is no plain file in an archive is left out, so that a link in it leads nowhere.
#[tokio::test]
async fn v0_22_4_a_restore_makes_no_links() {
    let (server, token) = start().await;
    backups::create(&server, &token, "good.zip").await;
    let good = backups::download(&server, &token, "good.zip").await.expect(200).bytes;
    let mut zip = ZipWriter::new_append(Cursor::new(good)).unwrap();
    let options = SimpleFileOptions::default();
    zip.add_symlink("storage/link", "/etc", options).unwrap();
    zip.add_symlink("storage/file", "../data.db", options).unwrap();
    zip.start_file("storage/plain/r/a.txt", options).unwrap();
    zip.write_all(b"plain").unwrap();
    let bytes = zip.finish().unwrap().into_inner();
    backups::upload(&server, &token, "links.zip", bytes).await.expect(204);
    backups::restore(&server, &token, "links.zip").await;
    let storage = server.data().join("storage");
    assert_eq!(std::fs::read(storage.join("plain/r/a.txt")).unwrap(), b"plain");
    for name in ["link", "file"] {
        assert!(std::fs::symlink_metadata(storage.join(name)).is_err(), "{name}");
    }
}
