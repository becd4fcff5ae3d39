//! Load by wrk: the script it runs, and what it prints.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::plan::Request;
use crate::process;

/// What wrk saw.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Load {
    pub(crate) requests: f64,
    pub(crate) per_second: f64,
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
    pub(crate) failed: f64,
}

/// Installs wrk if the machine has none.
pub(crate) fn prepare() -> Result<()> {
    if process::find("wrk").is_none() { process::install(&["wrk"]) } else { Ok(()) }
}

/// Sends these requests, one after the other and again, over `connections` connections.
pub(crate) fn run(
    folder: &Path,
    port: u16,
    requests: &[Request],
    connections: usize,
    seconds: u64,
) -> Result<Load> {
    let file = folder.join("requests.lua");
    std::fs::write(&file, script(requests))?;
    let threads = connections.min(2).to_string();
    let text = process::capture(
        Command::new("wrk")
            .args(["--latency", "--timeout", "10s", "-t", &threads])
            .args(["-c", &connections.to_string(), "-d", &format!("{seconds}s"), "-s"])
            .arg(&file)
            .arg(format!("http://127.0.0.1:{port}")),
    )?;
    let load = parse(&text).with_context(|| format!("wrk prints something else:\n{text}"))?;
    ensure!(load.requests > 0.0, "no request was answered:\n{text}");
    ensure!(
        load.failed <= load.requests / 1000.0,
        "{} of {} requests failed:\n{text}",
        load.failed,
        load.requests
    );
    Ok(load)
}

/// All requests are written out before the first is sent, so that the generator does no work between them.
fn script(requests: &[Request]) -> String {
    let mut text = String::from("local requests = {}\n\ninit = function()\n");
    for request in requests {
        let headers =
            request.token.as_ref().map(|token| format!("[\"Authorization\"] = \"Bearer {token}\", "));
        let body = request.body.as_ref().map_or_else(|| "nil".to_owned(), |body| format!("[==[{body}]==]"));
        let kind = request.body.as_ref().map_or("", |_| "[\"Content-Type\"] = \"application/json\"");
        text.push_str(&format!(
            "  requests[#requests + 1] = wrk.format(\"{}\", \"{}\", {{ {}{kind} }}, {body})\n",
            request.method,
            request.path,
            headers.unwrap_or_default()
        ));
    }
    text.push_str(
        "end\n\nlocal at = 0\nrequest = function()\n  at = at % #requests + 1\n  return requests[at]\nend\n",
    );
    text
}

fn parse(text: &str) -> Option<Load> {
    let after = |name: &str| text.lines().find_map(|line| line.trim().strip_prefix(name)).map(str::trim);
    let total = text.lines().find(|line| line.contains(" requests in "))?.split_whitespace().next()?;
    let socket: f64 = after("Socket errors:")
        .map_or(0.0, |line| line.split([' ', ',']).filter_map(|word| word.parse::<f64>().ok()).sum());
    let refused: f64 =
        after("Non-2xx or 3xx responses:").and_then(|figure| figure.parse().ok()).unwrap_or(0.0);
    Some(Load {
        requests: total.parse().ok()?,
        per_second: after("Requests/sec:")?.parse().ok()?,
        p50_ms: milliseconds(after("50%")?)?,
        p99_ms: milliseconds(after("99%")?)?,
        failed: socket + refused,
    })
}

fn milliseconds(text: &str) -> Option<f64> {
    let (number, unit) = text.split_at(text.find(|letter: char| letter.is_ascii_alphabetic())?);
    let factor = match unit {
        "us" => 0.001,
        "ms" => 1.0,
        "s" => 1000.0,
        "m" => 60_000.0,
        _ => return None,
    };
    Some(number.parse::<f64>().ok()? * factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = "Running 2s test @ http://127.0.0.1:1\n  2 threads and 64 connections\n  Thread Stats   Avg      Stdev     Max   +/- Stdev\n    Latency     1.02ms    2.00ms  30.11ms   92.31%\n    Req/Sec    40.11k     3.02k   47.00k    70.00%\n  Latency Distribution\n     50%  512.00us\n     75%    1.00ms\n     90%    2.00ms\n     99%    1.20s\n  159862 requests in 2.00s, 60.99MB read\n  Socket errors: connect 0, read 2, write 0, timeout 1\n  Non-2xx or 3xx responses: 4\nRequests/sec:  79861.28\nTransfer/sec:     30.47MB\n";

    #[test]
    fn what_wrk_prints_is_read() {
        let load =
            Load { requests: 159_862.0, per_second: 79_861.28, p50_ms: 0.512, p99_ms: 1200.0, failed: 7.0 };
        assert_eq!(parse(PRINTED), Some(load));
        assert_eq!(parse("unable to connect"), None);
    }

    #[test]
    fn every_request_is_written_out_in_the_script() {
        let request = |path: &str, body: Option<&str>| Request {
            method: "POST",
            path: path.to_owned(),
            token: Some("t".to_owned()),
            body: body.map(str::to_owned),
        };
        let text = script(&[request("/a", Some("{\"b\":1}")), request("/c", None)]);
        assert!(text.contains("wrk.format(\"POST\", \"/a\", { [\"Authorization\"] = \"Bearer t\", [\"Content-Type\"] = \"application/json\" }, [==[{\"b\":1}]==])"));
        assert!(text.contains("wrk.format(\"POST\", \"/c\", { [\"Authorization\"] = \"Bearer t\",  }, nil)"));
    }
}
