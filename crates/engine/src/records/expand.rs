//! Records that are sent along with those that point to them, or that they point to.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use filter::expand::Expand;
use schema::collection::Index;
use schema::value::go_json;
use schema::{Collection, Field, FieldKind};
use sql::{Expr, Ident, Select};
use store::Cost;

use super::{Access, references};
use crate::{Catalog, Context, Engine, Entry, Error, Record, Request, Result};

/// The most records that are sent with one because they point to it.
const MAX_BACK: u64 = 1000;

/// The most ids that one query looks for.
const CHUNK: usize = 1000;

/// Between the name of a collection and that of its field that points back.
const BACK: &str = "_via_";

/// The records that are sent along with each of several records: a JSON object by the names of the relations, `None`
/// where no relation could be expanded.
type Expanded = Vec<Option<Vec<u8>>>;

/// A relation, as an expand names it.
struct Relation {
    /// The collection of the records to send along.
    target: Arc<Entry>,
    /// The field of those records that points back; `None` for a field of the records themselves.
    back: Option<Field>,
    /// Whether there is one such record at most, which then is no list.
    single: bool,
}

impl Engine {
    /// The records that a reply's `expand` parameter asks for with each of its records, all of one collection.
    pub(crate) async fn expand(
        &self,
        access: &mut Access<'_>,
        request: &Request,
        records: &[Record],
    ) -> Expanded {
        let nodes = filter::expand::parse(request.parameter("expand"));
        let request = Request { context: Context::Expand, ..request.clone() };
        self.expand_nodes(access, &request, records, &nodes).await.0
    }

    /// Expands records by several relations, and tells whether any of them could be expanded. One that cannot is left
    /// out: a reply is not lost over it.
    async fn expand_nodes(
        &self,
        access: &mut Access<'_>,
        request: &Request,
        records: &[Record],
        nodes: &[Expand],
    ) -> (Expanded, bool) {
        let mut found: Vec<BTreeMap<&str, Vec<u8>>> = vec![BTreeMap::new(); records.len()];
        let mut any = false;
        for node in nodes {
            match Box::pin(self.expand_node(access, request, records, node)).await {
                Ok(values) => {
                    any = true;
                    for (found, value) in found.iter_mut().zip(values) {
                        found.extend(value.map(|value| (node.name.as_str(), value)));
                    }
                }
                Err(error) => {
                    let cause = error.cause.as_deref().map(ToString::to_string);
                    tracing::debug!(relation = node.name, %error, cause, "a relation is not expanded");
                }
            }
        }
        (found.into_iter().map(|found| any.then(|| object(&found))).collect(), any)
    }

    /// What each of the records has under one name: a record, or a list of records.
    async fn expand_node(
        &self,
        access: &mut Access<'_>,
        request: &Request,
        records: &[Record],
        node: &Expand,
    ) -> Result<Expanded> {
        let Some(first) = records.first() else { return Ok(Vec::new()) };
        let catalog = self.catalog();
        let relation = Relation::find(&catalog, first.collection(), &node.name)?;
        let ids = self.related_ids(access, &relation, records, &node.name).await?;
        let related = self.related(access, request, &relation.target, &ids).await?;
        let nested = if node.children.is_empty() || related.is_empty() {
            vec![None; related.len()]
        } else {
            let (nested, any) = self.expand_nodes(access, request, &related, &node.children).await;
            if !any {
                return Err(Error::bad_request("").because("nothing below it can be expanded"));
            }
            nested
        };
        let managed = self.managed(access, request, &relation.target, &related).await?;
        let mut texts = HashMap::with_capacity(related.len());
        for (record, nested) in related.iter().zip(nested) {
            let mut see = request.sees(&relation.target, record.id());
            see.email |= managed.contains(record.id());
            let mut text = Vec::new();
            relation.target.shape.write_record(record, see, nested.as_deref(), &mut text);
            texts.insert(record.id(), text);
        }
        let values = ids.iter().map(|ids| {
            let mut texts = ids.iter().filter_map(|id| texts.get(id.as_str()).map(Vec::as_slice));
            if relation.single { texts.next().map(<[u8]>::to_vec) } else { list(texts) }
        });
        Ok(values.collect())
    }

