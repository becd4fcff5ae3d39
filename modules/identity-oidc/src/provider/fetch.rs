//! Asking the provider over HTTP: a short while, a bounded answer, no redirects, no machine that was not meant.

use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::Resolve;
use reqwest::{Client, RequestBuilder, Url, redirect};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use serde::de::DeserializeOwned;
use socle_kit::kernel::{Error, Result, Trouble};

use super::addresses::{self, Resolver};
use super::failure::{failed, refused};

/// How long an answer may take, and how long it may be.
const PATIENCE: Duration = Duration::from_secs(5);
const LONGEST: usize = 1024 * 1024;

pub(super) struct Fetch {
    client: Client,
    provider: Url,
    host: String,
}

impl Fetch {
    /// For this provider; `issuers` is a file of certificates, or empty.
    pub(super) fn new(provider: &Url, issuers: &str) -> Result<Self> {
        let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(Error::internal)?
            .with_root_certificates(roots(issuers)?)
            .with_no_client_auth();
        let host = provider.host_str().unwrap_or_default().to_owned();
        let resolver: Arc<dyn Resolve> = Arc::new(Resolver { provider: host.clone() });
        let client = Client::builder()
            .tls_backend_preconfigured(config)
            .dns_resolver(resolver)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .timeout(PATIENCE)
            .user_agent("socle")
            .build()
            .map_err(Error::internal)?;
        Ok(Self { client, provider: provider.clone(), host })
    }

    pub(super) fn get(&self, url: &Url) -> Result<RequestBuilder> {
        Ok(self.client.get(self.checked(url)?))
    }

    pub(super) fn post(&self, url: &Url) -> Result<RequestBuilder> {
        Ok(self.client.post(self.checked(url)?))
    }

    /// The provider's address without path and query, to write a query into.
    pub(super) fn blank(&self) -> Url {
        let mut url = self.provider.clone();
        url.set_query(None);
        url
    }

    /// An address that the provider names: as safe on the way as the provider's own.
    pub(super) fn endpoint(&self, address: &str) -> Result<Url> {
        let url = Url::parse(address).map_err(|_| failed(format!("{address:?} is no address")))?;
        if url.scheme() != "https" && url.scheme() != self.provider.scheme() {
            return Err(failed(format!("{address:?} is not as safe as the issuer")));
        }
        Ok(url)
    }

    /// The JSON of an answer. A refusal of the provider's (400, 401) is the caller's; everything else its own.
    pub(super) async fn json<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T> {
        let request = request.header("accept", "application/json");
        let mut response = request.send().await.map_err(|error| failed(reason(&error)))?;
        let status = response.status().as_u16();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| failed(reason(&error)))? {
            if body.len() + chunk.len() > LONGEST {
                return Err(failed("the answer is longer than 1 MiB"));
            }
            body.extend_from_slice(&chunk);
        }
        match status {
            200 => {
                serde_json::from_slice(&body).map_err(|error| failed(format!("no JSON as expected: {error}")))
            }
            400 | 401 | 403 => Err(refused(format!("the provider answers {status}"))),
            _ => Err(failed(format!("the provider answers {status}"))),
        }
    }

    fn checked(&self, url: &Url) -> Result<Url> {
        if addresses::may_reach(url, &self.host) {
            Ok(url.clone())
        } else {
            Err(failed(format!("{} is not on the open network", url.host_str().unwrap_or_default())))
        }
    }
}

/// The error with its causes, without the address, whose query may hold what is nobody's business.
fn reason(error: &reqwest::Error) -> String {
    use std::error::Error as _;
    let mut text = if error.is_timeout() { "no answer in time".to_owned() } else { "no answer".to_owned() };
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    text
}

fn roots(path: &str) -> Result<RootCertStore> {
    if path.is_empty() {
        return Ok(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() });
    }
    let refuse = |error: &dyn std::error::Error| {
        let text = format!("oidc.ca_file {path} cannot be read: {error}");
        Error::from(Trouble::new("oidc-settings", text.clone()).arg("reason", text))
    };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path).map_err(|error| refuse(&error))? {
        roots.add(certificate.map_err(|error| refuse(&error))?).map_err(|error| refuse(&error))?;
    }
    Ok(roots)
}
