"""The accounts of providers that sell by the credit: what is left of them, and what was sold."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from leadspiders.sandbox.state import EFFECT, sandbox_of

LARGE = 10_000_000


@dataclass(frozen=True, slots=True)
class Accounts:
    """Those of one provider. `small` is what a key with that word in it may spend."""

    api: str
    small: int

    def left(self, request: web.Request, key: str) -> int:
        """Credits that the account has left."""
        return (self.small if "small" in key else LARGE) - self._spent(request).get(key, 0)

    def sell(self, request: web.Request, key: str, facts: Sequence[str]) -> None:
        """Charge a credit for each fact, again for one that was sold before."""
        if facts:
            spent = self._spent(request)
            spent[key] = spent.get(key, 0) + len(facts)
            request[EFFECT] = True
            sandbox_of(request).charges.charge(self.api, facts)

    def _spent(self, request: web.Request) -> dict[str, int]:
        spent: dict[str, int] = sandbox_of(request).memory.setdefault(f"{self.api} credits", {})
        return spent


def refused(key: str) -> bool:
    """Whether a key is none, or one that has a word for "wrong" in it."""
    return not key or "invalid" in key or "expired" in key


def bearer(request: web.Request) -> str:
    """The token of a call; blank when there is none."""
    return request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
