use std::sync::{Arc, Weak};

use ambient::{Clock, Entropy};
use arc_swap::{ArcSwap, ArcSwapOption};
use files::{Blobs, ObjectStores, ThumbLimits, Thumbs};
use mail::Mailer;
use oauth2_providers::Registry;
use store::Store;
use tokio::sync::{Mutex, RwLock};

use crate::auth::{Cooldowns, Names};
use crate::backups::Backups;
use crate::changes::{Totals, Versions, Watched};
use crate::crons::{self, Crons};
use crate::hooks::HookRegistry;
use crate::limits::Limits;
use crate::logs::Logs;
use crate::mails::Outbox;
use crate::password::Passwords;
use crate::realtime::Broker;
use crate::storage::Storage;
use crate::{
    BackupParts, Catalog, EncryptionKey, Error, Extension, Journal, Result, Settings, StartError, Upgraded,
    bootstrap,
};

/// The application. Cheap to clone; all clones are the same one.
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

/// What an [`Engine`] is put together from.
pub struct Parts {
    /// Holds collections, records and settings.
    pub store: Arc<dyn Store>,
    /// Holds the logs.
    pub auxiliary: Arc<dyn Store>,
    /// Holds the files of records, unless the settings name a bucket.
    pub blobs: Arc<dyn Blobs>,
    /// Opens the buckets that settings name; without it settings that name one are refused.
    pub object_stores: Option<Arc<dyn ObjectStores>>,
    /// Makes backups; without it there are none.
    pub backups: Option<BackupParts>,
    /// How many thumbnails are made at the same time.
    pub thumbs: ThumbLimits,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// The services that records can log in through.
    pub oauth2: Registry,
    /// Hands mails over.
    pub mailer: Arc<dyn Mailer>,
    /// What the stored settings are encrypted with; they are plain without it.
    pub encryption: Option<EncryptionKey>,
    /// Business logic.
    pub extensions: Vec<Arc<dyn Extension>>,
}

struct Inner {
    store: Watched,
    versions: Arc<Versions>,
    totals: Totals,
    auxiliary: Arc<dyn Store>,
    storage: Storage,
    backups: Option<Backups>,
    blobs: Arc<dyn Blobs>,
    thumbs: Thumbs,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    mailer: Arc<dyn Mailer>,
    outbox: Outbox,
    cooldowns: Cooldowns,
    oauth2_names: Names,
    catalog: ArcSwap<Catalog>,
    settings: ArcSwap<Settings>,
    encryption: Option<EncryptionKey>,
    oauth2: Registry,
    hooks: HookRegistry,
    passwords: Passwords,
    logs: Logs,
    crons: Crons,
    realtime: Broker,
    limits: Limits,
    journal: ArcSwapOption<Arc<dyn Journal>>,
    /// Held while collections change, so that the snapshot follows the database in the same order.
    schema_changes: Mutex<()>,
    /// Shared by the transactions that run, or held by one that others got in the way of.
    turns: RwLock<()>,
}

impl Engine {
    /// Opens the application: sets a fresh store up, upgrades one of an older format (see [`pending_upgrades`]), loads
    /// collections and settings, declares the collections of the extensions and starts them in their order.
    ///
    /// # Errors
    /// [`StartError`] when the store is not usable or an extension refuses.
    ///
    /// [`pending_upgrades`]: crate::pending_upgrades
    pub async fn start(parts: Parts) -> Result<Self, StartError> {
        let extensions = parts.extensions.clone();
        let engine = Self::assemble(parts).await?;
        for upgraded in bootstrap::upgrade(&engine, true).await? {
            tracing::info!(
                migration = upgraded.migration,
                changes = upgraded.changes.len(),
                "the data was upgraded"
            );
        }
        engine.clean_logs();
        crons::register(&engine).map_err(|error| StartError::Engine(Box::new(error)))?;
        engine.schedule_backups();
        for extension in &extensions {
            bootstrap::start_extension(&engine, &**extension).await?;
        }
        Ok(engine)
    }

