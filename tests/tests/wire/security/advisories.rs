//! Published advisories about PocketBase and what it is made of, as far as behaviour keeps them away.

use std::io::Cursor;
use std::time::{Duration, Instant};

use baibase_tests::{Events, Server};
use image::{DynamicImage, ImageFormat, RgbImage};
use serde_json::json;

use super::{RECORDS, raw, start, upload};

fn image(format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let image = RgbImage::from_fn(64, 48, |x, y| image::Rgb([(x * 3) as u8, (y * 5) as u8, 80]));
    DynamicImage::from(image).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A TIFF of one grey pixel, as small as one gets.
fn tiff() -> Vec<u8> {
    let entry = |tag: u16, kind: u16, value: u32| {
        [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &1_u32.to_le_bytes(), &value.to_le_bytes()].concat()
    };
    let entries = [
        entry(256, 3, 1),
        entry(257, 3, 1),
        entry(258, 3, 8),
        entry(259, 3, 1),
        entry(262, 3, 1),
        entry(273, 4, 8),
        entry(278, 3, 1),
        entry(279, 4, 1),
    ];
    let count = u16::try_from(entries.len()).unwrap();
    [b"II*\0", &10_u32.to_le_bytes()[..], b"\x80\0", &count.to_le_bytes(), &entries.concat(), &[0; 4]]
        .concat()
}

/// CVE-2026-82410 (GHSA-84vh-m24q-wjjx, GO-2026-6489): what went wrong beside a request, in what decodes images or
/// tells clients of changes, ended the process.
#[tokio::test]
async fn cve_2026_82410_nothing_beside_a_request_ends_the_server() {
    let (server, _) = start().await;
    let mut events = Events::of(&server, "", &["papers/*"]).await;
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif, ImageFormat::WebP] {
        let sound = image(format);
        for position in [sound.len() / 8, sound.len() / 3, sound.len() - 9] {
            let mut flipped = sound.clone();
            for byte in &mut flipped[position..position + 8] {
                *byte ^= 0xff;
            }
            for bytes in [flipped, sound[..position].to_vec()] {
                let path = upload(&server, "a.png", &bytes).await;
                assert_eq!(events.next().await.data["action"], "create");
                // A thumbnail of what can be read, or else the file.
                server.get(&format!("{path}?thumb=10x10")).send().await.expect(200);
            }
        }
    }
    for filter in ["a", "@request.query.a.b.c ?= 1 && (", &"(".repeat(5000), "body ~ '%'"] {
        let options =
            json!({"query": {"filter": filter, "expand": "a.b.c.d.e.f.g.h", "fields": "*,a:excerpt(9,x"}});
        let topic = format!("papers/*?options={options}");
        let _ = server
            .post("/api/realtime")
            .json(&json!({"clientId": events.id(), "subscriptions": ["papers/*", topic]}))
            .send()
            .await;
        server.post(RECORDS).json(&json!({"body": "x"})).send().await.expect(200);
        while events.next().await.name != "papers/*" {}
    }
    let path = upload(&server, "a.png", &image(ImageFormat::Png)).await;
    let thumb = server.get(&format!("{path}?thumb=10x10")).send().await.expect(200);
    assert_eq!(image::load_from_memory(&thumb.bytes).unwrap().width(), 10);
    assert!(!server.log().contains("panicked"), "{}", server.log());
}

/// CVE-2023-36308 and CVE-2026-33809: decoders of TIFF that crash or take all memory. None is asked here.
#[tokio::test]
async fn cve_2026_33809_a_tiff_is_stored_and_never_decoded() {
    let (server, _) = start().await;
    let path = upload(&server, "a.tiff", &tiff()).await;
    let reply = server.get(&format!("{path}?thumb=10x10")).send().await.expect(200);
    assert_eq!((reply.header("content-type"), &reply.bytes), ("image/tiff", &tiff()));
    let folders = std::fs::read_dir(server.data().join("storage")).unwrap();
    for record in folders.flat_map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap()) {
        let names = std::fs::read_dir(record.unwrap().path()).unwrap().map(|file| file.unwrap().file_name());
        let names: Vec<_> = names.map(|name| name.into_string().unwrap()).collect();
        assert!(!names.iter().any(|name| name.starts_with("thumbs_")), "{names:?}");
    }
}

