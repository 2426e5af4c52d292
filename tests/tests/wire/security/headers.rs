//! Nothing that a client sends becomes a header of a reply or of a mail.

use baibase_tests::{Reply, Setup};
use serde_json::json;

use super::{RECORDS, path_of, raw, start};
use crate::backups;

fn is_clean(reply: &Reply, why: &str) {
    assert!(
        !reply.headers.keys().any(|name| name.as_str().starts_with("x-evil")),
        "{why}: {:?}",
        reply.headers
    );
}

#[tokio::test]
async fn names_of_files_stay_within_their_header() {
    let (server, _) = start().await;
    for disposition in [
        "filename=\"a%0D%0AX-Evil: 1.txt\"",
        "filename=\"a\\\r\nX-Evil: 1.txt\"",
        "filename=\"a\\\"; x-evil=1; filename=\\\"b.html\"",
        "filename*=UTF-8''a%0D%0AX-Evil:%201%0D%0A%0D%0A%3Cscript%3E.txt",
        "filename=\"a\u{85}X-Evil: 1\u{2028}.txt\"",
        "filename=\"=?utf-8?q?a=0D=0AX-Evil:_1?=.txt\"",
    ] {
        let body = format!(
            "--B\r\nContent-Disposition: form-data; name=\"scan\"; {disposition}\r\n\r\nx\r\n--B--\r\n"
        );
        let reply = server.post(RECORDS).body("multipart/form-data; boundary=B", body).send().await;
        is_clean(&reply, disposition);
        assert!([200, 400].contains(&reply.status), "{disposition}: {}", reply.text());
        if reply.status == 400 || reply.at("/scan").is_empty() {
            continue;
        }
        let path = path_of(&reply);
        for path in [
            path.clone(),
            format!("{path}?download=1%0d%0aX-Evil:1"),
            format!("{path}?thumb=1x1%0d%0aX-Evil:1"),
        ] {
            let file = server.get(&path).send().await.expect(200);
            is_clean(&file, disposition);
            assert_eq!(file.text(), "x");
            let (kind, name) = file.header("content-disposition").split_once("; ").unwrap();
            assert!(["inline", "attachment"].contains(&kind), "{name}");
            assert_eq!(name, format!("filename={}", reply.at("/scan")));
        }
    }
}

#[tokio::test]
async fn names_of_backups_stay_within_their_header() {
    let (server, token) = start().await;
    for name in ["a\r\nX-Evil: 1.zip", "a\"; x-evil=1.zip", "a\nb.zip", "a\u{2028}.zip"] {
        let made = server.post("/api/backups").token(&token).json(&json!({"name": name})).send().await;
        assert_eq!(made.expect(400).at("/data/name/code"), "validation_match_invalid", "{name:?}");
        is_clean(&backups::upload(&server, &token, name, b"PK\x05\x06".to_vec()).await, name);
    }
    // Of an upload the name is kept if it is one, and it is what the download is called.
    for name in backups::list(&server, &token).await {
        assert!(!name.contains(['/', '\\', '\r', '\n']), "{name:?}");
        let file = server.post("/api/files/token").token(&token).send().await.expect(200);
        let path = format!("/api/backups/{}", name.replace('%', "%25").replace(['"', ';', ' '], "%20"));
        let sent = server.get(&path).query(&[("token", file.at("/token"))]).send().await;
        is_clean(&sent, &name);
        let (_, end) = sent.header("content-disposition").split_once("filename=").unwrap_or_default();
        assert!(!end.trim_matches('"').contains('"') || end.contains("filename*="), "{end}");
    }
}

#[tokio::test]
async fn redirects_lead_nowhere_else() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("sub")).unwrap();
    std::fs::write(folder.path().join("sub/index.html"), "x").unwrap();
    let server = Setup::bare().arg("--publicDir").arg(folder.path().to_str().unwrap()).start().await;
    for target in [
        "//evil.example/%2e%2e/api/health",
        "//evil.example%2f..",
        "/\\evil.example/..",
        "/%0d%0aX-Evil:%201/../api/health",
        "//x%0d%0aX-Evil:%201",
        "/sub%0d%0aX-Evil:%201",
        "/sub/index.html?%0d%0aX-Evil:%201",
        "//evil.example/index.html",
        "/%5cevil.example/index.html",
        "/%2fevil.example/index.html",
        "/sub/../%2f%2fevil.example/index.html",
        "/api/oauth2-redirect?state=%0d%0aX-Evil:%201&code=%0d%0aX-Evil:%201",
        "http://evil.example//api//health",
    ] {
        let reply = raw(&server, &format!("GET {target}")).await;
        let head = reply.split("\r\n\r\n").next().unwrap().to_lowercase();
        assert!(!head.contains("\r\nx-evil"), "{target}: {head}");
        if let Some((_, location)) = head.split_once("\r\nlocation: ") {
            let location = location.lines().next().unwrap();
            let is_own = location.starts_with("../_/")
                || location.starts_with('/') && !location.starts_with("//") && !location.starts_with("/\\");
            assert!(is_own && !location.contains("://"), "{target}: {location}");
        }
    }
}

#[tokio::test]
async fn an_address_is_one_address() {
    let (server, root) = start().await;
    for email in [
        "a@example.com\r\nBcc: b@example.com",
        "a@example.com\nBcc: b@example.com",
        "a@example.com, b@example.com",
        "a@example.com;b@example.com",
        "<a@example.com>",
        "\"a\r\nBcc: b\"@example.com",
        "a@example.com>\r\nRCPT TO:<b@example.com",
        "a@example.com\0",
        "b <a@example.com>",
    ] {
        let body = json!({"email": email, "password": "12345678", "passwordConfirm": "12345678"});
        let path = "/api/collections/users/records";
        let refused = server.post(path).token(&root).json(&body).send().await.expect(400);
        assert_eq!(refused.at("/data/email/code"), "validation_is_email", "{email:?}");
        for route in ["request-verification", "request-password-reset", "request-otp"] {
            let path = format!("/api/collections/users/{route}");
            let reply = server.post(&path).json(&json!({"email": email})).send().await;
            assert!([400, 403].contains(&reply.status), "{route} {email:?}: {}", reply.text());
        }
        let test = json!({"email": email, "template": "verification", "collection": "users"});
        let refused =
            server.post("/api/settings/test/email").token(&root).json(&test).send().await.expect(400);
        assert_eq!(refused.at("/data/email/code"), "validation_is_email", "{email:?}");
    }
}
