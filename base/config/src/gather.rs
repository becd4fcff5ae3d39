//! Collects what each source says, in layers from the weakest to the strongest.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use socle_kernel::{Secret, Trouble};

use crate::parse::Raw;
use crate::{Problem, Setting, Source, Specification, document, dotenv};

/// Where settings are read from. Everything is given: nothing is taken from the process. It holds secrets as
/// they were written, so it cannot be printed.
#[derive(Clone, Default)]
pub struct Sources {
    /// The name and the text of the embedded profile.
    pub profile: Option<(String, &'static str)>,
    /// The configuration file; it must exist.
    pub file: Option<PathBuf>,
    /// What the configuration file says, where the file itself is encrypted.
    pub opened: Option<Secret<String>>,
    /// The `.env` file; it may be missing.
    pub dotenv: Option<PathBuf>,
    /// The variables of the environment.
    pub environment: Vec<(String, String)>,
    /// The flags, without their dashes: by key or by flag name.
    pub flags: Vec<(String, String)>,
}

/// What one source says about one key.
#[derive(Clone)]
pub(crate) struct Given {
    pub(crate) raw: Raw,
    pub(crate) source: Source,
}

pub(crate) type Layer = BTreeMap<&'static str, Given>;

/// What all sources say, and what is wrong or unwise about it.
pub(crate) struct Gathered {
    /// The layers, the weakest first.
    pub(crate) layers: Vec<Layer>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) warnings: Vec<Problem>,
}

pub(crate) fn gather(specification: &Specification, sources: &Sources) -> Gathered {
    let mut gatherer = Gatherer { specification, problems: Vec::new(), warnings: Vec::new() };
    let profile = match &sources.profile {
        Some((name, text)) => gatherer.document(text, &|line| Source::Profile { name: name.clone(), line }),
        None => Layer::new(),
    };
    let file = match (sources.file.as_deref(), &sources.opened) {
        (Some(path), Some(text)) => gatherer.text_of_file(path, text.expose()),
        (Some(path), None) => gatherer.file(path),
        (None, _) => Layer::new(),
    };
    let from_dotenv = sources.dotenv.as_deref().map_or_else(Vec::new, |path| gatherer.dotenv(path));
    let from_environment: Vec<Variable> = sources
        .environment
        .iter()
        .map(|(name, value)| (name.clone(), value.clone(), Source::Environment(name.clone())))
        .collect();
    gatherer.refuse_unknown(from_dotenv.iter().chain(&from_environment));
    let mut aliases = gatherer.aliases(&from_dotenv);
    aliases.extend(gatherer.aliases(&from_environment));
    let dotenv = gatherer.variables(&from_dotenv);
    let environment = gatherer.variables(&from_environment);
    let flags = gatherer.flags(&sources.flags);
    let mut layers = vec![profile, aliases, file, dotenv, environment, flags];
    layers.iter_mut().for_each(|layer| layer.retain(|_, given| !given.raw.is_unset()));
    Gathered { layers, problems: gatherer.problems, warnings: gatherer.warnings }
}

type Variable = (String, String, Source);

struct Gatherer<'a> {
    specification: &'a Specification,
    problems: Vec<Problem>,
    warnings: Vec<Problem>,
}

