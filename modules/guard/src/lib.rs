//! Limits on what an address or an account may ask, counted in memory.

mod counters;
mod gate;
mod quota;

use std::sync::Arc;

use socle_kit::Module;
use socle_kit::config::{Setting, SettingKind};
use socle_kit::http::Gate;
use socle_kit::i18n::{Language, Locale};
use socle_kit::kernel::{Clock, Result};

pub use gate::MemoryGate;

/// The card on the door.
pub const MODULE: Module = Module {
    name: "guard",
    locales: &[
        Locale { language: Language::En, ftl: include_str!("../i18n/en.ftl"), origin: "guard" },
        Locale { language: Language::Fr, ftl: include_str!("../i18n/fr.ftl"), origin: "guard" },
    ],
    texts: include_str!("../i18n/fr.toml"),
    settings: &[
        Setting::new(
            "limits.api_ip",
            SettingKind::Quota,
            "100/1m",
            "Requests of an anonymous caller, by address (IPv6 by /64).",
        ),
        Setting::new("limits.api_user", SettingKind::Quota, "500/1m", "Requests of a signed-in caller."),
        Setting::new("limits.api_key", SettingKind::Quota, "500/1m", "Requests made with one API key."),
        Setting::new(
            "guard.counters",
            SettingKind::Integer { min: 1_000, max: 10_000_000 },
            "200000",
            "How many callers are counted at once; the least constrained are forgotten first.",
        ),
    ],
    ..Module::NONE
};

/// The gate over every limit that is declared: the settings whose keys begin with `limits.`.
pub fn gate(
    settings: &socle_kit::config::Values,
    declared: &[Setting],
    clock: Clock,
) -> Result<Arc<dyn Gate>> {
    let mut policies = Vec::new();
    for setting in declared {
        let (Some(name), SettingKind::Quota) = (setting.key.strip_prefix("limits."), setting.kind) else {
            continue;
        };
        policies.push((name, settings.quota(setting.key)?));
    }
    let capacity = usize::try_from(settings.integer("guard.counters")?).unwrap_or(usize::MAX);
    Ok(Arc::new(MemoryGate::new(policies, capacity, clock)))
}
