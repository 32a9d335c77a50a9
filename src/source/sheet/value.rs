//! Stored numbers and their formats in, text out.
//!
//! A number comes out as its decimal of 15 digits, which is all that spreadsheets show; formats that only round, group
//! or add units are not applied. Dates come out as `2025-01-22`, percentages as `15.3%`.

use calamine::DataType;
use std::borrow::Cow;

/// What a number format makes of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Kind {
    /// A number.
    #[default]
    Plain,
    /// Hundredths.
    Percent,
    /// Days since the epoch of the workbook.
    Date,
    /// A fraction of a day.
    Time,
}

impl Kind {
    /// A format by its number, with the code where the file gives one.
    pub(super) fn of(id: u16, code: Option<&str>) -> Self {
        match (code, id) {
            (Some(code), _) => Self::of_code(code),
            (None, 9 | 10) => Self::Percent,
            (None, 18..=21 | 32..=35 | 45..=47 | 55 | 56) => Self::Time,
            (None, 14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57 | 58) => Self::Date,
            (None, _) => Self::Plain,
        }
    }

    /// A format by its code: what stands outside quotes, brackets and escapes in its first section.
    fn of_code(code: &str) -> Self {
        let (mut quoted, mut bracketed, mut escaped) = (false, false, false);
        let (mut days, mut hours, mut months, mut percent, mut digits) = (false, false, false, false, false);
        for char in code.to_ascii_lowercase().chars() {
            if std::mem::take(&mut escaped) {
                continue;
            }
            match char {
                '"' => quoted = !quoted,
                _ if quoted => {}
                '\\' | '_' | '*' => escaped = true,
                '[' => bracketed = true,
                ']' => bracketed = false,
                // Durations: [h], [mm], [ss]; other brackets hold colours and locales.
                _ if bracketed => {}
                ';' => break,
                'y' | 'd' => days = true,
                'h' | 's' => hours = true,
                'm' => months = true,
                '%' => percent = true,
                '0' | '#' => digits = true,
                _ => {}
            }
        }
        let general = code.eq_ignore_ascii_case("general");
        match () {
            () if general => Self::Plain,
            () if days || (months && !hours && !digits) => Self::Date,
            () if hours && (months || !digits) => Self::Time,
            () if percent => Self::Percent,
            () => Self::Plain,
        }
    }
}

/// A number as text.
pub(super) fn number(value: f64, kind: Kind, from_1904: bool) -> String {
    let written = match kind {
        Kind::Plain => None,
        Kind::Percent => decimal(value, 2).map(|digits| digits + "%"),
        Kind::Date => date(value, from_1904),
        Kind::Time => time(value).or_else(|| date(value, from_1904)),
    };
    written.or_else(|| decimal(value, 0)).unwrap_or_default()
}

/// What a cell holds, as text.
pub(super) fn text<T: DataType>(value: &T, kind: Kind, from_1904: bool) -> Cow<'_, str> {
    if let Some(text) = value.get_string() {
        return text.into();
    }
    let plain = value.get_float().or_else(|| value.get_datetime().map(|date| date.as_f64()));
    if let Some(plain) = plain.or_else(|| value.get_int().and_then(|value| value.to_string().parse().ok())) {
        return number(plain, kind, from_1904).into();
    }
    if let Some(truth) = value.get_bool() {
        return if truth { "TRUE" } else { "FALSE" }.into();
    }
    if let Some(error) = value.get_error() {
        return error.to_string().into();
    }
    value.get_datetime_iso().or_else(|| value.get_duration_iso()).unwrap_or_default().into()
}

/// The value times 10 to the power of `shift`, to 15 digits and without an exponent.
fn decimal(value: f64, shift: i32) -> Option<String> {
    let text = format!("{value:.14e}");
    let (mantissa, exponent) = text.split_once('e')?;
    let point = exponent.parse::<i32>().ok()? + shift + 1;
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_end_matches('0');
    if digits.is_empty() {
        return Some("0".into());
    }
    let sign = if mantissa.starts_with('-') { "-" } else { "" };
    let zeros = |count: usize| "0".repeat(count);
    Some(match usize::try_from(point) {
        Ok(0) | Err(_) => format!("{sign}0.{}{digits}", zeros(point.unsigned_abs() as usize)),
        Ok(point) if point >= digits.len() => format!("{sign}{digits}{}", zeros(point - digits.len())),
        Ok(point) => format!("{sign}{}.{}", digits.get(..point)?, digits.get(point..)?),
    })
}

