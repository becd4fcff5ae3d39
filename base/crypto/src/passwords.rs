//! Password hashing on a bounded pool of threads: many sign-ins at once cost time, never memory.

use std::fmt;
use std::hint::black_box;
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use argon2::Params;
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use socle_kernel::{Error, Random, Result, Secret, codes};
use tokio::sync::oneshot;

use crate::argon::{Hasher, SALT, parameters};
use crate::pepper::Peppers;
use crate::verification::Verification;

/// How passwords are hashed, and by how many threads.
#[derive(Debug, Clone)]
pub struct PasswordSettings {
    /// Argon2's memory in KiB.
    pub memory_kib: u32,
    /// Argon2's passes over it.
    pub passes: u32,
    /// Argon2's lanes.
    pub lanes: u32,
    /// Threads; none for as many as there are cores.
    pub threads: Option<NonZero<usize>>,
    /// Calls that may wait; one more is refused.
    pub queue: usize,
    /// After so much rest a thread gives its memory back.
    pub rest: Duration,
    /// A secret mixed into new hashes; none for none.
    pub pepper: Option<Secret<Vec<u8>>>,
    /// Those mixed into older hashes, which still verify and are outdated.
    pub previous_peppers: Vec<Secret<Vec<u8>>>,
}

impl Default for PasswordSettings {
    /// OWASP's least for Argon2id, on every core, 64 waiting.
    fn default() -> Self {
        Self {
            memory_kib: 19_456,
            passes: 2,
            lanes: 1,
            threads: None,
            queue: 64,
            rest: Duration::from_secs(5),
            pepper: None,
            previous_peppers: Vec::new(),
        }
    }
}

/// Hashes and verifies passwords. Cheap to clone; the threads end with the last clone.
#[derive(Clone)]
pub struct Passwords(Arc<Inner>);

struct Inner {
    jobs: Sender<Job>,
    parameters: Params,
    peppers: Arc<Peppers>,
    random: Random,
    /// A hash of these parameters that no password has: verifying against it costs what a real one costs.
    nobody: String,
    verified: Arc<AtomicU64>,
}

type Job = Box<dyn FnOnce(&mut Hasher) + Send>;

impl Passwords {
    /// Starts the threads.
    pub fn new(settings: &PasswordSettings, random: Random) -> Result<Self> {
        let peppers = Arc::new(Peppers::new(settings.pepper.as_ref(), &settings.previous_peppers));
        let parameters = parameters(settings.memory_kib, settings.passes, settings.lanes, peppers.current())?;
        let (jobs, queue) = bounded(settings.queue);
        let cores = || thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
        for index in 0..settings.threads.unwrap_or_else(cores).get() {
            let hasher = Hasher::new(parameters.clone(), peppers.clone());
            let (queue, rest) = (queue.clone(), settings.rest);
            thread::Builder::new()
                .name(format!("passwords-{index}"))
                .spawn(move || work(&queue, hasher, rest))
                .map_err(Error::internal)?;
        }
        let nobody = Hasher::new(parameters.clone(), peppers.clone()).nobody(&random)?;
        Ok(Self(Arc::new(Inner { jobs, parameters, peppers, random, nobody, verified: Arc::default() })))
    }

    /// Is this a hash that [`Self::verify`] understands: one of ours, or a bcrypt hash of bearable cost?
    pub fn is_hash(&self, stored: &str) -> bool {
        self.hasher().check(stored).is_ok()
    }

    fn hasher(&self) -> Hasher {
        Hasher::new(self.0.parameters.clone(), self.0.peppers.clone())
    }

    /// The PHC text to store for a password. `SERVICE_UNAVAILABLE` when too many calls wait.
    pub async fn hash(&self, password: Secret<String>) -> Result<String> {
        let salt: [u8; SALT] = self.0.random.bytes();
        self.run(move |hasher| hasher.hash(&password, salt)).await
    }

    /// Is this the password of the stored hash (PHC text, or bcrypt)? `SERVICE_UNAVAILABLE` when too many calls wait.
    pub async fn verify(&self, password: Secret<String>, stored: String) -> Result<Verification> {
        let verified = self.0.verified.clone();
        self.run(move |hasher| {
            verified.fetch_add(1, Ordering::Relaxed);
            hasher.verify(&password, &stored)
        })
        .await
    }

    /// How many verifications the threads have carried out so far, those against nobody's hash among them.
    pub fn verifications(&self) -> u64 {
        self.0.verified.load(Ordering::Relaxed)
    }

    /// The work of a verification, for an account that does not exist: the answer takes as long.
    pub async fn verify_nothing(&self, password: Secret<String>) -> Result<()> {
        self.verify(password, self.0.nobody.clone()).await.map(drop)
    }

