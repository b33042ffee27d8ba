//! JSON as files and stdout have it: indented, but whatever fits on one line stands on one line.
//!
//! Half of an indented summary is blanks; one line for each figure is smaller, and easier to read and to compare.

use serde::Serialize;

/// Longest line of things that belong together, bytes.
const LINE: usize = 500;

/// A value as JSON, with a line end.
///
/// # Errors
/// When the value cannot be written as JSON, such as a map whose keys are no text.
pub fn json_text(value: &impl Serialize) -> serde_json::Result<String> {
    Ok(folded(&serde_json::to_string_pretty(value)?) + "\n")
}

/// Indented JSON with short lists and objects on one line.
fn folded(pretty: &str) -> String {
    // Every list or object that is open, as lines.
    let mut open: Vec<Vec<String>> = vec![Vec::new()];
    for line in pretty.lines() {
        let text = line.trim_start();
        // A text never ends a line with a bracket: its quote comes last.
        let closes = text.starts_with(['}', ']']);
        if text.ends_with(['{', '[']) {
            open.push(Vec::new());
        }
        if let Some(top) = open.last_mut() {
            top.push(line.to_owned());
        }
        if !closes {
            continue;
        }
        let done = open.pop().unwrap_or_default();
        if let Some(around) = open.last_mut() {
            match on_one_line(&done) {
                Some(line) => around.push(line),
                None => around.extend(done),
            }
        }
    }
    open.concat().join("\n")
}

/// An opened and closed list or object on one line, if that is short.
fn on_one_line(lines: &[String]) -> Option<String> {
    let (first, rest) = lines.split_first()?;
    let (last, inner) = rest.split_last()?;
    let parts: Vec<&str> = inner.iter().map(|l| l.trim_start()).collect();
    let line = format!("{first}{}{}", parts.join(" "), last.trim_start());
    (line.len() <= LINE).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn short_things_stand_on_one_line_and_nothing_is_lost() {
        let brackets = "ends with { and [ and \"quotes\" \n";
        let value = json!({
            "list": [1.5, 2.0], "empty": [], "none": {}, "text": brackets,
            "long": (0..300).map(|i| json!({"n": i, "of": [i, brackets]})).collect::<Vec<_>>(),
        });
        let text = json_text(&value).unwrap();
        assert!(text.contains("\n  \"list\": [1.5, 2.0],\n"), "{text}");
        assert_eq!(text.lines().count(), 300 + 8, "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        assert_eq!(json_text(&3).unwrap(), "3\n");
    }
}
