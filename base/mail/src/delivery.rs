//! Sending what is queued: on every node, each mail by one of them, with patience.

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use socle_db::Db;
use socle_kernel::{Clock, Error, Random, Result, codes};
use tokio::sync::{Notify, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};

use socle_config::Values;

use crate::mailer::Mailer;
use crate::pace::Pace;
use crate::post::{Delivered, Post};
use crate::refusal::Refusal;
use crate::store::{self, Message};

/// How long what is being sent may take at the end; what is not sent by then is sent by another node, or later.
const STOP_WAIT: Duration = Duration::from_secs(10);
/// The pause after a look at the queue that failed or found what others had already taken.
const REST: Duration = Duration::from_millis(200);
/// How often the queue is counted, and how often what is over is removed.
const COUNT_EVERY: Duration = Duration::from_secs(15);
const PURGE_EVERY: Duration = Duration::from_secs(60 * 60);
/// How long the keys of what is told only once are remembered.
const ONCE_FOR: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// After so many failures of the way in a row, mail is not healthy.
const FAILURES_OF_THE_ILL: u32 = 3;
/// How often it is tried to write down what became of a mail.
const NOTING: u32 = 5;

/// Sends what is queued. Cheap to clone.
#[derive(Clone)]
pub struct Delivery(Arc<Inner>);

struct Inner {
    db: Db,
    clock: Clock,
    random: Random,
    mailer: Mailer,
    post: Post,
    pace: Pace,
    /// Something was committed that may hold a mail.
    called: Notify,
    stopping: watch::Sender<bool>,
    task: Mutex<Option<JoinHandle<()>>>,
    /// Failures of the way to the server since the last success.
    failures: AtomicU32,
}

impl Delivery {
    /// Of what this mailer queues in this database, by this post. Nothing is sent before `start`.
    pub fn new(
        db: &Db,
        clock: &Clock,
        random: &Random,
        mailer: &Mailer,
        post: Post,
        values: &Values,
    ) -> Result<Self> {
        Ok(Self::with_pace((db, clock, random), mailer, post, Pace::of(values)?))
    }

    pub(crate) fn with_pace(
        (db, clock, random): (&Db, &Clock, &Random),
        mailer: &Mailer,
        post: Post,
        pace: Pace,
    ) -> Self {
        let inner = Arc::new(Inner {
            db: db.clone(),
            clock: clock.clone(),
            random: random.clone(),
            mailer: mailer.clone(),
            post,
            pace,
            called: Notify::new(),
            stopping: watch::Sender::new(false),
            task: Mutex::default(),
            failures: AtomicU32::new(0),
        });
        // Weak: the database outlives the delivery, and must not keep it alive.
        let listening: Weak<Inner> = Arc::downgrade(&inner);
        db.on_commit(Arc::new(move || {
            if let Some(inner) = listening.upgrade()
                && inner.mailer.may_have_committed()
            {
                inner.called.notify_one();
            }
        }));
        Self(inner)
    }

    /// Begins to send, on the current runtime, until `stop` is called or `shutdown` resolves. Fails when it has begun
    /// before.
    pub fn start(&self, shutdown: impl Future<Output = ()> + Send + 'static) -> Result<()> {
        let mut task = self.0.task.lock().unwrap_or_else(PoisonError::into_inner);
        if task.is_some() {
            return Err(Error::internal("the delivery of mail is started twice"));
        }
        let inner = self.0.clone();
        *task = Some(tokio::spawn(async move {
            let ending = inner.clone();
            let running = tokio::spawn(run(inner.clone()));
            tokio::select! {
                () = shutdown => {}
                () = inner.stopped() => {}
            }
            ending.stopping.send_replace(true);
            if let Err(lost) = running.await {
                tracing::error!("the delivery of mail ended by itself: {lost}");
            }
        }));
        Ok(())
    }

    /// Takes nothing more, waits for what is being sent, ten seconds at most, and says good-bye to the server.
    pub async fn stop(&self) {
        self.0.stopping.send_replace(true);
        let task = self.0.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task
            && let Err(lost) = task.await
        {
            tracing::warn!("the delivery of mail did not end well: {lost}");
        }
        if timeout(REST, self.0.post.close()).await.is_err() {
            tracing::debug!("the mail server was left without a good-bye");
        }
    }

    /// Is the way to the server open? Told by what became of the last mails: nobody is asked.
    pub fn check(&self) -> Result<()> {
        let failures = self.0.failures.load(Ordering::Relaxed);
        if failures < FAILURES_OF_THE_ILL {
            return Ok(());
        }
        let why = format!("the last {failures} mails found no way to the mail server");
        Err(Error::new(codes::SERVICE_UNAVAILABLE).because(why))
    }
}

/// Takes and sends until the end.
async fn run(inner: Arc<Inner>) {
    let mut underway = JoinSet::new();
    let mut chores = Chores::default();
    while !*inner.stopping.borrow() {
        chores.attend(&inner).await;
        let room = inner.pace.concurrency.saturating_sub(underway.len());
        let (taken, pause) = inner.take(room).await;
        for message in taken {
            underway.spawn(send(inner.clone(), message));
        }
        tokio::select! {
            () = inner.stopped() => break,
            Some(_sent) = underway.join_next() => {}
            () = inner.called.notified() => {}
            () = sleep(pause) => {}
        }
    }
    let finished = async { while underway.join_next().await.is_some() {} };
    if timeout(STOP_WAIT, finished).await.is_err() {
        tracing::warn!("{} mails were being sent at the end: they are sent again", underway.len());
    }
}

