"""BLS QCEW as a service: open CSV files that anyone may read without a key."""

from leadspiders.apis.http import Api, Limit, Reply
from leadspiders.apis.refusals import refuse_bad_status
from leadspiders.errors import NotPublished, Unavailable


def check(reply: Reply) -> None:
    """Raise what a reply stands for; a 404 is a period or place that BLS has no data for."""
    if reply.status == 404:
        raise NotPublished(f"BLS has not published {reply.url}", status=404)
    if reply.status in {401, 403}:
        # There is no key that could be wrong: BLS turns away clients without a name, and those in a hurry.
        raise Unavailable(
            f"BLS turns us away ({reply.status}): name yourself in USER_AGENT and ask at most once a second",
            status=reply.status,
        )
    refuse_bad_status(reply)


# No limit is documented. Rapid fire is refused; one request a second on one connection is not.
API = Api(
    name="bls",
    base_url="https://data.bls.gov",
    limits=(Limit(group="default", calls=1, seconds=1),),
    check=check,
)