    /// What [`Self::start`] would change in data of an older format. Nothing is changed.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub async fn plan_upgrade(parts: Parts) -> Result<Vec<Upgraded>, StartError> {
        let engine = Self::assemble(parts).await?;
        let planned = bootstrap::upgrade(&engine, false).await;
        engine.close().await.map_err(|error| StartError::Engine(Box::new(error)))?;
        planned
    }

    async fn assemble(parts: Parts) -> Result<Self, StartError> {
        bootstrap::prepare(&parts).await?;
        let catalog = bootstrap::load_catalog(&*parts.store).await?;
        let settings = bootstrap::load_settings(&*parts.store, parts.encryption.as_ref()).await?;
        let (place, archiver) = parts.backups.map(|parts| (parts.blobs, parts.archiver)).unzip();
        let storage = Storage::new(parts.blobs, place, parts.object_stores);
        storage.check(&settings)?;
        storage.follow(&settings);
        let mut hooks = HookRegistry::default();
        for extension in &parts.extensions {
            extension.hooks(&mut hooks);
        }
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let (clock, entropy) = (Arc::clone(&parts.clock), Arc::clone(&parts.entropy));
        let logs = Logs::start(Arc::clone(&parts.auxiliary), clock, entropy);
        let (realtime, lane) = Broker::new();
        let (store, versions) = Watched::new(parts.store);
        let engine = Self(Arc::new(Inner {
            store,
            versions,
            totals: Totals::default(),
            auxiliary: parts.auxiliary,
            blobs: storage.files(),
            backups: storage.backups().zip(archiver).map(|(blobs, archiver)| Backups::new(blobs, archiver)),
            storage,
            thumbs: Thumbs::new(parts.thumbs),
            clock: parts.clock,
            entropy: parts.entropy,
            mailer: parts.mailer,
            outbox: Outbox::default(),
            cooldowns: Cooldowns::default(),
            oauth2_names: Names::default(),
            catalog: ArcSwap::from_pointee(catalog),
            settings: ArcSwap::from_pointee(settings),
            encryption: parts.encryption,
            oauth2: parts.oauth2,
            hooks,
            passwords: Passwords::new(cores),
            logs,
            crons: Crons::new(),
            realtime,
            limits: Limits::default(),
            journal: ArcSwapOption::empty(),
            schema_changes: Mutex::new(()),
            turns: RwLock::new(()),
        }));
        lane.send_out(engine.downgrade());
        Ok(engine)
    }

    /// The collections as they are now.
    pub fn catalog(&self) -> Arc<Catalog> {
        self.0.catalog.load_full()
    }

    /// The settings as they are now.
    pub fn settings(&self) -> Arc<Settings> {
        self.0.settings.load_full()
    }

    /// The time.
    pub fn clock(&self) -> &dyn Clock {
        &*self.0.clock
    }

    /// Randomness.
    pub fn entropy(&self) -> &dyn Entropy {
        &*self.0.entropy
    }

    /// The services that records can log in through.
    pub fn oauth2(&self) -> &Registry {
        &self.0.oauth2
    }

    /// The files of records.
    pub fn blobs(&self) -> &Arc<dyn Blobs> {
        &self.0.blobs
    }

    /// The jobs that run by a schedule.
    ///
    /// ```
    /// # use baibase_engine as engine;
    /// use engine::{Engine, Result};
    ///
    /// // In `Extension::start`, for example.
    /// fn register(engine: &Engine) -> Result<()> {
    ///     engine.crons().add("count", "*/10 * * * *", |engine| async move {
    ///         let notes = engine.count("notes", None).await?;
    ///         println!("{notes} notes");
    ///         Ok(())
    ///     })
    /// }
    /// ```
    pub fn crons(&self) -> &Crons {
        &self.0.crons
    }

    /// The clients that want to hear of changes.
    pub fn realtime(&self) -> &Broker {
        &self.0.realtime
    }

    /// Writes back what is pending and closes the stores, once the jobs that run have ended. No request may be under
    /// way.
    ///
    /// # Errors
    /// When something could not be written back.
    pub async fn close(&self) -> Result<()> {
        self.0.crons.close().await;
        self.0.realtime.close();
        self.0.outbox.drain().await;
        self.0.logs.close().await;
        let data = self.0.store.close().await;
        self.0.auxiliary.close().await.map_err(Error::from)?;
        Ok(data?)
    }

    pub(crate) fn store(&self) -> &dyn Store {
        &self.0.store
    }

    pub(crate) fn versions(&self) -> &Versions {
        &self.0.versions
    }

    pub(crate) fn totals(&self) -> &Totals {
        &self.0.totals
    }

    pub(crate) fn auxiliary(&self) -> &dyn Store {
        &*self.0.auxiliary
    }

    pub(crate) fn logs(&self) -> &Logs {
        &self.0.logs
    }

    pub(crate) fn encryption(&self) -> Option<&EncryptionKey> {
        self.0.encryption.as_ref()
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.0.limits
    }

    pub(crate) fn journal(&self) -> &ArcSwapOption<Arc<dyn Journal>> {
        &self.0.journal
    }

    pub(crate) fn downgrade(&self) -> WeakEngine {
        WeakEngine(Arc::downgrade(&self.0))
    }

    pub(crate) fn hooks(&self) -> &HookRegistry {
        &self.0.hooks
    }

    pub(crate) fn mailer(&self) -> &dyn Mailer {
        &*self.0.mailer
    }

    pub(crate) fn outbox(&self) -> &Outbox {
        &self.0.outbox
    }

    pub(crate) fn cooldowns(&self) -> &Cooldowns {
        &self.0.cooldowns
    }

    pub(crate) fn oauth2_names(&self) -> &Names {
        &self.0.oauth2_names
    }

    /// # Errors
    /// 400 where there are no backups.
    pub(crate) fn backups(&self) -> Result<&Backups> {
        let missing = || Error::bad_request("Failed to load backups filesystem.");
        self.0.backups.as_ref().ok_or_else(missing)
    }

    pub(crate) fn storage(&self) -> &Storage {
        &self.0.storage
    }

    pub(crate) fn thumbs(&self) -> &Thumbs {
        &self.0.thumbs
    }

    pub(crate) fn passwords(&self) -> &Passwords {
        &self.0.passwords
    }

    pub(crate) fn turns(&self) -> &RwLock<()> {
        &self.0.turns
    }

    pub(crate) fn schema_changes(&self) -> &Mutex<()> {
        &self.0.schema_changes
    }

    pub(crate) fn replace_catalog(&self, catalog: Catalog) {
        let catalog = Arc::new(catalog);
        let before = self.0.catalog.swap(Arc::clone(&catalog));
        self.0.realtime.follow(&before, &catalog);
    }

    pub(crate) fn replace_settings(&self, settings: Settings) {
        self.0.storage.follow(&settings);
        self.0.settings.store(Arc::new(settings));
        self.reset_limits();
        self.schedule_backups();
    }
}

/// An [`Engine`] for tasks that should not keep it alive.
pub(crate) struct WeakEngine(Weak<Inner>);

impl WeakEngine {
    pub(crate) fn upgrade(&self) -> Option<Engine> {
        self.0.upgrade().map(Engine)
    }
}
