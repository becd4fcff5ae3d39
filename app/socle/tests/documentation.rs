//! The API document and its page, in both languages; what is refused by name on every route.

mod support;

use std::collections::BTreeSet;

use serde_json::json;
use socle::{configuration, modules, wiring};
use socle_kit::assembly;
use socle_kit::http::Document;
use socle_kit::i18n::Language;
use support::{Stack, at, header};

/// Every text of the code that people read has its French, and no French is left over.
#[tokio::test]
async fn the_document_and_the_settings_are_wholly_in_french_too() {
    let stack = Stack::start().await;
    let document = Document(stack.get("/openapi.json?lang=en").send().await.expect(200).json());
    let texts = wiring::texts().unwrap();
    let catalogue = assembly::catalogue(modules::MODULES).unwrap();
    let (_, missing) = document.in_french(&texts, &catalogue);
    assert!(missing.is_empty(), "add their French to the i18n/fr.toml beside them: {missing:#?}");

    let settings = configuration::settings();
    let spoken: BTreeSet<&str> = settings.iter().map(|setting| setting.doc).collect();
    let silent: Vec<&&str> = spoken.iter().filter(|doc| texts.find(Language::Fr, doc).is_none()).collect();
    assert!(silent.is_empty(), "settings without French: {silent:#?}");

    let shown = document.texts();
    let left: Vec<&str> =
        texts.english().filter(|text| !shown.contains(*text) && !spoken.contains(text)).collect();
    assert!(left.is_empty(), "nobody says this any more: {left:#?}");
}

#[tokio::test]
async fn the_document_and_its_page_follow_the_language_as_every_route_does() {
    let stack = Stack::start().await;
    let at_login = "/paths/~1api~1v1~1auth~1login/post/summary";
    for (target, accept, language, summary) in [
        ("/openapi.json?lang=fr", "en", "fr", "Se connecter"),
        ("/openapi.json?lang=en", "fr", "en", "Sign in"),
        ("/openapi.json", "en-GB", "en", "Sign in"),
        ("/openapi.json", "de", "fr", "Se connecter"),
    ] {
        let response = stack.get(target).header("accept-language", accept).send().await.expect(200);
        assert_eq!(header(&response, "content-language"), language, "{target}");
        assert_eq!(header(&response, "vary"), "accept-language");
        assert_eq!(at(&response.json(), at_login), summary, "{target} {accept}");
    }
    for (language, tag) in [("fr", "<html lang=\"fr\">"), ("en", "<html lang=\"en\">")] {
        let page = stack.get(&format!("/docs?lang={language}")).send().await.expect(200).text();
        assert!(page.contains(tag) && page.contains(&format!("/openapi.json?lang={language}")), "{page}");
    }
    for file in ["docs.js", "docs-words.js", "docs-stream.js", "docs.css"] {
        stack.get(&format!("/docs/assets/{file}")).send().await.expect(200);
    }
}

#[tokio::test]
async fn a_language_that_is_not_spoken_is_refused_where_parameters_are_and_an_unknown_preference_falls_back()
{
    let stack = Stack::start().await;
    let token = stack.register("zoe").await;
    for target in ["/api/v1/auth/me?lang=de", "/api/v1/announcements?lang=de&limit=1"] {
        let body = stack.get(target).bearer(&token).send().await.expect(400).json();
        assert_eq!(at(&body, "/error/details/0/field"), "lang", "{target}");
        assert_eq!(at(&body, "/error/details/0/code"), "NOT_ALLOWED", "{target}");
    }
    let twice = stack.get("/api/v1/auth/me?lang=fr&lang=en").bearer(&token).send().await.expect(400);
    assert_eq!(at(&twice.json(), "/error/details/0/code"), "DUPLICATE_PARAMETER");
    for (target, accept) in
        [("/api/v1/auth/me", "de"), ("/api/v1/auth/me?lang=", "de"), ("/api/v1/auth/me?lang=fr", "")]
    {
        stack.get(target).bearer(&token).header("accept-language", accept).send().await.expect(200);
    }
}

#[tokio::test]
async fn an_if_match_that_is_no_entity_tag_is_refused_by_its_name_and_a_stale_one_is_412() {
    let stack = Stack::start().await;
    let token = stack.register("yan").await;
    let put = |tag: &str| {
        let request = stack.request("PATCH", "/api/v1/auth/me").bearer(&token).header("if-match", tag);
        request.json(&json!({"firstName": "Yan"})).send()
    };
    for bad in ["3", "abc", "\"3"] {
        let body = put(bad).await.expect(400).json();
        assert_eq!(at(&body, "/error/details/0/field"), "If-Match", "{bad}");
        assert_eq!(at(&body, "/error/details/0/code"), "BAD_FORMAT", "{bad}");
    }
    put("\"999-00\"").await.expect(412);
    put("*").await.expect(200);
}
