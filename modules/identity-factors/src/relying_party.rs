//! This server as the relying party of passkeys (WebAuthn, level 3).

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use socle_kit::Kit;
use socle_kit::config::Values;
use socle_kit::contracts::identity::{FactorVerified, PasskeyCounterRegressed};
use socle_kit::db::Tx;
use socle_kit::events::Emit;
use socle_kit::kernel::{Actor, Clock, Error, Result};
use webauthn_rs::prelude::{
    AuthenticationResult, DiscoverableAuthentication, Passkey as Credential, PasskeyAuthentication,
    PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, Url, Webauthn, WebauthnBuilder,
    WebauthnError,
};

use socle_identity_core::accounts::model::Account;
use socle_identity_core::errors::{PASSKEY_INVALID, PASSKEYS_UNAVAILABLE};
use socle_identity_core::factors::model::{Method, Passkey};
use socle_identity_core::factors::store;

/// What a browser makes or asks for, as it is on the wire.
pub(crate) type Wire = Map<String, Value>;

/// The relying party. Cheap to clone.
#[derive(Clone)]
pub(crate) struct RelyingParty {
    /// None when the server's address is one that passkeys cannot be bound to: they need a name.
    webauthn: Option<Arc<Webauthn>>,
    clock: Clock,
}

/// What is asked of the browser, and what the verification of its answer needs.
pub(crate) struct Ceremony {
    pub(crate) options: Wire,
    pub(crate) state: String,
}

/// A passkey that was made.
pub(crate) struct Made {
    pub(crate) credential_id: String,
    pub(crate) credential: String,
}

impl RelyingParty {
    pub(crate) fn new(kit: &Kit) -> Result<Self> {
        Ok(Self { webauthn: webauthn(&kit.settings)?.map(Arc::new), clock: kit.clock.clone() })
    }

    fn webauthn(&self) -> Result<&Webauthn> {
        self.webauthn.as_deref().ok_or_else(|| Error::new(PASSKEYS_UNAVAILABLE))
    }

    /// Asks for a new passkey of this account, by preference one that is found without a user name.
    pub(crate) fn ask_for_new(&self, account: &Account, known: &[Passkey]) -> Result<Ceremony> {
        let known = credentials(known)?.iter().map(|known| known.cred_id().clone()).collect();
        let (challenge, state) = self
            .webauthn()?
            .start_passkey_registration(account.id.uuid(), &account.username, &account.name, Some(known))
            .map_err(Error::internal)?;
        let mut options = public_key(&challenge)?;
        let selection = options.entry("authenticatorSelection").or_insert_with(|| Value::Object(Map::new()));
        if let Some(selection) = selection.as_object_mut() {
            selection.insert("residentKey".to_owned(), Value::from("preferred"));
        }
        Ok(Ceremony { options, state: written(&state)? })
    }

    /// The passkey that the browser made.
    pub(crate) fn new_of(&self, state: &str, made: &Wire) -> Result<Made> {
        let state: PasskeyRegistration = read(state)?;
        let made: RegisterPublicKeyCredential = answer(made)?;
        let made = self.webauthn()?.finish_passkey_registration(&made, &state).map_err(|_| invalid())?;
        Ok(Made { credential_id: URL_SAFE_NO_PAD.encode(made.cred_id()), credential: written(&made)? })
    }

    /// Asks for one of these passkeys.
    pub(crate) fn ask_for(&self, known: &[Passkey]) -> Result<Ceremony> {
        let known = credentials(known)?;
        let (challenge, state) =
            self.webauthn()?.start_passkey_authentication(&known).map_err(Error::internal)?;
        Ok(Ceremony { options: public_key(&challenge)?, state: written(&state)? })
    }

    /// Asks for any passkey of this server.
    pub(crate) fn ask_for_any(&self) -> Result<Ceremony> {
        let (challenge, state) =
            self.webauthn()?.start_discoverable_authentication().map_err(Error::internal)?;
        Ok(Ceremony { options: public_key(&challenge)?, state: written(&state)? })
    }

    /// Is this the passkey of the account that was asked for? A counter that goes backwards is refused, and told.
    pub(crate) fn take(
        &self,
        tx: &mut Tx,
        state: &str,
        assertion: &Wire,
        account: &Account,
        actor: &Actor,
    ) -> Result<bool> {
        let state: PasskeyAuthentication = read(state)?;
        let Ok(assertion) = answer::<PublicKeyCredential>(assertion) else { return Ok(false) };
        let Some(passkey) = called(tx, &assertion)?.filter(|passkey| passkey.user_id == account.id) else {
            return Ok(false);
        };
        let outcome = self.webauthn()?.finish_passkey_authentication(&assertion, &state);
        self.conclude(tx, passkey, outcome, actor)
    }

