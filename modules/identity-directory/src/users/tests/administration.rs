//! Making, changing, switching off, removing.

use std::time::Duration;

use super::*;

/// What signs this account in with this password answers.
async fn sign_in(office: &Office, username: &str, password: &str) -> TestResponse {
    let body = json!({"username": username, "password": password});
    office.trial.post("/api/v1/auth/login", body).send().await
}

#[tokio::test]
async fn r4_118_an_account_is_made_with_a_password_that_is_shown_once_and_to_be_changed() {
    let office = Office::open().await;
    let body = json!({
        "username": "ada", "email": "ada@example.org", "firstName": "Ada", "lastName": "Lovelace",
        "role": "Manager", "department": "Research", "employeeId": "E-1", "position": "Analyst",
    });
    let made = office.send("POST", "", body).await.expect(201);
    let data = made.data();
    assert_eq!(made.header("location").unwrap(), format!("{USERS}/{}", data["id"].as_str().unwrap()));
    assert_eq!(
        (&data["name"], &data["role"], &data["employeeId"]),
        (&json!("Ada Lovelace"), &json!("manager"), &json!("E-1"))
    );
    assert_eq!(data["mustChangePassword"], true);
    assert!(made.header("etag").is_none(), "an answer with a password is not kept");
    let password = data["oneTimePassword"].as_str().unwrap();
    let signed_in = sign_in(&office, "ada", password).await.expect(200);
    assert_eq!(signed_in.data()["user"]["mustChangePassword"], true);
    assert!(office.kinds().await.contains(&"user.registered".to_owned()));
    let shown = office.get(&format!("/{}", data["id"].as_str().unwrap())).await.expect(200);
    assert!(shown.data().get("oneTimePassword").is_none());
}

#[tokio::test]
async fn r4_118_every_bad_field_of_a_new_account_is_named_and_nothing_is_written() {
    let office = Office::open().await;
    let before = office.kinds().await;
    let refused = office.send("POST", "", json!({"username": ".", "email": "x", "password": "short"})).await;
    assert_eq!(
        fields(&refused.refused(400, "VALIDATION_ERROR")),
        [
            "email EMAIL_INVALID",
            "password PASSWORD_TOO_SHORT",
            "username USERNAME_BAD_CHARACTERS",
            "username USERNAME_TOO_SHORT"
        ]
    );
    let mut body = named("ada");
    body["role"] = json!("king");
    let refused = office.send("POST", "", body).await.refused(400, "VALIDATION_ERROR");
    assert_eq!(fields(&refused), ["role UNKNOWN_ROLE"]);
    let taken = json!({"username": "other", "email": "BOSS@example.org"});
    office.send("POST", "", taken).await.refused(409, "EMAIL_TAKEN");
    office.send("POST", "", json!({"username": "Boss"})).await.refused(409, "USERNAME_TAKEN");
    assert_eq!(office.kinds().await, before);
    let mut body = named("ada");
    body["employeeId"] = json!("E-1");
    office.send("POST", "", body).await.expect(201);
    let mut body = named("bea");
    body["employeeId"] = json!("E-1");
    office.send("POST", "", body).await.refused(409, "EMPLOYEE_ID_TAKEN");
}

#[tokio::test]
async fn r4_119_an_account_is_replaced_and_patched_and_another_address_is_to_be_proved() {
    let office = Office::open().await;
    let zoe = office.trial.account("zoe", "employee").await;
    office
        .trial
        .tamper(move |tx| {
            tx.exec("UPDATE identity_user SET email_verified_at = 5 WHERE id = ?1", &[&zoe]).map(drop)
        })
        .await;
    let path = format!("/{zoe}");
    let patched =
        office.send("PATCH", &path, json!({"department": "Sales", "firstName": "Zoé"})).await.expect(200);
    let data = patched.data();
    assert_eq!(
        (&data["department"], &data["name"], &data["emailVerified"]),
        (&json!("Sales"), &json!("Zoé"), &json!(true))
    );
    let tag = patched.header("etag").unwrap().to_owned();
    let body = json!({"username": "zoe2", "email": "zoe2@example.org", "name": "Z"});
    let replaced = office.ask("PUT", &path).header("if-match", &tag).json(&body).send().await.expect(200);
    let data = replaced.data();
    assert_eq!(
        (&data["username"], &data["department"], &data["emailVerified"]),
        (&json!("zoe2"), &Value::Null, &json!(false))
    );
    office
        .ask("PUT", &path)
        .header("if-match", &tag)
        .json(&body)
        .send()
        .await
        .refused(412, "PRECONDITION_FAILED");
    assert_eq!(office.names("?search=zoe2").await, ["zoe2"]);
    let refused = office.send("PATCH", &path, json!({"username": null, "role": "admin"})).await;
    assert_eq!(fields(&refused.refused(400, "VALIDATION_ERROR")), ["role UNKNOWN_FIELD"]);
    let refused = office.send("PATCH", &path, json!({"username": null})).await;
    assert_eq!(fields(&refused.refused(400, "VALIDATION_ERROR")), ["username REQUIRED"]);
    office.send("PATCH", &path, json!({"username": "boss"})).await.refused(409, "USERNAME_TAKEN");
}

