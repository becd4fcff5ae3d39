//! What one can do with announcements.

use socle_kit::contracts::intranet::{
    AnnouncementCreated, AnnouncementDeleted, AnnouncementExpired, AnnouncementPublished, AnnouncementRead,
    AnnouncementUpdated,
};
use socle_kit::contracts::{Group, People};
use socle_kit::kernel::{Clock, Ids, fold};
use socle_kit::prelude::*;

use super::api::{
    AnnouncementFilter, AnnouncementInput, AnnouncementView, ReadState, ReadView, ReaderFilter, ReaderView,
};
use super::model::{Announcement, Phase};
use super::permissions::MANAGE_ANNOUNCEMENTS;
use super::store::{self, Marked};

/// The service.
#[derive(Clone)]
pub(crate) struct Announcements {
    db: Db,
    clock: Clock,
    ids: Ids,
    people: std::sync::Arc<dyn People>,
    /// May anybody who is signed in write one, or only those with the permission (C30)?
    open_to_all: bool,
}

impl Announcements {
    pub(crate) fn new(kit: &Kit) -> Result<Self> {
        Ok(Self {
            db: kit.db.clone(),
            clock: kit.clock.clone(),
            ids: kit.ids.clone(),
            people: kit.people.clone(),
            open_to_all: kit.settings.choice("intranet.announcements_create")? == "authenticated",
        })
    }

    /// A page of what `actor` may see.
    pub(crate) async fn list(
        &self,
        actor: Actor,
        filter: AnnouncementFilter,
        page: Page,
    ) -> Result<Slice<AnnouncementView>> {
        let now = self.clock.now();
        // A search looks into every text: not on the thread that others are served by.
        let scans = filter.search.is_some();
        let read = move |conn: &mut Conn| {
            let slice = store::page(conn, &actor, &filter, &page, now)?;
            let ids: Vec<_> = slice.items.iter().map(|row| row.id).collect();
            let read = match actor.user {
                Some(reader) => store::read_times(conn, reader, &ids)?,
                None => Default::default(),
            };
            Ok(slice.map(|row| {
                let read_at = read.get(&row.id).copied();
                AnnouncementView::new(row, now, read_at)
            }))
        };
        if scans { self.db.read_long(read).await } else { self.db.read(read).await }
    }

    /// One that `actor` may see.
    pub(crate) async fn show(&self, actor: Actor, id: Id<Announcement>) -> Result<AnnouncementView> {
        let now = self.clock.now();
        self.db
            .read(move |conn| {
                let Marked { announcement, read_at } = store::find_marked(conn, id, actor.user)?
                    .filter(|marked| marked.announcement.is_visible_to(&actor, now))
                    .or_not_found("announcement")?;
                Ok(AnnouncementView::new(announcement, now, read_at))
            })
            .await
    }

    /// Writes one.
    pub(crate) async fn create(&self, actor: Actor, input: AnnouncementInput) -> Result<AnnouncementView> {
        if !self.open_to_all {
            actor.require(&MANAGE_ANNOUNCEMENTS)?;
        }
        let now = self.clock.now();
        let blank = Announcement::blank(self.ids.next(), &actor, now)?;
        let mut announcement = blank.clone();
        input.write_to(&mut announcement);
        announcement.settle(&blank, &actor, now)?;
        self.db
            .write(move |tx| {
                store::insert(tx, &announcement)?;
                tx.emit(&actor, AnnouncementCreated(announcement.note(now)))?;
                Ok(AnnouncementView::new(announcement.clone(), now, None))
            })
            .await
    }

    /// Replaces one.
    pub(crate) async fn replace(
        &self,
        actor: Actor,
        id: Id<Announcement>,
        expected: IfMatch,
        input: AnnouncementInput,
    ) -> Result<AnnouncementView> {
        self.change(actor, id, expected, move |row, actor, now| {
            let before = row.clone();
            input.clone().write_to(row);
            row.settle(&before, actor, now)
        })
        .await
    }

    /// Changes part of one (RFC 7396).
    pub(crate) async fn patch(
        &self,
        actor: Actor,
        id: Id<Announcement>,
        expected: IfMatch,
        patch: Merge<AnnouncementInput>,
    ) -> Result<AnnouncementView> {
        self.change(actor, id, expected, move |row, actor, now| {
            let before = row.clone();
            patch.apply(&AnnouncementInput::from(&before))?.write_to(row);
            row.settle(&before, actor, now)
        })
        .await
    }

    /// Brings one out now.
    pub(crate) async fn publish(&self, actor: Actor, id: Id<Announcement>) -> Result<AnnouncementView> {
        self.change(actor, id, IfMatch::ANY, |row, _, now| row.publish(now)).await
    }

    /// Removes one.
    pub(crate) async fn delete(&self, actor: Actor, id: Id<Announcement>, expected: IfMatch) -> Result<()> {
        let now = self.clock.now();
        self.db
            .write(move |tx| {
                let announcement = store::find(tx, id)?.or_not_found("announcement")?;
                expected.check(announcement.version)?;
                store::delete(tx, id)?;
                tx.emit(&actor, AnnouncementDeleted(announcement.note(now)))
            })
            .await
    }

