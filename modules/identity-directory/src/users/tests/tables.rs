//! Tables of accounts: in and out.

use super::*;

async fn import(office: &Office, table: &str, query: &str) -> TestResponse {
    office.ask("POST", &format!("/import{query}")).body("text/csv", table).send().await
}

#[tokio::test]
async fn a_table_is_taken_in_with_either_separator_and_in_either_language() {
    let office = Office::open().await;
    let english = "\u{feff}username,email,First name,last_name,role,department\n\
                   ada,ada@example.org,Ada,\"Lovelace, Countess\",manager,Research\n\
                   bea,bea@example.org,Bea,,,\n";
    let reply = import(&office, english, "").await.expect(200);
    assert_eq!((&reply.data()["created"], &reply.data()["isDryRun"]), (&json!(2), &json!(false)));
    assert_eq!(
        reply.data()["users"][1],
        json!({
            "line": 3, "username": "bea", "email": "bea@example.org", "role": "user", "hasPassword": false,
        })
    );
    let french = "Nom d’utilisateur;E-mail;Prénom;Nom;Rôle;Matricule;Langue\r\ncyd;cyd@example.org;Cyd;Élan;employee;E-7;fr\r\n";
    import(&office, french, "?dryRun=false").await.expect(200);
    let ada = office.get("?search=countess").await.expect(200).data();
    assert_eq!((&ada[0]["name"], &ada[0]["role"]), (&json!("Ada Lovelace, Countess"), &json!("manager")));
    let cyd = office.get("?search=e-7").await.expect(200).data();
    assert_eq!((&cyd[0]["lastName"], &cyd[0]["language"]), (&json!("Élan"), &json!("fr")));
    let made = office.kinds().await.iter().filter(|kind| *kind == "user.registered").count();
    assert_eq!(made, 4);
}

#[tokio::test]
async fn a_dry_run_says_what_would_happen_and_writes_nothing() {
    let office = Office::open().await;
    let before = office.kinds().await;
    let table = "username,email,password\nada,ada@example.org,secret\n";
    let reply = import(&office, table, "?dryRun=true").await.expect(200);
    assert_eq!((&reply.data()["created"], &reply.data()["isDryRun"]), (&json!(1), &json!(true)));
    assert_eq!((office.names("").await, office.kinds().await), (vec!["boss".to_owned()], before));
}

#[tokio::test]
async fn every_wrong_line_is_named_at_once_by_its_number_and_nothing_is_written() {
    let office = Office::open().await;
    let before = office.kinds().await;
    let table = "username,email,role,employeeId,passwordHash\n\
                 ada,ada@example.org,user,E-1,\n\
                 .,not an address,user,,\n\
                 boss,new@example.org,king,,\n\
                 ADA,boss@example.org,user,E-1,\n\
                 \n\
                 dan,dan@example.org,user,,$2y$31$BCryptRequires22Chrcte/VlQH0piJtjXl.0t1XkA8pw9dMXTpOq\n\
                 eve,eve@example.org\n";
    for query in ["", "?dryRun=true"] {
        let refused = import(&office, table, query).await.refused(400, "VALIDATION_ERROR");
        assert_eq!(
            fields(&refused),
            [
                "lines[3].email EMAIL_INVALID",
                "lines[3].username USERNAME_BAD_CHARACTERS",
                "lines[3].username USERNAME_TOO_SHORT",
                "lines[4].role UNKNOWN_ROLE",
                "lines[4].username USERNAME_TAKEN",
                "lines[5].email EMAIL_TAKEN",
                "lines[5].employeeId STANDS_TWICE",
                "lines[5].username STANDS_TWICE",
                "lines[7].passwordHash NOT_A_HASH",
                "lines[8] WRONG_CELLS",
            ]
        );
    }
    assert_eq!((office.names("").await, office.kinds().await), (vec!["boss".to_owned()], before));
}

#[tokio::test]
async fn what_is_no_table_of_accounts_is_refused() {
    let office = Office::with(&[("identity.import_rows", "1")]).await;
    let refused =
        import(&office, "user name,salary,E-mail,mail\n", "").await.refused(400, "VALIDATION_ERROR");
    assert_eq!(fields(&refused), ["lines[1].email DUPLICATE_FIELD", "lines[1].salary UNKNOWN_COLUMN"]);
    let refused = import(&office, "email\nada@example.org\n", "").await.refused(400, "VALIDATION_ERROR");
    assert_eq!(fields(&refused), ["lines[1].username REQUIRED"]);
    for empty in ["", "username\n"] {
        import(&office, empty, "").await.refused(400, "VALIDATION_ERROR");
    }
    let refused = import(&office, "username\nada\nbea\n", "").await.refused(400, "VALIDATION_ERROR");
    assert_eq!(fields(&refused), ["lines[3] TOO_MANY"]);
    let json = office.send("POST", "/import", json!([])).await;
    json.refused(415, "UNSUPPORTED_MEDIA_TYPE");
    let latin =
        office.ask("POST", "/import").body("text/csv", b"username\n\xe9t\xe9\n".to_vec()).send().await;
    latin.refused(400, "VALIDATION_ERROR");
}

