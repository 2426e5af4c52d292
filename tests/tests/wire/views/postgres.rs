//! The same views on both stores.

use std::sync::Arc;

use baibase_tests::{Home, Setup};
use serde_json::{Value, json};

use super::Notes;

/// Queries that say the same on both.
const ALIKE: [&str; 69] = [
    "SELECT id, title, size, active, kind, tag, data FROM notes",
    "SELECT `id`, [title], \"size\", 'text' AS 's' FROM `notes`",
    "SELECT n.id, n.TITLE FROM Notes n WHERE N.Active ORDER BY n.ID DESC",
    "SELECT id, title FROM notes WHERE active = 1 AND active IS TRUE AND active != false",
    "SELECT id FROM notes WHERE NOT active OR size > 5 OR title = 10",
    "SELECT id, title FROM notes WHERE size = '7' OR title LIKE 'A%'",
    "SELECT id FROM notes WHERE title NOT LIKE '%A%' AND title GLOB '[0-9]*'",
    "SELECT id FROM notes WHERE size BETWEEN 2 AND 8 AND kind IN ('x', 'y') ORDER BY size DESC",
    "SELECT id, title FROM notes ORDER BY title",
    "SELECT id, title FROM notes ORDER BY title COLLATE NOCASE",
    "SELECT id, title FROM notes ORDER BY lower(title) DESC LIMIT 2 OFFSET 1",
    "SELECT id, (size > 2) AS a, (active AND size > 2) AS b, (NOT active) AS c FROM notes",
    "SELECT id, (size + 1) AS a, (size * 2) AS b, (size / 2) AS c, (size - 1) AS d, (size % 2) AS e, -size AS f FROM notes",
    "SELECT id, (7 / 2) AS a, (7.0 / 2) AS b, (1 / 0) AS c, (5 % 0) AS d, 1e3 AS e, (2 << 3) AS f FROM notes",
    "SELECT id, (title || '-' || size || active) AS a, upper(title) AS b, length(title) AS c FROM notes",
    "SELECT id, substr(title, 2) AS a, substr(title, -2, 1) AS b, replace(title, 'a', 'o') AS c FROM notes",
    "SELECT id, trim(title, 'a') AS a, instr(title, 'a') AS b, hex(title) AS c, quote(title) AS d FROM notes",
    "SELECT id, coalesce(data, 'none') AS a, ifnull(NULL, size) AS b, nullif(title, '10') AS c FROM notes",
    "SELECT id, iif(active, 'yes', 'no') AS a, (CASE kind WHEN 'x' THEN 1 ELSE title END) AS b FROM notes",
    "SELECT id, abs(-size) AS a, round(size) AS b, round(size / 3, 2) AS c, max(size, 2) AS d FROM notes",
    "SELECT id, cast(size AS int) AS a, cast(size AS text) AS b, cast(title AS real) AS c FROM notes",
    "SELECT id, cast(size AS decimal) AS a, cast(size AS boolean) AS b, typeof(size) AS c FROM notes",
    "SELECT id, printf('%05d|%-6s|%.2f%%', size, title, size) AS a FROM notes",
    "SELECT id, strftime('%Y-%m', '2024-05-06 10:11:12.000Z') AS a, date('2024-02-28', '+2 days') AS b FROM notes",
    "SELECT id, datetime('2024-05-06 10:11:12', 'start of month') AS a, julianday('2024-05-06') AS b FROM notes",
    "SELECT id, json_extract(data, '$.a[1]') AS a, (data ->> '$.a[0]') AS b, (data -> 'a') AS c FROM notes",
    "SELECT id, json_array_length(data, '$.a') AS a, json_type(data) AS b, json_valid(data) AS c FROM notes",
    "SELECT id, json_object('t', title, 's', size) AS a, json_array(title, size, NULL) AS b FROM notes",
    "SELECT (n.id || j.key) AS id, j.value AS v FROM notes n, json_each(n.data, '$.a') j",
    "SELECT kind AS id, count(*) AS n, sum(size) AS s, avg(size) AS a, min(title) AS b FROM notes GROUP BY kind",
    "SELECT kind AS id, total(size) AS t, group_concat(title, '+') AS g FROM notes GROUP BY kind HAVING t > 2",
    "SELECT kind AS id, max(size) AS m, title FROM notes GROUP BY kind ORDER BY m DESC",
    "SELECT substr(title, 1, 1) AS id, count(*) AS n FROM notes GROUP BY substr(title, 1, 1)",
    "SELECT 'all' AS id, sum(active) AS a, count(DISTINCT kind) AS b, (count(*) FILTER (WHERE active)) AS c FROM notes",
    "SELECT id, (row_number() OVER (ORDER BY title)) AS r, (sum(size) OVER (ORDER BY id)) AS s FROM notes ORDER BY id",
    "SELECT n.id, t.label, t.id AS t FROM notes n JOIN tags t ON t.id = n.tag",
    "SELECT t.id, t.label, n.title, n.active, n.size FROM tags t LEFT JOIN notes n ON n.tag = t.id AND n.size > 2",
    "SELECT (n.id || t.id) AS id, n.title, t.label FROM notes n CROSS JOIN tags t WHERE t.weight < 2",
    "SELECT (n.id || t.id) AS id, t.label FROM notes n, tags t WHERE n.tag = t.id",
    "SELECT t.id, count(n.id) AS n FROM tags t LEFT JOIN notes n ON n.tag = t.id GROUP BY t.id",
    "SELECT t.id, (SELECT count(*) FROM notes WHERE notes.tag = t.id) AS n FROM tags t",
    "SELECT t.id FROM tags t WHERE EXISTS (SELECT 1 FROM notes n WHERE n.tag = t.id AND n.active)",
    "SELECT t.id FROM tags t WHERE t.id NOT IN (SELECT tag FROM notes)",
    "SELECT id, t FROM (SELECT id, title AS t FROM notes WHERE active) WHERE t != '10'",
    "SELECT x.id, x.t FROM (SELECT id, title AS t FROM notes) AS x ORDER BY x.t",
    "WITH a AS (SELECT id, title FROM notes WHERE active), b AS (SELECT id FROM a) SELECT a.id, a.title FROM a JOIN b ON b.id = a.id",
    "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 5) SELECT n AS id, (n * n) AS q FROM c",
    "SELECT id, title FROM (SELECT id, title FROM notes UNION SELECT id, label FROM tags) ORDER BY id",
    "SELECT id FROM (SELECT id FROM notes UNION ALL SELECT id FROM tags) ORDER BY id LIMIT 4",
    "SELECT id FROM (SELECT id FROM notes EXCEPT SELECT id FROM notes WHERE active)",
    "SELECT column1 AS id, column2 AS x FROM (VALUES ('a', 1), ('b', NULL), ('c', 2.5))",
    "SELECT (ROW_NUMBER() OVER ()) AS id, title FROM notes",
    "SELECT size AS id, title FROM notes ORDER BY size",
    "SELECT DISTINCT kind AS id FROM notes ORDER BY kind",
    "SELECT id, _rowid_ AS r FROM notes",
    "SELECT id, title AS t FROM notes WHERE t = 'Beta'",
    "SELECT id, (\"no column\") AS s, 'it''s' AS q, NULL AS n, '[1, {\"a\": 2}]' AS j FROM notes",
    "SELECT id, (data IS NULL) AS a, (data IS NOT 's') AS b, (size IS 7) AS c, (title IS NOT NULL) AS d FROM notes",
    "SELECT id, min(size, 3, 2) AS a, sign(size) AS b, ceil(size) AS c, unicode(title) AS d, char(65, 66) AS e FROM notes",
    "SELECT id, concat(title, NULL, 1) AS a, concat_ws('-', title, size) AS b FROM notes",
    "SELECT notes.id AS id, tags.label FROM main.notes LEFT OUTER JOIN tags ON (tags.id = notes.tag) -- why\nORDER BY notes.id",
    "SELECT id, label FROM tags NATURAL LEFT JOIN (SELECT id, title FROM notes) n",
    "SELECT id, max(title, size) AS a, min(title, size, data) AS b, max(data, 's') AS c FROM notes",
    "SELECT kind AS id, title, size FROM notes GROUP BY kind",
    "SELECT kind AS id, title, count(*) AS n FROM notes GROUP BY kind HAVING size > 0 ORDER BY title",
    "SELECT kind AS id, min(size) AS a, max(size) AS b, title FROM notes GROUP BY kind",
    "SELECT kind AS id, max(size) AS a, min(size) AS b, title FROM notes GROUP BY kind",
    "SELECT t.id, n.title, n.size, n.data FROM tags t LEFT JOIN notes n ON n.tag = t.id GROUP BY t.id",
    "SELECT n.tag AS id, t.label, n.title, count(*) AS c FROM notes n JOIN tags t ON t.id = n.tag GROUP BY n.tag",
];

