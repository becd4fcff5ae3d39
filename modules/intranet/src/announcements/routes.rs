//! The routes of announcements (R4-100…R4-105).

use socle_kit::prelude::*;

use super::api::{
    AnnouncementFilter, AnnouncementInput, AnnouncementView, ReadView, ReaderFilter, ReaderView,
};
use super::model::Announcement;
use super::permissions::ManageAnnouncements;
use super::service::Announcements;

pub(crate) fn routes(kit: &Kit) -> Result<Routes> {
    let open = kit.settings.bool("intranet.public_read")?;
    Ok(Routes::new()
        .get("/announcements", list, "List announcements")
        .open_when(open)
        .post("/announcements", create, "Write an announcement")
        .get("/announcements/{id}", show, "Read an announcement")
        .open_when(open)
        .put("/announcements/{id}", replace, "Replace an announcement")
        .patch("/announcements/{id}", patch, "Change part of an announcement")
        .delete("/announcements/{id}", delete, "Remove an announcement")
        .post("/announcements/{id}/publish", publish, "Publish an announcement now")
        .post("/announcements/{id}/read", confirm, "Confirm having read an announcement")
        .get("/announcements/{id}/readers", readers, "See who has read an announcement and who has not")
        .about("Announcements: for everybody or for some, now or later.")
        .with_state(Announcements::new(kit)?))
}

async fn list(
    State(announcements): State<Announcements>,
    Visitor(actor): Visitor,
    Listing { page, filter }: Listing<AnnouncementFilter>,
) -> Answer<Many<AnnouncementView>> {
    Ok(Many(announcements.list(actor, filter, page).await?))
}

async fn show(
    State(announcements): State<Announcements>,
    Visitor(actor): Visitor,
    Path(id): Path<Id<Announcement>>,
) -> Answer<One<AnnouncementView>> {
    Ok(one(announcements.show(actor, id).await?))
}

async fn create(
    State(announcements): State<Announcements>,
    SignedIn(actor): SignedIn,
    Body(input): Body<AnnouncementInput>,
) -> Answer<Created<AnnouncementView>> {
    let view = announcements.create(actor, input).await?;
    let version = view.version;
    Ok(Created::at(format!("/announcements/{}", view.id), view).version(version))
}

async fn replace(
    State(announcements): State<Announcements>,
    Require(actor, _): Require<ManageAnnouncements>,
    Path(id): Path<Id<Announcement>>,
    expected: IfMatch,
    Body(input): Body<AnnouncementInput>,
) -> Answer<One<AnnouncementView>> {
    Ok(one(announcements.replace(actor, id, expected, input).await?))
}

async fn patch(
    State(announcements): State<Announcements>,
    Require(actor, _): Require<ManageAnnouncements>,
    Path(id): Path<Id<Announcement>>,
    expected: IfMatch,
    patch: Merge<AnnouncementInput>,
) -> Answer<One<AnnouncementView>> {
    Ok(one(announcements.patch(actor, id, expected, patch).await?))
}

async fn delete(
    State(announcements): State<Announcements>,
    Require(actor, _): Require<ManageAnnouncements>,
    Path(id): Path<Id<Announcement>>,
    expected: IfMatch,
) -> Answer<NoContent> {
    announcements.delete(actor, id, expected).await?;
    Ok(NoContent)
}

async fn publish(
    State(announcements): State<Announcements>,
    Require(actor, _): Require<ManageAnnouncements>,
    Path(id): Path<Id<Announcement>>,
) -> Answer<One<AnnouncementView>> {
    Ok(one(announcements.publish(actor, id).await?))
}

async fn confirm(
    State(announcements): State<Announcements>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Id<Announcement>>,
) -> Answer<One<ReadView>> {
    Ok(One::new(announcements.confirm(actor, id).await?))
}

async fn readers(
    State(announcements): State<Announcements>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Id<Announcement>>,
    Listing { page, filter }: Listing<ReaderFilter>,
) -> Answer<Many<ReaderView>> {
    Ok(Many(announcements.readers(actor, id, filter, page).await?))
}

fn one(view: AnnouncementView) -> One<AnnouncementView> {
    let version = view.version;
    One::new(view).version(version)
}
