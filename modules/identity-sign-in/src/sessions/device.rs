//! What a client calls itself, in words that its owner recognises.

/// Programs by what betrays them, the more particular before those they imitate.
const PROGRAMS: &[(&str, &str)] = &[
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Vivaldi", "Vivaldi"),
    ("FxiOS", "Firefox"),
    ("Firefox", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chromium", "Chromium"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
];

const SYSTEMS: &[(&str, &str)] = &[
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Macintosh", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

/// The longest name of a program that we do not know.
const LONGEST: usize = 40;

/// `Firefox, Linux`; the first word for programs that are no browsers, `curl`.
pub(super) fn name(user_agent: &str) -> Option<String> {
    let known = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    let (program, system) = (known(PROGRAMS), known(SYSTEMS));
    match (program, system) {
        (Some(program), Some(system)) => Some(format!("{program}, {system}")),
        (Some(one), None) | (None, Some(one)) => Some(one.to_owned()),
        (None, None) => {
            let first = user_agent.split(['/', ' ', ';', '(']).next().unwrap_or_default();
            let plain: String = first.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
            (!plain.is_empty()).then_some(plain)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_called_what_its_owner_calls_it() {
        for (agent, expected) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                Some("Firefox, Linux"),
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
                Some("Edge, Windows"),
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Safari/604.1",
                Some("Safari, iPhone"),
            ),
            (
                "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Safari/537.36",
                Some("Chrome, Android"),
            ),
            ("curl/8.5.0", Some("curl")),
            ("", None),
            ("/", None),
        ] {
            assert_eq!(name(agent).as_deref(), expected, "{agent}");
        }
        assert_eq!(name(&"x".repeat(300)).unwrap().len(), LONGEST);
    }
}
