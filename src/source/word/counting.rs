//! Numbers of lists in, as their format writes them out: 一, （二）'s 二, iv, ③.

/// A number as a list format writes it; formats that are not known come out in Arabic digits.
pub(super) fn written(n: u32, format: &str) -> String {
    let ring = |first: u32, last: u32| (1..=last).contains(&n).then(|| char::from_u32(first + n - 1)).flatten();
    let sign = match format {
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => ring(0x2460, 20),
        "decimalEnclosedParen" => ring(0x2474, 20),
        "decimalEnclosedFullstop" => ring(0x2488, 20),
        "ideographEnclosedCircle" => ring(0x3280, 10),
        "ideographTraditional" => nth("甲乙丙丁戊己庚辛壬癸", n),
        "ideographZodiac" => nth("子丑寅卯辰巳午未申酉戌亥", n),
        _ => None,
    };
    if let Some(sign) = sign {
        return sign.to_string();
    }
    match format {
        "none" => String::new(),
        "decimalZero" => format!("{n:02}"),
        "decimalFullWidth" | "decimalFullWidth2" => mapped(n, "０１２３４５６７８９"),
        "ideographDigital" | "japaneseDigitalTenThousand" | "taiwaneseDigital" => mapped(n, "〇一二三四五六七八九"),
        "chineseCounting"
        | "chineseCountingThousand"
        | "japaneseCounting"
        | "taiwaneseCounting"
        | "taiwaneseCountingThousand" => chinese(n, "零一二三四五六七八九", ["", "十", "百", "千"]),
        "chineseLegalSimplified" => chinese(n, "零壹贰叁肆伍陆柒捌玖", ["", "拾", "佰", "仟"]),
        "ideographLegalTraditional" => chinese(n, "零壹貳參肆伍陸柒捌玖", ["", "拾", "佰", "仟"]),
        "upperLetter" => letters(n, 'A').unwrap_or_else(|| n.to_string()),
        "lowerLetter" => letters(n, 'a').unwrap_or_else(|| n.to_string()),
        "upperRoman" => roman(n),
        "lowerRoman" => roman(n).to_lowercase(),
        _ => n.to_string(),
    }
}

fn nth(signs: &str, n: u32) -> Option<char> {
    signs.chars().nth(usize::try_from(n.checked_sub(1)?).ok()?)
}

fn mapped(n: u32, digits: &str) -> String {
    let digit = |char: char| digits.chars().nth(char.to_digit(10)? as usize);
    n.to_string().chars().filter_map(digit).collect()
}

/// Up to 9,999 in words: 十, 十一, 二十, 一百零一.
fn chinese(n: u32, digits: &str, units: [&str; 4]) -> String {
    if n == 0 || n > 9_999 {
        return mapped(n, digits);
    }
    let mut words = String::new();
    let mut gap = false;
    for (power, unit) in units.iter().enumerate().rev() {
        let digit = n / 10_u32.pow(u32::try_from(power).unwrap_or(0)) % 10;
        if digit == 0 {
            gap = true;
            continue;
        }
        if gap && !words.is_empty() {
            words.push_str(&mapped(0, digits));
        }
        gap = false;
        // 十一, but 一百一十一.
        if !(digit == 1 && power == 1 && words.is_empty()) {
            words.push_str(&mapped(digit, digits));
        }
        words.push_str(unit);
    }
    words
}

/// A … Z, AA, BB …
fn letters(n: u32, first: char) -> Option<String> {
    let index = n.checked_sub(1)?;
    let letter = char::from_u32(u32::from(first) + index % 26)?;
    (index < 26 * 10).then(|| letter.to_string().repeat(index as usize / 26 + 1))
}

fn roman(n: u32) -> String {
    const SIGNS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if n == 0 || n > 3_999 {
        return n.to_string();
    }
    let mut left = n;
    let mut signs = String::new();
    for (value, sign) in SIGNS {
        while left >= value {
            signs.push_str(sign);
            left -= value;
        }
    }
    signs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_written_as_word_does() {
        let cases = [
            (10, "chineseCounting", "十"),
            (11, "chineseCountingThousand", "十一"),
            (20, "japaneseCounting", "二十"),
            (101, "chineseCountingThousand", "一百零一"),
            (110, "chineseCountingThousand", "一百一十"),
            (1005, "chineseCountingThousand", "一千零五"),
            (12, "chineseLegalSimplified", "拾贰"),
            (12, "ideographDigital", "一二"),
            (12, "decimalFullWidth", "１２"),
            (3, "decimalEnclosedCircle", "③"),
            (21, "decimalEnclosedCircle", "21"),
            (2, "ideographTraditional", "乙"),
            (28, "lowerLetter", "bb"),
            (14, "upperRoman", "XIV"),
            (4_000_000_000, "lowerRoman", "4000000000"),
            (7, "decimalZero", "07"),
        ];
        for (n, format, expected) in cases {
            assert_eq!(written(n, format), expected, "{n} {format}");
        }
    }
}
