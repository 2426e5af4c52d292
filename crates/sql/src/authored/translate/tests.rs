use crate::{Authored, ColumnType, Table, Tables};

/// `notes` with a column of each type and `tags`, both tables, and the view `totals`.
fn tables() -> Tables {
    use ColumnType::{Bool, Json, Number, Text};
    let table = |name: &str, is_view, columns: &[(&str, ColumnType)]| Table {
        name: name.to_owned(),
        is_view,
        columns: columns.iter().map(|&(name, kind)| (name.to_owned(), kind)).collect(),
    };
    Tables::new([
        table(
            "notes",
            false,
            &[("id", Text), ("title", Text), ("size", Number), ("active", Bool), ("data", Json)],
        ),
        table("tags", false, &[("id", Text), ("label", Text), ("note", Text)]),
        table("totals", true, &[("id", Text), ("total", Json)]),
    ])
}

/// The translation, or why there is none, without what is around every query.
fn translated(text: &str) -> String {
    match super::query(&Authored::new(text, &tables())) {
        Ok(super::Translated { text, .. }) => {
            let inner = text.split_once(" FROM (").map_or(text.as_str(), |(_, inner)| inner);
            inner.strip_suffix(") AS \"query\"").unwrap_or(inner).to_owned()
        }
        Err(error) => format!("! {error}"),
    }
}

fn report(texts: &[&str]) -> String {
    texts.iter().map(|text| format!("{text}\n    {}\n", translated(text))).collect()
}

