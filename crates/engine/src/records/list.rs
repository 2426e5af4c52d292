use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use ambient::EntropyExt;
use filter::sort::SortItem;
use filter::{Expr, Span};
use sql::Select;
use store::{Cost, Row};

use super::Access;
use crate::hooks::ListEvent;
use crate::json::{Json, Visibility};
use crate::{Engine, Entry, Error, ErrorKind, ExpressionError, Part, Record, Request, Result};

/// Records on a page where nobody says how many.
const DEFAULT_PER_PAGE: u64 = 30;

/// The most records on a page.
const MAX_PER_PAGE: u64 = 1000;

/// The longest filter of a client, in bytes.
const MAX_FILTER: usize = 3500;

/// By how much answers are delayed, at random, for those who search too often for what is not there.
const MAX_DELAY_MS: u32 = 500;

/// What a list shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListOptions {
    /// From 1; `None` or 0 for the first.
    pub page: Option<i64>,
    /// Records on a page; `None` or 0 for the default.
    pub per_page: Option<i64>,
    /// Whether nobody needs to know how many there are.
    pub skip_total: bool,
    /// In the filter language; empty for all.
    pub filter: String,
    /// Comma separated, `-` for descending; empty for the order of the database.
    pub sort: String,
}

impl ListOptions {
    /// Reads them from a request's query parameters.
    ///
    /// # Errors
    /// 400 for a number or a truth value that is none.
    pub fn from_request(request: &Request) -> Result<Self> {
        let number = |name| match request.parameter(name) {
            "" => Ok(None),
            text => text.parse::<i64>().map(Some).map_err(|error| Error::bad_request("").because(error)),
        };
        let skip_total = match request.parameter("skipTotal") {
            "" | "0" | "f" | "F" | "false" | "FALSE" | "False" => false,
            "1" | "t" | "T" | "true" | "TRUE" | "True" => true,
            _ => return Err(Error::bad_request("")),
        };
        Ok(Self {
            page: number("page")?,
            per_page: number("perPage")?,
            skip_total,
            filter: request.parameter("filter").to_owned(),
            sort: request.parameter("sort").to_owned(),
        })
    }

    /// The filter and the sort as trees.
    pub(crate) fn parse(&self) -> Result<(Option<Expr>, Vec<SortItem>), ExpressionError> {
        if self.filter.len() > MAX_FILTER {
            let rest = Span::new(self.filter.floor_char_boundary(MAX_FILTER), self.filter.len());
            let problem = format!("expected at most {MAX_FILTER} bytes, found {}", self.filter.len());
            return Err(ExpressionError::new(Part::Filter, &self.filter, rest, &problem));
        }
        let filter = match self.filter.as_str() {
            "" => None,
            text => Some(
                filter::parse(text)
                    .map_err(|error| ExpressionError::unreadable(Part::Filter, text, &error))?,
            ),
        };
        let sort = match self.sort.as_str() {
            "" => Vec::new(),
            text => filter::sort::parse(text)
                .map_err(|error| ExpressionError::unreadable(Part::Sort, text, &error))?,
        };
        Ok((filter, sort))
    }

    /// What is wrong with the filter or the sort, when the compiler says so.
    pub(crate) fn error(&self, error: &query::Error) -> ExpressionError {
        let (part, text) = match error.part {
            query::Part::Sort => (Part::Sort, &self.sort),
            query::Part::Filter | query::Part::Rule => (Part::Filter, &self.filter),
        };
        ExpressionError::new(part, text, error.span, &error.kind)
    }

    /// How many items there are on all pages, when somebody wants to know.
    pub(crate) async fn total(
        &self,
        shown: u64,
        count: impl Future<Output = Result<u64>>,
    ) -> Result<Option<u64>> {
        if self.skip_total {
            return Ok(None);
        }
        if self.page() == 1 && shown < self.per_page() {
            // The first page is not full: it shows all there is.
            return Ok(Some(shown));
        }
        Ok(Some(count.await?))
    }

    /// The reply with the items of a page.
    pub(crate) fn reply(&self, items: Items, total: Option<u64>) -> Json {
        let (page, per_page) = (self.page(), self.per_page());
        let (total_items, total_pages) = match total {
            Some(total) => (total.to_string(), total.div_ceil(per_page).to_string()),
            None => ("-1".to_owned(), "-1".to_owned()),
        };
        let tail = format!(
            r#"],"page":{page},"perPage":{per_page},"totalItems":{total_items},"totalPages":{total_pages}}}"#
        );
        let mut text = items.text;
        text.extend_from_slice(tail.as_bytes());
        Json(text)
    }

    /// How many items are left out before the page.
    pub(crate) fn offset(&self) -> u64 {
        (self.page() - 1).saturating_mul(self.per_page()).min(i64::MAX.unsigned_abs())
    }

    fn page(&self) -> u64 {
        self.page.and_then(|page| u64::try_from(page).ok()).unwrap_or_default().max(1)
    }

    pub(crate) fn per_page(&self) -> u64 {
        match self.per_page.and_then(|size| u64::try_from(size).ok()) {
            None | Some(0) => DEFAULT_PER_PAGE,
            Some(size) => size.min(MAX_PER_PAGE),
        }
    }
}

/// Checks that a filter and a sort look at `@request` and `@collection` for superusers alone.
fn check_restricted(request: &Request) -> Result<()> {
    let restricted =
        ["filter", "sort"].into_iter().find_map(|name| query::restricted_root(request.parameter(name)));
    match restricted.filter(|_| !request.is_superuser()) {
        Some(root) => Err(Error::forbidden(format!("Only superusers can filter by {root}"))),
        None => Ok(()),
    }
}