#[tokio::test]
async fn a_table_that_is_nothing_but_mistakes_is_refused_before_it_costs_much() {
    let office = Office::open().await;
    let commas = ",".repeat(900_000);
    let refused = import(&office, &commas, "").await.refused(400, "VALIDATION_ERROR");
    assert_eq!(fields(&refused), ["lines[1] TOO_MANY"]);
    let refused = import(&office, &"x".repeat(900_000), "").await.refused(400, "VALIDATION_ERROR");
    assert!(refused.text().len() < 5_000, "{}", refused.text().len());
    let wrong = format!("username,email\n{}", ".,none\n".repeat(200));
    let refused = import(&office, &wrong, "").await.refused(400, "VALIDATION_ERROR");
    assert_eq!(refused.fields().len(), 50);
}

#[tokio::test]
async fn an_imported_hash_does_not_choose_how_long_a_sign_in_works() {
    let office = Office::open().await;
    let table = "username,passwordHash\n\
                 ada,\"$argon2id$v=19$m=262144,t=32,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4\"\n";
    let refused = import(&office, table, "").await.refused(400, "VALIDATION_ERROR");
    assert_eq!(fields(&refused), ["lines[2].passwordHash NOT_A_HASH"]);
}

#[tokio::test]
async fn r4_89_imported_passwords_are_hashed_and_imported_hashes_are_replaced_at_sign_in() {
    let office = Office::open().await;
    let ours =
        office.trial.app.kit.passwords.hash(socle_kit::kernel::Secret::new("x y z".into())).await.unwrap();
    let table = format!(
        "username;password;passwordHash\n\
         plain;old secret;\n\
         crypt;$2y$07$BCryptRequires22Chrcte/VlQH0piJtjXl.0t1XkA8pw9dMXTpOq;\n\
         other;;{ours}\n"
    );
    import(&office, &table, "").await.expect(200);
    let sign_in = |name: &str, password: &str| {
        office.trial.post("/api/v1/auth/login", json!({"username": name, "password": password})).send()
    };
    const HASH: &str = "SELECT password_hash FROM identity_user WHERE id = ?1";
    for (name, password, must_change) in
        [("plain", "old secret", true), ("crypt", "rasmuslerdorf", false), ("other", "x y z", false)]
    {
        sign_in(name, "wrong").await.refused(401, "INVALID_CREDENTIALS");
        let reply = sign_in(name, password).await.expect(200);
        assert_eq!(reply.data()["user"]["mustChangePassword"], must_change, "{name}");
        let hash: String = office.trial.value(HASH, Tokens::of(&reply).user).await;
        assert!(hash.starts_with("$argon2id$"), "{name}: {hash}");
        sign_in(name, password).await.expect(200);
    }
}

#[tokio::test]
async fn an_import_gives_no_role_that_may_do_more_than_the_importer() {
    let office = Office::open().await;
    let clerk = office.clerk("clerk").await;
    let send = |table: &'static str| {
        office
            .trial
            .request("POST", &format!("{USERS}/import"))
            .bearer(&clerk.access)
            .body("text/csv", table)
            .send()
    };
    let refused = send("username,role\nada,admin\nbea,user\n").await.refused(400, "VALIDATION_ERROR");
    assert_eq!(fields(&refused), ["lines[2].role BEYOND_OWN_RIGHTS"]);
    send("username,role\nbea,user\n").await.expect(200);
}

#[tokio::test]
async fn a_table_is_handed_out_that_no_spreadsheet_takes_for_formulas() {
    let office = Office::open().await;
    for (name, shown) in [("ada", "=HYPERLINK(\"x\")"), ("bea", "Bea, \"the\" second")] {
        let mut body = named(name);
        body["name"] = json!(shown);
        body["phone"] = json!("+33 1");
        body["department"] = json!("Research");
        office.send("POST", "", body).await.expect(201);
    }
    let reply = office.get("/export?department=Research").await.expect(200);
    assert_eq!(reply.header("content-type"), Some("text/csv; charset=utf-8"));
    assert_eq!(reply.header("content-disposition"), Some("attachment; filename=\"accounts.csv\""));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    let mut table = csv::Reader::from_reader(reply.body.as_slice());
    let rows: Vec<Vec<String>> =
        table.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    assert_eq!(rows.len(), 2);
    assert_eq!((rows[0][3].as_str(), rows[0][10].as_str()), ("'=HYPERLINK(\"x\")", "'+33 1"));
    assert_eq!(rows[1][3], "Bea, \"the\" second");
    assert!(!reply.text().contains("argon2"));
}

#[tokio::test]
async fn a_table_of_more_than_a_page_is_whole() {
    let office = Office::open().await;
    let lines: String = (0..250).map(|number| format!("user{number:03}\n")).collect();
    import(&office, &format!("username\n{lines}"), "").await.expect(200);
    let reply = office.get("/export").await.expect(200);
    assert_eq!(reply.text().lines().count(), 252);
    assert_eq!(reply.text().lines().filter(|line| line.starts_with("id,")).count(), 1);
}
