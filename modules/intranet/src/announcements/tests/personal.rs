//! What announcements hold about a person, handed out and forgotten.

use socle_kit::Erasure;
use socle_kit::kernel::UserId;

use super::*;

/// Every entry of this name, page by page.
async fn held(app: &TestApp, user: UserId, name: &'static str) -> Vec<Value> {
    let data = app.kit.personal.all().iter().copied().find(|data| data.name == name).unwrap();
    let (mut entries, mut after) = (Vec::new(), None::<String>);
    loop {
        let place = after.clone();
        let portion = app.kit.db.read(move |conn| (data.export)(conn, user, place.as_deref())).await.unwrap();
        entries.extend(portion.entries);
        match portion.next {
            Some(next) => after = Some(next),
            None => return entries,
        }
    }
}

#[tokio::test]
async fn an_author_receives_what_they_wrote_and_confirmed_and_is_forgotten_without_it() {
    let app = app().await;
    let (marie, paul) = (manager(&app), app.person("Paul").sign_in());
    let (path, _) = written(&app, &marie, news()).await;
    for number in 0..120 {
        let mut body = news();
        body["title"] = json!(format!("News {number}"));
        written(&app, &marie, body).await;
    }
    app.post(&format!("{path}/read")).by(&marie).send().await.expect(200);
    app.post(&format!("{path}/read")).by(&paul).send().await.expect(200);
    let (user, other) = (marie.actor.user.unwrap(), paul.actor.user.unwrap());
    assert_eq!(held(&app, user, "announcements").await.len(), 121);
    assert_eq!(held(&app, user, "announcementsRead").await.len(), 1);
    assert!(held(&app, other, "announcements").await.is_empty());
    let (personal, now) = (app.kit.personal.clone(), app.kit.clock.now());
    let erasure = Erasure { user, former: "Former member".to_owned(), now };
    app.kit.db.write(move |tx| personal.erase(tx, &erasure)).await.unwrap();
    let left = app.get(&path).by(&paul).send().await.expect(200);
    assert_eq!(left.data()["authorName"], "Former member");
    assert_eq!(left.data()["title"], "Fête d’été");
    assert!(held(&app, user, "announcementsRead").await.is_empty());
    assert_eq!(held(&app, other, "announcementsRead").await.len(), 1);
}
