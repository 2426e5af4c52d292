use ambient::Entropy;

/// A new GUID of version 4 (random), in lower case with hyphens.
pub(crate) fn guid(entropy: &dyn Entropy) -> String {
    let mut bytes = [0; 16];
    entropy.fill(&mut bytes);
    let mut number = u128::from_be_bytes(bytes);
    // The version (4) and the variant (binary 10) have their fixed places.
    number = number & !(0xf << 76) | 0x4 << 76;
    number = number & !(0x3 << 62) | 0x2 << 62;
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        number >> 96,
        number >> 80 & 0xffff,
        number >> 64 & 0xffff,
        number >> 48 & 0xffff,
        number & 0xffff_ffff_ffff
    )
}

#[cfg(test)]
mod tests {
    use ambient::SeededEntropy;

    use super::*;

    struct Constant(u8);

    impl Entropy for Constant {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill(self.0);
        }
    }

    #[test]
    fn version_and_variant_are_set_whatever_is_drawn() {
        assert_eq!(guid(&Constant(0x00)), "00000000-0000-4000-8000-000000000000");
        assert_eq!(guid(&Constant(0xff)), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }

    #[test]
    fn two_differ() {
        let entropy = SeededEntropy::new(1);
        assert_ne!(guid(&entropy), guid(&entropy));
    }
}
