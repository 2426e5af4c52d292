//! The JSON of records, written from the columns of their rows.

use super::rows::Posts;
use crate::error::Result;

/// The values of a row.
pub(super) trait Row {
    fn text(&self, column: usize) -> Result<&str>;
    fn truth(&self, column: usize) -> Result<bool>;
    fn number(&self, column: usize) -> Result<f64>;
}

/// Writes the record of a row with the columns of a post, with what its relations lead to if there is any.
pub(super) fn post(posts: Posts, row: &impl Row, expand: Option<&[u8]>, out: &mut Vec<u8>) -> Result<()> {
    let name = posts.name();
    out.extend_from_slice(b"{\"body\":");
    string(row.text(0)?, out)?;
    out.extend_from_slice(b",\"collectionId\":\"pbc_");
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\",\"collectionName\":\"");
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\",\"created\":");
    string(row.text(1)?, out)?;
    if let Some(expand) = expand {
        out.extend_from_slice(b",\"expand\":");
        out.extend_from_slice(expand);
    }
    out.extend_from_slice(b",\"id\":");
    string(row.text(2)?, out)?;
    out.extend_from_slice(b",\"owner\":");
    string(row.text(3)?, out)?;
    out.extend_from_slice(if row.truth(4)? { b",\"published\":true" } else { b",\"published\":false" });
    out.extend_from_slice(b",\"tags\":");
    out.extend_from_slice(row.text(5)?.as_bytes());
    out.extend_from_slice(b",\"title\":");
    string(row.text(6)?, out)?;
    out.extend_from_slice(b",\"views\":");
    number(row.number(7)?, out)?;
    out.push(b'}');
    Ok(())
}

/// Writes the record of a row with id, name and whether it is verified, as others see it.
pub(super) fn user(row: &impl Row, out: &mut Vec<u8>) -> Result<()> {
    out.extend_from_slice(
        b"{\"collectionId\":\"pbc_bench_users\",\"collectionName\":\"bench_users\",\"emailVisibility\":false,\"id\":",
    );
    string(row.text(0)?, out)?;
    out.extend_from_slice(b",\"name\":");
    string(row.text(1)?, out)?;
    out.extend_from_slice(if row.truth(2)? { b",\"verified\":true}" } else { b",\"verified\":false}" });
    Ok(())
}

/// Writes the record of a row with id and name.
pub(super) fn tag(row: &impl Row, out: &mut Vec<u8>) -> Result<()> {
    out.extend_from_slice(b"{\"collectionId\":\"pbc_bench_tags\",\"collectionName\":\"bench_tags\",\"id\":");
    string(row.text(0)?, out)?;
    out.extend_from_slice(b",\"name\":");
    string(row.text(1)?, out)?;
    out.push(b'}');
    Ok(())
}

/// What the relations of a post lead to: its owner, and its tags by the ids in its column.
pub(super) fn expand(
    owner: &[u8],
    tags: &str,
    mut tag: impl FnMut(&str, &mut Vec<u8>) -> Result<()>,
    out: &mut Vec<u8>,
) -> Result<()> {
    out.extend_from_slice(b"{\"owner\":");
    out.extend_from_slice(owner);
    out.extend_from_slice(b",\"tags\":[");
    for (at, id) in ids(tags)?.into_iter().enumerate() {
        comma(at, out);
        tag(id, out)?;
    }
    out.extend_from_slice(b"]}");
    Ok(())
}

/// The ids in a column.
pub(super) fn ids(column: &str) -> Result<Vec<&str>> {
    Ok(serde_json::from_str(column)?)
}

/// Writes what stands between the items of a list.
pub(super) fn comma(at: usize, out: &mut Vec<u8>) {
    if at > 0 {
        out.push(b',');
    }
}

/// Writes the begin of a list.
pub(super) fn begin(out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"items\":[");
}

/// Writes the end of a list with what was counted, -1 when nothing was.
pub(super) fn end(total: i64, out: &mut Vec<u8>) {
    let pages = if total < 0 { -1 } else { total.div_euclid(30) + i64::from(total % 30 > 0) };
    let end = format!("],\"page\":1,\"perPage\":30,\"totalItems\":{total},\"totalPages\":{pages}}}");
    out.extend_from_slice(end.as_bytes());
}

fn string(text: &str, out: &mut Vec<u8>) -> Result<()> {
    Ok(serde_json::to_writer(out, text)?)
}

#[expect(clippy::cast_possible_truncation, reason = "a whole number below 2^53 stays what it is")]
fn number(number: f64, out: &mut Vec<u8>) -> Result<()> {
    if number.fract() == 0.0 && number.abs() < 9e15 {
        return Ok(serde_json::to_writer(out, &(number as i64))?);
    }
    Ok(serde_json::to_writer(out, &number)?)
}
