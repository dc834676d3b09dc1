import pytest

from leadspiders.rules.typed_command import OURS, commands_module


@pytest.mark.parametrize(
    ("typed", "module"),
    [
        ("/opt/venv/bin/scrapy status dpc_employers --json", f"{OURS}.status"),
        ("/opt/venv/bin/scrapy --nolog crawl bls", f"{OURS}.crawl"),  # ours, though Scrapy has one of that name
        ("/usr/lib/scrapy/__main__.py check", f"{OURS}.check"),
        ("/usr/lib/scrapyd/runner.py crawl bls -a campaign=dpc_employers", f"{OURS}.crawl"),
        ("/opt/venv/bin/scrapy version", None),
        ("/opt/venv/bin/scrapy runspider a.py", None),
        ("/opt/venv/bin/scrapy", OURS),
        ("/opt/venv/bin/scrapy -h", OURS),
        ("/opt/venv/bin/scrapy statsu dpc_employers", OURS),
        ("/opt/venv/bin/scrapy status.py", OURS),
        ("/home/dana/nightly.py version", OURS),  # may run any command by itself
        ("-c", OURS),
        ("", OURS),
    ],
)
def test_only_the_command_that_is_typed_is_looked_at(typed: str, module: str | None) -> None:
    assert commands_module(typed.split(" ")) == module
