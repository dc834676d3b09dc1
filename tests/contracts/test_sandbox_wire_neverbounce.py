"""NeverBounce on the wire, fact by fact as its sheet says."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from leadspiders.sandbox.in_thread import serving
from leadspiders.sandbox.options import Options
from leadspiders.sandbox.run import build
from leadspiders.sandbox.state import Sandbox
from leadspiders.sandbox.world import mailboxes


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    return build(Options(people=200, companies=40), clock=lambda: 1_795_000_000.0)


@pytest.fixture(scope="module")
def base(sandbox: Sandbox) -> Iterator[str]:
    with serving(sandbox) as url:
        yield url


class NeverBounce:
    """A caller with its own key, so that limits of one test are not those of another."""

    def __init__(self, base: str, key: str) -> None:
        self.base = f"{base}/neverbounce/v4.2/"
        self.key = {"key": key} if key else {}

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        return self.told(requests.get(self.base + path, params=query | self.key, timeout=5))

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        return self.told(requests.post(self.base + path, json=body | self.key, timeout=5))

    def create(self, *addresses: str, **more: Any) -> dict[str, Any]:
        rows = [{"id": str(place), "email": address} for place, address in enumerate(addresses)]
        return self.post("jobs/create", input_location="supplied", input=rows, **more)

    @staticmethod
    def told(answer: requests.Response) -> dict[str, Any]:
        assert answer.status_code == 200
        body: dict[str, Any] = answer.json()
        assert isinstance(body["execution_time"], int)
        return body


@pytest.fixture
def api(base: str, request: pytest.FixtureRequest) -> NeverBounce:
    return NeverBounce(base, request.node.name)


AT_ONCE = {"auto_parse": True, "auto_start": True}


def test_a_single_check_by_get_and_post(api: NeverBounce, sandbox: Sandbox) -> None:
    good = next(p.mailbox for p in sandbox.world.people if mailboxes.truth(sandbox.world, p.mailbox) == "valid")
    first = api.get("single/check", email=good, credits_info=1, address_info=1)
    assert (first["status"], first["result"], first["suggested_correction"]) == ("success", "valid", "")
    assert {"has_dns", "has_dns_mx", "smtp_connectable"} == set(first["flags"])
    assert first["address_info"]["original_email"] == good
    assert first["credits_info"]["paid_credits_used"] == 1
    again = api.post("single/check", email=good)
    assert set(again) == {"status", "result", "flags", "suggested_correction", "execution_time"}
    assert sandbox.charges.facts["neverbounce"][f"verify:{good}"] == 2


def test_results_are_one_of_five_words(api: NeverBounce, sandbox: Sandbox) -> None:
    wild = next(c.domain for c in sandbox.world.marketing if mailboxes.catch_all(c.domain))
    plain = next(c.domain for c in sandbox.world.marketing if not mailboxes.catch_all(c.domain))
    for address, result in (
        (f"any@{wild}", "catchall"),
        (f"nobody@{plain}", "invalid"),
        (f"info@{plain}", "valid"),
        ("x@throwaway.example.com", "disposable"),
        ("two..dots@gmail.com", "invalid"),
    ):
        assert api.post("single/check", email=address)["result"] in (result, "unknown")
    assert "role_account" in api.post("single/check", email=f"info@{plain}")["flags"]
    assert api.post("single/check", email="two..dots@gmail.com")["flags"] == ["bad_syntax"]


def test_a_job_from_the_list_to_its_results(api: NeverBounce, sandbox: Sandbox) -> None:
    addresses = ["a@gmail.com", "b@nowhere.example.com", "two..dots@gmail.com", "a@gmail.com"]
    before = sandbox.charges.credits["neverbounce"]
    job = api.create(*addresses, **AT_ONCE)["job_id"]
    assert sandbox.charges.credits["neverbounce"] - before == 2  # neither the broken one nor the repeat
    assert api.get("jobs/results", job_id=job)["status"] == "general_failure"
    states = [api.get("jobs/status", job_id=job) for _ in range(4)]
    assert [state["job_status"] for state in states] == ["running", "running", "complete", "complete"]
    total = states[-1]["total"]
    assert (total["records"], total["billable"], total["processed"]) == (4, 2, 4)
    assert (total["duplicates"], total["bad_syntax"]) == (1, 1)
    assert states[-1]["percent_complete"] == 100
    pages = [api.get("jobs/results", job_id=job, page=page, items_per_page=3) for page in (1, 2)]
    assert [page["total_pages"] for page in pages] == [2, 2]
    rows = [row for page in pages for row in page["results"]]
    assert [row["data"]["email"] for row in rows] == addresses
    assert {row["verification"]["result"] for row in rows} <= {"valid", "invalid", "unknown"}
    assert sandbox.charges.credits["neverbounce"] - before == 2


def test_a_job_step_by_step(api: NeverBounce) -> None:
    job = api.create("a@gmail.com")["job_id"]
    assert api.get("jobs/status", job_id=job)["job_status"] == "uploading"
    assert api.post("jobs/start", job_id=job)["status"] == "general_failure"
    assert api.post("jobs/parse", job_id=job)["queue_id"]
    assert api.get("jobs/status", job_id=job)["job_status"] == "waiting"
    assert api.post("jobs/start", job_id=job)["queue_id"]
    assert api.get("account/info")["job_counts"]["queued"] == 1
    for _ in range(3):
        api.get("jobs/status", job_id=job)
    table = requests.post(f"{api.base}jobs/download", json={"job_id": job} | api.key, timeout=5)
    assert table.text.splitlines() == ["id,email,email_status", "0,a@gmail.com,valid"]
    assert [found["id"] for found in api.get("jobs/search")["results"]] == [job]
    assert api.post("jobs/delete", job_id=job)["status"] == "success"
    assert api.get("jobs/status", job_id=job)["message"] == "Invalid job ID"


def test_a_job_is_of_one_account(api: NeverBounce, base: str) -> None:
    job = api.create("a@gmail.com")["job_id"]
    assert NeverBounce(base, "somebody-else").get("jobs/status", job_id=job)["status"] == "general_failure"


def test_a_list_of_pairs_is_a_list_too(api: NeverBounce) -> None:
    body = {"input_location": "supplied", "input": [["7", "a@gmail.com"]]} | AT_ONCE
    assert api.post("jobs/create", **body)["status"] == "success"
    assert api.post("jobs/create", input_location="supplied", input=[{"name": "A"}])["status"] == "general_failure"


def test_ten_jobs_at_a_time(api: NeverBounce, sandbox: Sandbox) -> None:
    jobs = [api.create("a@gmail.com", **AT_ONCE) for _ in range(10)]
    assert all(job["status"] == "success" for job in jobs)
    assert api.create("a@gmail.com", **AT_ONCE)["status"] == "throttle_triggered"


@pytest.mark.parametrize(
    ("key", "status"), [("", "auth_failure"), ("invalid", "auth_failure"), ("nomaster", "bad_referrer")]
)
def test_a_wrong_key_is_a_200_too(base: str, key: str, status: str) -> None:
    assert NeverBounce(base, key).get("account/info")["status"] == status


def test_too_fast_is_a_200_too(api: NeverBounce) -> None:
    statuses = [api.get("single/check", email="")["status"] for _ in range(51)]
    assert statuses[49:] == ["general_failure", "throttle_triggered"]


def test_credits_run_out(base: str) -> None:
    poor = NeverBounce(base, "small-purse")
    refused = poor.create(*(f"a{n}@gmail.com" for n in range(41)), **AT_ONCE)
    assert (refused["status"], "credit" in refused["message"]) == ("general_failure", True)
    assert poor.create(*(f"a{n}@gmail.com" for n in range(40)), **AT_ONCE)["status"] == "success"
    assert "credit" in poor.get("single/check", email="b@gmail.com")["message"]
    assert poor.get("account/info")["credits_info"]["paid_credits_remaining"] == 0


def test_the_older_version_answers(api: NeverBounce, base: str) -> None:
    answer = requests.get(f"{base}/neverbounce/v4/account/info", params=api.key, timeout=5)
    assert answer.json()["status"] == "success"


def test_a_parameter_that_neverbounce_does_not_know_is_noted(api: NeverBounce, sandbox: Sandbox) -> None:
    api.get("account/info", color="red")
    assert sandbox.tally.unknown_parameters["neverbounce"]["color"] == 1
