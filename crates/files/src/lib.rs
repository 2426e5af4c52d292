//! Files: where they are kept, how they are named and what they are.
//!
//! * [`Blobs`] is the store of files, by [`Key`]; [`LocalDisk`] keeps them in a directory in PocketBase's layout.
//!   Nothing in it speaks of paths: object stores implement it as well, and [`ObjectStores`] opens them.
//! * [`read_file`] reads files that are in no store.
//! * [`Content`] is what is in a file on its way in, in memory or spilled to a temporary file ([`Scratch`]).
//! * [`RecordFiles`] says under which keys the files of a record and their thumbnails are.
//! * [`Thumbs`] makes thumbnails of images, of a [`ThumbSize`] each.
//! * [`stored_name`] makes the name under which an upload is kept, and [`mime`] tells a file's type from its content.

mod blobs;
mod content;
mod disk;
mod error;
pub mod escape;
mod key;
mod layout;
mod local;
pub mod mime;
mod name;
mod object;
mod scratch;
mod thumb;
mod upload;

pub use blobs::{Blobs, ByteStream, Entry, Metadata, Properties};
pub use content::Content;
pub use disk::read_file;
pub use error::{Error, Result};
pub use key::{Key, Prefix};
pub use layout::RecordFiles;
pub use local::LocalDisk;
pub use name::stored_name;
pub use object::{ObjectStores, S3Bucket};
pub use scratch::{Scratch, Spool};
pub use thumb::{ThumbLimits, ThumbSize, Thumbs};
pub use upload::Upload;
