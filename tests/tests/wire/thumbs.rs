//! Thumbnails: sizes, formats, what is sent when there is none, protection, removal.

use std::io::Cursor;
use std::path::PathBuf;

use baibase_tests::{Reply, Server};
use image::{DynamicImage, ImageFormat, RgbImage};
use reqwest::multipart::{Form, Part};
use serde_json::json;

async fn start() -> (Server, String) {
    let server = Server::with_superuser().await;
    let token = server.superuser().await;
    let thumbs = ["30x20", "30x20t", "30x20b", "30x20f", "0x20", "30x0", "20000x20000"];
    let collection = json!({
        "name": "photos", "type": "base", "viewRule": "", "createRule": "", "updateRule": "", "deleteRule": "",
        "fields": [
            {"type": "file", "name": "image", "maxSelect": 2, "maxSize": 9_000_000, "thumbs": thumbs},
            {"type": "file", "name": "secret", "protected": true},
        ],
    });
    server.post("/api/collections").token(&token).json(&collection).send().await.expect(200);
    (server, token)
}

fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let image = RgbImage::from_fn(width, height, |x, y| image::Rgb([(x % 256) as u8, (y % 256) as u8, 80]));
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(image).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A record with one file: its reply, the address of the file and the folder where it is stored.
struct Stored {
    record: String,
    url: String,
    name: String,
    folder: PathBuf,
}

async fn upload(server: &Server, field: &'static str, name: &str, bytes: Vec<u8>) -> Stored {
    let part = Part::bytes(bytes).file_name(name.to_owned());
    let reply =
        server.post("/api/collections/photos/records").form(Form::new().part(field, part)).send().await;
    let reply = reply.expect(200);
    let name = match reply[field].as_array() {
        Some(names) => names[0].as_str().unwrap(),
        None => reply[field].as_str().unwrap(),
    };
    Stored {
        record: reply.at("/id").to_owned(),
        url: format!("/api/files/photos/{}/{name}", reply.at("/id")),
        name: name.to_owned(),
        folder: server.data().join("storage").join(reply.at("/collectionId")).join(reply.at("/id")),
    }
}

async fn thumb(server: &Server, stored: &Stored, size: &str) -> Reply {
    server.get(&format!("{}?thumb={size}", stored.url)).send().await.expect(200)
}

fn dimensions(reply: &Reply) -> (u32, u32) {
    let image = image::load_from_memory(&reply.bytes).unwrap();
    (image.width(), image.height())
}

#[tokio::test]
async fn every_form_of_size_is_served() {
    let (server, _) = start().await;
    let stored = upload(&server, "image", "a.png", picture(120, 60, ImageFormat::Png)).await;
    for (size, expected) in [
        ("100x100", (100, 100)),
        ("30x20", (30, 20)),
        ("30x20t", (30, 20)),
        ("30x20b", (30, 20)),
        ("30x20f", (30, 15)),
        ("0x20", (40, 20)),
        ("30x0", (30, 15)),
    ] {
        assert_eq!(dimensions(&thumb(&server, &stored, size).await), expected, "{size}");
    }
    // Not of this field, no sizes at all, and one that is too large.
    for size in ["31x20", "100x100f", "x", "0x0", "..%2F..%2Fa", "20000x20000", ""] {
        let reply = thumb(&server, &stored, size).await;
        assert_eq!(dimensions(&reply), (120, 60), "{size}");
        assert_eq!(reply.header("content-disposition"), format!("inline; filename={}", stored.name));
    }
}

