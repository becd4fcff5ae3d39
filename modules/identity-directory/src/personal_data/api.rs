//! The wire shapes of erasure.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use socle_kit::prelude::*;

/// What keeps an account from being erased by mistake.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(example = serde_json::json!({"username": "ada"}))]
pub(crate) struct ErasureInput {
    /// The user name of the account that is to be erased, for good.
    #[schemars(length(min = 1, max = 100))]
    pub(crate) username: Line,
}