    /// Notes that `actor` has read one. Saying it again changes nothing.
    pub(crate) async fn confirm(&self, actor: Actor, id: Id<Announcement>) -> Result<ReadView> {
        let now = self.clock.now();
        self.db
            .write(move |tx| {
                let reader = actor.user()?;
                let announcement = seen_by(tx, &actor, id, now)?;
                if store::confirm(tx, id, reader, now)? {
                    let author = Some(announcement.author_id);
                    tx.emit(&actor, AnnouncementRead { id: id.to_string(), reader, read_at: now, author })?;
                }
                let read_at = store::read_times(tx, reader, &[id])?.get(&id).copied().unwrap_or(now);
                Ok(ReadView { announcement_id: id, read_at })
            })
            .await
    }

    /// Who of those an announcement is for has confirmed it, and who has not: for managers. Its author sees those
    /// who have confirmed; the others would be the company's directory, open to whoever writes a note.
    pub(crate) async fn readers(
        &self,
        actor: Actor,
        id: Id<Announcement>,
        filter: ReaderFilter,
        page: Page,
    ) -> Result<Slice<ReaderView>> {
        let now = self.clock.now();
        let sees_everybody = actor.may(&MANAGE_ANNOUNCEMENTS);
        let (group, read) = self
            .db
            .read_long(move |conn| {
                let announcement = seen_by(conn, &actor, id, now)?;
                if !actor.is(announcement.author_id) {
                    actor.require(&MANAGE_ANNOUNCEMENTS)?;
                }
                let group = Group {
                    roles: announcement.audience_roles,
                    departments: announcement.audience_departments,
                };
                Ok((group, store::readers(conn, id)?))
            })
            .await?;
        let words = filter.search.as_deref().map(fold);
        let readers = self
            .people
            .members(&group)
            .await?
            .into_iter()
            .map(|person| ReaderView {
                read_at: read.get(&person.id).copied(),
                user_id: person.id,
                name: person.name,
                role: person.role,
                department: person.department,
            })
            .filter(|reader| sees_everybody || reader.read_at.is_some())
            .filter(|reader| match filter.state {
                None => true,
                Some(ReadState::Read) => reader.read_at.is_some(),
                Some(ReadState::Unread) => reader.read_at.is_none(),
            })
            .filter(|reader| words.as_ref().is_none_or(|words| fold(&reader.name).contains(words)))
            .collect();
        Slice::of_all(readers, &page)
    }

    /// One change of one announcement: found, held against the version expected, changed, written, told.
    async fn change(
        &self,
        actor: Actor,
        id: Id<Announcement>,
        expected: IfMatch,
        change: impl Fn(&mut Announcement, &Actor, Timestamp) -> Result<()> + Send + 'static,
    ) -> Result<AnnouncementView> {
        let now = self.clock.now();
        self.db
            .write(move |tx| {
                let mut announcement = store::find(tx, id)?.or_not_found("announcement")?;
                expected.check(announcement.version)?;
                let before = announcement.phase;
                change(&mut announcement, &actor, now)?;
                store::update(tx, &announcement)?;
                if before == Phase::Scheduled && announcement.phase == Phase::Published {
                    tx.emit(&actor, AnnouncementPublished(announcement.note(now)))?;
                } else {
                    tx.emit(&actor, AnnouncementUpdated(announcement.note(now)))?;
                }
                view(tx, announcement, &actor, now)
            })
            .await
    }
}

/// One that `actor` may see at `now`; what they may not see does not exist.
fn seen_by(conn: &mut Conn, actor: &Actor, id: Id<Announcement>, now: Timestamp) -> Result<Announcement> {
    store::find(conn, id)?.filter(|row| row.is_visible_to(actor, now)).or_not_found("announcement")
}

fn view(conn: &mut Conn, row: Announcement, actor: &Actor, now: Timestamp) -> Result<AnnouncementView> {
    let read_at = match actor.user {
        Some(reader) => store::read_times(conn, reader, &[row.id])?.get(&row.id).copied(),
        None => None,
    };
    Ok(AnnouncementView::new(row, now, read_at))
}

/// Tells the readers of announcements whose moment has come or gone. Run from time to time on every node: a
/// second run finds nothing left to do.
pub(crate) async fn sweep(db: &Db, clock: &Clock) -> Result<()> {
    let now = clock.now();
    let due = db.read(move |conn| Ok(!store::overdue(conn, now)?.is_empty())).await?;
    if !due {
        return Ok(());
    }
    db.write(move |tx| {
        for mut announcement in store::overdue(tx, now)? {
            announcement.phase = announcement.phase_at(now);
            store::update(tx, &announcement)?;
            let note = announcement.note(now);
            match announcement.phase {
                Phase::Expired => {
                    tx.emit(&Actor::system(), AnnouncementExpired(note))?;
                }
                Phase::Scheduled | Phase::Published => {
                    tx.emit(&Actor::system(), AnnouncementPublished(note))?;
                }
            }
        }
        Ok(())
    })
    .await
}