/// Queries that PostgreSQL cannot run as they are, and what is said about them.
const REFUSED: [(&str, &str); 5] = [
    ("SELECT id, printf('%q', title) AS x FROM notes", "the conversion %q in printf()"),
    ("SELECT id, soundex(title) AS x FROM notes", "the function soundex()"),
    ("SELECT id FROM notes WHERE (size, title) > (1, 'a')", "rows of several values"),
    ("SELECT name AS id FROM sqlite_master", "the table sqlite_master"),
    ("SELECT id, x'00' AS x FROM notes", "blobs"),
];

async fn both() -> [Notes; 2] {
    let on = async |home: Home| Notes::on(Setup::bare().superuser().home(Arc::new(home)).start().await).await;
    [on(Home::on_sqlite()).await, on(Home::on_postgres()).await]
}

/// A reply without the names that are made up.
fn plain(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let made_up = |key: &str, value: &Value| {
                let is_clone = value.as_str().is_some_and(|text| text.starts_with("_clone_"));
                key == "collectionId" && value.as_str().is_some_and(|id| id.starts_with("pbc_"))
                    || key == "collectionName"
                    || key == "id" && is_clone
            };
            let kept = object.iter().filter(|(key, value)| !made_up(key, value));
            Value::Object(kept.map(|(key, value)| (key.clone(), plain(value))).collect())
        }
        Value::Array(items) => items.iter().map(plain).collect(),
        other => other.clone(),
    }
}

