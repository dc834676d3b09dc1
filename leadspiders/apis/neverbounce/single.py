"""NeverBounce's check of a single address: for one that has just come in. Lists are jobs, or the account is locked."""

from leadspiders.apis.drift import Drift
from leadspiders.apis.http import Call, Reply
from leadspiders.apis.neverbounce.contract import API, check
from leadspiders.apis.neverbounce.verification import SOURCE, Verification, kept
from leadspiders.apis.records import read_records
from leadspiders.apis.refusals import read_object
from leadspiders.errors import Unreadable

PATH = "/v4.2/single/check"
TIMEOUT_SECONDS = 20  # of NeverBounce with the mail server; ours with NeverBounce is longer


def single_call(address: str) -> Call:
    """The call for the verdict on one address; costs a credit. It is a POST, so that no URL holds the key."""
    return Call(
        api=API.name,
        method="POST",
        path=PATH,
        json={"email": address, "timeout": TIMEOUT_SECONDS},
        group="single",
        credits=1.0,
        purpose="verify e-mail",
    )


def read_single(reply: Reply, address: str, drift: Drift | None = None) -> bytes:
    """The verdict with its address, to be kept; raises what `check` raises, `Unreadable` for another body."""
    check(reply)
    verdict = read_object(reply)
    _, broken = read_records([verdict], Verification, SOURCE, drift)
    if broken:
        raise Unreadable(f"NeverBounce's verdict cannot be read: {broken[0].reason}", status=reply.status)
    return kept(address, verdict)
