//! The list, one account, and what others see.

use super::*;

#[tokio::test]
async fn r4_116_the_list_is_for_those_who_manage_accounts() {
    let office = Office::open().await;
    office.trial.account("zoe", "employee").await;
    let zoe = office.trial.sign_in("zoe").await;
    for path in ["", "/export"] {
        let path = format!("{USERS}{path}");
        office.trial.get(&path).send().await.refused(401, "UNAUTHORIZED");
        office.trial.get(&path).bearer(&zoe.access).send().await.refused(403, "FORBIDDEN");
    }
    let clerk = office.clerk("clerk").await;
    office.trial.get(USERS).bearer(&clerk.access).send().await.expect(200);
    assert_eq!(office.names("").await, ["boss", "clerk", "zoe"]);
}

#[tokio::test]
async fn r4_116_the_list_is_filtered_searched_and_sorted() {
    let office = Office::open().await;
    for (name, department) in [("ada", "Research"), ("bea", "Sales"), ("cyd", "Research")] {
        let mut body = named(name);
        body["department"] = json!(department);
        body["role"] = json!(if name == "bea" { "manager" } else { "employee" });
        body["lastName"] = json!("Élan");
        office.send("POST", "", body).await.expect(201);
        office.trial.app.advance(std::time::Duration::from_secs(60));
    }
    assert_eq!(office.names("?department=Research").await, ["ada", "cyd"]);
    assert_eq!(office.names("?role=MANAGER").await, ["bea"]);
    assert_eq!(office.names("?search=elan+sales").await, ["bea"]);
    assert_eq!(office.names("?sort=-createdAt&limit=2").await, ["cyd", "bea"]);
    assert_eq!(office.names("?emailVerified=true").await, [] as [&str; 0]);
    assert_eq!(office.names("?locked=true").await, [] as [&str; 0]);
    assert_eq!(office.names("?locked=false&search=research").await, ["ada", "cyd"]);
    assert_eq!(
        office.names("?createdAfter=2026-01-15T10:01:00Z&createdBefore=2026-01-15T10:02:00Z").await,
        ["bea"]
    );
    assert_eq!(office.names("?isActive=false").await, [] as [&str; 0]);
    let refused = office.get("?isactive=true&sort=password").await.refused(400, "VALIDATION_ERROR");
    assert_eq!(fields(&refused), ["isactive UNKNOWN_PARAMETER"]);
    let refused = office.get("?sort=password").await.refused(400, "VALIDATION_ERROR");
    assert_eq!(fields(&refused), ["sort UNKNOWN_SORT"]);
}

#[tokio::test]
async fn r4_52_an_account_is_found_by_what_is_its_own() {
    let office = Office::open().await;
    let mut body = named("ada");
    body["employeeId"] = json!("E-1");
    office.send("POST", "", body).await.expect(201);
    for query in ["?username=ADA", "?email=Ada@example.org", "?employeeId=E-1"] {
        assert_eq!(office.names(query).await, ["ada"], "{query}");
    }
    assert_eq!(office.names("?employeeId=E-2").await, [] as [&str; 0]);
}

#[tokio::test]
async fn the_list_is_walked_by_cursor() {
    let office = Office::open().await;
    for name in ["ada", "bea", "cyd"] {
        office.trial.account(name, "user").await;
    }
    let first = office.get("?cursor=&limit=2&sort=username").await.expect(200);
    let cursor = first.json()["pagination"]["next_cursor"].as_str().unwrap().to_owned();
    assert_eq!(office.names(&format!("?cursor={cursor}&limit=2&sort=username")).await, ["boss", "cyd"]);
}

#[tokio::test]
async fn r4_117_c17_an_account_is_shown_whole_to_its_owner_and_to_administrators_and_in_part_to_others() {
    let office = Office::open().await;
    let zoe = office.trial.account("zoe", "employee").await;
    office.trial.account("yan", "employee").await;
    let (own, yan) = (office.trial.sign_in("zoe").await, office.trial.sign_in("yan").await);
    let path = format!("{USERS}/{zoe}");
    let full = office.get(&format!("/{zoe}")).await.expect(200);
    assert_eq!(
        (&full.data()["email"], &full.data()["failedAttempts"]),
        (&json!("zoe@example.org"), &json!(0))
    );
    assert!(full.header("etag").unwrap().starts_with("\"1-"));
    let own = office.trial.get(&path).bearer(&own.access).send().await.expect(200);
    assert_eq!(own.data(), full.data());
    let public = office.trial.get(&path).bearer(&yan.access).send().await.expect(200);
    assert_eq!((&public.data()["username"], &public.data()["email"]), (&json!("zoe"), &Value::Null));
    assert!(!public.text().contains("example.org"), "{}", public.text());
    office.trial.get(&path).send().await.refused(401, "UNAUTHORIZED");
    let nobody = format!("{USERS}/01900000-0000-7000-8000-0000000000ff");
    office.trial.get(&nobody).bearer(&yan.access).send().await.refused(404, "NOT_FOUND");
}

#[tokio::test]
async fn c17_r3_142_profiles_are_public_or_for_administrators_where_the_server_says_so() {
    let office = Office::with(&[("identity.profiles", "administrators")]).await;
    office.trial.account("yan", "employee").await;
    let yan = office.trial.sign_in("yan").await;
    let other = format!("{USERS}/{}", office.boss.user);
    office.trial.get(&other).bearer(&yan.access).send().await.refused(403, "FORBIDDEN");
    let nobody = format!("{USERS}/01900000-0000-7000-8000-0000000000ff");
    office.trial.get(&nobody).bearer(&yan.access).send().await.refused(403, "FORBIDDEN");
    let own = format!("{USERS}/{}", yan.user);
    office.trial.get(&own).bearer(&yan.access).send().await.expect(200);
    let open = Office::with(&[("identity.profiles", "everyone")]).await;
    let reply = open.trial.get(&format!("{USERS}/{}", open.boss.user)).send().await.expect(200);
    assert_eq!(reply.data()["name"], "boss");
}

#[tokio::test]
async fn c16_r3_140_r3_141_ones_own_profile_has_two_paths() {
    let office = Office::open().await;
    let one = office.get("/me").await.expect(200);
    let other = office.trial.get("/api/v1/auth/me").bearer(&office.boss.access).send().await.expect(200);
    assert_eq!(one.data(), other.data());
    let body = json!({"name": "The boss"});
    assert_eq!(office.send("PUT", "/me", body).await.expect(200).data()["name"], "The boss");
    let body = json!({"phone": "12"});
    assert_eq!(office.send("PATCH", "/me", body).await.expect(200).data()["phone"], "12");
}
