/// The password of every user.
pub(crate) const PASSWORD: &str = "open sesame 123";

/// The name of the file of the first document.
pub(crate) const FILE: &str = "plan_0123456789.pdf";

/// Bytes of that file.
pub(super) const FILE_BYTES: usize = 1024 * 1024;

/// Words that texts are made of.
const WORDS: [&str; 32] = [
    "river", "stone", "market", "window", "paper", "morning", "engine", "garden", "bridge", "letter",
    "harbour", "signal", "copper", "valley", "lantern", "ticket", "winter", "station", "forest", "mirror",
    "island", "canvas", "thunder", "pocket", "silver", "meadow", "compass", "kitchen", "orchard", "feather",
    "marble", "journey",
];

/// What a record is, which its id begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    User,
    Tag,
    Company,
    Document,
    Post,
    /// A record that is updated.
    Entry,
    /// A record that is there to be deleted.
    Spare,
    /// A record that the floor creates.
    New,
    /// A record that is there to make the database larger.
    Padding,
}

/// How many records there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sizes {
    pub(crate) posts: u64,
    pub(crate) users: u64,
    pub(crate) tags: u64,
    pub(crate) companies: u64,
    pub(crate) documents: u64,
    pub(crate) entries: u64,
    pub(crate) spares: u64,
}

impl Sizes {
    /// The sizes for this many posts.
    pub(crate) fn of(records: u64) -> Self {
        Self {
            posts: records,
            users: (records / 100).max(200),
            tags: 100,
            companies: (records / 100).max(10),
            documents: (records / 10).max(10),
            entries: records.min(100_000),
            spares: (records * 2).clamp(20_000, 200_000),
        }
    }
}

impl Kind {
    /// The id of the record with this number: 15 characters in no order, as servers make them.
    pub(crate) fn id(self, number: u64) -> String {
        const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
        let prefix = match self {
            Self::User => "us",
            Self::Tag => "ta",
            Self::Company => "co",
            Self::Document => "do",
            Self::Post => "po",
            Self::Entry => "en",
            Self::Spare => "sp",
            Self::New => "ne",
            Self::Padding => "pa",
        };
        let mut rest = mix(1, number);
        let mut id = prefix.to_owned();
        for _ in 0..13 {
            let digit = usize::try_from(rest % 36).unwrap_or_default();
            id.push(DIGITS.get(digit).copied().map_or('0', char::from));
            rest /= 36;
        }
        id
    }
}

/// A number without a pattern, the same for the same seed and number. Different numbers give different ones, because
/// each step (that of SplitMix64, <https://prng.di.unimi.it/splitmix64.c>) can be undone.
pub(crate) fn mix(seed: u64, number: u64) -> u64 {
    let mut z = number.wrapping_add(seed.wrapping_mul(0xA24B_AED4_963E_E407));
    z = z.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// The e-mail address of a user.
pub(crate) fn email(user: u64) -> String {
    format!("user-{user:06}@example.com")
}

/// The name of a user.
pub(crate) fn user_name(user: u64) -> String {
    format!("User {user:06}")
}

/// Words of at least this many characters together.
pub(super) fn text(seed: u64, number: u64, length: usize) -> String {
    let mut text = String::with_capacity(length + 16);
    for word in 0.. {
        if text.len() >= length {
            break;
        }
        if word > 0 {
            text.push(' ');
        }
        let at = usize::try_from(mix(seed + word, number) % 32).unwrap_or_default();
        text.push_str(WORDS.get(at).copied().unwrap_or_default());
    }
    text
}

/// A time within 2025, as records store it.
pub(super) fn created(number: u64) -> String {
    let at = mix(7, number);
    let (month, day) = (1 + at % 12, 1 + at / 12 % 28);
    let (hour, minute, second, milli) =
        (at / 400 % 24, at / 10_000 % 60, at / 700_000 % 60, at / 50_000_000 % 1000);
    format!("2025-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}.{milli:03}Z")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_are_valid_and_all_different() {
        let ids: HashSet<String> = (0..10_000).map(|number| Kind::Post.id(number)).collect();
        assert_eq!(ids.len(), 10_000);
        assert!(ids.iter().all(|id| id.len() == 15));
        assert!(ids.iter().all(|id| id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())));
    }

    #[test]
    fn rows_are_the_same_every_time() {
        assert_eq!(text(3, 5, 40), text(3, 5, 40));
        assert_ne!(text(3, 5, 40), text(3, 6, 40));
        assert!((300..320).contains(&text(1, 1, 300).len()));
        assert_eq!(created(9), created(9));
        assert_eq!(created(9).len(), "2025-01-01 00:00:00.000Z".len());
    }
}
