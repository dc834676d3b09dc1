"""How fast, and in how much memory, the monthly file of SAM.gov is read: 900,000 made-up registrations, a third of D&B.

`python benchmarks/sam_monthly.py [--quick]` prints one JSON object on its last line. `reads` is the file through our
reader and a narrow target (two states, manufacturing), `reads_all` through a wide one (all active employers of the
United States), each in its own process; `crawls` is `scrapy crawl samgov -a files=...` into its own PostgreSQL.
The peer is the standard library's `csv.reader` over the same stream with the same narrow filter, which makes no
companies. Memory is the peak of the process, processor time is user and system.
"""

import argparse
import csv
import json
import os
import platform
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

from leadspiders.apis.records import Broken
from leadspiders.apis.sam_gov.dat import EVS_SOURCE, NAICS, STATE, STATUS, read_dat
from leadspiders.apis.sam_gov.sieve import Sieve, prefixes
from leadspiders.items.left_out import LeftOut
from leadspiders.spiders.local_files import texts
from leadspiders.stores.embedded import services

SEED = 2026
DAY = date(2026, 11, 1)
STATES = ("TX", "OH", "CA", "NY", "FL", "VA", "PA", "IL", "GA", "NC", "MI", "WA", "CO", "MD", "AZ", "MA")
CODES = ("332710", "541511", "541330", "236220", "561720", "621111", "238210", "484121", "722511", "334511", "611310")
WORDS = ("OHIO", "GEAR", "WORKS", "SUMMIT", "RIVER", "PRECISION", "STEEL", "LOGISTICS", "MEDICAL", "NORTHERN", "DATA")
FORMS = ("LLC", "INC.", "CORPORATION", "L.L.C.", "COMPANY, INC.")
STREETS = ("MILL ST", "INDUSTRIAL PKWY STE 210", "N COMMERCE DR", "WASHINGTON BLVD", "OLD COUNTY RD BLDG C")
CITIES = ("DAYTON", "SPRINGFIELD", "COLORADO SPRINGS", "AUSTIN", "FORT LAUDERDALE", "WASHINGTON", "RENO")
TITLES = ("PRESIDENT", "CHIEF FINANCIAL OFFICER", "OWNER", "CONTRACTS MANAGER")
FIRST, LAST = ("DANA", "MORGAN", "ALEX", "CASEY"), ("FIELD", "HARTWELL", "OKONKWO-REYES", "LINDQVIST")

NARROW = Sieve(
    status="A",
    states=frozenset({"TX", "OH"}),
    countries=frozenset({"United States"}),
    naics=prefixes(["31-33"]),
)
WIDE = Sieve(status="A", countries=frozenset({"United States"}))


def records(number: int) -> Iterator[str]:
    """Lines of some 600 bytes, 142 fields each, always the same ones."""
    draw = random.Random(SEED)
    for index in range(number):
        name = f"{draw.choice(WORDS)} {draw.choice(WORDS)} {index} {draw.choice(FORMS)}"
        state, city = draw.choice(STATES), draw.choice(CITIES)
        street = f"{draw.randrange(1, 9999)} {draw.choice(STREETS)}"
        postal = f"{draw.randrange(10000, 99999)}"
        abroad = draw.random() < 0.08
        place = [street, "", city, "" if abroad else state, postal, "", "DEU" if abroad else "USA"]
        days = [DAY - timedelta(days=draw.randrange(3000)) for _ in range(4)]
        codes = draw.sample(CODES, k=draw.randrange(1, 6))
        person = [draw.choice(FIRST), "", draw.choice(LAST), draw.choice(TITLES), *place[:3], postal, "", "USA", state]
        nobody = [""] * 11
        fields = [
            *(f"{index:012d}", "", "", f"{index:05d}", "", "A" if draw.random() < 0.93 else "E", "Z2"),
            *(f"{day:%Y%m%d}" for day in days),
            *(name, "", "", "", *place, "10", ""),
            *("19980501", "1231", f"HTTP://WWW.FIRM{index}.EXAMPLE.COM", "2L", state, "USA"),
            *("0004", "2X~LJ~MF~A2", codes[0], f"{len(codes):04d}", "~".join(f"{code}Y" for code in codes)),
            *("0002", "R499~J065", "Y", "", street, "", city, postal, "", "USA", state),
            *(*person, *nobody, *nobody, *nobody, *person, *nobody),
            *("0000", "", "N", "", "0000", "", "", "0000", "", "D&B" if draw.random() < 0.33 else "E&Y"),
            *([" "] * 19),
            "!end",
        ]
        yield "|".join(fields) + "\n"


def make(path: Path, number: int) -> int:
    """Write the zip; returns the bytes of its text."""
    edge = f"PUBLIC V2 00000000 {DAY:%Y%m%d} {number:07d} 0008390\n"
    size = 0
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open(f"{path.stem}.dat", "w", force_zip64=True) as file,
    ):
        size += file.write(f"BOF {edge}".encode())
        for line in records(number):
            size += file.write(line.encode())
        size += file.write(f"EOF {edge}".encode())
    return size


