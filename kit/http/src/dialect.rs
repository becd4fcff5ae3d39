//! The two dialects of the API, chosen by the path alone.

use http::Uri;
use http::uri::PathAndQuery;

/// How answers are dressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// `/api/v1/**` and `/api/admin/**`: everything in an envelope.
    Canonical,
    /// The rest of `/api/**`: bare bodies, as older clients expect them.
    Compatible,
    /// Root paths (`/health`, `/docs`): bare bodies, canonical errors.
    Root,
}

/// Where the canonical API lives.
pub(crate) const CANONICAL: &str = "/api/v1";

impl Dialect {
    /// The dialect of a path.
    pub fn of(path: &str) -> Self {
        let Some(rest) = path.strip_prefix("/api/").or(if path == "/api" { Some("") } else { None }) else {
            return Self::Root;
        };
        let first = rest.split('/').next().unwrap_or_default();
        if matches!(first, "v1" | "admin") { Self::Canonical } else { Self::Compatible }
    }
}

/// The one address of a resource inside: `/api/x` becomes `/api/v1/x`; a trailing slash is dropped, so that
/// both spellings mean the same.
pub(crate) fn canonical(uri: &Uri) -> Option<Uri> {
    let path = uri.path();
    if !path.starts_with("/api") || Dialect::of(path) == Dialect::Root {
        return None;
    }
    let versioned = path.starts_with("/api/v1/") || path == CANONICAL;
    let slash = path.len() > 1 && path.ends_with('/');
    if versioned && !slash {
        return None;
    }
    let tail = if versioned { path.get(CANONICAL.len()..) } else { path.get("/api".len()..) }?;
    let tail = tail.trim_end_matches('/');
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let target: PathAndQuery = format!("{CANONICAL}{tail}{query}").parse().ok()?;
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(target);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c01_c02_the_path_alone_chooses_the_dialect() {
        for (path, dialect) in [
            ("/api/v1/announcements", Dialect::Canonical),
            ("/api/admin/users", Dialect::Canonical),
            ("/api/v1", Dialect::Canonical),
            ("/api/announcements", Dialect::Compatible),
            ("/api", Dialect::Compatible),
            ("/apiary", Dialect::Root),
            ("/health", Dialect::Root),
        ] {
            assert_eq!(Dialect::of(path), dialect, "{path}");
        }
    }

    #[test]
    fn both_dialects_and_a_trailing_slash_lead_to_one_address() {
        let canonical = |uri: &str| canonical(&uri.parse().unwrap()).map(|uri| uri.to_string());
        assert_eq!(canonical("/api/x/1?page=2"), Some("/api/v1/x/1?page=2".into()));
        assert_eq!(canonical("/api/admin/x"), Some("/api/v1/admin/x".into()));
        assert_eq!(canonical("/api/v1/x/?a=b"), Some("/api/v1/x?a=b".into()));
        assert_eq!(canonical("/api/v1/x"), None);
        assert_eq!(canonical("/docs/"), None);
    }
}
