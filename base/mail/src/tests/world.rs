//! What the tests share: nodes on one throw-away database, of each engine that there is.

use std::sync::Arc;
use std::time::{Duration, Instant};

use socle_config::{BASE, Sources, Specification, Values};
use socle_crypto::Sealer;
use socle_db::Db;
use socle_db::throwaway::{SERVER, Throwaway};
use socle_i18n::{Catalogue, Language, Locale};
use socle_kernel::{Clock, Ids, Random, Secret, Timestamp};
use tokio::runtime::Runtime;

use crate::pace::Pace;
use crate::{Delivery, ENGLISH, FRENCH, MIGRATIONS, Mail, Mailer, Post, Queued, SETTINGS};

/// Longer than anything here takes; what has not come by then never will.
pub(super) const NEVER: Duration = Duration::from_secs(30);

/// Sentences of a mail with everything that a mail can have.
const OWN: [(Language, &str); 2] = [
    (
        Language::En,
        "mail-reset-subject = Another password, { $name }\nmail-reset-text =\n    Somebody asked { $inviter }.\n\n    { $minutes ->\n        [one] One minute\n       *[other] { $minutes } minutes\n    }, until { $until }.\nmail-reset-button = Choose\n",
    ),
    (
        Language::Fr,
        "mail-reset-subject = Un autre mot de passe, { $name }\nmail-reset-text =\n    Quelqu’un a demandé { $inviter }.\n\n    { $minutes ->\n        [one] Une minute\n       *[other] { $minutes } minutes\n    }, jusqu’au { $until }.\nmail-reset-button = Choisir\n",
    ),
];

/// A database with its queue, and nodes that share it.
pub(super) struct World {
    pub(super) runtime: Runtime,
    pub(super) clock: Clock,
    pub(super) folder: tempfile::TempDir,
    pub(super) mailer: Mailer,
    place: Throwaway,
}

/// A world of each engine that there is: PostgreSQL where the tests know a server.
pub(super) fn worlds() -> Vec<World> {
    let server = std::env::var(SERVER).ok();
    let postgres = server.map(|server| Throwaway::postgres(&[MIGRATIONS], &server).unwrap());
    std::iter::once(Throwaway::sqlite(&[MIGRATIONS]).unwrap()).chain(postgres).map(World::of).collect()
}

impl World {
    fn of(place: Throwaway) -> Self {
        let clock = Clock::manual(Timestamp::from_seconds(1_768_471_200));
        let mailer = mailer(&clock, b"a key for tests");
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        Self { runtime, clock, folder: tempfile::tempdir().unwrap(), mailer, place }
    }

    pub(super) fn db(&self) -> &Db {
        self.place.db()
    }

    /// The database as another node has it. A SQLite file has one process: there it is the same.
    pub(super) fn other_db(&self) -> Db {
        match self.place.db().dialect() {
            socle_db::Dialect::Sqlite => self.place.db().clone(),
            socle_db::Dialect::Postgres => Db::open(self.place.settings()).unwrap(),
        }
    }

    /// Settings of mail, with the folder of this world.
    pub(super) fn values(&self, given: &[(&str, &str)]) -> Values {
        values(self.folder.path(), given)
    }

    /// A node that sends to this server, or to the folder; it looks at the queue all the time.
    pub(super) fn node(&self, db: &Db, url: Option<&str>, given: &[(&str, &str)]) -> Delivery {
        self.node_that_looks_every(Duration::from_millis(10), db, url, given)
    }

    /// A node that looks at the queue that often when nothing calls it.
    pub(super) fn node_that_looks_every(
        &self,
        poll: Duration,
        db: &Db,
        url: Option<&str>,
        given: &[(&str, &str)],
    ) -> Delivery {
        let mut all = vec![("mail.from", "Socle <no-reply@socle.test>"), ("mail.timeout", "5s")];
        all.extend(url.map(|url| ("mail.smtp_url", url)));
        all.extend(given);
        let values = self.values(&all);
        let post = Post::new(&values, catalogue()).unwrap();
        let pace = Pace { poll, ..Pace::of(&values).unwrap() };
        Delivery::with_pace((db, &self.clock, &Random::seeded(3)), &self.mailer, post, pace)
    }

    /// Begins to send on this world's runtime.
    pub(super) fn start(&self, delivery: &Delivery) {
        let _inside = self.runtime.enter();
        delivery.start(std::future::pending()).unwrap();
    }

    pub(super) fn queue(&self, mail: &Mail) {
        let (mailer, mail) = (self.mailer.clone(), mail.clone());
        self.db().write_blocking(move |tx| mailer.send(tx, &mail)).unwrap();
    }

    pub(super) fn queued(&self) -> Vec<Queued> {
        self.db().read_blocking(|conn| Queued::first(conn, 1_000)).unwrap()
    }

    /// Waits until the queue is as it should be.
    #[track_caller]
    pub(super) fn until(&self, is_so: impl Fn(&[Queued]) -> bool) -> Vec<Queued> {
        let begun = Instant::now();
        loop {
            let queued = self.queued();
            if is_so(&queued) {
                return queued;
            }
            assert!(begun.elapsed() < NEVER, "{queued:?}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// The files of the folder, in their order.
    pub(super) fn files(&self) -> Vec<std::path::PathBuf> {
        let Ok(entries) = std::fs::read_dir(self.folder.path().join("mail")) else { return Vec::new() };
        let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    }
}

pub(super) fn values(folder: &std::path::Path, given: &[(&str, &str)]) -> Values {
    let mut flags = vec![("data_dir".to_owned(), folder.display().to_string())];
    flags.extend(given.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
    let specification = Specification::new([BASE, SETTINGS]).unwrap();
    Values::load(&specification, &Sources { flags, ..Sources::default() }).unwrap()
}

pub(super) fn mailer(clock: &Clock, key: &[u8]) -> Mailer {
    let random = Random::system();
    let sealer = Sealer::new(&[Secret::new(key.to_vec())], random.clone()).unwrap();
    Mailer::new(clock.clone(), Ids::new(clock.clone(), random), sealer)
}

pub(super) fn catalogue() -> Arc<Catalogue> {
    let common = [(Language::En, ENGLISH), (Language::Fr, FRENCH)];
    let locales: Vec<Locale> = common
        .into_iter()
        .chain(OWN)
        .map(|(language, ftl)| Locale { language, ftl, origin: "mail" })
        .collect();
    let catalogue = Catalogue::new(&locales).unwrap();
    assert_eq!(catalogue.missing(), []);
    Arc::new(catalogue)
}

/// A mail to this address, with everything that a mail can have.
pub(super) fn mail(to: &str) -> Mail {
    Mail::new(to, "Zoé Durand", Language::Fr, "reset")
        .arg("minutes", 30)
        .arg("inviter", "Ann")
        .arg("until", Timestamp::from_seconds(1_767_225_600))
        .link("https://socle.test/reset?a=1&b=2#token")
        .code("123 456")
}