#[tokio::test]
async fn r4_121_r2_81_c28_a_deactivated_account_is_signed_out_at_once_and_told() {
    let office = Office::open().await;
    let zoe = office.trial.account("zoe", "employee").await;
    let tokens = office.trial.sign_in("zoe").await;
    assert!(office.trial.knows(&tokens).await);
    let off = office.ask("PUT", &format!("/{zoe}/deactivate")).send().await.expect(200);
    assert_eq!(off.data()["isActive"], false);
    assert!(!office.trial.knows(&tokens).await);
    office.trial.app.tell_listeners().await;
    let mails = office.trial.app.mails().await;
    assert_eq!(
        (mails[0].to.as_str(), mails[0].template.as_str()),
        ("zoe@example.org", "account-deactivated")
    );
    sign_in(&office, "zoe", socle_identity_trial::PASSWORD).await.refused(403, "ACCOUNT_INACTIVE");
    let kinds = office.kinds().await;
    office.ask("PUT", &format!("/{zoe}/deactivate")).send().await.expect(200);
    assert_eq!(
        (office.kinds().await, office.trial.app.mails().await.len()),
        (kinds, 1),
        "a second time changes nothing"
    );
    assert_eq!(office.names("?isActive=false").await, ["zoe"]);
}

#[tokio::test]
async fn r4_120_an_activated_account_signs_in_again() {
    let office = Office::open().await;
    let zoe = office.trial.account("zoe", "employee").await;
    office.ask("PUT", &format!("/{zoe}/deactivate")).send().await.expect(200);
    office.ask("PUT", &format!("/{zoe}/activate")).send().await.expect(200);
    office.trial.sign_in("zoe").await;
    assert!(office.kinds().await.contains(&"user.activated".to_owned()));
}

#[tokio::test]
async fn r2_51_an_administrator_forgets_the_refusals_of_a_locked_account() {
    let office = Office::open().await;
    let zoe = office.trial.account("zoe", "employee").await;
    for name in ["zoe", "zoe@example.org"] {
        for _ in 0..5 {
            sign_in(&office, name, "wrong password").await;
        }
        sign_in(&office, name, socle_identity_trial::PASSWORD).await.refused(423, "ACCOUNT_LOCKED");
    }
    assert_eq!(office.names("?locked=true").await, ["zoe"]);
    office.trial.app.advance(Duration::from_secs(6 * 60));
    office.ask("POST", &format!("/{zoe}/unlock")).send().await.refused(403, "PROOF_REQUIRED");
    let office = Office { boss: office.trial.sign_in("boss").await, ..office };
    let unlocked = office.ask("POST", &format!("/{zoe}/unlock")).send().await.expect(200);
    assert_eq!(
        (&unlocked.data()["lockedUntil"], &unlocked.data()["failedAttempts"]),
        (&Value::Null, &json!(0))
    );
    sign_in(&office, "zoe", socle_identity_trial::PASSWORD).await.expect(200);
    sign_in(&office, "zoe@example.org", socle_identity_trial::PASSWORD).await.expect(200);
    let other = format!("/api/admin/users/{zoe}/unlock");
    office.trial.request("POST", &other).bearer(&office.boss.access).send().await.expect(200);
}

#[tokio::test]
async fn r4_246_a_removed_account_is_gone_and_keeps_its_name() {
    let office = Office::open().await;
    let zoe = office.trial.account("zoe", "employee").await;
    let tokens = office.trial.sign_in("zoe").await;
    office.ask("DELETE", &format!("/{zoe}")).send().await.expect(204);
    assert!(!office.trial.knows(&tokens).await);
    office.get(&format!("/{zoe}")).await.refused(404, "NOT_FOUND");
    assert_eq!(office.names("").await, ["boss"]);
    office.send("POST", "", named("zoe")).await.expect(409);
    office.ask("DELETE", &format!("/{zoe}")).send().await.refused(404, "NOT_FOUND");
    assert_eq!(office.kinds().await.last().unwrap(), "user.deleted");
}

