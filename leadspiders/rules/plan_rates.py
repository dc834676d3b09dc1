"""How often each step brings something: as learnt, or assumed. What a plan says of real providers rests on these.

The assumptions are in this file and nowhere else. Each counts as much as `ASSUMED_COUNTS_AS` answers, so that the range
of a plan is wide until the campaign has learnt its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from leadspiders.rules.learning import WHOLE, Yields
from leadspiders.rules.plan import Spread

ENOUGH = 50
"""Answers from which on what was learnt replaces what is assumed."""
ASSUMED_COUNTS_AS = 30
WIDTH = 1.96  # standard deviations on each side: nineteen times out of twenty

MATCHED = 0.97  # of the people that a search at Apollo shows; the rest have left, or are being merged
WITH_ADDRESS = 0.90  # of matched people; Apollo leaves out the address of one in ten
FOUND = 0.60  # of the addresses that Apollo lacks, by each finder that is asked after it
JUDGED = 0.90  # of the addresses, by a verifier; the others' mail servers accept anything or do not answer
COMPLETE = 0.95  # of matched people: profile, city and state are there
QUALIFIED_EMPLOYERS = 0.30  # of the employers a source brings: of the right size, industry and place


@dataclass(frozen=True, slots=True)
class Chance:
    """`hits` of `tries` as a Beta distribution. `learnt`: they were seen; else they are assumed."""

    hits: float
    tries: float
    learnt: bool

    @classmethod
    def assumed(cls, share: float) -> "Chance":
        """A share that nobody has seen yet."""
        return cls(share * ASSUMED_COUNTS_AS, ASSUMED_COUNTS_AS, learnt=False)

    @classmethod
    def seen(cls, hits: float, tries: float, otherwise: float) -> "Chance":
        """What was seen, if it was seen often enough."""
        return cls(hits, tries, learnt=True) if tries >= ENOUGH else cls.assumed(otherwise)

    @property
    def spread(self) -> Spread:
        """Its mean, and where it lies nineteen times out of twenty."""
        hits, misses = self.hits + 1, self.tries - self.hits + 1
        mean = hits / (hits + misses)
        reach = WIDTH * sqrt(mean * (1 - mean) / (hits + misses + 1))
        return Spread(max(mean - reach, 0.01), mean, min(mean + reach, 1.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """What is bought of one offer for each person that is asked about: `asked` is the share of them, `credits` what one
    question costs on average."""

    offer: str
    asked: float
    credits: float
    learnt: bool

    @property
    def provider(self) -> str:
        """Who sells it."""
        return self.offer.partition("/")[0]


def chance(yields: Yields, offer: str, field: str, otherwise: float) -> Chance:
    """How often an offer brings a field."""
    found = yields.get((offer, field, WHOLE))
    return Chance.seen(found.found, found.asked, otherwise) if found else Chance.assumed(otherwise)


def purchases(
    yields: Yields, *, match: str, finders: Sequence[str], verifiers: Sequence[str], each: Mapping[str, float]
) -> list[Purchase]:
    """What follows on one question for a person: the match, then whoever finds the address, then whoever judges it.

    `each` is the credits of one fact by offer. Nothing found is free; a verdict is paid for whatever it says.
    """
    matched = chance(yields, match, "full_name", MATCHED).spread.likely
    asked_all = yields[match, "full_name", WHOLE].asked if (match, "full_name", WHOLE) in yields else 0
    bought = [Purchase(offer=match, asked=1.0, credits=matched * each[match], learnt=asked_all >= ENOUGH)]
    missing = matched * (1 - WITH_ADDRESS)
    for offer in finders:
        one, share = chance(yields, offer, "email", FOUND), missing
        if asked_all >= ENOUGH and (seen := yields.get((offer, "email", WHOLE))):
            share = seen.asked / asked_all
        found = one.spread.likely
        bought.append(Purchase(offer=offer, asked=share, credits=found * each[offer], learnt=one.learnt))
        missing = share * (1 - found)
    unproven = matched - missing
    for offer in verifiers:
        one, share = chance(yields, offer, "email_status", JUDGED), unproven
        if asked_all >= ENOUGH and (seen := yields.get((offer, "email_status", WHOLE))):
            share = seen.asked / asked_all
        bought.append(Purchase(offer=offer, asked=share, credits=each[offer], learnt=one.learnt))
        unproven = share * (1 - one.spread.likely)
    return bought
