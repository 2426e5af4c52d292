//! When a profile is complete, and what that makes of its user.

use super::kinds::{MEMBER, VISITOR};

/// The part of a user's profile that decides whether it is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Essentials<'a> {
    /// `users_name`
    pub(crate) name: &'a str,
    /// `users_phone`
    pub(crate) phone: &'a str,
    /// `users_picture`
    pub(crate) picture: &'a str,
}

impl Essentials<'_> {
    /// Whether nothing is missing.
    pub(crate) fn is_complete(self) -> bool {
        [self.name, self.phone, self.picture].iter().all(|value| !value.is_empty())
    }

    /// Whether everything is missing.
    pub(crate) fn is_blank(self) -> bool {
        [self.name, self.phone, self.picture].iter().all(|value| value.is_empty())
    }
}

/// When an edit makes a visitor a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Promotion {
    /// When the profile is complete for the first time, in however many edits.
    OnceComplete,
    /// When nothing was there before and one edit completes the profile.
    InOneEdit,
}

impl Promotion {
    /// The `users_type` after an edit; `None` when it stays as it is. A member never becomes a visitor again.
    pub(crate) fn after_edit(
        self,
        users_type: &str,
        before: Essentials<'_>,
        after: Essentials<'_>,
    ) -> Option<&'static str> {
        let is_visitor = users_type == VISITOR || users_type.is_empty();
        let earned = match self {
            Self::OnceComplete => after.is_complete(),
            Self::InOneEdit => before.is_blank() && after.is_complete(),
        };
        (is_visitor && earned).then_some(MEMBER)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: Essentials<'_> = Essentials { name: "", phone: "", picture: "" };
    const SOME: Essentials<'_> = Essentials { name: "张三", phone: "", picture: "" };
    const ALL: Essentials<'_> = Essentials { name: "张三", phone: "13800138000", picture: "ATT-1" };

    #[test]
    fn all_three_make_it_complete() {
        assert!(ALL.is_complete());
        assert!(!Essentials { phone: "", ..ALL }.is_complete());
        assert!(!Essentials { picture: "", ..ALL }.is_complete());
        assert!(NONE.is_blank() && !SOME.is_blank());
    }

    #[test]
    fn several_edits_may_complete_a_profile() {
        let rule = Promotion::OnceComplete;
        assert_eq!(rule.after_edit(VISITOR, NONE, SOME), None);
        assert_eq!(rule.after_edit(VISITOR, SOME, ALL), Some(MEMBER));
        assert_eq!(rule.after_edit("", SOME, ALL), Some(MEMBER));
    }

    #[test]
    fn the_older_rule_wants_a_single_edit_of_an_empty_profile() {
        let rule = Promotion::InOneEdit;
        assert_eq!(rule.after_edit(VISITOR, NONE, ALL), Some(MEMBER));
        assert_eq!(rule.after_edit(VISITOR, SOME, ALL), None);
        assert_eq!(rule.after_edit(VISITOR, NONE, SOME), None);
    }

    #[test]
    fn a_member_stays_one() {
        assert_eq!(Promotion::OnceComplete.after_edit(MEMBER, SOME, ALL), None);
        assert_eq!(Promotion::OnceComplete.after_edit(MEMBER, ALL, NONE), None);
    }
}
