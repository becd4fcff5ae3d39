//! The provider as a process of its own, and a person who fills in its forms.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use reqwest::{Client, Response, Url, redirect};

use super::journey::{BASE, SECRET};

const SCRIPT: &str = include_str!("../../../provider/provider.mjs");

/// A running provider; ended when dropped.
pub(super) struct RealProvider {
    child: Child,
    pub(super) issuer: String,
}

impl RealProvider {
    /// As the specification has it: what is known of a person is asked for.
    pub(super) fn start() -> Self {
        Self::with("yes")
    }

    /// With everything in the ID token.
    pub(super) fn telling_all() -> Self {
        Self::with("no")
    }

    fn with(conform: &str) -> Self {
        let folder = folder();
        assert!(
            folder.join("node_modules/oidc-provider").exists(),
            "there is no provider in {}: cargo xtask test installs it",
            folder.display()
        );
        let mut child = Command::new("node")
            .args(["--input-type=module", "-"])
            .current_dir(folder)
            .env("REDIRECT", format!("{BASE}/api/v1/auth/oidc/callback"))
            .env("SECRET", SECRET)
            .env("CONFORM", conform)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node is there: cargo xtask test installs it");
        child.stdin.take().unwrap().write_all(SCRIPT.as_bytes()).unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = lines.by_ref().find_map(|line| Some(line.unwrap().strip_prefix("ready ")?.to_owned()));
        std::thread::spawn(move || lines.for_each(drop));
        let issuer = format!("http://127.0.0.1:{}", port.expect("the provider starts"));
        Self { child, issuer }
    }
}

impl Drop for RealProvider {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where `cargo xtask test` has put the provider.
fn folder() -> PathBuf {
    match std::env::var_os("SOCLE_OIDC_PROVIDER") {
        Some(folder) => folder.into(),
        None => PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target/oidc-provider"),
    }
}

/// Signs in at the provider by its forms; the address the browser is sent back to.
pub(super) async fn fill_in(address: String, login: &str) -> String {
    let client = Client::builder().redirect(redirect::Policy::none()).no_proxy().build().unwrap();
    let mut jar: Vec<(String, String)> = Vec::new();
    let mut url = Url::parse(&address).unwrap();
    let mut form: Option<Vec<(&str, String)>> = None;
    for _ in 0..12 {
        let cookies: Vec<String> = jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = match form.take() {
            Some(fields) => client.post(url.clone()).form(&fields),
            None => client.get(url.clone()),
        };
        let response = request.header("cookie", cookies.join("; ")).send().await.unwrap();
        keep(&mut jar, &response);
        if let Some(location) = response.headers().get("location") {
            url = url.join(location.to_str().unwrap()).unwrap();
            if url.as_str().starts_with(BASE) {
                return url.into();
            }
            continue;
        }
        let page = response.text().await.unwrap();
        let prompt = between(&page, "name=\"prompt\" value=\"", "\"");
        let mut fields = vec![("prompt", prompt.to_owned())];
        if prompt == "login" {
            fields.extend([("login", login.to_owned()), ("password", "any".to_owned())]);
        }
        url = url.join(between(&page, "action=\"", "\"")).unwrap();
        form = Some(fields);
    }
    panic!("the provider sends nobody back");
}

fn between<'a>(page: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = page.split_once(before).unwrap_or_else(|| panic!("no {before} in {page}"));
    rest.split_once(after).unwrap().0
}

fn keep(jar: &mut Vec<(String, String)>, response: &Response) {
    for cookie in response.headers().get_all("set-cookie") {
        let pair = cookie.to_str().unwrap().split(';').next().unwrap();
        let (name, value) = pair.split_once('=').unwrap();
        jar.retain(|(known, _)| known != name);
        if !value.is_empty() {
            jar.push((name.to_owned(), value.to_owned()));
        }
    }
}