#[tokio::test]
async fn r3_73_another_role_ends_the_sessions_and_counts_at_once() {
    let office = Office::open().await;
    let zoe = office.trial.account("zoe", "employee").await;
    let tokens = office.trial.sign_in("zoe").await;
    let path = format!("/{zoe}/role");
    let given = office.send("PUT", &path, json!({"role": "MANAGER"})).await.expect(200);
    assert_eq!(given.data()["role"], "manager");
    assert!(!office.trial.knows(&tokens).await);
    office.send("PATCH", &path, json!({"role": "employee"})).await.expect(200);
    let kinds = office.kinds().await;
    office.send("PUT", &path, json!({"role": "employee"})).await.expect(200);
    assert_eq!(office.kinds().await, kinds, "the same role is no change");
    let refused = office.send("PUT", &path, json!({"role": "king"})).await;
    assert_eq!(fields(&refused.refused(400, "VALIDATION_ERROR")), ["role UNKNOWN_ROLE"]);
}

#[tokio::test]
async fn a_password_set_by_an_administrator_ends_the_sessions_and_is_to_be_changed() {
    let office = Office::open().await;
    let zoe = office.trial.account("zoe", "employee").await;
    let tokens = office.trial.sign_in("zoe").await;
    let set = office.ask("POST", &format!("/{zoe}/password")).send().await.expect(200);
    assert_eq!(set.data()["sessionsEnded"], 1);
    assert!(!office.trial.knows(&tokens).await);
    let password = set.data()["oneTimePassword"].as_str().unwrap().to_owned();
    assert_eq!(
        sign_in(&office, "zoe", &password).await.expect(200).data()["user"]["mustChangePassword"],
        true
    );
    office.trial.app.tell_listeners().await;
    assert_eq!(office.trial.app.mails().await[0].template, "password-changed");
    let body = json!({"password": "Tournesol-pendule9"});
    let set = office.send("POST", &format!("/{zoe}/password"), body).await.expect(200);
    assert_eq!(set.data()["oneTimePassword"], Value::Null);
    sign_in(&office, "zoe", "Tournesol-pendule9").await.expect(200);
    let refused = office.send("POST", &format!("/{zoe}/password"), json!({"password": "zoe"})).await;
    refused.refused(400, "VALIDATION_ERROR");
}

#[tokio::test]
async fn a_password_set_by_an_administrator_opens_the_lock() {
    let office = Office::open().await;
    let zoe = office.trial.account("zoe", "employee").await;
    for _ in 0..5 {
        sign_in(&office, "zoe", "wrong password").await;
    }
    sign_in(&office, "zoe", socle_identity_trial::PASSWORD).await.refused(423, "ACCOUNT_LOCKED");
    let body = json!({"password": "Tournesol-pendule9"});
    office.send("POST", &format!("/{zoe}/password"), body).await.expect(200);
    sign_in(&office, "zoe", "Tournesol-pendule9").await.expect(200);
    let shown = office.get(&format!("/{zoe}")).await.expect(200);
    assert_eq!((&shown.data()["failedAttempts"], &shown.data()["lockedUntil"]), (&json!(0), &Value::Null));
}

#[tokio::test]
async fn credentials_roles_and_removals_ask_for_a_fresh_proof() {
    let office = Office::open().await;
    let zoe = office.trial.account("zoe", "employee").await;
    office.trial.app.advance(Duration::from_secs(6 * 60));
    let before = office.kinds().await;
    for (method, path, body) in [
        ("PUT", "role", json!({"role": "user"})),
        ("PATCH", "role", json!({"role": "user"})),
        ("POST", "password", json!({})),
        ("POST", "erase", json!({"username": "zoe"})),
    ] {
        office.send(method, &format!("/{zoe}/{path}"), body).await.refused(403, "PROOF_REQUIRED");
    }
    // Whose address is another can have the password mailed there.
    office.send("PUT", &format!("/{zoe}"), named("zoe")).await.refused(403, "PROOF_REQUIRED");
    office.send("PATCH", &format!("/{zoe}"), json!({"phone": "1"})).await.refused(403, "PROOF_REQUIRED");
    office.send("POST", "", named("ada")).await.refused(403, "PROOF_REQUIRED");
    let import = office.ask("POST", "/import").body("text/csv", "username\nada\n");
    import.send().await.refused(403, "PROOF_REQUIRED");
    office.ask("DELETE", &format!("/{zoe}")).send().await.refused(403, "PROOF_REQUIRED");
    assert_eq!(office.kinds().await, before);
}

