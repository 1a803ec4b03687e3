//! Where each terminal of a tree lies, and what lies beside what.

use crate::state::layout::{Axis, Toward, Tree};
use crate::state::tabs::TabId;

/// Two edges that are nearer than this are one: what sums of fractions differ by.
const NEAR: f64 = 1e-6;

/// A rectangle, in fractions of the whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Area {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Area {
    /// All of it.
    pub(crate) const WHOLE: Self = Self {
        x: 0.0,
        y: 0.0,
        width: 1.0,
        height: 1.0,
    };

    /// Whether a point is in it.
    pub(crate) fn holds(&self, x: f64, y: f64) -> bool {
        (self.x..self.x + self.width).contains(&x) && (self.y..self.y + self.height).contains(&y)
    }

    /// The half of it that lies that way.
    pub(crate) fn half(self, toward: Toward) -> Self {
        let (axis, before) = toward.axis();
        let (first, second) = self.cut(axis, 0.5);
        if before { first } else { second }
    }

    fn cut(self, axis: Axis, share: f64) -> (Self, Self) {
        let (mut first, mut second) = (self, self);
        match axis {
            Axis::Right => {
                first.width *= share;
                second.x += first.width;
                second.width -= first.width;
            }
            Axis::Down => {
                first.height *= share;
                second.y += first.height;
                second.height -= first.height;
            }
        }
        (first, second)
    }

    /// How far `other` lies that way, and how far its middle lies aside; `None` where it does not
    /// lie that way.
    fn distance(&self, other: &Self, toward: Toward) -> Option<(f64, f64)> {
        let aside = |from: f64, length: f64, other_from: f64, other_length: f64| {
            let overlap = (from + length).min(other_from + other_length) - from.max(other_from);
            (overlap > NEAR).then(|| (other_from + other_length / 2.0 - from - length / 2.0).abs())
        };
        let gap = match toward {
            Toward::Left => self.x - (other.x + other.width),
            Toward::Right => other.x - (self.x + self.width),
            Toward::Up => self.y - (other.y + other.height),
            Toward::Down => other.y - (self.y + self.height),
        };
        let aside = match toward {
            Toward::Left | Toward::Right => aside(self.y, self.height, other.y, other.height),
            Toward::Up | Toward::Down => aside(self.x, self.width, other.x, other.width),
        };
        aside.filter(|_| gap > -NEAR).map(|aside| (gap, aside))
    }
}

/// The line between two parts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Divider {
    /// The terminal that the second part begins with: no other divider has the same.
    pub(crate) second: TabId,
    pub(crate) axis: Axis,
    /// The share of the first part, in thousandths.
    pub(crate) ratio: u16,
    /// What both parts share.
    pub(crate) area: Area,
}

/// Where everything is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Places {
    pub(crate) panes: Vec<(TabId, Area)>,
    pub(crate) dividers: Vec<Divider>,
}

impl Places {
    /// Where a terminal is.
    pub(crate) fn of(&self, id: TabId) -> Option<Area> {
        let found = self.panes.iter().find(|(pane, _)| *pane == id);
        found.map(|(_, area)| *area)
    }

    /// The next terminal that way.
    pub(crate) fn neighbour(&self, id: TabId, toward: Toward) -> Option<TabId> {
        let here = self.of(id)?;
        let others = self.panes.iter().filter(|(other, _)| *other != id);
        let beside = others.filter_map(|(other, area)| {
            let (gap, aside) = here.distance(area, toward)?;
            Some((*other, gap, aside))
        });
        let nearest = beside.min_by(|(_, gap, aside), (_, other_gap, other_aside)| {
            gap.total_cmp(other_gap).then(aside.total_cmp(other_aside))
        });
        nearest.map(|(other, ..)| other)
    }

    /// What a point is over, and which side of that is nearest to it.
    pub(crate) fn target(&self, x: f64, y: f64) -> Option<(TabId, Toward)> {
        let (id, area) = self.panes.iter().find(|(_, area)| area.holds(x, y))?;
        let (right, down) = ((x - area.x) / area.width, (y - area.y) / area.height);
        let sides = [
            (Toward::Left, right),
            (Toward::Right, 1.0 - right),
            (Toward::Up, down),
            (Toward::Down, 1.0 - down),
        ];
        let nearest = sides
            .into_iter()
            .min_by(|(_, near), (_, other)| near.total_cmp(other));
        nearest.map(|(side, _)| (*id, side))
    }
}

impl Tree {
    /// Computes where everything is.
    pub(crate) fn places(&self) -> Places {
        let mut places = Places::default();
        self.lay(Area::WHOLE, &mut places);
        places
    }

    fn lay(&self, area: Area, places: &mut Places) {
        match self {
            Self::Leaf(id) => places.panes.push((*id, area)),
            Self::Split(split) => {
                let (first, second) = split.parts();
                let ratio = split.ratio();
                let (left, right) = area.cut(split.axis(), f64::from(ratio) / 1000.0);
                first.lay(left, places);
                places.dividers.push(Divider {
                    second: second.first(),
                    axis: split.axis(),
                    ratio,
                    area,
                });
                second.lay(right, places);
            }
        }
    }
}
