"""NeverBounce's jobs: a list goes in, is looked through in the time of three polls, and its verdicts come out."""

import csv
import io
from collections import Counter
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from leadspiders.sandbox.apis import neverbounce_records as records
from leadspiders.sandbox.apis.neverbounce_access import charge, refusal
from leadspiders.sandbox.state import Refused, sandbox_of
from leadspiders.sandbox.world import mailboxes

Json = dict[str, Any]
MOST_AT_ONCE = 10
MOST_PER_PAGE = 1000
_FIRST_ID = 150_970
_STAGES = ("queued", "running", "running", "complete")  # as the polls see it, one after the other


@dataclass(slots=True)
class Job:
    """One job of one account; `rows` are the records as they were given, `stage` counts the polls since it began."""

    id: int
    key: str
    filename: str
    rows: list[Json]
    status: str = "uploading"
    stage: int = 0

    def addresses(self) -> list[str]:
        """The addresses it is about, each once."""
        return list(dict.fromkeys(str(row["email"]).strip() for row in self.rows))


def create(request: web.Request, asked: Json) -> Json:
    """Take a list in; `auto_parse` and `auto_start` take it further at once."""
    if asked.get("input_location") != "supplied":
        raise Refused(refusal("general_failure", "The sandbox takes input_location supplied only"))
    given = asked.get("input")
    if not isinstance(given, list) or not given:
        raise Refused(refusal("general_failure", "Missing required parameter 'input'"))
    jobs = _jobs(request)
    busy = [job for job in jobs.values() if job.key == asked["key"] and job.status in ("queued", "running")]
    if len(busy) >= MOST_AT_ONCE:
        raise Refused(refusal("throttle_triggered", f"You can run at most {MOST_AT_ONCE} jobs at a time"))
    rows = [_row(each) for each in given]
    job = Job(_FIRST_ID + len(jobs), str(asked["key"]), str(asked.get("filename", "")), rows)
    jobs[job.id] = job
    job.status = "waiting" if asked.get("auto_parse") else "uploading"
    if asked.get("auto_parse") and asked.get("auto_start"):
        _begin(request, asked, job)
    return _success(job_id=job.id)


def parse(request: web.Request, asked: Json) -> Json:
    """Look through the list of a job that was not created with `auto_parse`."""
    job = _job(request, asked)
    if job.status != "uploading":
        raise Refused(refusal("general_failure", "Job has already been parsed"))
    job.status = "waiting"
    if asked.get("auto_start"):
        _begin(request, asked, job)
    return _success(queue_id=f"NB-PQ-{job.id}")


def start(request: web.Request, asked: Json) -> Json:
    """Begin with a job that waits for it."""
    job = _job(request, asked)
    if job.status != "waiting":
        raise Refused(refusal("general_failure", f"Job cannot be started: it is {job.status}"))
    _begin(request, asked, job)
    return _success(queue_id=f"NB-RQ-{job.id}")


def status(request: web.Request, asked: Json) -> Json:
    """How far a job is; each question takes it a stage further."""
    job = _job(request, asked)
    if job.status in ("queued", "running"):
        job.stage = min(job.stage + 1, len(_STAGES) - 1)
        job.status = _STAGES[job.stage]
    done = job.status == "complete"
    found = Counter(records.result(sandbox_of(request).world, address) for address in job.addresses()) if done else {}
    billable = len(_billable(job))
    total = {
        "records": len(job.rows),
        "billable": billable,
        "processed": len(job.rows) if done else len(job.rows) * job.stage // len(_STAGES),
        **{name: found.get(name, 0) for name in records.RESULTS},
        "duplicates": len(job.rows) - len(job.addresses()),
        "bad_syntax": len(job.addresses()) - billable,
    }
    return _success(
        id=job.id,
        job_status=job.status,
        filename=job.filename,
        created_at="2026-11-21 12:00:00",
        started_at="2026-11-21 12:00:01",
        finished_at="2026-11-21 12:00:02" if done else None,
        total=total,
        bounce_estimate=round(100 * total["invalid"] / len(job.rows), 2),
        percent_complete=100 * job.stage // (len(_STAGES) - 1),
        failure_reason=None,
    )


