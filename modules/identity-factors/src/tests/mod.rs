//! Second factors through HTTP, with the codes of `oathtool` and passkeys of a software authenticator.

mod authenticator;
mod duty;
mod mailed;
mod passkeys;
mod proofs;
mod support;
mod totp;
