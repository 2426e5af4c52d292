use super::Result;
use super::error::Untranslatable;
use super::literal;
use super::term::{Kind, Term};

/// `printf` of a format that is known beforehand.
pub(super) fn printf(format: &Term, values: &[Term]) -> Result<Term> {
    let unknown = || Untranslatable::unsupported("a format of printf() that is no literal");
    let text = format.literal.as_deref().filter(|_| format.kind == Kind::Text).ok_or_else(unknown)?;
    let mut parts = Vec::new();
    let mut values = values.iter();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        if !before.is_empty() {
            parts.push(literal::text(before).sql);
        }
        let conversion = Conversion::parse(after)
            .ok_or_else(|| Untranslatable::unsupported(format!("the conversion %{after} in printf()")))?;
        rest = after.get(conversion.length..).unwrap_or_default();
        parts.push(match conversion.letter {
            '%' => literal::text("%").sql,
            _ => conversion.sql(values.next().unwrap_or(&Term::null())),
        });
    }
    if !rest.is_empty() || parts.is_empty() {
        parts.push(literal::text(rest).sql);
    }
    Ok(Term::text(format!("baibase_concat('', {})", parts.join(", "))))
}

/// What follows a `%`.
#[derive(Debug, Default)]
struct Conversion {
    letter: char,
    to_the_left: bool,
    zeros: bool,
    plus: bool,
    thousands: bool,
    width: usize,
    precision: Option<usize>,
    /// In bytes.
    length: usize,
}

impl Conversion {
    fn parse(text: &str) -> Option<Self> {
        let mut conversion = Self::default();
        let flags: String = text.chars().take_while(|c| "-0+,".contains(*c)).collect();
        conversion.to_the_left = flags.contains('-');
        conversion.zeros = flags.contains('0');
        conversion.plus = flags.contains('+');
        conversion.thousands = flags.contains(',');
        let rest = text.get(flags.len()..)?;
        let (width, rest) = digits(rest);
        conversion.width = width.unwrap_or_default();
        let (precision, rest) = match rest.strip_prefix('.') {
            Some(rest) => digits(rest),
            None => (None, rest),
        };
        conversion.precision = precision;
        conversion.letter = rest.chars().next().filter(|c| "%disfxXc".contains(*c))?;
        conversion.length = text.len() - rest.len() + 1;
        Some(conversion)
    }

    fn sql(&self, value: &Term) -> String {
        let precision = self.precision.unwrap_or(6).min(30);
        let text = match self.letter {
            'd' | 'i' => format!("coalesce({}, 0)::text", value.as_integer()),
            'x' => format!("to_hex(coalesce({}, 0))", value.as_integer()),
            'X' => format!("upper(to_hex(coalesce({}, 0)))", value.as_integer()),
            'f' => format!("round(coalesce({}, 0)::numeric, {precision})::text", value.as_double()),
            'c' => format!("left({}, 1)", value.as_text()),
            _ => match self.precision {
                Some(precision) => format!("left(coalesce({}, ''), {precision})", value.as_text()),
                None => format!("coalesce({}, '')", value.as_text()),
            },
        };
        let is_number = !matches!(self.letter, 'c' | 's');
        let (width, zeros) = (self.width, self.zeros && is_number && !self.to_the_left);
        let (plus, thousands) = (self.plus && is_number, self.thousands && is_number);
        if width == 0 && !plus && !thousands {
            return text;
        }
        let left = self.to_the_left;
        format!("baibase_padded({text}, {width}, {left}, {zeros}, {plus}, {thousands})")
    }
}

/// The number that a text begins with, and the rest.
fn digits(text: &str) -> (Option<usize>, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end).unwrap_or(("", text));
    (digits.parse().ok().filter(|number| *number <= 1000), rest)
}
