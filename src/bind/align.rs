//! Order-preserving alignment of what a document prints with what the form lists.

use super::Evidence;
use super::label::SAME;

/// Pairs `(i, j)` of `rows` printed things and `columns` listed ones, both ascending, with the greatest total
/// likeness. Only pairs that are alike enough count.
pub(super) fn monotone(rows: usize, columns: usize, likeness: impl Fn(usize, usize) -> f32) -> Vec<(usize, usize)> {
    let width = columns + 1;
    let mut best = vec![0.0_f32; (rows + 1) * width];
    let get = |best: &[f32], i: usize, j: usize| best.get(i * width + j).copied().unwrap_or(0.0);
    let pair = |i: usize, j: usize| Some(likeness(i, j)).filter(|score| *score >= SAME);
    for i in (0..rows).rev() {
        for j in (0..columns).rev() {
            let skip = get(&best, i + 1, j).max(get(&best, i, j + 1));
            let take = pair(i, j).map_or(0.0, |score| score + get(&best, i + 1, j + 1));
            if let Some(slot) = best.get_mut(i * width + j) {
                *slot = skip.max(take);
            }
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < rows && j < columns {
        let here = get(&best, i, j);
        if let Some(score) = pair(i, j)
            && score + get(&best, i + 1, j + 1) >= here
        {
            pairs.push((i, j));
            i += 1;
            j += 1;
        } else if get(&best, i + 1, j) >= here {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

/// For each listed thing the printed one it was paired with; where as many printed as listed things lie between two
/// pairs (or after the last, or before the first if `first` says where the printed ones begin), they are paired by
/// [`Evidence::Structure`].
pub(super) fn fill_gaps(
    pairs: &[(usize, usize)],
    first: Option<usize>,
    printed: usize,
    listed: usize,
) -> Vec<Option<(usize, Evidence)>> {
    let mut assigned: Vec<Option<(usize, Evidence)>> = vec![None; listed];
    let mut put = |j: usize, i: usize, evidence: Evidence| {
        if let Some(slot) = assigned.get_mut(j) {
            *slot = Some((i, evidence));
        }
    };
    for &(i, j) in pairs {
        put(j, i, Evidence::Label);
    }
    let (Some(&(first_i, first_j)), Some(&(last_i, last_j))) = (pairs.first(), pairs.last()) else {
        return assigned;
    };
    for (&(i0, j0), &(i1, j1)) in pairs.iter().zip(pairs.iter().skip(1)) {
        if i1 - i0 == j1 - j0 {
            (1..i1 - i0).for_each(|k| put(j0 + k, i0 + k, Evidence::Structure));
        }
    }
    if printed - last_i == listed - last_j {
        (1..printed - last_i).for_each(|k| put(last_j + k, last_i + k, Evidence::Structure));
    }
    if let Some(first) = first
        && first_i >= first
        && first_i - first == first_j
    {
        (0..first_j).for_each(|j| put(j, first + j, Evidence::Structure));
    }
    assigned
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(printed: &str, listed: &str) -> Vec<(usize, usize)> {
        let (a, b): (Vec<char>, Vec<char>) = (printed.chars().collect(), listed.chars().collect());
        monotone(a.len(), b.len(), |i, j| f32::from(u8::from(a[i] == b[j])))
    }

    #[test]
    fn skips_on_both_sides() {
        assert_eq!(pairs("xabyd", "abcd"), vec![(1, 0), (2, 1), (4, 3)]);
        assert_eq!(pairs("ababa", "aab"), vec![(0, 0), (2, 1), (3, 2)]);
        assert!(pairs("xyz", "abc").is_empty());
    }

    #[test]
    fn a_gap_of_equal_size_is_filled_and_no_other() {
        let filled = fill_gaps(&[(1, 0), (3, 2)], None, 5, 4);
        assert_eq!(filled[1], Some((2, Evidence::Structure)));
        assert_eq!(filled[3], Some((4, Evidence::Structure)));
        assert_eq!(
            fill_gaps(&[(1, 0), (3, 1)], None, 4, 3),
            vec![Some((1, Evidence::Label)), Some((3, Evidence::Label)), None]
        );
        assert_eq!(fill_gaps(&[(2, 1)], Some(1), 3, 2)[0], Some((1, Evidence::Structure)));
    }
}
