//! JSON text: compact for one object a line, or laid out so that a cell, a check or a finding takes a line.

use schemars::generate::SchemaSettings;
use serde::Serialize;

/// A container that is shorter than this stays on one line.
const LINE: usize = 240;

/// The value on one line, without a line break at the end.
pub fn line(value: &impl Serialize) -> serde_json::Result<String> {
    serde_json::to_string(value)
}

/// The value over several lines, without a line break at the end.
pub fn pretty(value: &impl Serialize) -> serde_json::Result<String> {
    line(value).map(|compact| lay_out(&compact))
}

/// The JSON Schema of a wire type.
pub fn schema<T: schemars::JsonSchema>() -> serde_json::Result<String> {
    let schema = SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>();
    serde_json::to_string_pretty(&schema)
}

/// Breaks compact JSON into lines; tokens are copied as they are, so numbers keep their digits.
fn lay_out(compact: &str) -> String {
    let bytes = compact.as_bytes();
    let lengths = container_lengths(bytes);
    let mut out = String::with_capacity(compact.len() * 2);
    // For each container that is open: whether it is broken over lines.
    let mut open: Vec<bool> = Vec::new();
    let mut copied = 0;
    for (at, byte, in_string) in tokens(bytes) {
        if in_string {
            continue;
        }
        let indent = |depth: usize| format!("\n{}", "  ".repeat(depth));
        let mut copy = |upto: usize, out: &mut String| {
            out.push_str(compact.get(copied..upto).unwrap_or_default());
            copied = upto;
        };
        match byte {
            b'{' | b'[' => {
                copy(at + 1, &mut out);
                open.push(lengths.get(&at).is_some_and(|length| *length > LINE));
                if open.last() == Some(&true) {
                    out.push_str(&indent(open.len()));
                }
            }
            b'}' | b']' => {
                copy(at, &mut out);
                if open.pop() == Some(true) {
                    out.push_str(&indent(open.len()));
                }
            }
            b',' => {
                copy(at + 1, &mut out);
                match open.last() {
                    Some(true) => out.push_str(&indent(open.len())),
                    _ => out.push(' '),
                }
            }
            b':' => {
                copy(at + 1, &mut out);
                out.push(' ');
            }
            _ => {}
        }
    }
    out.push_str(compact.get(copied..).unwrap_or_default());
    out
}

/// For the position of each opening bracket, how long its container is.
fn container_lengths(bytes: &[u8]) -> std::collections::BTreeMap<usize, usize> {
    let mut open = Vec::new();
    let mut lengths = std::collections::BTreeMap::new();
    for (at, byte, in_string) in tokens(bytes) {
        match byte {
            b'{' | b'[' if !in_string => open.push(at),
            b'}' | b']' if !in_string => {
                if let Some(start) = open.pop() {
                    lengths.insert(start, at - start);
                }
            }
            _ => {}
        }
    }
    lengths
}

/// Every byte with its position and whether it belongs to a string.
fn tokens(bytes: &[u8]) -> impl Iterator<Item = (usize, u8, bool)> {
    let (mut inside, mut escaped) = (false, false);
    bytes.iter().enumerate().map(move |(at, byte)| {
        let was_inside = inside;
        match byte {
            _ if escaped => escaped = false,
            b'\\' if inside => escaped = true,
            b'"' => inside = !inside,
            _ => {}
        }
        (at, *byte, was_inside || inside)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_things_stay_on_one_line() {
        assert_eq!(lay_out(r#"{"a":[1,2.50],"b":"x,{y\":"}"#), r#"{"a": [1, 2.50], "b": "x,{y\":"}"#);
    }

    #[test]
    fn long_things_are_broken_and_stay_the_same_value() {
        let long = "x".repeat(LINE);
        let compact = format!(r#"{{"a":[{{"b":"{long}"}},{{"c":[]}}],"d":{{}}}}"#);
        let laid_out = lay_out(&compact);
        assert_eq!(laid_out.lines().count(), 9, "{laid_out}");
        let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(value(&laid_out), value(&compact));
    }

    #[test]
    fn the_schema_knows_the_fixed_fields() {
        let schema = schema::<crate::emit::Report>().unwrap();
        for field in ["\"certainty\"", "\"not_evaluable\"", "\"blank_as_zero\"", "\"coverage\""] {
            assert!(schema.contains(field), "{field}");
        }
    }
}
