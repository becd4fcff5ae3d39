//! Reads a `.env` file: names, values and lines, without touching the process.
//!
//! `NAME=value`, `export NAME=value`, `#` comments, `'…'` literal, `"…"` with `\n \r \t \" \\ \$`; quoted
//! values may span lines. Nothing is substituted: a password with a `$` in it stays what it is.

use socle_kernel::Trouble;

/// A variable of the file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) line: usize,
}

/// The variables in order, and the lines that are not understood with the reason. The text of such a line is
/// not repeated: it may be a secret.
pub(crate) fn read(text: &str) -> (Vec<Variable>, Vec<(usize, Trouble)>) {
    let (mut variables, mut problems) = (Vec::new(), Vec::new());
    let mut lines = text.strip_prefix('\u{feff}').unwrap_or(text).lines().enumerate();
    while let Some((index, text)) = lines.next() {
        let statement = text.trim_start();
        if statement.is_empty() || statement.starts_with('#') {
            continue;
        }
        let statement = statement.strip_prefix("export ").unwrap_or(statement);
        let mut more = || lines.next().map(|(_, line)| line.to_owned());
        let read = statement
            .split_once('=')
            .ok_or_else(|| Trouble::new("line-no-variable", "is not NAME=value"))
            .and_then(|(name, rest)| {
                let name = name.trim();
                if !is_name(name) {
                    return Err(Trouble::new("line-no-name", "does not begin with the name of a variable"));
                }
                Ok((name.to_owned(), value(rest.trim_start(), &mut more)?))
            });
        match read {
            Ok((name, value)) => variables.push(Variable { name, value, line: index + 1 }),
            Err(reason) => problems.push((index + 1, reason)),
        }
    }
    (variables, problems)
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'))
}

fn value(rest: &str, more: &mut dyn FnMut() -> Option<String>) -> Result<String, Trouble> {
    let Some(quote @ ('\'' | '"')) = rest.chars().next() else {
        let end = rest.match_indices('#').map(|(at, _)| at).find(|&at| {
            rest.get(..at).is_some_and(|before| before.is_empty() || before.ends_with(char::is_whitespace))
        });
        return Ok(rest.get(..end.unwrap_or(rest.len())).unwrap_or(rest).trim_end().to_owned());
    };
    let mut line = rest.get(1..).unwrap_or_default().to_owned();
    let mut value = String::new();
    loop {
        let mut characters = line.chars();
        while let Some(c) = characters.next() {
            match c {
                c if c == quote => return end_of_line(characters.as_str()).map(|()| value),
                '\\' if quote == '"' => value.push(unescape(characters.next())?),
                c => value.push(c),
            }
        }
        value.push('\n');
        line = more().ok_or_else(|| Trouble::new("line-open-quote", "opens a quote that is never closed"))?;
    }
}

fn unescape(c: Option<char>) -> Result<char, Trouble> {
    match c {
        Some('n') => Ok('\n'),
        Some('r') => Ok('\r'),
        Some('t') => Ok('\t'),
        Some(c @ ('"' | '\\' | '$' | '\'')) => Ok(c),
        _ => Err(Trouble::new("line-escape", "holds an unknown escape after \\")),
    }
}

fn end_of_line(rest: &str) -> Result<(), Trouble> {
    let rest = rest.trim();
    if rest.is_empty() || rest.starts_with('#') {
        return Ok(());
    }
    Err(Trouble::new("line-goes-on", "goes on after its closing quote"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> String {
        let (variables, problems) = read(text);
        assert_eq!(problems, [], "{text}");
        variables.into_iter().map(|variable| variable.value).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn values_are_bare_literal_or_escaped_and_nothing_is_substituted() {
        assert_eq!(one("A=b c # comment\nexport B = 'x # $HOME \\n'"), "b c|x # $HOME \\n");
        assert_eq!(one("A=\"a\\n\\\"b\\\" \\$\" # end"), "a\n\"b\" $");
        assert_eq!(one("A=pa#ss$word"), "pa#ss$word");
        assert_eq!(one("A=\nB=# nothing"), "|");
    }

    #[test]
    fn a_quoted_value_spans_lines_and_keeps_the_line_it_began_on() {
        let (variables, _) = read("# first\r\nKEY='one\ntwo'\nNEXT=3");
        assert_eq!(variables[0], Variable { name: "KEY".into(), value: "one\ntwo".into(), line: 2 });
        assert_eq!(variables[1].line, 4);
    }

    #[test]
    fn a_line_that_is_not_understood_is_named_by_its_number_only() {
        let (variables, problems) = read("hunter2\n1A=b\nA=\"x\" y\nB=ok\nC=\"open");
        assert_eq!(variables.len(), 1);
        assert_eq!(problems.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 2, 3, 5]);
        assert!(problems.iter().all(|(_, reason)| !format!("{reason:?}").contains("hunter2")));
    }
}
