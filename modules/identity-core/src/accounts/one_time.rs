//! Passwords that are made here for somebody else.

use socle_kit::kernel::{Random, Secret};

/// A password made here: shown once, and to be changed at the first sign-in.
pub type OneTimePassword = Secret<String>;

/// Five groups of four, from letters and digits that are not mistaken for each other: 99 bits.
pub fn one_time_password(random: &Random) -> OneTimePassword {
    const SIGNS: &[u8] = b"23456789abcdefghjkmnpqrstuvwxyz";
    let bound = u64::try_from(SIGNS.len()).unwrap_or(0);
    let mut password = String::with_capacity(24);
    for place in 0..20 {
        if place > 0 && place % 4 == 0 {
            password.push('-');
        }
        let sign = usize::try_from(random.below(bound)).ok().and_then(|index| SIGNS.get(index));
        password.extend(sign.map(|sign| char::from(*sign)));
    }
    Secret::new(password)
}
