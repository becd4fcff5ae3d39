//! All the SQL of announcements.

use std::collections::HashMap;
use std::sync::LazyLock;

use socle_kit::PORTION;
use socle_kit::db::{List, Row, SortColumn};
use socle_kit::kernel::{Direction, MAX_LIMIT, Position};
use socle_kit::prelude::*;

use super::api::AnnouncementFilter;
use super::model::{Announcement, Phase};
use super::permissions::MANAGE_ANNOUNCEMENTS;

const TABLE: &str = "intranet_announcement";

/// What the list can be sorted by.
const SORTS: &[SortColumn] = &[
    SortColumn::new("publishedAt", "published_at"),
    SortColumn::new("isPinned", "is_pinned"),
    SortColumn::new("createdAt", "created_at"),
    SortColumn::new("updatedAt", "updated_at"),
    SortColumn::new("title", "title"),
    SortColumn::new("type", "kind"),
    SortColumn::new("isImportant", "is_important"),
    SortColumn::new("authorName", "author_name"),
];

/// One announcement.
pub(super) fn find(conn: &mut Conn, id: Id<Announcement>) -> Result<Option<Announcement>> {
    conn.find(TABLE, id)
}

/// An announcement, and when a reader confirmed having read it.
#[derive(Row)]
pub(super) struct Marked {
    #[row(flatten)]
    pub(super) announcement: Announcement,
    pub(super) read_at: Option<Timestamp>,
}

static MARKED: LazyLock<String> = LazyLock::new(|| {
    let columns = Announcement::COLUMNS.join(", ");
    format!(
        "SELECT {columns}, (SELECT r.read_at FROM intranet_announcement_read r \
         WHERE r.announcement_id = a.id AND r.reader_id = ?2) AS read_at \
         FROM intranet_announcement a WHERE a.id = ?1"
    )
});

/// One announcement with the mark of `reader`.
pub(super) fn find_marked(
    conn: &mut Conn,
    id: Id<Announcement>,
    reader: Option<UserId>,
) -> Result<Option<Marked>> {
    conn.opt(&MARKED, &[&id, &reader])
}

/// Writes a new one, with its audience.
pub(super) fn insert(tx: &mut Tx, row: &Announcement) -> Result<()> {
    tx.insert(TABLE, row)?;
    insert_audience(tx, row)
}

/// Writes the new state of one, with its audience.
pub(super) fn update(tx: &mut Tx, row: &Announcement) -> Result<()> {
    tx.update(TABLE, row)?;
    tx.exec("DELETE FROM intranet_announcement_audience WHERE announcement_id = ?1", &[&row.id])?;
    insert_audience(tx, row)
}

/// Removes one, with its audience and confirmations.
pub(super) fn delete(tx: &mut Tx, id: Id<Announcement>) -> Result<bool> {
    tx.delete_by_id(TABLE, id)
}

fn insert_audience(tx: &mut Tx, row: &Announcement) -> Result<()> {
    let roles = row.audience_roles.iter().map(|name| ("role", name));
    let departments = row.audience_departments.iter().map(|name| ("department", name));
    for (kind, name) in roles.chain(departments) {
        tx.exec(
            "INSERT INTO intranet_announcement_audience (announcement_id, kind, name) VALUES (?1, ?2, ?3)",
            &[&row.id, &kind, name],
        )?;
    }
    Ok(())
}

/// The announcements that `actor` may see at `now`, filtered.
fn visible(actor: &Actor, filter: &AnnouncementFilter, now: Timestamp) -> List {
    let mut list = List::from(TABLE)
        .and_opt("kind =", filter.sort)
        .and_opt("is_important =", filter.is_important)
        .and_opt("is_pinned =", filter.is_pinned)
        .and_opt("author_id =", filter.author_id)
        .and_opt("published_at >=", filter.published_after)
        .and_opt("published_at <", filter.published_before)
        .search("search_text", filter.search.as_deref())
        .order_by("is_pinned", Direction::Descending)
        .order_by("published_at", Direction::Descending);
    if !actor.may(&MANAGE_ANNOUNCEMENTS) {
        // The same rule as `Announcement::is_visible_to`.
        list = list.and_raw(
            "(author_id = ?1 OR (published_at <= ?2 AND (expires_at IS NULL OR expires_at > ?2) AND (for_everyone \
             OR EXISTS (SELECT 1 FROM intranet_announcement_audience a WHERE a.announcement_id = intranet_announcement.id \
             AND ((a.kind = 'role' AND a.name = ?3) OR (a.kind = 'department' AND a.name = ?4))))))",
            &[&actor.user, &now, &&*actor.role, &actor.department.as_deref()],
        );
    }
    list = match filter.status {
        None => list,
        Some(Phase::Scheduled) => list.and("published_at >", now),
        Some(Phase::Expired) => list.and("expires_at <=", now),
        Some(Phase::Published) => {
            list.and("published_at <=", now).and_raw("(expires_at IS NULL OR expires_at > ?1)", &[&now])
        }
    };
    match filter.unread {
        None => list,
        Some(true) => list.and_raw(
            "NOT EXISTS (SELECT 1 FROM intranet_announcement_read r \
             WHERE r.announcement_id = intranet_announcement.id AND r.reader_id = ?1)",
            &[&actor.user],
        ),
        Some(false) => list.and_raw(
            "EXISTS (SELECT 1 FROM intranet_announcement_read r \
             WHERE r.announcement_id = intranet_announcement.id AND r.reader_id = ?1)",
            &[&actor.user],
        ),
    }
}

