//! Pieces of lines in, what each says out, with what else it may say and how likely that is, by the recognition network.
//!
//! The network gives each stretch of a piece the odds of every character or none (CTC, Graves et al. 2006); the most likely
//! texts are found by a search over prefixes.

use super::gray::{Gray, float};
use super::models::Networks;
use crate::error::{ErrorKind, Result};
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;

/// Height of the network's input.
const HEIGHT: usize = 48;
/// Narrower input is filled up.
const NARROWEST: usize = 64;
/// Wider input is squeezed.
const WIDEST: usize = 3200;
/// Pieces read at a time.
const BATCH: usize = 8;
/// Texts followed at a time.
const BEAM: usize = 8;
/// Characters less likely than this are not followed.
const LIKELY: f32 = 0.002;

/// One thing that a piece may say.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Text {
    pub(super) text: String,
    /// How likely it is, of 1.
    pub(super) odds: f32,
}

impl Text {
    /// How likely each of its characters is, on the whole.
    pub(super) fn each(&self) -> f32 {
        self.odds.powf(1.0 / float(self.text.chars().count().max(1)))
    }
}

/// What each piece may say, most likely first; at least one text a piece, perhaps an empty one.
pub(super) fn texts(pieces: &[Gray], networks: &Networks) -> Result<Vec<Vec<Text>>> {
    let scaled: Vec<Gray> = pieces
        .iter()
        .map(|p| p.resized(((p.width * HEIGHT).div_ceil(p.height.max(1))).clamp(8, WIDEST), HEIGHT))
        .collect();
    let mut order: Vec<usize> = (0..scaled.len()).collect();
    order.sort_by_key(|at| (scaled.get(*at).map_or(0, |p| p.width), *at));
    let mut out = vec![Vec::new(); pieces.len()];
    for batch in order.chunks(BATCH) {
        let images: Vec<&Gray> = batch.iter().filter_map(|at| scaled.get(*at)).collect();
        for (at, texts) in batch.iter().zip(run(&images, networks)?) {
            if let Some(slot) = out.get_mut(*at) {
                *slot = texts;
            }
        }
    }
    Ok(out)
}

fn run(images: &[&Gray], networks: &Networks) -> Result<Vec<Vec<Text>>> {
    let width = images.iter().map(|i| i.width).max().unwrap_or(0).max(NARROWEST).div_ceil(32) * 32;
    let mut pixels = Vec::with_capacity(images.len() * 3 * HEIGHT * width);
    for image in images {
        for _ in 0..3 {
            for y in 0..HEIGHT {
                let row = image.row(y);
                pixels.extend(row.iter().map(|p| f32::from(*p) / 127.5 - 1.0));
                pixels.extend(std::iter::repeat_n(0.0, width - row.len()));
            }
        }
    }
    let input = NdTensor::from_data([images.len(), 3, HEIGHT, width], pixels);
    let failed = |detail: String| ErrorKind::Reader { format: "picture", detail };
    let output = networks.recognition.run_one(input.into(), None).map_err(|error| failed(error.to_string()))?;
    let odds: NdTensor<f32, 3> =
        output.try_into().map_err(|_| failed("unexpected output of the recognition".into()))?;
    let [_, steps, classes] = odds.shape();
    let odds = odds.to_vec();
    let rows = odds.chunks((steps * classes).max(1));
    Ok(rows.map(|odds| decoded(odds, classes, networks)).collect())
}

/// A text being followed: how likely with nothing after its last character, and how likely right upon it.
#[derive(Debug, Clone, Default)]
struct Prefix {
    chars: Vec<usize>,
    after: f32,
    upon: f32,
}

impl Prefix {
    fn odds(&self) -> f32 {
        self.after + self.upon
    }

    fn last(&self) -> Option<usize> {
        self.chars.last().copied()
    }
}

/// The most likely texts of one piece.
fn decoded(odds: &[f32], classes: usize, networks: &Networks) -> Vec<Text> {
    let mut beam = vec![Prefix { after: 1.0, ..Prefix::default() }];
    for row in odds.chunks(classes.max(1)) {
        let likely: Vec<(usize, f32)> =
            row.iter().copied().enumerate().filter(|(class, p)| *class == 0 || *p >= LIKELY).collect();
        beam = followed(&beam, &likely);
    }
    let text = |prefix: &Prefix| Text {
        text: prefix.chars.iter().filter_map(|class| networks.alphabet.get(*class)).collect(),
        odds: prefix.odds(),
    };
    beam.iter().map(text).collect()
}

/// The beam one step on.
fn followed(beam: &[Prefix], likely: &[(usize, f32)]) -> Vec<Prefix> {
    let mut next: Vec<Prefix> = Vec::new();
    let mut add = |chars: Vec<usize>, after: f32, upon: f32| match next.iter_mut().find(|known| known.chars == chars) {
        Some(known) => {
            known.after += after;
            known.upon += upon;
        }
        None => next.push(Prefix { chars, after, upon }),
    };
    for prefix in beam {
        for (class, p) in likely {
            if *class == 0 {
                add(prefix.chars.clone(), prefix.odds() * p, 0.0);
                continue;
            }
            let mut longer = prefix.chars.clone();
            longer.push(*class);
            if prefix.last() == Some(*class) {
                add(prefix.chars.clone(), 0.0, prefix.upon * p);
                add(longer, 0.0, prefix.after * p);
            } else {
                add(longer, 0.0, prefix.odds() * p);
            }
        }
    }
    next.retain(|p| p.odds() > 0.0);
    next.sort_by(|a, b| b.odds().total_cmp(&a.odds()));
    next.truncate(BEAM);
    next
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Steps of odds for none and the characters 1 to 3.
    fn read(steps: &[[f32; 4]]) -> Vec<(Vec<usize>, f32)> {
        let mut beam = vec![Prefix { after: 1.0, ..Prefix::default() }];
        for row in steps {
            let likely: Vec<(usize, f32)> = row.iter().copied().enumerate().collect();
            beam = followed(&beam, &likely);
        }
        beam.into_iter().map(|p| (p.chars.clone(), p.odds())).collect()
    }

    #[test]
    fn all_ways_to_write_a_text_count_for_it() {
        // "1" comes of 1-, -1 and 11: none of them is likelier than nothing at all.
        let found = read(&[[0.6, 0.4, 0.0, 0.0], [0.6, 0.4, 0.0, 0.0]]);
        assert_eq!(found[0].0, [1]);
        assert!((found[0].1 - 0.64).abs() < 1e-6 && (found[1].1 - 0.36).abs() < 1e-6);
    }

    #[test]
    fn a_character_comes_twice_only_with_none_between() {
        let one = [0.0, 1.0, 0.0, 0.0];
        assert_eq!(read(&[one, one])[0].0, [1]);
        assert_eq!(read(&[one, [1.0, 0.0, 0.0, 0.0], one])[0].0, [1, 1]);
    }

    #[test]
    fn the_second_likeliest_text_is_kept_with_its_odds() {
        let found = read(&[[0.0, 0.7, 0.3, 0.0], [1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0]]);
        assert_eq!((found[0].0.as_slice(), found[1].0.as_slice()), (&[1, 3][..], &[2, 3][..]));
        assert!((found[1].1 - 0.3).abs() < 1e-6);
    }
}
