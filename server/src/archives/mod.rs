//! Archives of the instance that the server runs, and the way back: the server ends its work and begins again with what
//! is in one.

mod database;
mod restored;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use archive::{Limits, Swap};
use async_trait::async_trait;
use engine::{Archiver, Cause, Extension};
use files::{ByteStream, Content, Scratch};
use futures_util::TryStreamExt;
use oauth2_providers::Registry;
use tempfile::TempPath;
use tokio::io::AsyncWriteExt;
use tokio::sync::mpsc;

pub(crate) use self::restored::Restored;
use crate::cli;
use crate::data_dir::DataDir;

/// Makes the providers of logins and the extensions for an engine of their own.
pub(crate) type Extensions = Arc<dyn Fn() -> (Registry, Vec<Arc<dyn Extension>>) + Send + Sync>;

/// Makes archives of the instance that the server runs, and hands over what is to take its place.
pub(crate) struct Archives {
    options: cli::DataDir,
    scratch: PathBuf,
    extensions: Extensions,
    restored: mpsc::Sender<Restored>,
}

impl Archives {
    /// For the instance of these options. What was restored comes out of the other end of the channel.
    pub(crate) fn new(
        dir: &DataDir,
        options: &cli::DataDir,
        extensions: Extensions,
    ) -> (Self, mpsc::Receiver<Restored>) {
        let (restored, receiver) = mpsc::channel(1);
        (Self { options: options.clone(), scratch: dir.scratch(), extensions, restored }, receiver)
    }

    fn root(&self) -> &Path {
        &self.options.dir
    }

    /// Takes the archive apart and sees whether a server would start on it.
    async fn take_apart(&self, swap: &Swap, archive: TempPath) -> Result<(), Cause> {
        let content = swap.content();
        let to = content.clone();
        blocking(move || Ok(archive::unpack(&archive, &to, &Limits::default())?)).await?;
        database::check(&content, &self.scratch).await?;
        self.rehearse(&content).await
    }

    /// Starts an engine on the content and ends it: what is of an older format is upgraded now, and what would keep a
    /// server from starting is known before anything is replaced.
    async fn rehearse(&self, content: &Path) -> Result<(), Cause> {
        let options =
            cli::DataDir { dir: content.to_owned(), database: None, files: None, ..self.options.clone() };
        let (oauth2, extensions) = (self.extensions)();
        let engine = DataDir::prepare(content)?.start_engine(&options, oauth2, extensions).await?;
        Ok(engine.close().await?)
    }
}

#[async_trait]
impl Archiver for Archives {
    async fn pack(&self) -> Result<Content, Cause> {
        let folder = tempfile::Builder::new().prefix("pb_backup_").tempdir_in(&self.scratch)?;
        database::copy(&self.options, folder.path()).await?;
        let (root, target) = (self.root().to_owned(), folder.path().with_extension("zip"));
        let copies = folder.path().to_owned();
        // The path removes the file when packing fails.
        let archive = TempPath::try_from_path(&target)?;
        blocking(move || {
            archive::pack(&root, &copies, &target)?;
            let size = std::fs::metadata(&target)?.len();
            Ok(Content::from_temp_file(archive, size))
        })
        .await
    }

    async fn restore(&self, mut archive: ByteStream) -> Result<(), Cause> {
        if !cfg!(unix) {
            return Err("restore is not supported on this system".into());
        }
        let (mut file, path) = Scratch::new(&self.scratch).temp_file().await?;
        while let Some(chunk) = archive.try_next().await? {
            file.write_all(&chunk).await?;
        }
        file.flush().await?;
        let root = self.root().to_owned();
        let swap = blocking(move || Ok(Swap::prepare(&root)?)).await?;
        if let Err(error) = self.take_apart(&swap, path).await {
            blocking(move || Ok(swap.discard()?)).await?;
            return Err(error);
        }
        let restored = Restored::new(swap, self.options.clone(), self.scratch.clone());
        self.restored.send(restored).await.map_err(|_| Cause::from("the server ends already"))
    }
}

/// Runs what waits for the disk on a thread that may wait.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Cause> + Send + 'static,
) -> Result<T, Cause> {
    tokio::task::spawn_blocking(work).await?
}
