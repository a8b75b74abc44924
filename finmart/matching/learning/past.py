"""What is known on a day: events before it, and how popular each product was by then."""

from dataclasses import dataclass

import numpy as np

from finmart.matching.learning.encoding import Encoded, Match, encode, matches
from finmart.matching.learning.types import Events, Flags, Floats, Ints, Level, Table

#: Weight of a product's general popularity when a segment's is estimated, in events.
SHRINK = 20.0


@dataclass(frozen=True)
class World:
    """A table with its features encoded once."""

    table: Table
    firms: Encoded
    products: Encoded
    matches: list[Match]

    @property
    def shape(self) -> tuple[int, int]:
        """How many firms and products there are."""
        return self.table.shape


def world_of(table: Table) -> World:
    """A table with its features encoded."""
    firms, products = encode(table.firms), encode(table.products)
    return World(table, firms, products, matches(firms, products))


@dataclass(frozen=True)
class Past:
    """Everything that happened before ``day``. ``events`` are sorted by firm."""

    world: World
    day: int
    events: Events
    starts: Ints

    @property
    def products(self) -> int:
        """How many products there are."""
        return self.world.shape[1]

    def rows(self, firms: Ints) -> tuple[Ints, Events]:
        """The events of ``firms``, each with its firm's place among them."""
        lengths = self.starts[firms + 1] - self.starts[firms]
        place = np.repeat(np.arange(len(firms)), lengths)
        offset = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        at = np.repeat(self.starts[firms], lengths) + offset
        return place, Events(self.events.firm[at], self.events.product[at], self.events.day[at], self.events.level[at])

    def counts(self, firms: Ints, level: Level | None = Level.OBTAINED) -> Floats:
        """How often each of ``firms`` met each product, on one level or on any."""
        place, events = self.rows(firms)
        kept = np.ones(len(place), dtype=bool) if level is None else events.level == level
        flat = np.bincount(place[kept] * self.products + events.product[kept], minlength=len(firms) * self.products)
        return flat.reshape(len(firms), self.products).astype(np.float64)

    def newest(self, firms: Ints) -> Floats:
        """The day on which each of ``firms`` last obtained each product; 0 where it never did."""
        place, events = self.rows(firms)
        good = events.level == Level.OBTAINED
        out = np.zeros((len(firms), self.products))
        np.maximum.at(out, (place[good], events.product[good]), events.day[good].astype(np.float64))
        return out

    def popularity(self) -> Floats:
        """How often each product was obtained."""
        return np.bincount(self.events.obtained.product, minlength=self.products).astype(np.float64)

    def recent(self, half_life: float) -> Floats:
        """The same, an event's weight halved every ``half_life`` days."""
        good = self.events.obtained
        weight = 0.5 ** ((self.day - good.day) / half_life)
        return np.bincount(good.product, weights=weight, minlength=self.products).astype(np.float64)

    def span(self) -> int:
        """Days from the first event on."""
        return max(1, self.day - int(self.events.day.min())) if len(self.events) else 1


def past_of(world: World, day: int, kept: Flags | None = None) -> Past:
    """What was known at the beginning of ``day``; of the events that ``kept`` marks."""
    events = world.table.events
    events = events.where(events.day < day if kept is None else kept & (events.day < day))
    order = np.argsort(events.firm, kind="stable")
    events = Events(events.firm[order], events.product[order], events.day[order], events.level[order])
    starts = np.searchsorted(events.firm, np.arange(world.shape[0] + 1))
    return Past(world, day, events, starts.astype(np.int64))


def shares(counts: Floats) -> Floats:
    """Counts as shares, none of them zero."""
    padded = counts + 0.5
    whole: Floats = padded / padded.sum()
    return whole


def lifts(levels: Ints, events: Events, base: Floats, names: int) -> Floats:
    """For each level of a category, log of a product's share there against its share everywhere, shrunk to none."""
    products = len(base)
    flat = np.bincount(levels[events.firm] * products + events.product, minlength=names * products)
    table = flat.reshape(names, products).astype(np.float64)
    total = table.sum(axis=1, keepdims=True)
    found: Floats = np.log((table + SHRINK * base) / (total + SHRINK)) - np.log(base)
    return found
