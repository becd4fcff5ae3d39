//! The application of a test.

use std::num::NonZero;
use std::sync::Arc;
use std::time::Duration;

use socle_db::throwaway::Throwaway;
use socle_kit::assembly::{self, Surroundings};
use socle_kit::config::{Sources, Values};
use socle_kit::crypto::{PasswordSettings, Passwords, Sealer};
use socle_kit::events::{Events, Recorded};
use socle_kit::http::{Admission, Authenticator, Edge, Gate, Info, Origin, Refusal, RouteCard, Shutdown};
use socle_kit::kernel::{Actor, Clock, Ids, Random, Secret, Timestamp};
use socle_kit::mail::{Letterhead, Mail, Mailer, Written};
use socle_kit::observe::{Health, Metrics};
use socle_kit::{Kit, Module};

use crate::actors::{ActorBuilder, Cast};
use crate::request::TestRequest;

/// The application of a test; its database goes when it is dropped.
pub struct TestApp {
    /// The handles, for what a request cannot see.
    pub kit: Kit,
    /// The routes.
    pub cards: Vec<RouteCard>,
    edge: Edge,
    cast: Cast,
    modules: Vec<Module>,
    _throwaway: Throwaway,
}

/// An application about to be made.
pub struct TestAppBuilder {
    modules: Vec<Module>,
    settings: Vec<(String, String)>,
    now: Timestamp,
    hashing: PasswordSettings,
    authenticator: Option<MakeAuthenticator>,
}

/// What makes the authenticator of a room that has one.
type MakeAuthenticator = Box<dyn FnOnce(&Kit) -> Arc<dyn Authenticator> + Send>;

/// Hashing that takes no time: its strength is proved where it lives.
const QUICK: PasswordSettings = PasswordSettings {
    memory_kib: 64,
    passes: 1,
    lanes: 1,
    threads: NonZero::new(1),
    queue: 64,
    rest: Duration::from_secs(1),
    pepper: None,
    previous_peppers: Vec::new(),
};

/// A gate without limits: limits are tested where they live.
struct OpenGate;

impl Gate for OpenGate {
    fn admit(&self, _: std::net::IpAddr) -> Result<(), Refusal> {
        Ok(())
    }
    fn count(&self, _: &'static str, _: &Origin, _: &Actor) -> Result<Option<Admission>, Refusal> {
        Ok(None)
    }
    fn count_key(&self, _: &'static str, _: &str) -> Result<Option<Admission>, Refusal> {
        Ok(None)
    }
}

impl TestAppBuilder {
    /// With a setting, by key.
    #[must_use]
    pub fn setting(mut self, key: &str, value: &str) -> Self {
        self.settings.push((key.to_owned(), value.to_owned()));
        self
    }

    /// With passwords hashed so: for what is to take as long as it does in earnest.
    #[must_use]
    pub fn hashing(mut self, hashing: PasswordSettings) -> Self {
        self.hashing = hashing;
        self
    }

    /// With the authenticator that this makes, in place of the people of the test: for the room that answers in
    /// earnest who somebody is. It is called on a thread that may block, before the first request.
    #[must_use]
    pub fn authenticator(
        mut self,
        make: impl FnOnce(&Kit) -> Arc<dyn Authenticator> + Send + 'static,
    ) -> Self {
        self.authenticator = Some(Box::new(make));
        self
    }

    /// Makes it: a database from the template of these modules, the clock at 15 January 2026, 10:00.
    pub async fn start(self) -> TestApp {
        tokio::task::spawn_blocking(move || self.build()).await.expect("the application is made")
    }

