//! One mail, from its sentences to the folder or the server.

use std::path::PathBuf;
use std::sync::Arc;

use lettre::message::Mailbox;
use socle_config::Values;
use socle_i18n::Catalogue;
use socle_kernel::{Result, Timestamp};

use crate::folder::Folder;
use crate::letterhead::Letterhead;
use crate::mail::Mail;
use crate::message::Letter;
use crate::refusal::Refusal;
use crate::sender;
use crate::server::Server;
use crate::smtp::Smtp;

/// Writes mails and hands them to a folder or to a server.
pub struct Post {
    letterhead: Letterhead,
    sender: Mailbox,
    way: Way,
}

enum Way {
    Folder(Folder),
    Smtp(Box<Smtp>),
}

/// Where a mail went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivered {
    /// Into this file.
    File(PathBuf),
    /// To this server.
    Server(String),
}

impl Post {
    /// As the settings say, with the words of this catalogue. No server is asked.
    pub fn new(values: &Values, catalogue: Arc<Catalogue>) -> Result<Self> {
        let sender = sender::sender(values)?;
        let way = match values.url("mail.smtp_url")? {
            Some(url) => Way::Smtp(Box::new(Smtp::new(&Server::parse(url)?, sender.email.domain(), values)?)),
            None => Way::Folder(Folder {
                path: values.path("data_dir")?.join("mail"),
                keep: usize::try_from(values.integer("mail.folder_keep")?).unwrap_or(1),
            }),
        };
        Ok(Self { letterhead: Letterhead::new(values, catalogue)?, sender, way })
    }

    /// Delivers a mail; `id` and `at` make what receivers recognise it by.
    pub async fn deliver(&self, mail: &Mail, id: &str, at: Timestamp) -> Result<Delivered, Refusal> {
        let written = self.letterhead.write(mail)?;
        let letter = Letter::compose(&self.sender, mail, &written, id, at)?;
        match &self.way {
            Way::Folder(folder) => folder.put(letter, &mail.template, id, at).await.map(Delivered::File),
            Way::Smtp(smtp) => smtp.hand_over(&letter).await.map(|()| Delivered::Server(smtp.place.clone())),
        }
    }

    /// Does the server answer, and does it know us? A folder always does.
    pub async fn check(&self) -> Result<(), Refusal> {
        match &self.way {
            Way::Folder(_) => Ok(()),
            Way::Smtp(smtp) => smtp.check().await,
        }
    }

    /// Ends the conversations with the server.
    pub async fn close(&self) {
        if let Way::Smtp(smtp) = &self.way {
            smtp.close().await;
        }
    }

    /// The server's place, where mails go to one.
    pub fn server(&self) -> Option<&str> {
        match &self.way {
            Way::Folder(_) => None,
            Way::Smtp(smtp) => Some(&smtp.place),
        }
    }
}