#[tokio::test]
async fn views_have_the_same_fields_and_rows_on_postgres() {
    let [sqlite, postgres] = both().await;
    for notes in [&sqlite, &postgres] {
        // Without it SQLite makes an index for each query, and takes the first row in the order of that one.
        let index = json!({"indexes": ["CREATE INDEX notes_tag ON notes (tag)"]});
        notes.change("notes", index).await.expect(200);
    }
    for query in ALIKE {
        let expected = sqlite.dry_run(query).await.expect(200);
        let found = postgres.dry_run(query).await.expect(200);
        assert_eq!(plain(&found.json), plain(&expected.json), "{query}");
        for notes in [&sqlite, &postgres] {
            notes.view("alike", query).await.expect(200);
        }
        // Once in the order of the ids, once in their own.
        for sort in ["id", ""] {
            let list =
                async |notes: &Notes| notes.list("alike", &[("sort", sort)]).await.expect(200).json.clone();
            let (expected, found) = (list(&sqlite).await, list(&postgres).await);
            assert_eq!(plain(&found), plain(&expected), "{query} {sort}");
        }
        for notes in [&sqlite, &postgres] {
            notes.delete("alike").await.expect(204);
        }
    }
}

/// SQLite gives what is equal in the order in which it finds it.
#[tokio::test]
async fn equal_rows_of_a_view_have_an_order() {
    let [_, notes] = both().await;
    let query = "SELECT id, kind, tag, 'x' AS same FROM notes ORDER BY id DESC";
    notes.view("backwards", query).await.expect(200);
    for (sort, filter, expected) in [
        ("", "", "210"),
        ("same", "", "012"),
        ("same,id", "", "012"),
        ("", "tag.notes_via_tag.title ?!= 'Beta' && kind = 'x'", "02"),
    ] {
        let list = notes.list("backwards", &[("sort", sort), ("filter", filter)]).await.expect(200);
        let ids = list["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap());
        let numbers: String = ids.filter_map(|id| id.chars().last()).collect();
        assert_eq!(numbers, expected, "{sort} {filter}");
    }
}

#[tokio::test]
async fn what_postgres_cannot_do_is_told() {
    let [sqlite, postgres] = both().await;
    for (query, reason) in REFUSED {
        let refused = postgres.dry_run(query).await.expect(400);
        let message = refused.at("/message");
        assert!(message.contains("on PostgreSQL ") && message.contains(reason), "{query}: {message}");
        let told = sqlite.dry_run(query).await.text();
        assert!(!told.contains("PostgreSQL"), "{query}");
    }
}

#[tokio::test]
async fn indexes_on_expressions_are_made_on_postgres() {
    for notes in both().await {
        let indexes = json!([
            "CREATE UNIQUE INDEX idx_title ON notes (lower(title)) WHERE title != ''",
            "CREATE INDEX idx_size ON notes (size, `kind` COLLATE NOCASE DESC) WHERE active = true AND size != ''",
            "CREATE INDEX idx_day ON notes (strftime('%Y', title))",
            "CREATE INDEX idx_path ON notes (json_extract(data, '$.a[0]'), json_type(data), typeof(data))",
            "CREATE INDEX idx_text ON notes (hex(title), concat(title, size), concat_ws('-', kind, size), char(size))",
            "CREATE INDEX idx_more ON notes (printf('%05d', size), iif(active, title, size), max(title, size))",
            "CREATE INDEX idx_made ON notes (json_object('t', title), json_array(size, active), coalesce(data, size))",
            "CREATE INDEX idx_any ON notes (size) WHERE data != 's' AND data >= title AND data = size",
            "CREATE INDEX idx_none ON notes (title) WHERE data",
        ]);
        let saved = notes.change("notes", json!({"indexes": indexes})).await.expect(200);
        assert_eq!(saved["indexes"].as_array().unwrap().len(), 9);
        assert_eq!(notes.post("notes", json!({"title": "ALPHA"})).await.status, 400);
        notes.post("notes", json!({"title": ""})).await.expect(200);
        notes.post("notes", json!({"title": ""})).await.expect(200);
        for (key, reason) in [
            ("(lower(missing))", "no such column: missing"),
            ("(strftime('%Y', 'now'))", "non-deterministic use of strftime() in an index"),
            ("(datetime(title, 'localtime'))", "non-deterministic use of datetime() in an index"),
            ("(random())", "non-deterministic functions prohibited in index expressions"),
            ("(size) WHERE title > CURRENT_DATE", "prohibited in partial index WHERE clauses"),
        ] {
            let wrong = json!({"indexes": [format!("CREATE INDEX idx_wrong ON notes {key}")]});
            let refused = notes.change("notes", wrong).await.expect(400);
            let message = refused.at("/data/indexes/0/message");
            assert!(message.contains(reason), "{message}");
        }
    }
}