    /// The same as [`Self::hash`] on the calling thread, for commands and start-up.
    pub fn hash_blocking(&self, password: &Secret<String>) -> Result<String> {
        self.hasher().hash(password, self.0.random.bytes())
    }

    /// The same as [`Self::verify`] on the calling thread, for commands.
    pub fn verify_blocking(&self, password: &Secret<String>, stored: &str) -> Result<Verification> {
        self.hasher().verify(password, stored)
    }

    async fn run<T: Send + 'static>(
        &self,
        task: impl FnOnce(&mut Hasher) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |hasher| {
            // Whoever asked may have gone while the call waited: then nobody needs the work.
            if !answer.is_closed() {
                let _ = answer.send(task(hasher));
            }
        });
        if self.0.jobs.try_send(job).is_err() {
            return Err(Error::new(codes::SERVICE_UNAVAILABLE)
                .retry_after(Duration::from_secs(1))
                .because("too many passwords wait to be hashed"));
        }
        answered.await.map_err(|_| Error::internal("a thread that hashes passwords panicked"))?
    }
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Passwords {{ {} waiting }}", self.0.jobs.len())
    }
}

/// Takes jobs until every handle is gone. The memory is kept between two jobs, and given back at rest.
fn work(queue: &Receiver<Job>, mut hasher: Hasher, rest: Duration) {
    loop {
        let job = match queue.recv_timeout(rest) {
            Ok(job) => job,
            Err(RecvTimeoutError::Timeout) => {
                hasher.release();
                match settle(queue) {
                    Some(job) => job,
                    None => return,
                }
            }
            Err(RecvTimeoutError::Disconnected) => return,
        };
        // A panic loses one answer, not a thread of the pool.
        if catch_unwind(AssertUnwindSafe(|| job(&mut hasher))).is_err() {
            hasher.release();
        }
    }
}

