import json
from io import StringIO

from rich.console import Console

from leadspiders.ops.ledger_view import PENDING, Ledger, Waiting, as_object, show
from leadspiders.stores.postgres.accounting import Account, OpenReceipt
from leadspiders.stores.postgres.ledger import ADVICE, Difference
from leadspiders.stores.postgres.unfinished import Progress

ACCOUNT = Account(seen=1200, settled=1190, stored=1100, merged=60, suppressed=10, refused={"too-small": 20})
OPEN = OpenReceipt(run_id="one", receipt="ab.0", source="apollo", url="https://api.example.com", seen=100, settled=90)
HARM = Difference(cause="row-missing", relation="contacts", expected=9, found=8, run_id="one", receipt="cd.0")


def ledger(**more):
    values = {
        "campaign": "spring",
        "whole": ACCOUNT,
        "runs": {"one": ACCOUNT},
        "differences": [],
        "removed": {"folded": 3},
        "waiting": [Waiting(receipt=OPEN, place="nowhere")],
        "progress": [Progress(run_id="one", source="apollo", done={"a"}, given_up={"b"})],
        "requests": {"queued": 2},
    }
    return Ledger(**values | more)


def shown(one):
    out = StringIO()
    Console(file=out, width=200).print(show(one))
    return out.getvalue()


def test_the_object_holds_every_figure_and_is_json():
    found = as_object(ledger())
    assert json.loads(json.dumps(found)) == found
    assert (found["seen"], found["pending"], found["balanced"]) == (1200, 10, True)
    assert found["requests"] == {"done": 1, "given_up": 1, "unanswered": {"queued": 2}}
    assert found["waiting"][0]["place"] == "nowhere"


def test_a_difference_unbalances_and_comes_with_advice():
    found = as_object(ledger(differences=[HARM]))
    assert not found["balanced"]
    assert found["differences"][0]["advice"] == ADVICE["row-missing"]
    assert "cd.0" in shown(ledger(differences=[HARM]))


def test_what_is_pending_says_whom_it_waits_for():
    text = shown(ledger())
    assert PENDING["nowhere"].format(campaign="spring") in text
    assert PENDING["queued"] in text
    assert PENDING["held"] not in text


def test_commands_of_a_repair_are_printed_whole():
    command = "scrapy crawl apollo -a campaign=" + "x" * 150
    assert command.replace(" ", "") in shown(ledger(repaired=[command])).replace("\n", "").replace(" ", "")