#[tokio::test]
async fn an_api_key_writes_no_accounts() {
    let office = Office::open().await;
    let zoe = office.trial.account("zoe", "employee").await;
    let body = json!({"name": "All", "scopes": ["manage_users"]});
    let made = office.trial.post("/api/v1/api-keys", body).bearer(&office.boss.access).send().await;
    let key = made.expect(201).data()["key"].as_str().unwrap().to_owned();
    let ask = |method: &str, path: &str| {
        office.trial.request(method, &format!("{USERS}{path}")).header("x-api-key", &key)
    };
    ask("GET", "").send().await.expect(200);
    let before = office.kinds().await;
    for user in [zoe, office.boss.user] {
        let body = json!({"email": "mine@example.org"});
        ask("PATCH", &format!("/{user}")).json(&body).send().await.refused(403, "IN_PERSON_ONLY");
        ask("PUT", &format!("/{user}")).json(&named("mine")).send().await.refused(403, "IN_PERSON_ONLY");
    }
    ask("POST", "").json(&named("mine")).send().await.refused(403, "IN_PERSON_ONLY");
    ask("GET", "/me/data").send().await.refused(403, "IN_PERSON_ONLY");
    assert_eq!(office.kinds().await, before);
}

#[tokio::test]
async fn another_address_by_an_administrator_is_told_to_the_old_one() {
    let office = Office::open().await;
    let zoe = office.trial.account("zoe", "employee").await;
    let path = format!("/{zoe}");
    office.send("PATCH", &path, json!({"email": "Zoe@Example.org"})).await.expect(200);
    assert!(office.trial.app.mails().await.is_empty(), "the same address, spelled otherwise");
    office.send("PATCH", &path, json!({"email": "new@example.org"})).await.expect(200);
    let mails = office.trial.app.mails().await;
    assert_eq!(mails.len(), 1);
    assert_eq!((mails[0].to.as_str(), mails[0].template.as_str()), ("Zoe@Example.org", "email-changed"));
    let written = office.trial.app.written(&mails[0]).text;
    assert!(written.contains("n***@example.org") && !written.contains("new@"), "{written}");
    office.send("PATCH", &path, json!({"email": null})).await.expect(200);
    assert_eq!(office.trial.app.mails().await[1].to, "new@example.org");
    let kinds = office.kinds().await;
    assert_eq!(kinds.iter().filter(|kind| *kind == "user.email_changed").count(), 2);
}

#[tokio::test]
async fn nobody_gives_themselves_another_address_unproved() {
    let office = Office::open().await;
    let clerk = office.clerk("clerk").await;
    for own in [&office.boss, &clerk] {
        let ask = |method: &str, body: Value| {
            let request = office.trial.request(method, &format!("{USERS}/{}", own.user));
            request.bearer(&own.access).json(&body).send()
        };
        let before = office.kinds().await;
        ask("PATCH", json!({"email": "mine@example.org"})).await.refused(409, "OWN_ACCOUNT");
        ask("PATCH", json!({"email": null})).await.refused(409, "OWN_ACCOUNT");
        ask("PUT", named("mine")).await.refused(409, "OWN_ACCOUNT");
        assert_eq!(office.kinds().await, before);
        ask("PATCH", json!({"phone": "1"})).await.expect(200);
    }
    assert!(office.trial.app.mails().await.is_empty());
}

#[tokio::test]
async fn nobody_takes_themselves_away() {
    let office = Office::open().await;
    office.trial.account("other", "admin").await;
    let own = office.boss.user;
    let before = office.kinds().await;
    office.ask("PUT", &format!("/{own}/deactivate")).send().await.refused(409, "OWN_ACCOUNT");
    office.ask("DELETE", &format!("/{own}")).send().await.refused(409, "OWN_ACCOUNT");
    office.send("PUT", &format!("/{own}/role"), json!({"role": "user"})).await.refused(409, "OWN_ACCOUNT");
    office.ask("POST", &format!("/{own}/password")).send().await.refused(409, "OWN_ACCOUNT");
    office.ask("POST", &format!("/{own}/unlock")).send().await.refused(409, "OWN_ACCOUNT");
    office
        .send("POST", &format!("/{own}/erase"), json!({"username": "boss"}))
        .await
        .refused(409, "OWN_ACCOUNT");
    assert_eq!(office.kinds().await, before);
}