    fn build(self) -> TestApp {
        let specification = assembly::specification(&self.modules, &[]).expect("the settings agree");
        let sources = Sources { flags: self.settings, ..Sources::default() };
        let settings =
            Values::load(&specification, &sources).unwrap_or_else(|problems| panic!("{problems:?}"));
        let throwaway =
            Throwaway::from_env(&assembly::migrations(&self.modules)).expect("a throw-away database");
        let db = throwaway.db().clone();
        let clock = Clock::manual(self.now);
        let random = Random::system();
        let ids = Ids::new(clock.clone(), random.clone());
        let cast = Cast::default();
        let sealer =
            Sealer::new(&[Secret::new(b"a key for tests".to_vec())], random.clone()).expect("a sealer");
        let kit = Kit {
            mailer: Mailer::new(clock.clone(), ids.clone(), sealer.clone()),
            events: Events::new(db.clone(), clock.clone(), ids.clone()),
            gate: Arc::new(OpenGate),
            people: Arc::new(cast.clone()),
            personal: assembly::personal(&self.modules),
            passwords: Passwords::new(&self.hashing, random.clone()).expect("a hashing pool"),
            sealer,
            catalogue: Arc::new(assembly::catalogue(&self.modules).expect("the sentences agree")),
            settings,
            shutdown: Shutdown::new(),
            db,
            clock,
            random,
            ids,
        };
        kit.shutdown.ready();
        let authenticator = match self.authenticator {
            Some(make) => make(&kit),
            None => Arc::new(cast.clone()),
        };
        let spoken = self.modules.clone();
        let around = Surroundings {
            authenticator,
            health: Arc::new(Health::new()),
            metrics: Metrics::install().expect("metrics"),
            info: Info { title: "Test", version: "0", description: "" },
            texts: Arc::new(move || assembly::texts(&spoken, "")),
        };
        let (edge, cards) = assembly::edge(&kit, &self.modules, around).expect("the routes agree");
        TestApp { kit, cards, edge, cast, modules: self.modules, _throwaway: throwaway }
    }
}

impl TestApp {
    /// An application of these modules.
    pub fn of(modules: &[Module]) -> TestAppBuilder {
        TestAppBuilder {
            modules: modules.to_vec(),
            settings: Vec::new(),
            now: Timestamp::from_seconds(1_768_471_200),
            hashing: QUICK,
            authenticator: None,
        }
    }

    /// Somebody of this name, about to sign in.
    pub fn person(&self, name: &str) -> ActorBuilder {
        ActorBuilder {
            cast: self.cast.clone(),
            name: name.to_owned(),
            role: "employee".to_owned(),
            department: None,
            permissions: Vec::new(),
            everything: false,
        }
    }

    /// A request.
    pub fn request(&self, method: &str, target: &str) -> TestRequest {
        TestRequest::new(self.edge.clone(), method, target)
    }

    /// `GET`.
    pub fn get(&self, target: &str) -> TestRequest {
        self.request("GET", target)
    }

    /// `POST`.
    pub fn post(&self, target: &str) -> TestRequest {
        self.request("POST", target)
    }

    /// `PUT`.
    pub fn put(&self, target: &str) -> TestRequest {
        self.request("PUT", target)
    }

    /// `PATCH`, as a merge patch when the body is set by `json`.
    pub fn patch(&self, target: &str) -> TestRequest {
        self.request("PATCH", target)
    }

    /// `DELETE`.
    pub fn delete(&self, target: &str) -> TestRequest {
        self.request("DELETE", target)
    }

    /// Moves the clock.
    pub fn advance(&self, by: Duration) {
        self.kit.clock.advance(by);
    }

    /// Every event written so far, in order.
    pub async fn events(&self) -> Vec<Recorded> {
        self.kit.events.everything().await.expect("the events are read")
    }

    /// The mails that wait to be sent, oldest first.
    pub async fn mails(&self) -> Vec<Mail> {
        let mailer = self.kit.mailer.clone();
        self.kit.db.read(move |conn| mailer.waiting(conn, 1_000)).await.expect("the mails are read")
    }

    /// The words of a mail as its receiver would have them.
    pub fn written(&self, mail: &Mail) -> Written {
        let letterhead = Letterhead::new(&self.kit.settings, self.kit.catalogue.clone());
        letterhead.expect("a letterhead").write(mail).expect("the mail has its sentences")
    }

    /// Tells every listener of the modules everything that happened, from the beginning: as a server does, and as it
    /// does again after a crash.
    pub async fn tell_listeners(&self) {
        let parts = self.modules.iter().flat_map(Module::with_parts);
        let listeners: Vec<_> = parts.flat_map(|part| (part.listeners)(&self.kit)).collect();
        for event in self.events().await.into_iter().map(Arc::new) {
            let hears = |kinds: &[&str]| kinds.is_empty() || kinds.contains(&event.kind.as_str());
            for listener in listeners.iter().filter(|listener| hears(listener.kinds)) {
                (listener.handle)(event.clone()).await.expect("the listener bears the event");
            }
        }
    }

    /// The kinds of every event written so far, in order: what a refusal must leave unchanged.
    pub async fn event_kinds(&self) -> Vec<String> {
        self.events().await.into_iter().map(|event| event.kind).collect()
    }
}
