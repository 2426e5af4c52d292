use std::rc::Rc;
use std::time::Duration;

use crate::data::Sizes;
use crate::error::Result;
use crate::http::{Source, Template};
use crate::load::{Tally, Until, Window, closed, open};
use crate::options::Options;
use crate::report::{Bound, Figure, LoadFigure, Outcome, Role, Unit};
use crate::run::{Bench, Contender};

/// What requests of a kind look like.
pub(crate) type Requests = fn(&Context) -> Template;

/// Requests of one kind, as many as are answered.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load {
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    /// How many connections send them.
    pub(crate) connections: usize,
    /// The status of every reply.
    pub(crate) expected: u16,
    /// Whether the floor answers them.
    pub(crate) floor: bool,
    /// Whether peers have nothing like it.
    pub(crate) own_only: bool,
    pub(crate) targets: Targets,
    /// Requests that are made once before, and how many.
    pub(crate) before: Option<(usize, Requests)>,
    pub(crate) template: Requests,
}

/// What the ratios should be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Targets {
    pub(crate) peer: Option<Bound>,
    pub(crate) floor: Option<Bound>,
}

/// What requests are made of.
#[derive(Debug, Clone)]
pub(crate) struct Context {
    pub(crate) sizes: Sizes,
    /// Tokens of some users.
    pub(crate) tokens: Rc<[String]>,
}

impl Context {
    /// A token of one user.
    pub(crate) fn token(&self) -> &str {
        self.tokens.first().map_or("", String::as_str)
    }
}

impl Load {
    pub(super) const fn new(
        name: &'static str,
        title: &'static str,
        connections: usize,
        template: Requests,
    ) -> Self {
        let targets = Targets { peer: None, floor: None };
        Self {
            name,
            title,
            connections,
            expected: 200,
            floor: false,
            own_only: false,
            targets,
            before: None,
            template,
        }
    }

    /// Has all servers do it in turns.
    pub(crate) async fn run(&self, bench: &Bench) -> Result<Outcome> {
        let doers: Vec<&Contender> =
            bench.contenders.iter().filter(|contender| self.is_for(contender.role)).collect();
        let figures = self.turns(&doers, &bench.options).await?;
        let outcome = Outcome {
            name: self.name.to_owned(),
            title: self.title.to_owned(),
            unit: Unit::Rate,
            figures,
            verdicts: Vec::new(),
        };
        Ok(outcome.judge(self.targets.peer, bench.floor_bound(self.targets.floor)))
    }

    /// The figures of these servers, from rounds in which each has its turn.
    pub(super) async fn turns(&self, doers: &[&Contender], options: &Options) -> Result<Vec<Figure>> {
        let mut series: Vec<Series> = doers.iter().map(|doer| Series::of(self, doer)).collect();
        for doer in doers {
            self.prepare(doer).await?;
        }
        for _ in 0..options.rounds {
            for (series, doer) in series.iter_mut().zip(doers) {
                series.round(self, doer, options).await?;
            }
        }
        let connections = self.connections(options);
        Ok(series.into_iter().zip(doers).map(|(series, doer)| series.figure(doer, connections)).collect())
    }

    async fn prepare(&self, doer: &Contender) -> Result<()> {
        let Some((count, template)) = self.before else { return Ok(()) };
        let (source, mut request) = (Source::new(template(&doer.context), 1), Vec::new());
        let mut connection = doer.server.connect().await?;
        for _ in 0..count {
            source.next(&mut request);
            connection.expect(&request, self.expected).await?;
        }
        Ok(())
    }

    fn connections(&self, options: &Options) -> usize {
        options.connections.map_or(self.connections, usize::from)
    }

    fn is_for(&self, role: Role) -> bool {
        match role {
            Role::Own => true,
            Role::Peer => !self.own_only,
            Role::Floor => self.floor,
        }
    }
}

/// The rounds of one server.
struct Series {
    source: Rc<Source>,
    total: Tally,
    rates: Vec<f64>,
    peak: f64,
}

impl Series {
    fn of(load: &Load, doer: &Contender) -> Self {
        let source = Rc::new(Source::new((load.template)(&doer.context), 97));
        Self { source, total: Tally::default(), rates: Vec::new(), peak: 0.0 }
    }

    async fn round(&mut self, load: &Load, doer: &Contender, options: &Options) -> Result<()> {
        let (server, connections) = (&doer.server, load.connections(options));
        server.process.reset_peak();
        let measured = Duration::from_secs_f64(options.seconds);
        let tally = if let Some(rate) = options.open_rate {
            let until = Until::after(measured);
            open(server, &self.source, (rate, connections), load.expected, until).await?
        } else {
            let window = Window { warm_up: Duration::from_secs_f64(options.warm_up), measured };
            closed(server, &self.source, connections, load.expected, window).await?
        };
        // A round without requests is one that found none left.
        if tally.replies() > 0 {
            self.rates.push(tally.rate());
        }
        self.total.merge(&tally);
        let peak = server.process.peak_memory()?;
        self.peak = self.peak.max(peak);
        doer.peak.set(doer.peak.get().max(peak));
        Ok(())
    }

    fn figure(self, doer: &Contender, connections: usize) -> Figure {
        let mut figure = Figure::of(&doer.server.name, doer.role, self.rates);
        figure.load = Some(load_figure(&self.total, connections, self.peak));
        figure
    }
}

/// What is told of a load, beside the rate.
pub(super) fn load_figure(total: &Tally, connections: usize, peak_mb: f64) -> LoadFigure {
    LoadFigure {
        connections,
        replies: total.replies(),
        errors: total.errors,
        first_error: total.first_error.clone(),
        p50_us: total.quantile(0.5),
        p99_us: total.quantile(0.99),
        p999_us: total.quantile(0.999),
        cpu_s_per_1000: total.cpu_seconds * 1000.0 / (total.replies() as f64).max(1.0),
        peak_mb,
    }
}
