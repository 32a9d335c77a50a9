//! Characters as fonts and files name them: radicals folded to ordinary ideographs, and those that say nothing told apart.

use unicode_normalization::char::decompose_compatible;

/// The unified ideograph of each character from U+2E80 on (the property `Equivalent_Unified_Ideograph`);
/// those without one stand for themselves.
const SUPPLEMENT: &str = "\
⺀厂乛乚乙亻冂𠘨刀刂卜㔾小尐兀尣尢𡯂巳幺彑彐忄心扌攵⺚旡日月歺母民氵氺灬爫爬丬牛\
犭王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀聿肉𦥑艹艺艻虎衤覀西见角𧢲讠贝𧾷车辶辷辸邑\
钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟";

/// Replaces a radical by the ideograph that it looks like: some producers map a glyph that both share to the radical.
pub(crate) fn fold(c: char) -> char {
    match u32::from(c) {
        n @ 0x2E80..=0x2EF3 => usize::try_from(n - 0x2E80).ok().and_then(|i| SUPPLEMENT.chars().nth(i)).unwrap_or(c),
        0x2F00..=0x2FD5 => {
            let mut plain = c;
            decompose_compatible(c, |d| plain = d);
            plain
        }
        _ => c,
    }
}

/// Whether a character map's answer can be believed: private use and controls say nothing.
pub(crate) fn trusted(c: char) -> bool {
    !matches!(u32::from(c), 0..=0x1F | 0x7F..=0x9F | 0xE000..=0xF8FF | 0xFFF0..=0xFFFF | 0xF_0000..)
}

/// Whether the character leaves neither ink nor space.
pub(crate) fn zero_width(c: char) -> bool {
    matches!(u32::from(c), 0xAD | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x2064 | 0xFE00..=0xFE0F | 0xFEFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn radicals_become_ideographs_and_nothing_else_changes() {
        let printed = "⺠⼈⻓⻅⻳⺀１（㈠";
        assert_eq!(printed.chars().map(fold).collect::<String>(), "民人长见龟⺀１（㈠");
    }
}