/// Sends one mail and writes down what became of it.
async fn send(inner: Arc<Inner>, message: Message) {
    let outcome = inner.deliver(&message).await;
    let now = inner.clock.now();
    let (id, attempt, template) = (message.id, message.attempts, message.template.clone());
    match outcome {
        Ok(to) => {
            inner.failures.store(0, Ordering::Relaxed);
            metrics::counter!("mail_sent_total", "template" => template.clone()).increment(1);
            match to {
                Delivered::File(path) => {
                    tracing::info!(mail = %id, "mail {id} ({template}) is in {}", path.display());
                }
                Delivered::Server(place) => {
                    tracing::info!(mail = %id, "mail {id} ({template}) was handed to {place}");
                }
            }
            inner.note(move |tx| store::delivered(tx, id)).await;
        }
        Err(refusal) if refusal.is_permanent || attempt >= inner.pace.attempts => {
            inner.blame(&refusal);
            metrics::counter!("mail_failed_total", "outcome" => "given_up").increment(1);
            tracing::error!(mail = %id, "mail {id} ({template}) was given up at attempt {attempt}: {refusal}");
            inner.note(move |tx| store::give_up(tx, id, attempt, now, &refusal.reason)).await;
        }
        Err(refusal) => {
            inner.blame(&refusal);
            let pause = inner.pace.pause(attempt, &inner.random);
            metrics::counter!("mail_failed_total", "outcome" => "put_off").increment(1);
            tracing::warn!(
                mail = %id,
                "mail {id} ({template}) was not sent at attempt {attempt}, next in {} s: {refusal}",
                pause.as_secs()
            );
            inner.note(move |tx| store::failed(tx, id, attempt, now.plus(pause), &refusal.reason)).await;
        }
    }
}

impl Inner {
    /// Resolves at the end.
    async fn stopped(&self) {
        let mut stopping = self.stopping.subscribe();
        // The sender lives as long as we do: an error cannot be.
        let _stopped = stopping.wait_for(|stopping| *stopping).await;
    }

    /// Takes what is due, at most so many; and how long to pause when nothing calls.
    async fn take(&self, room: usize) -> (Vec<Message>, Duration) {
        if room == 0 {
            return (Vec::new(), self.pace.poll);
        }
        match self.claim(room).await {
            Ok(taken) => taken,
            Err(error) => {
                tracing::warn!("the queue of mail cannot be read: {error}");
                (Vec::new(), self.pace.poll.max(REST))
            }
        }
    }

    async fn claim(&self, room: usize) -> Result<(Vec<Message>, Duration)> {
        let now = self.clock.now();
        // Looking is cheap and done often, taking is a transaction.
        let Some(due) = self.db.read(store::next_due).await? else { return Ok((Vec::new(), self.pace.poll)) };
        if due > now {
            return Ok((Vec::new(), due.since(now).min(self.pace.poll)));
        }
        let (lease, limit) = (now.plus(self.pace.lease()), i64::try_from(room).unwrap_or(1));
        let taken = self.db.write(move |tx| store::claim(tx, now, lease, limit)).await?;
        let pause = if taken.len() == room { self.pace.poll } else { REST.min(self.pace.poll) };
        Ok((taken, pause))
    }

    /// Delivers a mail that was taken, in the time it has.
    async fn deliver(&self, message: &Message) -> Result<Delivered, Refusal> {
        if message.attempts > self.pace.attempts {
            return Err(Refusal::permanent("every node that tried to send it died over it"));
        }
        let unopened = |_| Refusal::permanent("it cannot be opened: its key is not among those that are set");
        let mail = self.mailer.read(message).map_err(unopened)?;
        let id = message.id.to_string();
        let delivered = pin!(self.post.deliver(&mail, &id, message.created_at));
        timeout(self.pace.timeout, delivered).await.unwrap_or_else(|_| Err(Refusal::way("no answer in time")))
    }

    /// Writes down what became of a mail, some times over: what is not written down is sent again.
    async fn note(&self, work: impl Fn(&mut socle_db::Tx<'_>) -> Result<()> + Clone + Send + 'static) {
        for attempt in 1..=NOTING {
            let work = work.clone();
            match self.db.write(move |tx| work(tx)).await {
                Ok(()) => return,
                Err(error) if attempt == NOTING => {
                    tracing::error!("what became of a mail could not be written down: {error}");
                }
                Err(_) => sleep(REST * attempt).await,
            }
        }
    }

    fn blame(&self, refusal: &Refusal) {
        if refusal.is_of_the_way {
            self.failures.fetch_add(1, Ordering::Relaxed);
        } else {
            self.failures.store(0, Ordering::Relaxed);
        }
    }
}

/// What is done now and then beside sending.
#[derive(Default)]
struct Chores {
    counted: Option<Instant>,
    purged: Option<Instant>,
}

impl Chores {
    async fn attend(&mut self, inner: &Inner) {
        let is_due = |last: Option<Instant>, every| last.is_none_or(|last| last.elapsed() >= every);
        if is_due(self.counted, COUNT_EVERY) {
            self.counted = Some(Instant::now());
            if let Ok((waiting, dead)) = inner.db.read(store::counts).await {
                metrics::gauge!("mail_queue_size", "state" => "waiting").set(gauge(waiting));
                metrics::gauge!("mail_queue_size", "state" => "given_up").set(gauge(dead));
            }
        }
        if is_due(self.purged, PURGE_EVERY) {
            self.purged = Some(Instant::now());
            let now = inner.clock.now();
            let (before, forgotten) = (now.minus(inner.pace.keep_failed), now.minus(ONCE_FOR));
            match inner.db.write(move |tx| store::purge(tx, before, forgotten)).await {
                Ok(0) => {}
                Ok(removed) => tracing::info!("{removed} mails that could not be delivered were removed"),
                Err(error) => tracing::warn!("old mails could not be removed: {error}"),
            }
        }
    }
}

fn gauge(count: i64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
