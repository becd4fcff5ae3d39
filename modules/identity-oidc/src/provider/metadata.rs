//! What the provider says of itself (OpenID Connect Discovery 1.0).

use jsonwebtoken::Algorithm;
use reqwest::Url;
use serde::Deserialize;
use socle_kit::kernel::Result;

use super::failure::failed;
use super::fetch::Fetch;
use super::id_token;

pub(super) struct Metadata {
    pub(super) authorization_endpoint: Url,
    pub(super) token_endpoint: Url,
    pub(super) jwks_uri: Url,
    pub(super) userinfo_endpoint: Option<Url>,
    /// Those the provider signs with that we believe.
    pub(super) algorithms: Vec<Algorithm>,
    /// Does it take a client's secret in a header, rather than in the form?
    pub(super) takes_basic: bool,
    /// Does it name itself when it sends browsers back (RFC 9207)?
    pub(super) names_itself: bool,
}

#[derive(Deserialize)]
struct Document {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    userinfo_endpoint: Option<String>,
    id_token_signing_alg_values_supported: Option<Vec<String>>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl Metadata {
    /// Asks the provider. One that names itself otherwise than the operator does is another.
    pub(super) async fn ask(fetch: &Fetch, issuer: &str) -> Result<Self> {
        let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let document: Document = fetch.json(fetch.get(&fetch.endpoint(&address)?)?).await?;
        if document.issuer != issuer {
            return Err(failed(format!("the issuer calls itself {:?}", document.issuer)));
        }
        let listed = document.id_token_signing_alg_values_supported;
        let listed = listed.unwrap_or_else(|| vec!["RS256".to_owned()]);
        let algorithms: Vec<Algorithm> =
            listed.iter().filter_map(|name| name.parse().ok()).filter(id_token::is_believed).collect();
        if algorithms.is_empty() {
            return Err(failed("the provider signs with nothing that can be believed"));
        }
        let methods = document.token_endpoint_auth_methods_supported;
        Ok(Self {
            authorization_endpoint: fetch.endpoint(&document.authorization_endpoint)?,
            token_endpoint: fetch.endpoint(&document.token_endpoint)?,
            jwks_uri: fetch.endpoint(&document.jwks_uri)?,
            userinfo_endpoint: document
                .userinfo_endpoint
                .map(|address| fetch.endpoint(&address))
                .transpose()?,
            algorithms,
            takes_basic: methods
                .is_none_or(|methods| methods.iter().any(|name| name == "client_secret_basic")),
            names_itself: document.authorization_response_iss_parameter_supported,
        })
    }
}
