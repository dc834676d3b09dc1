"""Hunter's verifier: what becomes of mail to one address. It may take its time; the polls count as one question."""

from dataclasses import dataclass
from typing import ClassVar

import msgspec

from leadspiders.apis.drift import Drift
from leadspiders.apis.http import Call, Conversation
from leadspiders.apis.hunter.answer import DO_NOT_CONTACT, body_to_keep, read_data, remarks
from leadspiders.apis.hunter.contract import API, verdict
from leadspiders.errors import Unavailable
from leadspiders.items.contact import Contact

PATH = "/v2/email-verifier"
SOURCE = "hunter.verifier"

RUNNING, ODD = 202, 222
# Most verifications take a few seconds; the waits grow from half a second to five, and end after a minute and a half.
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 0.5, 5.0
MOST_POLLS = 20
MOST_ODD = 3  # answers of a mail server that behaves oddly, before its address is left for another day


class Checked(msgspec.Struct):
    """A verdict on an address."""

    status: str
    email: str
    score: int | None = None

    always: ClassVar = frozenset({"score"})
    dropped: ClassVar = frozenset(
        {"result", "_deprecation_notice", "regexp", "gibberish", "disposable", "webmail", "mx_records", "smtp_server",
         "smtp_check", "accept_all", "block", "sources"}
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """The answer, to be kept, and its price; None where the mail server gave no answer that could be judged."""

    raw: bytes | None
    credits: float


def verifier_call(address: str, *, delay: float = 0.0) -> Call:
    """The call for the verdict on an address, and for another look at one that is running; costs a credit at most."""
    return Call(
        api=API.name,
        path=PATH,
        params=(("email", address),),
        group="verifier",
        credits=1.0,
        purpose="verify e-mail",
        delay=delay,
    )


def verify(address: str, drift: Drift | None = None) -> Conversation[Verified]:
    """Ask until there is a verdict, or the word that the owner of the address wants no contact.

    Raises `Unavailable` when it is still running after a minute and a half, and what `check` raises.
    """
    odd, delay = 0, 0.0
    for poll in range(MOST_POLLS):
        reply = yield verifier_call(address, delay=delay)
        if reply.status not in (RUNNING, ODD):
            body = body_to_keep(reply)
            return Verified(raw=body, credits=1.0 if read_data(body, Checked, SOURCE, drift) else 0.0)
        odd += reply.status == ODD
        if odd == MOST_ODD:
            return Verified(raw=None, credits=0.0)
        delay = min(FIRST_WAIT_SECONDS * 2**poll, LONGEST_WAIT_SECONDS)
    raise Unavailable("Hunter has not verified the address within a minute and a half: ask again later", status=RUNNING)


def read_verdict(raw: bytes) -> Contact:
    """The address and its status, of one kept answer; raises `Unreadable` when it is none."""
    checked = read_data(raw, Checked, SOURCE)
    if checked is None:
        return Contact(flags=[DO_NOT_CONTACT])
    return Contact(email=checked.email, email_status=verdict(checked.status), extras=remarks(checked.score))