impl Gatherer<'_> {
    fn document(&mut self, text: &str, at: &dyn Fn(Option<usize>) -> Source) -> Layer {
        let (found, problems) = document::read(text, self.specification, at);
        self.problems.extend(problems);
        found
            .into_iter()
            .map(|found| (found.key, Given { raw: found.raw, source: at(Some(found.line)) }))
            .collect()
    }

    fn file(&mut self, path: &Path) -> Layer {
        let at = |line| Source::File { path: path.to_owned(), line };
        match std::fs::read_to_string(path) {
            Ok(text) => self.text_of_file(path, &text),
            Err(error) => {
                self.problems.push(Problem::new("", at(None), unreadable(&error)));
                Layer::new()
            }
        }
    }

    fn text_of_file(&mut self, path: &Path, text: &str) -> Layer {
        self.document(text, &|line| Source::File { path: path.to_owned(), line })
    }

    fn dotenv(&mut self, path: &Path) -> Vec<Variable> {
        let at = |line| Source::DotEnv { path: path.to_owned(), line };
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Vec::new(),
            Err(error) => {
                self.problems.push(Problem::new("", at(None), unreadable(&error)));
                return Vec::new();
            }
        };
        let (variables, problems) = dotenv::read(&text);
        let problems = problems.into_iter().map(|(line, trouble)| Problem::new("", at(Some(line)), trouble));
        self.problems.extend(problems);
        variables.into_iter().map(|found| (found.name, found.value, at(Some(found.line)))).collect()
    }

    /// Variables with one of our prefixes must be known; others are not ours to judge.
    fn refuse_unknown<'v>(&mut self, variables: impl Iterator<Item = &'v Variable>) {
        let known = |name: &str| {
            self.specification.settings().iter().any(|setting| {
                let variable = setting.variable();
                variable == name
                    || setting.aliases.contains(&name)
                    || (setting.may_stand_in_file() && format!("{variable}_FILE") == name)
            })
        };
        let ours = |name: &str| name.starts_with("SOCLE_") || name.starts_with("LIMITS_");
        let unknown = variables.filter(|(name, ..)| ours(name) && !known(name)).map(|(name, _, source)| {
            Problem::unknown(name, source.clone(), self.specification, Setting::variable)
        });
        let unknown: Vec<Problem> = unknown.collect();
        self.problems.extend(unknown);
    }

    fn aliases(&self, variables: &[Variable]) -> Layer {
        let mut layer = Layer::new();
        for setting in self.specification.settings() {
            let given = setting.aliases.iter().find_map(|&alias| lookup(variables, alias));
            if let Some((value, source)) = given {
                layer.insert(setting.key, Given { raw: Raw::Text(value.to_owned()), source: source.clone() });
            }
        }
        layer
    }

    fn variables(&mut self, variables: &[Variable]) -> Layer {
        let mut layer = Layer::new();
        for setting in self.specification.settings() {
            let name = setting.variable();
            let direct = lookup(variables, &name);
            let in_file =
                if setting.may_stand_in_file() { lookup(variables, &format!("{name}_FILE")) } else { None };
            let given = match (direct, in_file) {
                (Some((_, source)), Some(_)) => {
                    let trouble = Trouble::new(
                        "setting-twice",
                        format!("is given twice: by {name} and by {name}_FILE"),
                    )
                    .arg("name", name.as_str());
                    self.problems.push(Problem::new(setting.key, source.clone(), trouble));
                    None
                }
                (Some((value, source)), None) => Some((value.to_owned(), source)),
                (None, Some((path, source))) => self.content(setting, path, source).zip(Some(source)),
                (None, None) => None,
            };
            if let Some((value, source)) = given {
                layer.insert(setting.key, Given { raw: Raw::Text(value), source: source.clone() });
            }
        }
        layer
    }

    /// What the file named by `<NAME>_FILE` holds, without one final line end.
    fn content(&mut self, setting: &Setting, path: &str, source: &Source) -> Option<String> {
        const LIMIT: u64 = 64 * 1024;
        let read = || {
            let file = File::open(path)?;
            let shared = file.metadata()?.mode() & 0o044 != 0;
            let mut text = String::new();
            file.take(LIMIT).read_to_string(&mut text)?;
            std::io::Result::Ok((text, shared))
        };
        match read() {
            Ok((text, shared)) => {
                if shared {
                    let text = format!("is read from {path}, which others on this machine may read too");
                    let trouble = Trouble::new("secret-file-open", text).arg("path", path);
                    self.warnings.push(Problem::new(setting.key, source.clone(), trouble));
                }
                let text = text.strip_suffix('\n').unwrap_or(&text);
                let text = text.strip_suffix('\r').unwrap_or(text);
                if text.is_empty() {
                    let trouble =
                        Trouble::new("secret-file-empty", format!("file {path} is empty")).arg("path", path);
                    self.problems.push(Problem::new(setting.key, source.clone(), trouble));
                    return None;
                }
                Some(text.to_owned())
            }
            Err(error) => {
                let text = format!("file {path} cannot be read: {error}");
                let trouble = Trouble::new("secret-file-unreadable", text).arg("path", path).io(&error);
                self.problems.push(Problem::new(setting.key, source.clone(), trouble));
                None
            }
        }
    }

    fn flags(&mut self, flags: &[(String, String)]) -> Layer {
        let mut layer = Layer::new();
        for (name, value) in flags {
            let source = Source::Flag(name.clone());
            let setting = self.specification.settings().iter().find(|s| s.key == name || s.flag() == *name);
            let Some(setting) = setting else {
                let problem =
                    Problem::unknown(name, source, self.specification, |s| format!("--{}", s.flag()));
                self.problems.push(problem);
                continue;
            };
            if setting.kind == crate::SettingKind::Secret {
                let text = "is a secret on the command line, where others on this machine may read it";
                let trouble = Trouble::new("secret-on-the-line", text);
                self.warnings.push(Problem::new(setting.key, source.clone(), trouble));
            }
            layer.insert(setting.key, Given { raw: Raw::Text(value.clone()), source });
        }
        layer
    }
}

/// A whole file that cannot be read.
fn unreadable(error: &std::io::Error) -> Trouble {
    Trouble::new("settings-unreadable", format!("cannot be read: {error}")).io(error)
}

/// The value of a variable that is set and not empty; the last one wins, as in a shell.
fn lookup<'v>(variables: &'v [Variable], name: &str) -> Option<(&'v str, &'v Source)> {
    let found = variables.iter().rev().find(|(variable, ..)| variable == name)?;
    (!found.1.trim().is_empty()).then_some((found.1.as_str(), &found.2))
}
