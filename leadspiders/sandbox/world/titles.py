"""Job titles: the ten that A looks for, how people really write them, and who else turns up."""

import random
import re
from functools import lru_cache

TARGETS = (
    "Performance Marketing Manager",
    "Paid Media Manager",
    "Digital Marketing Manager",
    "PPC Manager",
    "SEM Manager",
    "Marketing Operations Manager",
    "Growth Marketing Manager",
    "Customer Acquisition Manager",
    "Media Buyer",
    "Ad Operations Manager",
)
_LONG_FORMS = {
    "PPC Manager": "Pay Per Click Manager",
    "SEM Manager": "Search Engine Marketing Manager",
    "Marketing Operations Manager": "Marketing Ops Manager",
    "Ad Operations Manager": "Advertising Operations Manager",
}
_ALIASES = {long.lower(): short.lower() for short, long in _LONG_FORMS.items()}
# What a search for similar titles also brings, and a marketer of paid channels is not.
NEIGHBORS = ("Marketing Manager", "Brand Marketing Manager", "Product Marketing Manager", "Sales Operations Manager")
STRANGERS = ("Software Engineer", "Account Executive", "Recruiter", "Office Manager", "Data Analyst", "Copywriter")
DECISION_MAKERS = (
    ("HR Director", "director", "human_resources"),
    ("Benefits Manager", "manager", "human_resources"),
    ("CFO", "c_suite", "finance"),
    ("Director of Human Resources", "director", "human_resources"),
    ("Chief Financial Officer", "c_suite", "finance"),
    ("VP Human Resources", "vp", "human_resources"),
    ("Benefits Administrator", "senior", "human_resources"),
)
_DECISION_ALIASES = {
    "director of human resources": "hr director",
    "human resources director": "hr director",
    "chief financial officer": "cfo",
    "vp human resources": "vp hr",
}


def written(rng: random.Random, title: str) -> str:
    """A target title as somebody puts it on a profile: mostly plain, at times with rank, team or in capitals."""
    roll = rng.random()
    if roll < 0.78:
        return title
    if roll < 0.84:
        return f"{rng.choice(('Sr.', 'Senior', 'Sr'))} {title}"
    if roll < 0.88:
        return f"{title}, {rng.choice(('North America', 'Americas', 'B2B', 'E-commerce'))}"
    if roll < 0.91:
        return f"{title} - {rng.choice(('US', 'Remote', 'Search & Social'))}"
    if roll < 0.95:
        return _LONG_FORMS.get(title, title)
    return title.upper() if roll < 0.97 else title.lower()


def seniority(title: str) -> str:
    """The seniority that Apollo gives a marketer's title."""
    return "manager" if "manager" in title.lower() else "senior"


@lru_cache(maxsize=65536)
def _words(title: str) -> str:
    words = re.sub(r"[^a-z0-9&/]+", " ", title.lower()).split()
    return " " + " ".join("senior" if word in ("sr", "snr") else word for word in words) + " "


@lru_cache(maxsize=65536)
def _plain(title: str) -> str:
    text = _words(title)
    for table in (_ALIASES, _DECISION_ALIASES):
        for long, short in table.items():
            text = text.replace(f" {long} ", f" {short} ")
    return text


def matches(title: str, wanted: str, similar: bool) -> bool:
    """Whether a search for `wanted` brings `title`: all its words in order; with `similar`, other spellings and
    neighboring jobs too. Upper and lower case are the same.
    """
    if _words(wanted) in _words(title):
        return True
    if not similar:
        return False
    if _plain(wanted) in _plain(title):
        return True
    return title in NEIGHBORS and wanted.lower().endswith(("marketing manager", "operations manager"))
