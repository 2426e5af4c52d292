use svg::Document;
use svg::node::element::{Group, Line, Rectangle, Style, Text};

use super::results::{Outcome, Results, Role, Unit};
use super::table::value;

/// Where bars begin, and how long the longest may be.
const LEFT: f64 = 250.0;
const LENGTH: f64 = 470.0;
const WIDTH: f64 = 840.0;

/// The height of a bar, and what is left free between the pieces of work.
const BAR: f64 = 15.0;
const GAP: f64 = 14.0;

/// Where the first piece of work begins: above it are the legend and the axis.
const TOP: f64 = 64.0;

/// The smallest power of ten of the axis.
const FIRST: f64 = 10.0;

/// Colours that stand out of light and of dark pages. The text follows the page where the viewer tells what it is, and
/// is grey otherwise.
const STYLE: &str = "text{font:12px system-ui,sans-serif;fill:#57606a}.title{font-weight:600}line{stroke:#8c959f;\
    stroke-opacity:.4}.own{fill:#cf5a1e}.peer{fill:#4c8bd0}.floor{fill:#8c959f}\
    @media(prefers-color-scheme:dark){text{fill:#c9d1d9}}";

/// Draws the requests each second of all servers, on a logarithmic axis, as SVG.
pub(super) fn draw(results: &Results) -> String {
    let rates: Vec<&Outcome> = results.outcomes.iter().filter(|outcome| compares(outcome)).collect();
    let most = rates
        .iter()
        .flat_map(|outcome| &outcome.figures)
        .map(|figure| figure.value)
        .fold(FIRST * 10.0, f64::max);
    let decades = (most / FIRST).log10().ceil();
    let height = rates.iter().map(|outcome| outcome.figures.len() as f64 * BAR + GAP).sum::<f64>() + TOP;
    let mut document = Document::new()
        .set("viewBox", (0.0, 0.0, WIDTH, height))
        .set("width", WIDTH)
        .set("height", height)
        .set("role", "img")
        .add(Style::new(STYLE))
        .add(legend(&rates))
        .add(axis(decades, height));
    let mut y = TOP;
    for outcome in rates {
        document = document.add(bars(outcome, y, decades));
        y += outcome.figures.len() as f64 * BAR + GAP;
    }
    document.to_string()
}

/// Whether servers are compared by their rates, and not one with itself.
fn compares(outcome: &Outcome) -> bool {
    let own = outcome.figures.iter().filter(|figure| figure.role == Role::Own).count();
    outcome.unit == Unit::Rate && own == 1
}

/// The names of the servers, each with its colour, by the order of their first figures.
fn legend(rates: &[&Outcome]) -> Group {
    let mut names: Vec<(&str, Role)> = Vec::new();
    for figure in rates.iter().flat_map(|outcome| &outcome.figures) {
        if !names.iter().any(|(name, _)| *name == figure.server) {
            names.push((&figure.server, figure.role));
        }
    }
    let mut group = Group::new().add(
        label("requests each second", LEFT - 10.0, 16.0).set("class", "title").set("text-anchor", "end"),
    );
    let mut x = LEFT;
    for (name, role) in names {
        group = group.add(bar(role, x, 6.0, 12.0)).add(label(name, x + 17.0, 16.0));
        x += 40.0 + name.chars().count() as f64 * 7.0;
    }
    group
}

/// A line for each power of ten.
fn axis(decades: f64, height: f64) -> Group {
    let mut group = Group::new();
    let mut power = FIRST;
    while position(power, decades) <= LENGTH + 0.5 {
        let x = LEFT + position(power, decades);
        let line = Line::new().set("x1", x).set("x2", x).set("y1", TOP - 8.0).set("y2", height);
        group =
            group.add(line).add(label(&format!("{power:.0}"), x, TOP - 14.0).set("text-anchor", "middle"));
        power *= 10.0;
    }
    group
}

/// The bars of a piece of work, its title at the left and the values at their ends.
fn bars(outcome: &Outcome, top: f64, decades: f64) -> Group {
    let middle = top + outcome.figures.len() as f64 * BAR / 2.0 + 4.0;
    let mut group = Group::new().add(label(&outcome.title, LEFT - 10.0, middle).set("text-anchor", "end"));
    let mut y = top;
    for figure in &outcome.figures {
        let length = position(figure.value, decades).max(1.0);
        group = group.add(bar(figure.role, LEFT, y, length)).add(label(
            &value(figure.value),
            LEFT + length + 6.0,
            y + BAR - 4.0,
        ));
        y += BAR;
    }
    group
}

fn bar(role: Role, x: f64, y: f64, length: f64) -> Rectangle {
    let class = match role {
        Role::Own => "own",
        Role::Peer => "peer",
        Role::Floor => "floor",
    };
    Rectangle::new().set("class", class).set("x", x).set("y", y).set("width", length).set("height", BAR - 3.0)
}

fn label(text: &str, x: f64, y: f64) -> Text {
    Text::new(text).set("x", x).set("y", y)
}

/// How far right a value is.
fn position(value: f64, decades: f64) -> f64 {
    LENGTH * (value / FIRST).max(1.0).log10() / decades
}

#[cfg(test)]
mod tests {
    use super::super::Machine;
    use super::super::results::Figure;
    use super::*;

    #[test]
    fn the_plot_shows_each_rate_and_nothing_else() {
        let outcome = |title: &str, unit| Outcome {
            name: String::new(),
            title: title.to_owned(),
            unit,
            figures: vec![
                Figure::of("ours", Role::Own, vec![20_000.0]),
                Figure::of("a < b", Role::Peer, vec![2_000.0]),
            ],
            verdicts: Vec::new(),
        };
        let results = Results {
            date: String::new(),
            machine: Machine::this(),
            store: String::new(),
            records: 1,
            rounds: 1,
            seconds: 1.0,
            open_rate: None,
            outcomes: vec![outcome("lists", Unit::Rate), outcome("memory", Unit::Megabytes)],
        };
        let text = draw(&results);
        assert!(text.contains("20,000") && text.contains("lists") && !text.contains("memory"), "{text}");
        assert!(text.contains("a &lt; b"), "{text}");
        assert!(text.contains("prefers-color-scheme:dark"), "{text}");
    }

    #[test]
    fn each_power_of_ten_takes_the_same_room() {
        assert_eq!(position(10.0, 4.0), 0.0);
        assert_eq!(position(1.0, 4.0), 0.0);
        assert_eq!(position(1_000.0, 4.0), LENGTH / 2.0);
        assert_eq!(position(100_000.0, 4.0), LENGTH);
    }
}
