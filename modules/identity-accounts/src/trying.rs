//! What the tests of this crate share.

use socle_kit::mail::Mail;

use crate::aside::service::Aside;
use socle_identity_trial::{Trial, blocking};

/// What is done aside, made by hand: when it returns, everything that was asked for is done.
pub(crate) async fn aside(trial: &Trial) -> Aside {
    let kit = trial.app.kit.clone();
    blocking(move || Aside::new(&kit).unwrap()).await
}

/// Everything that was asked for is done.
pub(crate) async fn deliver(trial: &Trial) {
    aside(trial).await.work_off().await.unwrap();
}

/// What the link of a mail holds.
pub(crate) fn token_of(mail: &Mail) -> String {
    let link = mail.link.as_deref().unwrap();
    let token = link.split_once("#token=").unwrap().1;
    token.split('&').next().unwrap().to_owned()
}

/// The templates of the mails so far, with whom they are for.
pub(crate) async fn mails(trial: &Trial) -> Vec<(String, String)> {
    trial.app.mails().await.into_iter().map(|mail| (mail.to, mail.template)).collect()
}
