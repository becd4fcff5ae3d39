//! An authenticator in software: a P-256 key that answers as WebAuthn says (level 3, section 6).

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use serde_json::{Value, json};

/// The present user was verified; a credential is attached.
const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const ATTACHED: u8 = 0x40;

/// The authenticator, with one key.
pub(super) struct Authenticator {
    key: EcdsaKeyPair,
    id: [u8; 16],
    /// Whose key it is, as the server calls them.
    user: String,
    pub(super) origin: String,
    pub(super) counter: u32,
    pub(super) verifies: bool,
}

impl Authenticator {
    pub(super) fn new(number: u8) -> Self {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
        let origin = "http://localhost:8080".to_owned();
        Self { key, id: [number; 16], user: String::new(), origin, counter: 0, verifies: true }
    }

    /// What `navigator.credentials.create` gives for these options.
    pub(super) fn create(&mut self, options: &Value) -> Value {
        self.user = options["user"]["id"].as_str().unwrap().to_owned();
        let client = self.client_data("webauthn.create", options);
        let mut data = self.authenticator_data(options["rp"]["id"].as_str().unwrap(), ATTACHED);
        data.extend([0; 16]);
        data.extend([0, 16]);
        data.extend(self.id);
        let point = self.key.public_key().as_ref();
        // A COSE key (RFC 9053): {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y}.
        data.extend([0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32]);
        data.extend(&point[1..33]);
        data.extend([0x22, 0x58, 32]);
        data.extend(&point[33..65]);
        // {"fmt": "none", "attStmt": {}, "authData": data}
        let mut object = vec![0xa3, 0x63];
        object.extend(b"fmt\x64none\x67attStmt\xa0\x68authData\x58");
        object.push(u8::try_from(data.len()).unwrap());
        object.extend(data);
        json!({
            "id": BASE64.encode(self.id), "rawId": BASE64.encode(self.id), "type": "public-key",
            "response": {"attestationObject": BASE64.encode(object), "clientDataJSON": BASE64.encode(client)},
            "clientExtensionResults": {},
        })
    }

    /// What `navigator.credentials.get` gives for these options.
    pub(super) fn get(&mut self, options: &Value) -> Value {
        let client = self.client_data("webauthn.get", options);
        let data = self.authenticator_data(options["rpId"].as_str().unwrap(), 0);
        let signed = [data.as_slice(), digest(&SHA256, &client).as_ref()].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).unwrap();
        json!({
            "id": BASE64.encode(self.id), "rawId": BASE64.encode(self.id), "type": "public-key",
            "response": {
                "authenticatorData": BASE64.encode(data), "clientDataJSON": BASE64.encode(client),
                "signature": BASE64.encode(signature), "userHandle": self.user,
            },
            "clientExtensionResults": {},
        })
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let challenge = &options["challenge"];
        let data = json!({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false});
        data.to_string().into_bytes()
    }

    fn authenticator_data(&mut self, party: &str, flags: u8) -> Vec<u8> {
        self.counter += 1;
        let verified = if self.verifies { VERIFIED } else { 0 };
        let mut data = digest(&SHA256, party.as_bytes()).as_ref().to_vec();
        data.push(PRESENT | verified | flags);
        data.extend(self.counter.to_be_bytes());
        data
    }
}