#[tokio::test]
async fn of_two_administrators_who_demote_each_other_one_remains() {
    let office = Office::open().await;
    let other = office.trial.account("other", "admin").await;
    let tokens = office.trial.sign_in("other").await;
    let demote = |user: UserId, by: &Tokens| {
        let request = office.trial.request("PUT", &format!("{USERS}/{user}/role"));
        request.bearer(&by.access).json(&json!({"role": "user"})).send()
    };
    tokio::join!(demote(other, &office.boss), demote(office.boss.user, &tokens));
    const ADMINISTRATORS: &str = "SELECT COUNT(*) FROM identity_user WHERE role = 'admin' AND id <> ?1";
    let nobody = UserId::from_u128(1);
    assert!(office.trial.value::<i64>(ADMINISTRATORS, nobody).await >= 1);
}

#[tokio::test]
async fn c31_who_manages_accounts_does_not_change_roles_nor_remove() {
    let office = Office::open().await;
    let zoe = office.trial.account("zoe", "user").await;
    let clerk = office.clerk("clerk").await;
    let ask = |method: &str, path: String, body: Value| {
        office.trial.request(method, &format!("{USERS}{path}")).bearer(&clerk.access).json(&body).send()
    };
    ask("PATCH", format!("/{zoe}"), json!({"phone": "1"})).await.expect(200);
    ask("PUT", format!("/{zoe}/role"), json!({"role": "user"})).await.refused(403, "FORBIDDEN");
    ask("DELETE", format!("/{zoe}"), json!({})).await.refused(403, "FORBIDDEN");
    ask("POST", format!("/{zoe}/erase"), json!({"username": "zoe"})).await.refused(403, "FORBIDDEN");
}

#[tokio::test]
async fn nobody_acts_on_who_may_do_more_nor_gives_what_they_do_not_hold() {
    let office = Office::open().await;
    let worker = office.trial.account("worker", "employee").await;
    let granted = office.trial.account("granted", "user").await;
    office.grant(granted, "water_plants").await;
    let clerk = office.clerk("clerk").await;
    let ask = |method: &str, path: String, body: Value| {
        office.trial.request(method, &format!("{USERS}{path}")).bearer(&clerk.access).json(&body).send()
    };
    let before = office.kinds().await;
    for user in [office.boss.user, worker, granted] {
        ask("POST", format!("/{user}/password"), json!({})).await.refused(403, "BEYOND_OWN_RIGHTS");
        ask("PATCH", format!("/{user}"), json!({"email": "mine@example.org"}))
            .await
            .refused(403, "BEYOND_OWN_RIGHTS");
        ask("PUT", format!("/{user}/deactivate"), json!({})).await.refused(403, "BEYOND_OWN_RIGHTS");
        ask("POST", format!("/{user}/unlock"), json!({})).await.refused(403, "BEYOND_OWN_RIGHTS");
    }
    for role in ["admin", "employee"] {
        let mut body = named("mine");
        body["role"] = json!(role);
        ask("POST", String::new(), body).await.refused(403, "BEYOND_OWN_RIGHTS");
    }
    assert_eq!(office.kinds().await, before);
    ask("POST", String::new(), named("mine")).await.expect(201);
}

#[tokio::test]
async fn a_grant_that_is_over_puts_nobody_out_of_reach_and_one_that_holds_within_a_scope_does() {
    let office = Office::open().await;
    let zoe = office.trial.account("zoe", "user").await;
    office.grant(zoe, "water_plants").await;
    let clerk = office.clerk("clerk").await;
    let set = async |sql: &'static str| {
        office.trial.tamper(move |tx| tx.exec(sql, &[&zoe]).map(drop)).await;
        let request = office.trial.request("PATCH", &format!("{USERS}/{zoe}")).bearer(&clerk.access);
        request.json(&json!({"phone": "1"})).send().await
    };
    let scoped = "UPDATE identity_user_permission SET scope = 'garden:a' WHERE user_id = ?1";
    set(scoped).await.refused(403, "BEYOND_OWN_RIGHTS");
    set("UPDATE identity_user_permission SET expires_at = 1 WHERE user_id = ?1").await.expect(200);
}
