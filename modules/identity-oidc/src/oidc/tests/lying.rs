//! A provider that lies as it is told to, on a port of this machine.

use std::sync::{Arc, Mutex};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::journey::{Away, arrive, depart};
use socle_identity_trial::Trial;

/// A key that signs.
#[derive(Clone)]
pub(super) struct Key {
    pub(super) name: &'static str,
    pkcs8: Vec<u8>,
    pub(super) point: Vec<u8>,
}

impl Key {
    pub(super) fn new(name: &'static str) -> Self {
        let pkcs8 =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref()).unwrap();
        let point = pair.public_key().as_ref().to_vec();
        Self { name, pkcs8: pkcs8.as_ref().to_vec(), point }
    }

    pub(super) fn sign(&self, claims: &Value) -> String {
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some(self.name.to_owned());
        encode(&header, claims, &EncodingKey::from_ec_der(&self.pkcs8)).unwrap()
    }

    fn jwk(&self) -> Value {
        let text = |range: std::ops::Range<usize>| URL_SAFE_NO_PAD.encode(&self.point[range]);
        json!({"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": self.name,
               "x": text(1..33), "y": text(33..65)})
    }
}

/// What it answers.
#[derive(Default)]
pub(super) struct Lies {
    /// Put over what it says of itself.
    pub(super) metadata: Value,
    pub(super) keys: Vec<Key>,
    /// The answer of the token endpoint: its status and body.
    pub(super) token: (u16, String),
    pub(super) userinfo: Value,
    /// The paths that were asked for.
    pub(super) asked: Vec<String>,
}

#[derive(Clone)]
pub(super) struct LyingProvider {
    pub(super) issuer: String,
    pub(super) lies: Arc<Mutex<Lies>>,
}

impl LyingProvider {
    pub(super) async fn start(key: &Key) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let lies = Lies { metadata: json!({}), keys: vec![key.clone()], ..Lies::default() };
        let provider = Self { issuer, lies: Arc::new(Mutex::new(lies)) };
        let own = provider.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let own = own.clone();
                tokio::spawn(async move { own.serve(stream).await });
            }
        });
        provider
    }

    async fn serve(&self, stream: TcpStream) -> Option<()> {
        let mut stream = BufReader::new(stream);
        let mut line = String::new();
        stream.read_line(&mut line).await.ok()?;
        let path = line.split(' ').nth(1)?.to_owned();
        let mut length = 0;
        loop {
            line.clear();
            stream.read_line(&mut line).await.ok()?;
            match line.trim().split_once(": ") {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                    length = value.parse().ok()?;
                }
                Some(_) => {}
                None => break,
            }
        }
        stream.read_exact(&mut vec![0; length]).await.ok()?;
        let (status, body) = self.answer(&path);
        let text = format!(
            "HTTP/1.1 {status} X\r\nLocation: {}/token2\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.issuer,
            body.len()
        );
        stream.get_mut().write_all(text.as_bytes()).await.ok()
    }

    fn answer(&self, path: &str) -> (u16, String) {
        let mut lies = self.lies.lock().unwrap();
        lies.asked.push(path.to_owned());
        match path {
            "/.well-known/openid-configuration" => {
                let mut metadata = json!({
                    "issuer": self.issuer,
                    "authorization_endpoint": format!("{}/authorize", self.issuer),
                    "token_endpoint": format!("{}/token", self.issuer),
                    "jwks_uri": format!("{}/keys", self.issuer),
                    "userinfo_endpoint": format!("{}/userinfo", self.issuer),
                    "id_token_signing_alg_values_supported": ["ES256", "HS256", "none"],
                });
                for (name, value) in lies.metadata.as_object().unwrap() {
                    metadata[name] = value.clone();
                }
                (200, metadata.to_string())
            }
            "/keys" => (200, json!({"keys": lies.keys.iter().map(Key::jwk).collect::<Vec<_>>()}).to_string()),
            "/token" => lies.token.clone(),
            "/userinfo" => (200, lies.userinfo.to_string()),
            _ => (404, String::new()),
        }
    }

    pub(super) fn lie(&self, change: impl FnOnce(&mut Lies)) {
        change(&mut self.lies.lock().unwrap());
    }

    pub(super) fn tell(&self, id_token: &str) {
        let body = json!({"id_token": id_token, "access_token": "a", "token_type": "Bearer"}).to_string();
        self.lie(|lies| lies.token = (200, body));
    }

    /// Claims that are right in everything, for a journey of this server.
    pub(super) fn claims(&self, trial: &Trial, away: &Away) -> Value {
        let now = trial.app.kit.clock.now().seconds();
        json!({
            "iss": self.issuer, "aud": "socle", "sub": "zoe-1", "nonce": away.sent("nonce"),
            "iat": now, "exp": now + 300, "email": "zoe@example.org", "email_verified": true,
            "preferred_username": "zoe",
        })
    }

    /// A journey with claims that were edited, signed with the key: its end, and the browser's cookie.
    pub(super) async fn journey(
        &self,
        trial: &Trial,
        key: &Key,
        edit: impl FnOnce(&mut Value),
    ) -> (String, Away) {
        let away = depart(trial, "").await;
        let mut claims = self.claims(trial, &away);
        edit(&mut claims);
        self.tell(&key.sign(&claims));
        (back(trial, &away).await, away)
    }
}

/// Back with a code and the state that was sent along.
pub(super) async fn back(trial: &Trial, away: &Away) -> String {
    let path = format!("/api/v1/auth/oidc/callback?code=c&state={}", away.sent("state"));
    arrive(trial, &path, &away.cookie).await
}