#[test]
fn columns_have_the_types_that_were_asked_for() {
    let columns = vec![("id".into(), ColumnType::Text), ("n".into(), ColumnType::Number)];
    let query = Authored::new("select id, count(*) from tags group by id", &tables()).with_columns(columns);
    insta::assert_snapshot!(super::query(&query).unwrap().text, @r#"SELECT ("query"."id" COLLATE "C") AS "id", "query"."count(*)"::double precision AS "n" FROM (SELECT "tags"."id" AS "id", count(*) AS "count(*)" FROM "tags" AS "tags" GROUP BY "tags"."id" ORDER BY ("tags"."id" COLLATE "C") NULLS FIRST) AS "query""#);
}

#[test]
fn names() {
    insta::assert_snapshot!(
        "names",
        report(&[
            "select id, `title`, [size], \"active\" from notes",
            "select N.ID, Title as \"T\" from Notes n",
            "select id, \"no column\" as s, 'it''s' as t from main.notes",
            "select id, rowid as r, title as t from notes where t = 'x' and _rowid_ > 1",
            "select id, title as t from notes where t = 'x' group by id order by t",
            "select n.id, t.label from notes n, tags t left join totals o on o.id = n.id",
            "select id, label from tags natural join notes",
            "select id, label from tags left join notes using (id) order by id",
            "select * from (select *, size * 2 as double from notes)",
            "with recursive c(n) as (select 1 union all select n + 1 from c where n < 5) select n as id from c",
            "select id from notes union select note from tags",
            "select id from notes union all select 1 order by id limit 5 offset 1",
            "select column1 as id, column2 as title from (values ('a', 1), ('b', null))",
        ])
    );
}

#[test]
fn comparisons() {
    insta::assert_snapshot!(
        "comparisons",
        report(&[
            "select id from notes where title = 'a' and title > 'b' and title = 10 and size = '7' and size != ''",
            "select id from notes where active and active = 1 and active = true and not active != 0 and active is false",
            "select id from notes where data = 1 and data = 'x' and data is not null and upper(title) = 1",
            "select id from notes where json_extract(data, '$.a') > 2 and data ->> 'b' = title",
            "select id from notes where size is 1 and size is not null and title is not 'x'",
            "select id from notes where size between 1 and 2 and size in (1, '2') and title not in ('a', 5)",
            "select id from notes where title like 'A%' and title not like 'a!_%' escape '!' and title glob 'a*'",
            "select id from notes where id in (select note from tags) and exists (select 1 from tags where note = notes.id)",
            "select id from notes where size and title or data",
            "select id from notes where title = 'x' collate nocase order by title collate nocase desc",
        ])
    );
}

#[test]
fn values() {
    insta::assert_snapshot!(
        "values",
        report(&[
            "select id, size + 1 as a, size / 2 as b, 7 / 2 as c, size % 2 as d, -size as e, active + 1 as f from notes",
            "select id, title || size || active || 1.0 as a from notes",
            "select id, cast(size as text) a, cast(title as int) b, cast(title as real) c, cast(active as numeric) d from notes",
            "select id, iif(active, 1, 'no') a, coalesce(title, size) b, ifnull(data, 0) c, nullif(title, '') d from notes",
            "select id, case size when 1 then 'one' else 'more' end a, case when active then 1 else 2.5 end b from notes",
            "select id, max(size, 1) a, min(title, 'x') b, round(size, 1) c, abs(size) d, substr(title, -2) e from notes",
            "select id, strftime('%Y', title) a, date('now') b, datetime(title, '+1 day', 'utc') c from notes",
            "select id, json_extract(data, '$.a[0].\"b c\"') a, json_array_length(data) b, json_object('k', size) c from notes",
            "select id || value as id from notes, json_each(notes.data) where key > 0 and type = 'text'",
            "select id, (select label from tags where note = notes.id) as label from notes",
            "select id, printf('%05d|%-8s|%.2f%%', size, title, size) as p from notes",
            "select id, lower(title) a, length(title) b, trim(title, 'x') c, instr(title, 'a') d, typeof(size) e from notes",
        ])
    );
}

#[test]
fn groups() {
    insta::assert_snapshot!(
        "groups",
        report(&[
            "select note as id, count(*) n, count(distinct label) d, group_concat(label) g from tags group by note",
            "select 'all' id, sum(size) s, total(size) t, avg(active) a, min(title) mi, max(active) ma from notes",
            "select notes.id, title, count(label) as n from notes left join tags on note = notes.id group by notes.id having n > 1",
            "select title as id, max(size) as m, data from notes group by title",
            "select substr(title, 1, 1) as id, count(*) from notes group by substr(title, 1, 1) order by 2 desc",
            "select id, row_number() over (partition by active order by size desc) r, sum(size) over () s from notes",
            "select title as id, size from notes group by title",
            "select id, total from totals group by id",
            "select id, label from (select id, label from tags) group by id",
            "select notes.id, label from notes left join tags on note = notes.id group by notes.id",
            "select title as id, size, min(active) a, max(data) d from notes group by title having size > 1 order by size",
        ])
    );
}

#[test]
fn what_is_not_possible_is_told() {
    insta::assert_snapshot!(
        "refusals",
        report(&[
            "select id from nowhere",
            "select nope from notes",
            "select n.nope from notes n",
            "select id from notes, tags",
            "select id from notes where",
            "selec id from notes",
            "drop table notes",
            "select id from (delete from notes returning id)",
            "with x as (delete from notes returning id) select id from x",
            "select id from notes -- and so on",
            "select id, nofunc(title) as x from notes",
            "select id, substr(title) as x from notes",
            "select id, printf('%q', title) as x from notes",
            "select id, printf(title, size) as x from notes",
            "select id, pg_read_file('x') as x from notes",
            "select id, load_extension('x') as x from notes",
            "select id from notes where title = ?",
            "select id from notes where title = :title",
            "select id, x'00' as b from notes",
            "select id from sqlite_master",
            "select id from pragma_table_info('notes')",
            "select id from notes union select id, title from notes",
            "select id from notes limit (select 1)",
        ])
    );
}

#[test]
fn indexes() {
    let tables = Tables::new(tables().get("notes").cloned());
    let both = |text: &str| {
        let authored = Authored::new(text, &tables);
        let or_error = |result: super::Result<String>| result.unwrap_or_else(|error| format!("! {error}"));
        format!(
            "{text}\n    {}\n    {}\n",
            or_error(super::expression(&authored)),
            or_error(super::condition(&authored))
        )
    };
    let texts = [
        "title != ''",
        "`size` > 1 and active",
        "lower(title)",
        "strftime('%Y', title)",
        "size != ''",
        "data is not null",
        "nope = 1",
        "data = 'x' or data > 5 or data = title",
        "json_extract(data, '$.a')",
        "coalesce(data, title)",
        "printf('%05d', size) || char(size)",
        "json_extract(data, '$.a') > title",
        "concat(title, size) || hex(title) || json_object('a', title)",
        "strftime('%Y', 'now')",
        "date()",
        "datetime(title, 'localtime')",
        "title > current_date",
        "random() > 0",
        "title =",
    ];
    insta::assert_snapshot!("indexes", texts.map(both).concat());
}

#[test]
fn a_deep_text_is_refused_and_not_followed() {
    for (start, part) in [
        ("select id from notes where ", "("),
        ("select ", "- "),
        ("select ", "not "),
        ("", "("),
        ("select id from ", "(select id from "),
    ] {
        let text = start.to_owned() + &part.repeat(5_000);
        assert!(translated(&text).starts_with('!'), "{part}");
    }
}

#[test]
fn as_deep_as_it_may_be_a_text_is_followed() {
    let nested = |levels: usize| {
        let inner = format!("{}size{}", "abs(case when ".repeat(levels), " then 1 end)".repeat(levels));
        format!(
            "{}select id, {inner} as x from notes{}",
            "select id, x from (".repeat(levels),
            ")".repeat(levels)
        )
    };
    assert!(!translated(&nested(5)).starts_with('!'));
    for levels in 6..40 {
        translated(&nested(levels));
    }
}

#[test]
fn a_long_chain_is_translated_and_a_longer_one_refused() {
    let chain = |length: usize| format!("select id from tags where label = 'a'{}", " or 1".repeat(length));
    assert!(translated(&chain(1_000)).starts_with("SELECT"));
    assert_eq!(translated(&chain(100_000)), "! on PostgreSQL a query cannot have so many words");
}