    /// The ids that each record is related to, in the order of the relation.
    async fn related_ids(
        &self,
        access: &mut Access<'_>,
        relation: &Relation,
        records: &[Record],
        name: &str,
    ) -> Result<Vec<Vec<String>>> {
        let Some(back) = &relation.back else {
            let items = |record: &Record| record.items(name).into_iter().map(str::to_owned).collect();
            return Ok(records.iter().map(items).collect());
        };
        let target = &relation.target.collection;
        let row_order = (!target.is_view()).then(|| Ident::from(&target.name));
        let mut ids = Vec::with_capacity(records.len());
        for record in records {
            let query = Select::from_table(&target.name)
                .column(Expr::column(&target.name, "id"))
                .filter(references::points_to(target, back, record.id()))
                .limit(MAX_BACK);
            let query = Select { row_order: row_order.clone(), ..query };
            let id = |row: &dyn store::Row| Ok(row.get(0).as_str().unwrap_or_default().to_owned());
            ids.push(access.fetch(&query, Cost::Scan, id).await?);
        }
        Ok(ids)
    }

    /// Those of the records that the caller may view.
    async fn related(
        &self,
        access: &mut Access<'_>,
        request: &Request,
        target: &Arc<Entry>,
        ids: &[Vec<String>],
    ) -> Result<Vec<Record>> {
        let rule = target.rules.view.for_caller(request.is_superuser())?;
        let mut seen = HashSet::new();
        let ids: Vec<&str> = ids.iter().flatten().map(String::as_str).filter(|id| seen.insert(*id)).collect();
        let mut related = Vec::with_capacity(ids.len());
        for ids in ids.chunks(CHUNK) {
            let query = self.rows_query(request, target, ids, rule)?;
            related.extend(self.fetch_records(access, target, &query, Cost::Scan).await?);
        }
        for record in &mut related {
            self.enrich(request, record).await?;
        }
        Ok(related)
    }
}

impl Relation {
    /// The relation of this name: a field, `<collection>_via_<field>` or, as it once was, `<collection>(<field>)`.
    fn find(catalog: &Catalog, collection: &Collection, name: &str) -> Result<Self> {
        let unknown =
            || Error::bad_request("").because(format!("{} has no relation {name}", collection.name));
        let old = || name.strip_suffix(')').and_then(|name| name.split_once('('));
        let Some((target, field)) = name.rsplit_once(BACK).or_else(old) else {
            let field = collection.field(name).ok_or_else(unknown)?;
            let target = target_of(field).and_then(|id| catalog.by_id(id)).ok_or_else(unknown)?;
            return Ok(Self { target: Arc::clone(target), back: None, single: !field.kind.is_multiple() });
        };
        let target = catalog.find(target).ok_or_else(unknown)?;
        let field = target.collection.field(field).ok_or_else(unknown)?;
        if target_of(field) != Some(&collection.id) {
            return Err(unknown());
        }
        let mut indexes = target.collection.indexes.iter().filter_map(|text| Index::parse(text));
        let single = indexes.any(|index| index.is_single_unique(&field.name));
        Ok(Self { target: Arc::clone(target), back: Some(field.clone()), single })
    }
}

/// The id of the collection that a field points to.
fn target_of(field: &Field) -> Option<&str> {
    match &field.kind {
        FieldKind::Relation(options) => Some(&options.collection_id),
        _ => None,
    }
}

/// A JSON object of texts that are JSON already.
fn object(values: &BTreeMap<&str, Vec<u8>>) -> Vec<u8> {
    let mut out = vec![b'{'];
    for (name, value) in values {
        if out.len() > 1 {
            out.push(b',');
        }
        go_json::write_string(name, &mut out);
        out.push(b':');
        out.extend(value);
    }
    out.push(b'}');
    out
}

/// A JSON list of texts that are JSON already; `None` for an empty one.
fn list<'a>(texts: impl Iterator<Item = &'a [u8]>) -> Option<Vec<u8>> {
    let texts: Vec<&[u8]> = texts.collect();
    (!texts.is_empty()).then(|| [b"[", texts.join(&b","[..]).as_slice(), b"]"].concat())
}