    /// Whose passkey is this, as it says itself? What it says is proved by [`Self::take_any`].
    pub(crate) fn claimed(&self, tx: &mut Tx, assertion: &Wire) -> Result<Option<Passkey>> {
        let Ok(assertion) = answer::<PublicKeyCredential>(assertion) else { return Ok(None) };
        let Ok((user, _)) = self.webauthn()?.identify_discoverable_authentication(&assertion) else {
            return Ok(None);
        };
        Ok(called(tx, &assertion)?.filter(|passkey| passkey.user_id.uuid() == user))
    }

    /// Is the passkey what it says it is?
    pub(crate) fn take_any(
        &self,
        tx: &mut Tx,
        state: &str,
        assertion: &Wire,
        passkey: Passkey,
        actor: &Actor,
    ) -> Result<bool> {
        let state: DiscoverableAuthentication = read(state)?;
        let Ok(assertion) = answer::<PublicKeyCredential>(assertion) else { return Ok(false) };
        let credential: Credential = read(&passkey.credential)?;
        let outcome = self.webauthn()?.finish_discoverable_authentication_v2(&assertion, state, &credential);
        self.conclude(tx, passkey, outcome, actor)
    }

    fn conclude(
        &self,
        tx: &mut Tx,
        mut passkey: Passkey,
        outcome: Result<AuthenticationResult, WebauthnError>,
        actor: &Actor,
    ) -> Result<bool> {
        let mut credential: Credential = read(&passkey.credential)?;
        let regressed = match &outcome {
            // The row may have moved on since the question was put.
            Ok(result) => result.counter() > 0 && result.counter() <= counter(&passkey),
            Err(error) => matches!(error, WebauthnError::CredentialPossibleCompromise),
        };
        if regressed {
            let letter = PasskeyCounterRegressed { user: passkey.user_id, passkey: passkey.id.to_string() };
            tx.emit(actor, letter)?;
            return Ok(false);
        }
        let Ok(result) = outcome else { return Ok(false) };
        credential.update_credential(&result);
        passkey.credential = written(&credential)?;
        passkey.last_used_at = Some(self.clock.now());
        store::update_passkey(tx, &passkey)?;
        tx.emit(actor, FactorVerified { user: passkey.user_id, method: Method::Passkey.to_string() })?;
        Ok(true)
    }
}

/// The counter as the row has it.
fn counter(passkey: &Passkey) -> u32 {
    let credential: Value = serde_json::from_str(&passkey.credential).unwrap_or_default();
    let counter = credential.pointer("/cred/counter").and_then(Value::as_u64).unwrap_or_default();
    u32::try_from(counter).unwrap_or(u32::MAX)
}

fn called(tx: &mut Tx, assertion: &PublicKeyCredential) -> Result<Option<Passkey>> {
    store::passkey_called(tx, &URL_SAFE_NO_PAD.encode(assertion.get_credential_id()))
}

/// The relying party of this address: its host is the identifier. Without a public address the server is at
/// `localhost`, where development servers have whatever port they like.
fn webauthn(settings: &Values) -> Result<Option<Webauthn>> {
    let is_local = settings.url("server.public_url")?.is_none();
    let origin = Url::parse(&settings.public_base()?).map_err(Error::internal)?;
    let Some(host) = origin.domain().map(str::to_owned) else { return Ok(None) };
    let name = settings.text("identity.factor_issuer")?;
    let builder = WebauthnBuilder::new(&host, &origin).map_err(Error::internal)?;
    let builder = builder.rp_name(name).allow_any_port(is_local);
    builder.build().map(Some).map_err(Error::internal)
}

/// The `publicKey` of what a browser is asked.
fn public_key(challenge: &impl Serialize) -> Result<Wire> {
    let mut challenge = serde_json::to_value(challenge).map_err(Error::internal)?;
    match challenge.get_mut("publicKey").map(Value::take) {
        Some(Value::Object(options)) => Ok(options),
        _ => Err(Error::internal("the options of a passkey have no publicKey")),
    }
}

fn credentials(passkeys: &[Passkey]) -> Result<Vec<Credential>> {
    passkeys.iter().map(|passkey| read(&passkey.credential)).collect()
}

fn written(state: &impl Serialize) -> Result<String> {
    serde_json::to_string(state).map_err(Error::internal)
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(Error::internal)
}

/// What the browser sent; the fault is its own.
fn answer<T: DeserializeOwned>(wire: &Wire) -> Result<T> {
    serde_json::from_value(Value::Object(wire.clone())).map_err(|_| invalid())
}

pub(crate) fn invalid() -> Error {
    Error::invalid_field("credential", PASSKEY_INVALID)
}