/// A page of the announcements that `actor` may see.
pub(super) fn page(
    conn: &mut Conn,
    actor: &Actor,
    filter: &AnnouncementFilter,
    page: &Page,
    now: Timestamp,
) -> Result<Slice<Announcement>> {
    visible(actor, filter, now).slice(conn, SORTS, page)
}

#[derive(Row)]
pub(super) struct Confirmation {
    pub(super) announcement_id: Id<Announcement>,
    pub(super) read_at: Timestamp,
}

/// When `reader` confirmed which of these.
pub(super) fn read_times(
    conn: &mut Conn,
    reader: UserId,
    ids: &[Id<Announcement>],
) -> Result<HashMap<Id<Announcement>, Timestamp>> {
    let confirmations: Vec<Confirmation> = conn.by_ids(
        "SELECT announcement_id, read_at FROM intranet_announcement_read WHERE reader_id = ?1 AND announcement_id IN",
        &[&reader],
        ids,
    )?;
    Ok(confirmations.into_iter().map(|row| (row.announcement_id, row.read_at)).collect())
}

#[derive(Row)]
struct Reading {
    reader_id: UserId,
    read_at: Timestamp,
}

/// Everybody who has confirmed an announcement.
pub(super) fn readers(conn: &mut Conn, id: Id<Announcement>) -> Result<HashMap<UserId, Timestamp>> {
    let readings: Vec<Reading> = conn.all(
        "SELECT reader_id, read_at FROM intranet_announcement_read WHERE announcement_id = ?1",
        &[&id],
    )?;
    Ok(readings.into_iter().map(|row| (row.reader_id, row.read_at)).collect())
}

/// Notes a confirmation; the first one stands. Says whether this was it.
pub(super) fn confirm(tx: &mut Tx, id: Id<Announcement>, reader: UserId, now: Timestamp) -> Result<bool> {
    let rows = tx.exec(
        "INSERT INTO intranet_announcement_read (announcement_id, reader_id, read_at) VALUES (?1, ?2, ?3) \
         ON CONFLICT (announcement_id, reader_id) DO NOTHING",
        &[&id, &reader, &now],
    )?;
    Ok(rows == 1)
}

/// Some of those whose phase is behind the clock.
pub(super) fn overdue(conn: &mut Conn, now: Timestamp) -> Result<Vec<Announcement>> {
    let first = Page { position: Position::After(None), limit: MAX_LIMIT, sort: Vec::new() };
    let due = List::from(TABLE).and("phase =", Phase::Scheduled).and("published_at <=", now);
    let over = List::from(TABLE).and("phase =", Phase::Published).and("expires_at <=", now);
    let mut rows = due.slice(conn, SORTS, &first)?.items;
    rows.extend(over.slice(conn, SORTS, &first)?.items);
    Ok(rows)
}

/// Some of those that a person wrote, after this identifier.
pub(super) fn written_by(conn: &mut Conn, author: UserId, after: &str) -> Result<Vec<Announcement>> {
    conn.all(
        "SELECT * FROM intranet_announcement WHERE author_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
        &[&author, &after, &PORTION],
    )
}

/// Some of the confirmations of a person, after this announcement.
pub(super) fn read_by(conn: &mut Conn, reader: UserId, after: &str) -> Result<Vec<Confirmation>> {
    conn.all(
        "SELECT announcement_id, read_at FROM intranet_announcement_read
         WHERE reader_id = ?1 AND announcement_id > ?2 ORDER BY announcement_id LIMIT ?3",
        &[&reader, &after, &PORTION],
    )
}

/// Puts another name where an author's stood.
pub(super) fn forget_author(tx: &mut Tx, author: UserId, former: &str) -> Result<()> {
    tx.exec(
        "UPDATE intranet_announcement SET author_name = ?2 WHERE author_id = ?1 AND author_name <> ?2",
        &[&author, &former],
    )?;
    Ok(())
}

/// Removes what a reader confirmed.
pub(super) fn forget_reader(tx: &mut Tx, reader: UserId) -> Result<()> {
    tx.exec("DELETE FROM intranet_announcement_read WHERE reader_id = ?1", &[&reader])?;
    Ok(())
}
