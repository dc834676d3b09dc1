"""People's names, with the oddities that break name parsers."""

import random
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from faker.providers.person.en_US import Provider

_FIRST = [*Provider.first_names_female, *Provider.first_names_male]
LAST = list(Provider.last_names)
"""The thousand commonest last names; companies are named after them too."""
_ACCENTED = (("José", "Núñez"), ("Zoë", "Brontë"), ("André", "Lefèvre"), ("Søren", "Åkerström"), ("Renée", "Gómez"))
_ONE_WORD = ("Teller", "Solange", "Seal", "Indira", "Moby")


@dataclass(frozen=True, slots=True)
class Name:
    """First and last name as the profile shows them; `last` is blank for one-word names."""

    first: str
    last: str

    @property
    def full(self) -> str:
        """Both, with one blank between."""
        return f"{self.first} {self.last}".strip()


def stream(rng: random.Random) -> Iterator[Name]:
    """Names without end; about one in fourteen is odd."""
    while True:
        # All names come up alike: with their true frequencies two people in a hundred would be called Smith.
        first, last = rng.choice(_FIRST), rng.choice(LAST)
        yield _odd(rng, first, last) if rng.random() < 0.07 else Name(first, last)


def _odd(rng: random.Random, first: str, last: str) -> Name:
    other = rng.choice(LAST)
    accented = rng.choice(_ACCENTED)
    return rng.choice(
        (
            Name(first, f"{rng.choice(('de la', 'van der', 'von', 'del', 'di'))} {last}"),
            Name(first, f"{last} {rng.choice(('Jr.', 'Sr.', 'III', 'II'))}"),
            Name(first.upper(), last.upper()),
            Name(first.lower(), last.lower()),
            Name(first, f"{last}-{other}"),
            Name(f"{first}-{rng.choice(_FIRST)}", last),
            Name(accented[0], last),
            Name(first, accented[1]),
            Name(first, f"O'{last}"),
            Name(f"{first} {other[0]}.", last),
            Name(rng.choice(_ONE_WORD), "") if rng.random() < 0.3 else Name(first, f"Mc{last}"),
        )
    )


def ascii_words(text: str) -> list[str]:
    """The words of a text in lower-case ASCII: what addresses and profile URLs are made of."""
    plain = unicodedata.normalize("NFKD", text.replace("ø", "o").replace("Ø", "O").replace("'", ""))
    return re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode().lower())
