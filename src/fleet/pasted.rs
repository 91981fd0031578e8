//! What a message tells to paste into YAML.

/// A path or a name as it is written between the braces of YAML: `.` for the root of the repository, quoted where it has to
/// be.
pub fn pasted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '/' | '-');
    match text {
        "" => ".".to_owned(),
        _ if text.chars().all(is_plain) && !text.starts_with('-') && !text.eq_ignore_ascii_case("null") => {
            text.to_owned()
        }
        _ => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pasted_is_read_as_it_was() {
        let pasted = ["", "clusters/prod-01", "-", "null", "a b", "{{ x }}", "a\"b\\"].map(pasted);
        assert_eq!(pasted, [".", "clusters/prod-01", r#""-""#, r#""null""#, r#""a b""#, r#""{{ x }}""#, r#""a\"b\\""#]);
    }
}
