use parking_lot::Mutex;
use rand::{Rng, SeedableRng, rngs::StdRng};

/// Where random bytes come from.
pub trait Entropy: Send + Sync {
    /// Fills `buffer` with random bytes.
    fn fill(&self, buffer: &mut [u8]);
}

/// The operating system's cryptographically secure generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[allow(clippy::disallowed_methods, reason = "this is the seam")]
    fn fill(&self, buffer: &mut [u8]) {
        rand::rng().fill_bytes(buffer);
    }
}

/// A generator that repeats the same sequence for the same seed. For tests only: it is predictable.
#[derive(Debug)]
pub struct SeededEntropy(Mutex<StdRng>);

impl SeededEntropy {
    /// A generator for this seed.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(StdRng::seed_from_u64(seed)))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        self.0.lock().fill_bytes(buffer);
    }
}

/// How many numbers a byte can be.
const BYTES: usize = 256;

/// How many random bytes are asked for at once, at most.
const AT_ONCE: usize = 64;

/// What is drawn from random bytes.
pub trait EntropyExt: Entropy {
    /// A number in `0..bound`, every one equally likely; 0 when `bound` is 0.
    fn below(&self, bound: u32) -> u32 {
        if bound == 0 {
            return 0;
        }
        // Values past the last full multiple of `bound` are drawn again, or small numbers would come up more often.
        let limit = u32::MAX - u32::MAX % bound;
        loop {
            let mut bytes = [0; 4];
            self.fill(&mut bytes);
            let drawn = u32::from_le_bytes(bytes);
            if drawn < limit {
                return drawn % bound;
            }
        }
    }

    /// A text of `length` characters, each drawn from `alphabet` (ASCII).
    fn text(&self, length: usize, alphabet: &str) -> String {
        let symbols = alphabet.as_bytes();
        let mut text = String::with_capacity(length);
        if symbols.is_empty() {
            return text;
        }
        // As in `below`, for numbers of one byte. ASCII has fewer symbols than there are of them.
        let limit = BYTES - BYTES % symbols.len();
        let mut drawn = [0; AT_ONCE];
        while text.len() < length {
            let count = AT_ONCE.min(length - text.len());
            let Some(bytes) = drawn.get_mut(..count) else { return text };
            self.fill(bytes);
            let kept = bytes.iter().map(|&byte| usize::from(byte)).filter(|&byte| byte < limit);
            text.extend(
                kept.filter_map(|byte| symbols.get(byte % symbols.len())).map(|&byte| char::from(byte)),
            );
        }
        text
    }
}

impl<E: Entropy + ?Sized> EntropyExt for E {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_has_the_length_and_alphabet_asked_for() {
        let text = SystemEntropy.text(40, "ab1");
        assert_eq!(text.len(), 40);
        assert!(text.chars().all(|c| "ab1".contains(c)));
    }

    #[test]
    fn the_same_seed_repeats() {
        assert_eq!(SeededEntropy::new(7).text(20, "abcdef"), SeededEntropy::new(7).text(20, "abcdef"));
    }

    #[test]
    fn a_bound_is_never_reached() {
        let entropy = SeededEntropy::new(1);
        assert!((0..1000).all(|_| entropy.below(3) < 3));
        assert_eq!(entropy.below(0), 0);
    }
}
