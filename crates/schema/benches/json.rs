//! What it costs to write the content of columns as the JSON that clients get.

#![allow(clippy::unwrap_used, reason = "a benchmark may panic")]

use ambient::SeededEntropy;
use baibase_schema::collection::NewId;
use baibase_schema::value::{Stored, write_stored};
use baibase_schema::{Collection, Field};
use divan::Bencher;
use divan::counter::BytesCount;
use serde_json::json;

fn main() {
    divan::main();
}

const PLAIN: &str = "The harbour was quiet in the morning, and the letter had not come.";
const ESCAPED: &str = "<p>\"Quiet\" & calm,\n\tsaid the <em>harbour</em> master\u{2028}to himself</p>";
const CHINESE: &str = "早晨的港口很安静，信还没有到。早晨的港口很安静，信还没有到。";
const LIST: &str = r#"["tag000000000001","tag000000000002","tag000000000003","tag000000000004"]"#;
const DATE: &str = "2026-03-19 04:00:00.000Z";

/// A collection with a field of each kind that most records have.
fn posts() -> Collection {
    let json = json!({
        "id": "pbc_posts",
        "name": "posts",
        "type": "base",
        "fields": [
            {"name": "title", "type": "text"},
            {"name": "body", "type": "editor"},
            {"name": "views", "type": "number"},
            {"name": "published", "type": "bool"},
            {"name": "owner", "type": "relation", "collectionId": "pbc_users", "maxSelect": 1},
            {"name": "tags", "type": "relation", "collectionId": "pbc_tags", "maxSelect": 10},
            {"name": "data", "type": "json"},
            {"name": "created", "type": "autodate", "onCreate": true},
        ],
    });
    Collection::from_json(&json, NewId::FromJson, &SeededEntropy::new(1)).unwrap()
}

/// Writes these columns again and again into the same buffer, as a reply does.
fn write(bencher: Bencher<'_, '_>, columns: &[(&str, Stored<'_>)]) {
    let posts = posts();
    let columns: Vec<(&Field, &Stored<'_>)> =
        columns.iter().map(|(name, stored)| (posts.field(name).unwrap(), stored)).collect();
    let mut out = Vec::new();
    let mut write = || {
        out.clear();
        for (field, stored) in divan::black_box(&columns) {
            write_stored(field, stored, &mut out);
        }
        out.len()
    };
    let bytes = write();
    bencher.counter(BytesCount::new(bytes)).bench_local(write);
}

#[divan::bench(args = [PLAIN, ESCAPED, CHINESE])]
fn text(bencher: Bencher<'_, '_>, text: &str) {
    write(bencher, &[("title", Stored::Text(text.into()))]);
}

#[divan::bench]
fn list(bencher: Bencher<'_, '_>) {
    write(bencher, &[("tags", Stored::Text(LIST.into()))]);
}

#[divan::bench(args = [1_i64, 20_260_319])]
fn integer(bencher: Bencher<'_, '_>, number: i64) {
    write(bencher, &[("views", Stored::Integer(number))]);
}

#[divan::bench]
fn fraction(bencher: Bencher<'_, '_>) {
    write(bencher, &[("views", Stored::Real(123.456))]);
}

#[divan::bench]
fn date(bencher: Bencher<'_, '_>) {
    write(bencher, &[("created", Stored::Text(DATE.into()))]);
}

/// A column of each kind.
#[divan::bench]
fn row(bencher: Bencher<'_, '_>) {
    write(
        bencher,
        &[
            ("title", Stored::Text(PLAIN.into())),
            ("body", Stored::Text(ESCAPED.into())),
            ("views", Stored::Integer(20_260)),
            ("published", Stored::Integer(1)),
            ("owner", Stored::Text("owner0000000001".into())),
            ("tags", Stored::Text(LIST.into())),
            ("data", Stored::Text(r#"{"a":[1,2,3],"b":"c"}"#.into())),
            ("created", Stored::Text(DATE.into())),
        ],
    );
}