def results(request: web.Request, asked: Json) -> Json:
    """A page of the verdicts of a job that is complete, in the order the rows were given."""
    job = _complete(request, asked)
    page, size = _number(asked, "page", 1), _number(asked, "items_per_page", 10)
    if size > MOST_PER_PAGE:
        raise Refused(refusal("general_failure", f"items_per_page must be between 1 and {MOST_PER_PAGE}"))
    world = sandbox_of(request).world
    rows = job.rows[(page - 1) * size : page * size]
    return _success(
        total_results=len(job.rows),
        total_pages=-(-len(job.rows) // size),
        query={"job_id": job.id, "valids": 1, "invalids": 1, "page": page, "items_per_page": size},
        results=[{"data": row, "verification": records.verification(world, str(row["email"]).strip())} for row in rows],
    )


def download(request: web.Request, asked: Json) -> web.Response:
    """All verdicts of a job that is complete, as CSV with the columns that were given."""
    job = _complete(request, asked)
    text = io.StringIO()
    writer = csv.DictWriter(text, [*job.rows[0], "email_status"], extrasaction="ignore")
    writer.writeheader()
    for row in job.rows:
        writer.writerow(row | {"email_status": records.result(sandbox_of(request).world, str(row["email"]).strip())})
    return web.Response(text=text.getvalue(), content_type="application/octet-stream")


def search(request: web.Request, asked: Json) -> Json:
    """The jobs of the account, newest first."""
    mine = [job for job in _jobs(request).values() if job.key == asked["key"]]
    shown = [{"id": job.id, "job_status": job.status, "filename": job.filename} for job in reversed(mine)]
    return _success(total_results=len(shown), total_pages=1, results=shown)


def delete(request: web.Request, asked: Json) -> Json:
    """Forget a job and its results."""
    _job(request, asked).status = "deleted"
    return _success()


def running(request: web.Request, key: str) -> Counter[str]:
    """The jobs of an account by status."""
    return Counter(job.status for job in _jobs(request).values() if job.key == key)


def _begin(request: web.Request, asked: Json, job: Job) -> None:
    charge(request, asked, _billable(job))
    job.status = _STAGES[0]


def _billable(job: Job) -> list[str]:
    """What is paid for: each well-formed address once."""
    return list(dict.fromkeys(each.lower() for each in job.addresses() if mailboxes.well_formed(each.lower())))


def _row(given: Any) -> Json:
    """A record of the input: an object with an e-mail, or a list whose second place is one."""
    if isinstance(given, dict) and given.get("email"):
        return given
    if isinstance(given, list) and len(given) > 1:
        return {"id": given[0], "email": given[1]}
    raise Refused(refusal("general_failure", "We could not find an email column in the input"))


def _jobs(request: web.Request) -> dict[int, Job]:
    jobs: dict[int, Job] = sandbox_of(request).memory.setdefault("neverbounce jobs", {})
    return jobs


def _job(request: web.Request, asked: Json) -> Job:
    job = _jobs(request).get(_number(asked, "job_id", 0))
    if job is None or job.key != asked["key"] or job.status == "deleted":
        raise Refused(refusal("general_failure", "Invalid job ID"))
    return job


def _complete(request: web.Request, asked: Json) -> Job:
    job = _job(request, asked)
    if job.status != "complete":
        raise Refused(refusal("general_failure", "Results are not currently available for this job"))
    return job


def _number(asked: Json, name: str, default: int) -> int:
    text = str(asked.get(name, default))
    if not text.isdecimal() or int(text) < 1:
        raise Refused(refusal("general_failure", f"{name} must be a number from 1 up"))
    return int(text)


def _success(**values: Any) -> Json:
    return {"status": "success"} | values | {"execution_time": 41}