/// CVE-2024-45338: markup that takes its reader time by the square of its length, or a stack as deep as it is nested.
#[tokio::test]
async fn cve_2024_45338_markup_is_read_in_time() {
    let (server, _) = start().await;
    for piece in [
        "<div>",
        "<a href='",
        "<!--",
        "<![CDATA[",
        "<svg><template>",
        "&",
        "&amp",
        "</p",
        "<p <p ",
        "<script>",
    ] {
        let body = piece.repeat(400_000 / piece.len());
        let record = server.post(RECORDS).json(&json!({"body": body})).send().await.expect(200);
        let path = format!("{RECORDS}/{}?fields=body:excerpt(100,true)", record.at("/id"));
        let begun = Instant::now();
        let excerpt = server.get(&path).send().await.expect(200);
        assert!(begun.elapsed() < Duration::from_secs(8), "{piece}: {:?}", begun.elapsed());
        assert!(excerpt.at("/body").chars().count() <= 103, "{piece}");
    }
}

/// GHSA-mh63-6h87-95cp (CVE-2025-30204): a token of dots alone took memory by the number of its dots.
#[tokio::test]
async fn ghsa_mh63_6h87_95cp_a_token_of_dots_is_nobodys() {
    let (server, token) = start().await;
    let dots = ".".repeat(12_000);
    for call in [server.get(RECORDS).token(&dots), server.get(RECORDS).token(&format!("{token}{dots}"))] {
        call.send().await.expect(200);
    }
    server.get("/api/settings").token(&dots).send().await.expect(401);
    let body = json!({"token": ".".repeat(3_000_000), "password": "12345678", "passwordConfirm": "12345678"});
    for route in ["confirm-verification", "confirm-password-reset", "confirm-email-change"] {
        let path = format!("/api/collections/users/{route}");
        let reply = server.post(&path).json(&body).send().await.expect(400);
        assert!(reply.at("/data/token/code").starts_with("validation_invalid_token"), "{}", reply.text());
    }
}

/// v0.23.11 (#5964): a record whose address a superuser changes is another one's; its tokens end.
#[tokio::test]
async fn v0_23_11_a_new_address_ends_all_tokens() {
    let (server, root) = start().await;
    let (users, password) = ("/api/collections/users", "12345678");
    let body = json!({"email": "old@example.com", "password": password, "passwordConfirm": password});
    let user = server.post(&format!("{users}/records")).token(&root).json(&body).send().await.expect(200);
    let login = json!({"identity": "old@example.com", "password": password});
    let login = server.post(&format!("{users}/auth-with-password")).json(&login).send().await.expect(200);
    let refresh = format!("{users}/auth-refresh");
    server.post(&refresh).token(login.at("/token")).send().await.expect(200);
    let path = format!("{users}/records/{}", user.at("/id"));
    let moved = json!({"email": "new@example.com"});
    // Nobody changes it without the link or a superuser.
    server.patch(&path).token(login.at("/token")).json(&moved).send().await.expect(400);
    server.patch(&path).token(&root).json(&moved).send().await.expect(200);
    server.post(&refresh).token(login.at("/token")).send().await.expect(401);
}

/// Advisories about Go's HTTP server (request smuggling, CVE-2025-22871 and others): what two readers could take for
/// two different requests is refused.
#[tokio::test]
async fn cve_2025_22871_ambiguous_requests_are_refused() {
    let server = Server::start().await;
    let smuggled = "GET /api/health HTTP/1.1\r\nHost: x\r\n\r\n";
    for (headers, body) in [
        ("Transfer-Encoding: chunked\r\n", format!("5\nhello\n0\n\n{smuggled}")),
        ("Transfer-Encoding: xchunked\r\n", smuggled.to_owned()),
        ("Content-Length: 5\r\nContent-Length: 6\r\n", format!("hello{smuggled}")),
        ("Content-Length: +5\r\n", format!("hello{smuggled}")),
        ("Content-Length : 5\r\n", format!("hello{smuggled}")),
        ("X: y\r\n Content-Length: 5\r\n", format!("hello{smuggled}")),
    ] {
        let line =
            "POST /api/collections/users/auth-with-password HTTP/1.1\r\nContent-Type: application/json";
        // What follows these lines in the request is read as the next one, if at all.
        let reply = raw(&server, &format!("{line}\r\n{headers}Host: x\r\n\r\n{body}GET /")).await;
        assert!(!reply.contains("API is healthy"), "{headers:?}: {reply}");
        assert!(reply.starts_with("HTTP/1.1 400 "), "{headers:?}: {reply}");
    }
}
