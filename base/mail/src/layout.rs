//! How a mail looks: one page, whole in itself, and the same as plain text.
//!
//! Programs that read mail know little of the web: a table, styles on the elements, and a few rules for those that know
//! a dark mode. Nothing is fetched. What is put in is escaped.

use socle_i18n::Language;

/// The most characters of a line of plain text.
const WIDTH: usize = 72;

/// What stands on the page.
pub(crate) struct Sheet<'a> {
    pub(crate) language: Language,
    pub(crate) subject: &'a str,
    pub(crate) greeting: String,
    pub(crate) paragraphs: Vec<String>,
    /// A code to be typed.
    pub(crate) code: Option<&'a str>,
    /// What the button says, and where it leads.
    pub(crate) button: Option<(&'a str, &'a str)>,
    /// What to do when the button does nothing.
    pub(crate) link_hint: String,
    pub(crate) signature: String,
    /// Why one receives this.
    pub(crate) why: String,
    pub(crate) product: &'a str,
}

impl Sheet<'_> {
    /// What is read before the code, and what after it: a code stands where it is spoken of, at the beginning.
    fn around_the_code(&self) -> (Vec<&str>, Vec<&str>) {
        let mut before: Vec<&str> =
            std::iter::once(&self.greeting).chain(&self.paragraphs).map(String::as_str).collect();
        let after = before.split_off(before.len().min(2));
        (before, after)
    }
}

/// The whole as plain text.
pub(crate) fn text(sheet: &Sheet<'_>) -> String {
    let (before, after) = sheet.around_the_code();
    let mut blocks: Vec<String> = before.iter().map(|paragraph| wrapped(paragraph)).collect();
    blocks.extend(sheet.code.map(|code| format!("    {code}")));
    blocks.extend(after.iter().map(|paragraph| wrapped(paragraph)));
    blocks.extend(sheet.button.map(|(label, link)| match sheet.language {
        Language::Fr => format!("{label}\u{a0}:\n{link}"),
        Language::En => format!("{label}:\n{link}"),
    }));
    blocks.push(wrapped(&sheet.signature));
    // What readers know for the line above a signature.
    blocks.push(format!("-- \n{}", wrapped(&sheet.why)));
    let mut text = blocks.join("\n\n");
    text.push('\n');
    text
}

/// The text in lines that are not too long.
fn wrapped(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}

/// The rules for those who read light on dark. Programs that do not know them show the page as the elements say.
const DARK: &str = "\
@media (prefers-color-scheme: dark) {
.page { background: #14171c !important; }
.sheet { background: #1e232b !important; border-color: #323a46 !important; }
.ink, .ink p, .brand { color: #e8ebf0 !important; }
.faint, .faint a, .ink p.faint { color: #a3adba !important; }
.code { background: #14171c !important; border-color: #323a46 !important; color: #ffffff !important; }
.button { background: #6ea8ff !important; }
.button a { color: #0b1420 !important; }
}";

const FONT: &str = "font-family:-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;";

/// The whole as a page.
pub(crate) fn html(sheet: &Sheet<'_>) -> String {
    let paragraphs = |of: &[&str]| -> String {
        of.iter().map(|text| format!("<p style=\"margin:0 0 16px\">{}</p>\n", escaped(text))).collect()
    };
    let (before, after) = sheet.around_the_code();
    let (before, after) = (paragraphs(&before), paragraphs(&after));
    let code = sheet.code.map(code).unwrap_or_default();
    let button = sheet.button.map(|(label, link)| button(label, link, &sheet.link_hint)).unwrap_or_default();
    let (signature, why) = (escaped(&sheet.signature), escaped(&sheet.why));
    let (language, subject, product) = (sheet.language, escaped(sheet.subject), escaped(sheet.product));
    format!(
        "<!DOCTYPE html>
<html lang=\"{language}\">
<head>
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<meta name=\"color-scheme\" content=\"light dark\">
<meta name=\"supported-color-schemes\" content=\"light dark\">
<meta name=\"format-detection\" content=\"telephone=no, date=no, address=no, email=no\">
<title>{subject}</title>
<style>
:root {{ color-scheme: light dark; }}
{DARK}
</style>
</head>
<body class=\"page\" style=\"margin:0;padding:0;background:#eef1f5\">
<table role=\"presentation\" class=\"page\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"background:#eef1f5\">
<tr><td align=\"center\" style=\"padding:24px 12px\">
<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"max-width:560px\">
<tr><td class=\"brand\" style=\"{FONT}font-size:18px;line-height:1.4;font-weight:700;color:#16202c;padding:0 8px 12px\">{product}</td></tr>
<tr><td class=\"sheet ink\" style=\"{FONT}font-size:16px;line-height:1.55;color:#1f2a37;background:#ffffff;border:1px solid #dce2ea;border-radius:8px;padding:28px 24px 12px;overflow-wrap:anywhere;word-break:break-word\">
{before}{code}{after}{button}<p style=\"margin:0 0 16px\">{signature}</p>
</td></tr>
<tr><td class=\"faint\" style=\"{FONT}font-size:13px;line-height:1.5;color:#5a6776;padding:14px 8px 0\">{why}</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
"
    )
}

fn code(code: &str) -> String {
    format!(
        "<p class=\"code\" style=\"margin:4px 0 20px;padding:14px 12px;text-align:center;background:#f3f5f8;\
         border:1px solid #dce2ea;border-radius:6px;font-family:ui-monospace,Menlo,Consolas,monospace;\
         font-size:26px;line-height:1.3;font-weight:700;letter-spacing:4px;color:#16202c\">{}</p>\n",
        escaped(code)
    )
}

fn button(label: &str, link: &str, hint: &str) -> String {
    let (label, link, hint) = (escaped(label), escaped(link), escaped(hint));
    format!(
        "<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"margin:4px 0 20px\">\
         <tr><td class=\"button\" style=\"background:#1f5fbf;border-radius:6px\">\
         <a href=\"{link}\" style=\"display:inline-block;padding:12px 22px;font-weight:600;color:#ffffff;\
         text-decoration:none\">{label}</a></td></tr></table>\n\
         <p class=\"faint\" style=\"margin:0 0 16px;font-size:13px;line-height:1.5;color:#5a6776\">{hint}<br>\
         <a href=\"{link}\" style=\"color:#5a6776;word-break:break-all\">{link}</a></p>\n"
    )
}

/// The text as text of a page or value of an attribute.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            sign => safe.push(sign),
        }
    }
    safe
}
