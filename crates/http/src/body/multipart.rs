use std::error::Error as StdError;

use axum::body::Body;
use files::{Scratch, Upload};
use http::HeaderValue;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use multer::{Field, Multipart};

use super::disposition::{self, Disposition};
use super::form::Values;
use super::stream::{Limited, Meter, Paced};
use super::{Error, Limits, Payload};

/// How many parts a form may have.
const MAX_PARTS: usize = 1000;
/// How much of all files of a request is held in memory, in bytes.
const FILE_MEMORY: u64 = 2 << 20;
/// What a part costs beside its content: its name, and its entry in a map.
const PART_OVERHEAD: u64 = 200;

/// Reads a form with files.
pub(super) async fn read(
    body: Body,
    boundary: String,
    query: &str,
    limits: Limits,
    scratch: &Scratch,
) -> Result<Payload, Error> {
    let mut values = Values::default();
    values.add_urlencoded(query.as_bytes())?;
    let meter = Meter::default();
    let stream = Paced::new(Limited::new(body, limits.total), meter.clone());
    let mut form = Form { meter, scratch, data_left: limits.data, file_memory_left: FILE_MEMORY };
    let mut multipart = Multipart::new(stream, boundary);
    let mut files = Vec::new();
    let mut parts = 0;
    while let Some(mut field) = multipart.next_field().await.map_err(from_multer)? {
        form.meter.reset();
        parts += 1;
        if parts > MAX_PARTS {
            return Err(Error::malformed("too many parts"));
        }
        let disposition = field.headers().get(CONTENT_DISPOSITION).map(HeaderValue::as_bytes);
        match disposition.and_then(disposition::parse) {
            None => while form.chunk(&mut field).await?.is_some() {},
            Some(Disposition { name, file_name: None }) => {
                let value = form.value(&mut field, &name).await?;
                values.add(name, value);
            }
            Some(Disposition { name, file_name: Some(original_name) }) => {
                let upload = form.file(&mut field, &name, original_name).await?;
                files.push((name, upload));
            }
        }
    }
    Ok(Payload { data: values.into_data()?, files })
}

/// A form that is being read.
struct Form<'a> {
    meter: Meter,
    scratch: &'a Scratch,
    data_left: u64,
    file_memory_left: u64,
}

impl Form<'_> {
    async fn chunk(&self, field: &mut Field<'_>) -> Result<Option<bytes::Bytes>, Error> {
        let chunk = field.chunk().await.map_err(from_multer)?;
        self.meter.reset();
        Ok(chunk)
    }

    /// Takes from what is allowed to be held in memory.
    fn charge(&mut self, bytes: u64) -> Result<(), Error> {
        self.data_left = self.data_left.checked_sub(bytes).ok_or(Error::TooLarge)?;
        Ok(())
    }

    async fn value(&mut self, field: &mut Field<'_>, name: &str) -> Result<String, Error> {
        self.charge(PART_OVERHEAD + name.len() as u64)?;
        let mut value = Vec::new();
        while let Some(chunk) = self.chunk(field).await? {
            self.charge(chunk.len() as u64)?;
            value.extend_from_slice(&chunk);
        }
        Ok(String::from_utf8_lossy(&value).into_owned())
    }

    async fn file(
        &mut self,
        field: &mut Field<'_>,
        name: &str,
        original_name: String,
    ) -> Result<Upload, Error> {
        self.charge(PART_OVERHEAD + (name.len() + original_name.len()) as u64)?;
        let content_type = field.headers().get(CONTENT_TYPE);
        let content_type = content_type.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        let mut spool = self.scratch.spool(usize::try_from(self.file_memory_left).unwrap_or(usize::MAX));
        while let Some(chunk) = self.chunk(field).await? {
            spool.write(&chunk).await.map_err(Error::Storage)?;
        }
        let content = spool.finish().await.map_err(Error::Storage)?;
        if content.is_in_memory() {
            self.file_memory_left = self.file_memory_left.saturating_sub(content.size());
        }
        Ok(Upload { original_name, content_type, content })
    }
}

/// An error of the stream below comes back as it was; all others are the form's.
fn from_multer(error: multer::Error) -> Error {
    match error {
        multer::Error::StreamReadFailed(source) => {
            let source: Box<dyn StdError + Send + Sync> = source;
            source.downcast::<Error>().map_or_else(Error::Malformed, |inner| *inner)
        }
        other => Error::malformed(other),
    }
}