/// A day of the calendar, with the time of day if there is one.
#[expect(clippy::cast_possible_truncation, reason = "the range is checked first")]
fn date(value: f64, from_1904: bool) -> Option<String> {
    if !(0.0..2_958_466.0).contains(&value) {
        return None;
    }
    let seconds = (value.fract() * 86_400.0).round() as i64;
    let days = value.trunc() as i64 + seconds / 86_400 + if from_1904 { 1_462 } else { 0 };
    let (year, month, day) = match days {
        // The leap day that 1900 did not have.
        60 => (1900, 2, 29),
        ..60 => civil(days - 25_568),
        _ => civil(days - 25_569),
    };
    let clock = clock(seconds % 86_400);
    let time = if seconds % 86_400 == 0 { String::new() } else { format!(" {clock}") };
    Some(format!("{year:04}-{month:02}-{day:02}{time}"))
}

/// A time of day.
#[expect(clippy::cast_possible_truncation, reason = "the range is checked first")]
fn time(value: f64) -> Option<String> {
    (0.0..1.0).contains(&value).then(|| clock((value * 86_400.0).round() as i64))
}

fn clock(seconds: i64) -> String {
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if seconds == 0 { format!("{hours:02}:{minutes:02}") } else { format!("{hours:02}:{minutes:02}:{seconds:02}") }
}

/// Year, month and day of a day counted from 1970-01-01.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day = days.rem_euclid(146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_show_what_a_sheet_shows() {
        let cases = [
            (3.0, "3"),
            (-0.0, "0"),
            (20.5725, "20.5725"),
            (0.1 + 0.2, "0.3"),
            (96_171.6, "96171.6"),
            (1e21, "1000000000000000000000"),
            (-0.000_12, "-0.00012"),
            (123_456_789_012_345.0, "123456789012345"),
            (1e-7, "0.0000001"),
        ];
        for (value, expected) in cases {
            assert_eq!(number(value, Kind::Plain, false), expected);
        }
        assert_eq!(number(f64::NAN, Kind::Plain, false), "");
        assert_eq!(number(0.153, Kind::Percent, false), "15.3%");
        assert_eq!(number(1.0, Kind::Percent, false), "100%");
    }

    #[test]
    fn dates_follow_the_epoch() {
        let cases = [(1.0, "1900-01-01"), (60.0, "1900-02-29"), (61.0, "1900-03-01"), (45_679.0, "2025-01-22")];
        for (value, expected) in cases {
            assert_eq!(number(value, Kind::Date, false), expected);
        }
        assert_eq!(number(45_679.5, Kind::Date, false), "2025-01-22 12:00");
        assert_eq!(number(44_217.0, Kind::Date, true), "2025-01-22");
        assert_eq!(number(0.75, Kind::Time, false), "18:00");
        assert_eq!(number(-5.0, Kind::Date, false), "-5");
        assert_eq!(number(1e300, Kind::Date, false).len(), 301);
    }

    #[test]
    fn formats_are_told_by_their_code() {
        let cases = [
            ("General", Kind::Plain),
            ("0.00_);[Red]\\(0.00\\)", Kind::Plain),
            ("0\"年\"", Kind::Plain),
            ("#,##0\"yd\"", Kind::Plain),
            ("yyyy\"年\"m\"月\"d\"日\"", Kind::Date),
            ("[$-804]aaaa;@", Kind::Plain),
            ("[DBNum1][$-804]yyyy\"年\"m\"月\";@", Kind::Date),
            ("h:mm:ss.0", Kind::Time),
            ("mm:ss", Kind::Time),
            ("0.0%", Kind::Percent),
            ("@", Kind::Plain),
        ];
        for (code, kind) in cases {
            assert_eq!(Kind::of(200, Some(code)), kind, "{code}");
        }
        assert_eq!(Kind::of(14, None), Kind::Date);
        assert_eq!(Kind::of(10, None), Kind::Percent);
        assert_eq!(Kind::of(0, None), Kind::Plain);
    }

    proptest! {
        #[test]
        fn fifteen_digits_come_back(digits in 1_i64..1_000_000_000_000_000, scale in 0_u32..8) {
            let written = rust_decimal::Decimal::new(digits, scale).normalize().to_string();
            let value: f64 = written.parse().unwrap();
            prop_assert_eq!(number(value, Kind::Plain, false), written);
        }
    }
}
