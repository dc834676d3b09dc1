"""What a company's industry is worth: by its NAICS code, or by the words its sources use."""

from functools import lru_cache

from leadspiders.campaigns.weights import Industry
from leadspiders.items.company import Company
from leadspiders.rules.longest_prefix import longest_prefix
from leadspiders.rules.text import fold


def industry(company: Company, weights: Industry) -> tuple[int, int, str]:
    """Points, cap and evidence. A listed code decides, then the longest listed word, then `other`."""
    if company.naics_code and (prefix := listed(company, weights)):
        return weights.naics[prefix], weights.cap, f"NAICS {company.naics_code}, listed as {prefix}"
    said = tuple([text for text in (company.company_type, company.industry) if text])
    if word := _longest_word(said, tuple(weights.words)):
        return weights.words[word], weights.cap, f"{' / '.join(said)}, listed as {word}"
    if company.naics_code or said:
        told = " / ".join([*said, *([f"NAICS {company.naics_code}"] if company.naics_code else [])])
        return weights.other, weights.cap, f"{told}, not in the lists"
    return weights.unknown, weights.cap, "not known"


def listed(company: Company, weights: Industry) -> str | None:
    """The prefix by which the company's NAICS code is in the list."""
    return longest_prefix(company.naics_code, weights.naics) if company.naics_code else None


@lru_cache(maxsize=4096)
def _longest_word(said: tuple[str, ...], words: tuple[str, ...]) -> str | None:
    """The longest of `words` that stands in the text as a whole, also in the plural: `law` is not in `lawn care`."""
    texts = [f" {fold(text)} " for text in said]
    found = [word for word in words if any(f" {fold(word)}{end} " in text for text in texts for end in ("", "s"))]
    return max(found, key=len, default=None)
