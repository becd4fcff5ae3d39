//! The gate: which counter a request is held against, and what it says.

use std::net::IpAddr;
use std::time::Duration;

use socle_kit::config::Quota;
use socle_kit::http::{Admission, Gate, Origin, Refusal, Scope};
use socle_kit::kernel::{Actor, Clock, Id, codes};

use crate::counters::{Counters, Key};
use crate::quota::{Rate, Verdict};

/// Limits counted in the memory of this process.
pub struct MemoryGate {
    policies: Vec<(&'static str, Option<Rate>)>,
    counters: Counters,
    clock: Clock,
}

impl MemoryGate {
    /// A gate over these policies, which remembers at most `capacity` callers.
    pub fn new(policies: Vec<(&'static str, Option<Quota>)>, capacity: usize, clock: Clock) -> Self {
        let policies = policies.into_iter().map(|(name, quota)| (name, quota.map(Rate::new))).collect();
        Self { policies, counters: Counters::new(capacity), clock }
    }
}

impl Gate for MemoryGate {
    fn admit(&self, _: IpAddr) -> Result<(), Refusal> {
        Ok(())
    }

    fn count(
        &self,
        policy: &'static str,
        origin: &Origin,
        actor: &Actor,
    ) -> Result<Option<Admission>, Refusal> {
        let (scope, bits) = match actor.user {
            Some(user) => (Scope::Account, user.uuid().as_u128()),
            None => (Scope::Address, address_bits(origin.address)),
        };
        self.count_one(policy, scope, bits)
    }

    fn count_key(&self, policy: &'static str, key: &str) -> Result<Option<Admission>, Refusal> {
        // What is no identifier shares one counter: that is no key of ours.
        let bits = key.parse::<Id<()>>().map_or(0, |id| id.uuid().as_u128());
        self.count_one(policy, Scope::ApiKey, bits)
    }
}

impl MemoryGate {
    /// Counts a request of one of this sort.
    fn count_one(
        &self,
        policy: &'static str,
        scope: Scope,
        bits: u128,
    ) -> Result<Option<Admission>, Refusal> {
        let known = self.policies.iter().enumerate().find(|(_, (name, _))| *name == policy);
        let Some((position, (_, Some(rate)))) = known else { return Ok(None) };
        let policy_number = u16::try_from(position).unwrap_or(u16::MAX);
        let key = Key { policy: policy_number, scope, bits };
        let now = self.clock.now().micros();
        let verdict = self.counters.with(key, now, |state| match rate.count(state, now) {
            pass @ Verdict::Pass { state, .. } => (Some(state), pass),
            refuse @ Verdict::Refuse { .. } => (None, refuse),
        });
        let admission = |remaining, reset| Admission {
            policy,
            quota: rate.count,
            window: rate.window,
            remaining,
            reset: micros(reset),
        };
        match verdict {
            Some(Verdict::Pass { remaining, reset, .. }) => Ok(Some(admission(remaining, reset))),
            Some(Verdict::Refuse { wait, reset }) => {
                metrics::counter!("guard_refusals_total", "policy" => policy).increment(1);
                Err(Refusal {
                    code: codes::TOO_MANY_REQUESTS,
                    scope,
                    retry_after: Some(micros(wait)),
                    limit: Some(admission(0, reset)),
                })
            }
            None => Ok(None),
        }
    }
}

fn micros(micros: i64) -> Duration {
    Duration::from_micros(u64::try_from(micros).unwrap_or_default())
}

/// One IPv4 address is one caller; of an IPv6 address the first 64 bits are, for whoever has one has them all.
fn address_bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => u128::from(u32::from(v4)),
        IpAddr::V6(v6) => (u128::from(v6) & !u128::from(u64::MAX)) | (1 << 63),
    }
}

#[cfg(test)]
mod tests {
    use socle_kit::kernel::Timestamp;

    use super::*;

    fn gate(count: u32) -> MemoryGate {
        let quota = Quota { count, per: Duration::from_secs(60) };
        let clock = Clock::manual(Timestamp::from_seconds(1_000));
        MemoryGate::new(vec![("api_ip", Some(quota)), ("free", None)], 10_000, clock)
    }

    fn origin(address: &str) -> Origin {
        Origin { address: address.parse().unwrap(), secure: false, user_agent: None }
    }

    fn passes(gate: &MemoryGate, address: &str, actor: &Actor) -> bool {
        gate.count("api_ip", &origin(address), actor).is_ok()
    }

    #[test]
    fn r0_01_r0_09_addresses_and_accounts_are_counted_apart() {
        let gate = gate(1);
        let anonymous = Actor::anonymous();
        let known = Actor { user: Some(Id::from_u128(1)), ..Actor::anonymous() };
        assert!(passes(&gate, "192.0.2.1", &anonymous) && !passes(&gate, "192.0.2.1", &anonymous));
        assert!(passes(&gate, "192.0.2.2", &anonymous));
        assert!(passes(&gate, "192.0.2.1", &known) && !passes(&gate, "198.51.100.9", &known));
        let scope = |actor: &Actor| gate.count("api_ip", &origin("192.0.2.1"), actor).unwrap_err().scope;
        assert_eq!((scope(&anonymous), scope(&known)), (Scope::Address, Scope::Account));
    }

    #[test]
    fn r0_09_each_api_key_is_counted_on_its_own_beside_its_owner() {
        let gate = gate(1);
        let (owner, one, other) = (Id::from_u128(1), Id::<()>::from_u128(1), Id::<()>::from_u128(2));
        let known = Actor { user: Some(owner), ..Actor::anonymous() };
        assert!(passes(&gate, "192.0.2.1", &known) && !passes(&gate, "192.0.2.1", &known));
        assert!(gate.count_key("api_ip", &one.to_string()).is_ok());
        assert_eq!(gate.count_key("api_ip", &one.to_string()).unwrap_err().scope, Scope::ApiKey);
        assert!(gate.count_key("api_ip", &other.to_string()).is_ok());
    }

    #[test]
    fn one_ipv6_network_is_one_caller() {
        let gate = gate(1);
        let anonymous = Actor::anonymous();
        assert!(
            passes(&gate, "2001:db8:0:1::1", &anonymous)
                && !passes(&gate, "2001:db8:0:1:ffff::2", &anonymous)
        );
        assert!(passes(&gate, "2001:db8:0:2::1", &anonymous));
    }

    #[test]
    fn a_refusal_says_when_to_come_back_and_an_unlimited_policy_says_nothing() {
        let gate = gate(2);
        let anonymous = Actor::anonymous();
        assert!(passes(&gate, "192.0.2.1", &anonymous) && passes(&gate, "192.0.2.1", &anonymous));
        let refusal = gate.count("api_ip", &origin("192.0.2.1"), &anonymous).unwrap_err();
        assert_eq!(refusal.retry_after, Some(Duration::from_secs(30)));
        assert_eq!(gate.count("free", &origin("192.0.2.1"), &anonymous), Ok(None));
    }
}