/// Waits for the next job of a thread that has just released its memory; none when there will be no more.
///
/// The allocator of the binary (mimalloc) keeps what is freed for a second, and then looks at it again only when
/// it is called or a thread ends. So a thread is made to end: without it the memory would stay ours all night.
fn settle(queue: &Receiver<Job>) -> Option<Job> {
    const KEPT: Duration = Duration::from_secs(2);
    match queue.recv_timeout(KEPT) {
        Ok(job) => Some(job),
        Err(RecvTimeoutError::Disconnected) => None,
        Err(RecvTimeoutError::Timeout) => {
            let brief = thread::Builder::new().spawn(|| drop(black_box(Box::new(0_u64))));
            let _ = brief.map(thread::JoinHandle::join);
            queue.recv().ok()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cheap() -> PasswordSettings {
        PasswordSettings { memory_kib: 64, passes: 1, ..PasswordSettings::default() }
    }

    fn passwords(settings: &PasswordSettings) -> Passwords {
        Passwords::new(settings, Random::system()).unwrap()
    }

    fn secret(text: &str) -> Secret<String> {
        Secret::new(text.to_owned())
    }

    #[tokio::test]
    async fn a_password_matches_its_hash_and_no_other_does() {
        let passwords = passwords(&cheap());
        let stored = passwords.hash(secret("correct horse")).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{stored}");
        let verify = |text: &str| passwords.verify(secret(text), stored.clone());
        assert_eq!(verify("correct horse").await.unwrap(), Verification::Match);
        assert_eq!(verify("correct horsE").await.unwrap(), Verification::NoMatch);
        assert_eq!(verify("").await.unwrap(), Verification::NoMatch);
        assert_ne!(passwords.hash(secret("correct horse")).await.unwrap(), stored, "a salt was used twice");
    }

    #[tokio::test]
    async fn a_password_is_the_same_however_its_accents_are_typed() {
        let passwords = passwords(&cheap());
        let stored = passwords.hash(secret("\u{e9}t\u{e9}")).await.unwrap();
        let verified = passwords.verify(secret("e\u{301}te\u{301}"), stored).await.unwrap();
        assert_eq!(verified, Verification::Match);
    }

    #[tokio::test]
    async fn a_hash_of_weaker_parameters_matches_and_asks_to_be_replaced() {
        let stored = passwords(&cheap()).hash(secret("pass")).await.unwrap();
        let stronger = passwords(&PasswordSettings { passes: 2, ..cheap() });
        let verified = stronger.verify(secret("pass"), stored).await.unwrap();
        assert_eq!(verified, Verification::MatchButOutdated);
    }

    #[tokio::test]
    async fn nobody_s_hash_costs_what_a_real_one_costs_and_matches_nothing() {
        let passwords = passwords(&cheap());
        let real = passwords.hash(secret("x")).await.unwrap();
        let parameters = |text: &str| text.rsplitn(3, '$').last().unwrap().to_owned();
        assert_eq!(parameters(&passwords.0.nobody), parameters(&real));
        assert_eq!(passwords.0.nobody.len(), real.len());
        let verified = passwords.verify(secret("x"), passwords.0.nobody.clone()).await.unwrap();
        assert_eq!(verified, Verification::NoMatch);
    }

    #[test]
    fn the_reference_vector_of_another_implementation_verifies() {
        // From the test suite of the reference implementation in C: Argon2id, version 19, "password", "somesalt".
        let stored = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
        let verified = passwords(&cheap()).verify_blocking(&secret("password"), stored).unwrap();
        assert_eq!(verified, Verification::Match);
    }

    #[tokio::test]
    async fn r4_35_a_bcrypt_hash_matches_and_asks_to_be_replaced() {
        let passwords = passwords(&cheap());
        // From the test vectors of OpenBSD's bcrypt and of PHP's password_hash, under their three names.
        for (password, stored) in [
            ("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
            ("U*U", "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
            ("rasmuslerdorf", "$2y$07$BCryptRequires22Chrcte/VlQH0piJtjXl.0t1XkA8pw9dMXTpOq"),
        ] {
            assert!(passwords.is_hash(stored), "{stored}");
            let right = passwords.verify(secret(password), stored.to_owned()).await.unwrap();
            assert_eq!(right, Verification::MatchButOutdated, "{stored}");
            let wrong = passwords.verify(secret("another"), stored.to_owned()).await.unwrap();
            assert_eq!(wrong, Verification::NoMatch);
        }
        let dear = "$2y$31$BCryptRequires22Chrcte/VlQH0piJtjXl.0t1XkA8pw9dMXTpOq";
        assert!(!passwords.is_hash(dear), "the row must not choose how long we work");
        let of = |memory: u32, passes: u32| {
            format!(
                "$argon2id$v=19$m={memory},t={passes},p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
            )
        };
        assert!(passwords.is_hash(&of(65_536, 3)) && passwords.is_hash(&of(19_456, 16)));
        assert!(!passwords.is_hash(&of(262_144, 32)) && !passwords.is_hash(&of(19_456, 17)));
        assert!(passwords.verify_blocking(&secret("x"), dear).is_err());
        for text in ["", "hunter2", "$2b$12$hunter2", "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ", "$2x$05$a"] {
            assert!(!passwords.is_hash(text), "{text}");
        }
    }

    #[test]
    fn a_pepper_comes_and_goes_without_anybody_losing_a_password() {
        let bytes = |text: &str| Secret::new(text.as_bytes().to_vec());
        let plain = passwords(&cheap());
        let peppered = |pepper: &str, previous: &[&str]| {
            passwords(&PasswordSettings {
                pepper: Some(bytes(pepper)),
                previous_peppers: previous.iter().map(|text| bytes(text)).collect(),
                ..cheap()
            })
        };
        let (salt, pepper) = (peppered("salt", &[]), peppered("pepper", &["salt"]));
        let before = plain.hash_blocking(&secret("x")).unwrap();
        let salted = salt.hash_blocking(&secret("x")).unwrap();
        let current = pepper.hash_blocking(&secret("x")).unwrap();
        assert!(!before.contains("keyid") && current.contains("keyid="), "{current}");
        let verified = |stored: &str, text: &str| pepper.verify_blocking(&secret(text), stored).unwrap();
        assert_eq!(verified(&current, "x"), Verification::Match);
        assert_eq!(verified(&current, "y"), Verification::NoMatch);
        assert_eq!(verified(&before, "x"), Verification::MatchButOutdated, "it had no pepper");
        assert_eq!(verified(&salted, "x"), Verification::MatchButOutdated, "it had another");
        assert!(salt.verify_blocking(&secret("x"), &current).is_err(), "a pepper that is not set");
        let taken_away = passwords(&PasswordSettings { previous_peppers: vec![bytes("pepper")], ..cheap() });
        let verified = taken_away.verify_blocking(&secret("x"), &current).unwrap();
        assert_eq!(verified, Verification::MatchButOutdated);
        assert_eq!(pepper.verify_blocking(&secret("x"), &pepper.0.nobody).unwrap(), Verification::NoMatch);
    }

    #[test]
    fn a_stored_text_that_is_no_hash_or_asks_for_too_much_is_an_error_that_does_not_repeat_it() {
        let passwords = passwords(&cheap());
        for stored in [
            "",
            "hunter2",
            "$2b$12$hunter2",
            "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ",
            "$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        ] {
            let error = passwords.verify_blocking(&secret("x"), stored).unwrap_err();
            assert_eq!(error.code(), codes::INTERNAL_ERROR);
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
    }

    #[tokio::test]
    async fn when_the_queue_is_full_the_next_call_is_told_to_come_back() {
        let one = NonZero::<usize>::MIN;
        let passwords = passwords(&PasswordSettings { threads: Some(one), queue: 1, ..cheap() });
        let (release, held) = bounded::<()>(0);
        let (started, running) = bounded::<()>(0);
        let busy = tokio::spawn({
            let passwords = passwords.clone();
            async move {
                passwords
                    .run(move |_| {
                        let _ = started.send(());
                        let _ = held.recv();
                        Ok(())
                    })
                    .await
            }
        });
        tokio::task::spawn_blocking(move || running.recv()).await.unwrap().unwrap();
        let waiting = tokio::spawn({
            let passwords = passwords.clone();
            async move { passwords.run(|_| Ok(())).await }
        });
        while passwords.0.jobs.is_empty() {
            tokio::task::yield_now().await;
        }
        let refused = passwords.verify_nothing(secret("x")).await.unwrap_err();
        assert_eq!(
            (refused.code(), refused.retry_wait()),
            (codes::SERVICE_UNAVAILABLE, Some(Duration::from_secs(1)))
        );
        drop(release);
        busy.await.unwrap().unwrap();
        waiting.await.unwrap().unwrap();
        passwords.verify_nothing(secret("x")).await.unwrap();
    }

    #[tokio::test]
    async fn a_panic_costs_one_answer_and_not_a_thread() {
        let passwords = passwords(&PasswordSettings { threads: Some(NonZero::<usize>::MIN), ..cheap() });
        let lost = passwords.run(|_| -> Result<()> { panic!("on purpose") }).await.unwrap_err();
        assert_eq!(lost.code(), codes::INTERNAL_ERROR);
        passwords.hash(secret("x")).await.unwrap();
    }

    #[tokio::test]
    async fn work_that_nobody_waits_for_is_not_done() {
        let passwords = passwords(&PasswordSettings { threads: Some(NonZero::<usize>::MIN), ..cheap() });
        let (release, held) = bounded::<()>(0);
        let (started, running) = bounded::<()>(0);
        let busy = tokio::spawn({
            let passwords = passwords.clone();
            async move {
                passwords
                    .run(move |_| {
                        let _ = started.send(());
                        let _ = held.recv();
                        Ok(())
                    })
                    .await
            }
        });
        tokio::task::spawn_blocking(move || running.recv()).await.unwrap().unwrap();
        let done = Arc::new(std::sync::atomic::AtomicBool::new(false));
        let abandoned = tokio::spawn({
            let (passwords, done) = (passwords.clone(), done.clone());
            async move {
                passwords
                    .run(move |_| {
                        done.store(true, Ordering::SeqCst);
                        Ok(())
                    })
                    .await
            }
        });
        while passwords.0.jobs.is_empty() {
            tokio::task::yield_now().await;
        }
        abandoned.abort();
        assert!(abandoned.await.unwrap_err().is_cancelled());
        drop(release);
        busy.await.unwrap().unwrap();
        passwords.hash(secret("x")).await.unwrap();
        assert!(!done.load(Ordering::SeqCst));
    }

    #[test]
    fn the_threads_end_with_the_last_handle() {
        let (jobs, queue) = bounded::<Job>(1);
        let hasher = Hasher::new(parameters(64, 1, 1, &[]).unwrap(), Arc::new(Peppers::new(None, &[])));
        let thread = thread::spawn(move || work(&queue, hasher, Duration::from_secs(60)));
        drop(jobs);
        thread.join().unwrap();
    }

    #[tokio::test]
    async fn a_thread_at_rest_gives_its_memory_back() {
        let one = NonZero::<usize>::MIN;
        let passwords = passwords(&PasswordSettings { threads: Some(one), rest: Duration::ZERO, ..cheap() });
        let salt = [1; SALT];
        let held =
            passwords.run(move |hasher| hasher.hash(&secret("x"), salt).map(|_| hasher.holds_memory()));
        assert!(held.await.unwrap());
        let mut released = false;
        // Rest is time that passes: the next question is asked only after some of it.
        for _ in 0..1_000 {
            tokio::time::sleep(Duration::from_millis(2)).await;
            released = !passwords.run(|hasher| Ok(hasher.holds_memory())).await.unwrap();
            if released {
                break;
            }
        }
        assert!(released);
    }
}
