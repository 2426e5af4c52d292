//! The JSON of a post, written from the columns of its row.

use crate::error::Result;

/// The values of a row with the columns of a post, in the order in which its JSON has them: body, created, id, owner,
/// published, tags, title, views.
pub(super) trait Row {
    fn text(&self, column: usize) -> Result<&str>;
    fn truth(&self, column: usize) -> Result<bool>;
    fn number(&self, column: usize) -> Result<f64>;
}

/// Writes the record of a row.
pub(super) fn post(row: &impl Row, out: &mut Vec<u8>) -> Result<()> {
    out.extend_from_slice(b"{\"body\":");
    string(row.text(0)?, out)?;
    out.extend_from_slice(
        b",\"collectionId\":\"pbc_bench_posts\",\"collectionName\":\"bench_posts\",\"created\":",
    );
    string(row.text(1)?, out)?;
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

/// Writes the begin of a list.
pub(super) fn begin(out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"items\":[");
}

/// Writes the end of a list with what was counted, -1 when nothing was.
pub(super) fn end(total: i64, per_page: i64, out: &mut Vec<u8>) {
    let pages = if total < 0 { -1 } else { total.div_euclid(per_page) + i64::from(total % per_page > 0) };
    let end = format!("],\"page\":1,\"perPage\":{per_page},\"totalItems\":{total},\"totalPages\":{pages}}}");
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