/// How many bytes a page usually has at most.
const USUAL_SIZE: usize = 8 << 10;

/// The items of a page.
pub(crate) struct Items {
    /// The reply so far: JSON texts divided by commas, and what stands before them.
    text: Vec<u8>,
    count: u64,
}

impl Default for Items {
    fn default() -> Self {
        let mut text = Vec::with_capacity(USUAL_SIZE);
        text.extend_from_slice(b"{\"items\":[");
        Self { text, count: 0 }
    }
}

impl FromIterator<String> for Items {
    /// Items that are JSON texts already.
    fn from_iter<T: IntoIterator<Item = String>>(texts: T) -> Self {
        let mut items = Self::default();
        texts.into_iter().for_each(|text| items.next().extend_from_slice(text.as_bytes()));
        items
    }
}

impl Items {
    /// Where the next item is written.
    fn next(&mut self) -> &mut Vec<u8> {
        if self.count > 0 {
            self.text.push(b',');
        }
        self.count += 1;
        &mut self.text
    }
}

impl Engine {
    /// The records of a collection that the caller may see, a page of them:
    /// `{"items": […], "page": 1, "perPage": 30, "totalItems": 0, "totalPages": 0}`.
    ///
    /// # Errors
    /// 404 for an unknown collection, 403 when the list rule is for superusers or the filter looks at what only they
    /// may look at, 400 for a filter, sort or paging that cannot be understood.
    pub async fn list(&self, request: &Request, collection: &str) -> Result<Json> {
        self.on_current_catalog(|| self.list_once(request, collection)).await
    }

    async fn list_once(&self, request: &Request, collection: &str) -> Result<Json> {
        let entry = self.collection(collection)?;
        let rule = entry.rules.list.for_caller(request.is_superuser())?;
        check_restricted(request)?;
        let mut options = ListOptions::from_request(request)?;
        for hooks in self.hooks().of(&entry.collection.name) {
            hooks.before_list(&mut ListEvent { request, options: &mut options }).await?;
        }
        let page = self.list_query(request, &entry, rule, &options)?;
        let items = if self.needs_records(request, &entry) {
            self.list_records(request, &entry, &page.rows).await
        } else {
            self.list_rows(request, &entry, &page.rows).await
        };
        let refused = |error: Error| error.if_refused(ErrorKind::BadRequest);
        let items = items.map_err(refused)?;
        let total = options.total(items.count, self.total(&page.count)).await;
        let total = total.map_err(refused)?;
        // The rule is a part of the query: how long a search for something takes must not tell whether it is there.
        let is_search = rule.is_some() && !request.parameter("filter").is_empty();
        if is_search && items.count == 0 && self.searches_too_often(&entry.collection.id, &request.ip) {
            let ms = self.entropy().below(MAX_DELAY_MS);
            tokio::time::sleep(Duration::from_millis(ms.into())).await;
        }
        Ok(options.reply(items, total))
    }

    /// Writes the rows into the reply as they come from the database.
    async fn list_rows(&self, request: &Request, entry: &Arc<Entry>, rows: &Select) -> Result<Items> {
        let entry = Arc::clone(entry);
        let id = entry.collection.field_index("id").unwrap_or_default();
        let superuser = request.is_superuser();
        let own = request
            .auth
            .as_deref()
            .filter(|auth| auth.collection().id == entry.collection.id)
            .map(|auth| auth.id().to_owned());
        let write = move |items: &mut Items, row: &dyn Row| {
            let email = superuser || own.is_some() && row.get(id).as_str() == own.as_deref();
            let see = Visibility { hidden: superuser, email };
            entry.shape.write_row(&entry.collection, row, see, items.next());
            Ok(())
        };
        Ok(store::gather(self.store(), rows, Cost::Scan, write).await?)
    }

    /// Takes the rows apart for hooks, for the manage rule and to expand them.
    async fn list_records(&self, request: &Request, entry: &Arc<Entry>, rows: &Select) -> Result<Items> {
        let access = &mut Access::Store(self.store());
        let mut records = self.fetch_records(access, entry, rows, Cost::Scan).await?;
        for record in &mut records {
            self.enrich(request, record).await?;
        }
        let managed = self.managed(access, request, entry, &records).await?;
        let expanded = self.expand(access, request, &records).await;
        let mut items = Items::default();
        for (record, expanded) in records.iter().zip(expanded) {
            let mut see = request.sees(entry, record.id());
            see.email |= managed.contains(record.id());
            entry.shape.write_record(record, see, expanded.as_deref(), items.next());
        }
        Ok(items)
    }

    /// The ids of those records that the caller manages.
    pub(super) async fn managed(
        &self,
        access: &mut Access<'_>,
        request: &Request,
        entry: &Entry,
        records: &[Record],
    ) -> Result<HashSet<String>> {
        let Some(rule) = entry.manage_rule().filter(|_| !request.is_superuser()) else {
            return Ok(HashSet::new());
        };
        let ids: Vec<&str> = records.iter().map(Record::id).collect();
        let query = self.rows_query(request, entry, &ids, Some(rule))?;
        let found = self.fetch_records(access, entry, &query, Cost::Scan).await?;
        Ok(found.iter().map(|record| record.id().to_owned()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paging_is_clamped() {
        let options = |page, per_page| ListOptions { page, per_page, ..ListOptions::default() };
        assert_eq!(options(None, None).per_page(), 30);
        assert_eq!(options(Some(-3), Some(0)).page(), 1);
        assert_eq!(options(Some(2), Some(5000)).per_page(), 1000);
        assert_eq!(options(Some(2), Some(-1)).per_page(), 30);
    }
}