def read_ours(path: Path, sieve: Sieve) -> tuple[int, int]:
    """Records seen, and companies made."""
    made = left = 0
    broken: list[Broken] = []
    for lines in texts(path, ".dat", newline="\n"):
        for record in read_dat(lines, sieve=sieve, refuse=broken.append):
            if isinstance(record, LeftOut):
                left += sum(record.reasons.values())
            else:
                made += 1
    return made + left + len(broken), made


def read_csv(path: Path) -> tuple[int, int]:
    """The same with `csv.reader`; companies are counted, not made."""
    seen = made = 0
    for lines in texts(path, ".dat", newline="\n"):
        next(lines)
        for fields in csv.reader(lines, delimiter="|", quoting=csv.QUOTE_NONE):
            if len(fields) == 142:
                seen += 1
                made += (
                    fields[STATUS] == "A"
                    and fields[STATE] in {"TX", "OH"}
                    and fields[NAICS].startswith(("31", "32", "33"))
                    and fields[EVS_SOURCE] != "D&B"
                )
    return seen, made


READERS: dict[str, Callable[[Path], tuple[int, int]]] = {
    "reads": lambda path: read_ours(path, NARROW),
    "reads_all": lambda path: read_ours(path, WIDE),
    "csv.reader": read_csv,
}


def measured(words: list[str], **environment: str) -> dict[str, Any]:
    """Run a process of its own; its last line of output (if it is JSON), processor time, wall time and peak memory."""
    started = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        child = subprocess.Popen(words, stdout=output, stderr=subprocess.STDOUT, env=os.environ | environment)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        told = output.read().decode("utf-8", "replace").strip()
    if child.returncode:
        raise SystemExit(f"{' '.join(words)} ended with {child.returncode}:\n{told[-4000:]}")
    figures = {
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 2),
        "wall_seconds": round(time.perf_counter() - started, 2),
        "peak_mb": round(used.ru_maxrss / 1024, 1),
    }
    last = told.splitlines()[-1] if told else ""
    return figures | (json.loads(last) if last.startswith("{") and last.endswith("}") else {})


def crawled(path: Path, folder: Path) -> dict[str, Any]:
    """The whole crawl over the file into a database of its own, and whether its ledger adds up."""
    home = folder / "home"
    home.mkdir(mode=0o755)
    environment = {"LEADS_HOME": str(home), "DATABASE_URL": "", "REDIS_URL": ""}
    scrapy = [sys.executable, "-m", "scrapy"]
    campaign = "dpc_employers"
    try:
        services.ensure(home)
        figures = measured(
            [*scrapy, "crawl", "samgov", "-a", f"campaign={campaign}", "-a", f"files={path}"], **environment
        )
        status = subprocess.run(
            [*scrapy, "status", campaign, "--json"], env=os.environ | environment, capture_output=True, check=True
        )
    finally:
        services.discard(home)
    told = json.loads(status.stdout)
    names = ("seen", "stored", "merged", "refused", "parked", "pending", "balanced")
    return figures | {name: told[name] for name in names}


def main() -> None:
    """Make the files, read them in turns, crawl, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="30,000 records and a crawl of 2,000, within a minute")
    parser.add_argument("--read", nargs=2, metavar=("READER", "FILE"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.read:
        seen, made = READERS[asked.read[0]](Path(asked.read[1]))
        print(json.dumps({"seen": seen, "made": made}))
        return
    number, to_crawl, rounds = (30_000, 2_000, 3) if asked.quick else (900_000, 50_000, 1)
    folder = Path(tempfile.mkdtemp(prefix="leadspiders-benchmark-"))
    folder.chmod(0o755)
    try:
        whole, part = (folder / f"SAM_PUBLIC_UTF-8_MONTHLY_V2_2026110{day}.ZIP" for day in (1, 2))
        size = make(whole, number)
        make(part, to_crawl)
        found: dict[str, list[dict[str, Any]]] = {reader: [] for reader in READERS}
        for _ in range(rounds):
            for reader, figures in found.items():
                figures.append(measured([sys.executable, __file__, "--read", reader, str(whole)]))
        crawl = crawled(part, folder)
        print(json.dumps(report(found, crawl, number=number, size=size, to_crawl=to_crawl)))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def report(
    found: dict[str, list[dict[str, Any]]], crawl: dict[str, Any], *, number: int, size: int, to_crawl: int
) -> dict[str, Any]:
    """The object of the last line."""
    rates = {
        reader: round(statistics.median(number / figures["cpu_seconds"] for figures in rounds))
        for reader, rounds in found.items()
    }
    peer = rates.pop("csv.reader")
    return {
        "name": "sam_monthly",
        "unit": "records per second of processor time",
        "ours": rates | {"crawls": round(to_crawl / crawl["cpu_seconds"])},
        "peers": {"csv.reader": {"reads": peer}},
        "ratios": {"csv.reader": {"reads": round(rates["reads"] / peer, 2)}},
        "records": number,
        "bytes_a_record": round(size / number),
        "last_rounds": {reader: rounds[-1] for reader, rounds in found.items()},
        "crawl": crawl | {"records": to_crawl},
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}",
        "versions": {"python": platform.python_version(), "scrapy": version("scrapy"), "psycopg": version("psycopg")},
    }


if __name__ == "__main__":
    main()