#[tokio::test]
async fn a_thumb_is_stored_where_pocketbase_finds_it() {
    let (server, _) = start().await;
    for (name, format, content_type) in [
        ("a.png", ImageFormat::Png, "image/png"),
        ("a.jpg", ImageFormat::Jpeg, "image/jpeg"),
        ("a.gif", ImageFormat::Gif, "image/gif"),
        ("a.webp", ImageFormat::WebP, "image/png"),
    ] {
        let stored = upload(&server, "image", name, picture(120, 60, format)).await;
        let reply = thumb(&server, &stored, "30x20").await;
        assert_eq!(reply.header("content-type"), content_type);
        let thumb_name = format!("30x20_{}", stored.name);
        assert_eq!(reply.header("content-disposition"), format!("inline; filename={thumb_name}"));
        let folder = stored.folder.join(format!("thumbs_{}", stored.name));
        assert_eq!(std::fs::read(folder.join(&thumb_name)).unwrap(), reply.bytes);
        let sidecar = std::fs::read_to_string(folder.join(format!("{thumb_name}.attrs"))).unwrap();
        assert!(sidecar.contains(&format!(r#""user.content_type":"{content_type}","user.metadata":null"#)));
    }
}

#[tokio::test]
async fn a_thumb_is_served_as_any_file() {
    let (server, _) = start().await;
    let stored = upload(&server, "image", "a.png", picture(120, 60, ImageFormat::Png)).await;
    let path = format!("{}?thumb=30x20", stored.url);
    let head = server.call(&reqwest::Method::HEAD, &path).send().await.expect(200);
    let whole = server.get(&path).send().await.expect(200);
    assert_eq!(head.header("content-length"), whole.bytes.len().to_string());
    assert_eq!(whole.header("cache-control"), "max-age=2592000, stale-while-revalidate=86400");
    let part = server.get(&path).header("Range", "bytes=1-3").send().await.expect(206);
    assert_eq!(part.bytes, b"PNG");
    let modified = whole.header("last-modified");
    server.get(&path).header("If-Modified-Since", modified).send().await.expect(304);
    let forced = server.get(&format!("{path}&download=1")).send().await.expect(200);
    assert!(forced.header("content-disposition").starts_with("attachment; filename=30x20_"));
}

#[tokio::test]
async fn what_is_no_sound_image_is_sent_as_it_is() {
    let (server, _) = start().await;
    let cut = |format| {
        let mut bytes = picture(120, 60, format);
        bytes.truncate(bytes.len() / 2);
        bytes
    };
    for (name, bytes) in [
        ("a.txt", b"no image".to_vec()),
        ("a.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>".to_vec()),
        ("a.png", cut(ImageFormat::Png)),
        ("a.jpg", cut(ImageFormat::Jpeg)),
        ("a.gif", cut(ImageFormat::Gif)),
        ("a.webp", cut(ImageFormat::WebP)),
    ] {
        let stored = upload(&server, "image", name, bytes.clone()).await;
        let reply = thumb(&server, &stored, "100x100").await;
        assert_eq!(reply.bytes, bytes, "{name}");
        assert!(reply.header("content-disposition").ends_with(&format!("filename={}", stored.name)));
        assert!(!stored.folder.join(format!("thumbs_{}", stored.name)).exists(), "{name}");
    }
}

#[tokio::test]
async fn many_ask_and_one_thumb_is_made() {
    let (server, _) = start().await;
    let stored = upload(&server, "image", "a.jpg", picture(1200, 900, ImageFormat::Jpeg)).await;
    let replies = futures_util::future::join_all((0..40).map(|_| thumb(&server, &stored, "100x100"))).await;
    assert!(replies.iter().all(|reply| dimensions(reply) == (100, 100) && reply.bytes == replies[0].bytes));
    let modified = replies[0].header("last-modified");
    assert!(replies.iter().all(|reply| reply.header("last-modified") == modified));
}

#[tokio::test]
async fn a_protected_thumb_needs_the_token() {
    let (server, token) = start().await;
    let rule = json!({"viewRule": null});
    server.patch("/api/collections/photos").token(&token).json(&rule).send().await.expect(200);
    let part = Part::bytes(picture(120, 60, ImageFormat::Png)).file_name("a.png");
    let form = Form::new().part("secret", part);
    let created =
        server.post("/api/collections/photos/records").form(form).token(&token).send().await.expect(200);
    let path = format!("/api/files/photos/{}/{}?thumb=100x100", created.at("/id"), created.at("/secret"));
    server.get(&path).send().await.expect(404);
    server.get(&path).token(&token).send().await.expect(404);
    let file_token = server.post("/api/files/token").token(&token).send().await.expect(200);
    let reply = server.get(&format!("{path}&token={}", file_token.at("/token"))).send().await.expect(200);
    assert_eq!(dimensions(&reply), (100, 100));
    server.get(&path).send().await.expect(404);
}

#[tokio::test]
async fn thumbs_go_with_their_file() {
    let (server, _) = start().await;
    let stored = upload(&server, "image", "a.png", picture(120, 60, ImageFormat::Png)).await;
    thumb(&server, &stored, "30x20").await;
    thumb(&server, &stored, "100x100").await;
    let folder = stored.folder.join(format!("thumbs_{}", stored.name));
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 4);
    let record = format!("/api/collections/photos/records/{}", stored.record);
    let other = Part::bytes(picture(9, 9, ImageFormat::Png)).file_name("b.png");
    server.patch(&record).form(Form::new().part("image", other)).send().await.expect(200);
    gone(&folder).await;
    server.get(&format!("{}?thumb=30x20", stored.url)).send().await.expect(404);

    let again = upload(&server, "image", "c.png", picture(120, 60, ImageFormat::Png)).await;
    thumb(&server, &again, "30x20").await;
    server.delete(&format!("/api/collections/photos/records/{}", again.record)).send().await.expect(204);
    gone(&again.folder).await;
}

/// What is removed after the commit is gone soon.
async fn gone(folder: &std::path::Path) {
    for _ in 0..100 {
        if !folder.exists() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("{} is still there", folder.display());
}
