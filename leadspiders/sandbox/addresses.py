"""Where each stand-in lives below the sandbox's own address, and the made-up credentials it takes."""

REHEARSAL = "/_sandbox/rehearsal"
"""Below it is the same world once more, free of charge."""

ADDRESSES = {
    "BLS": "/bls",
    "BLS_API": "/bls-api",
    "SAM_GOV": "/sam-gov",
    "APOLLO": "/apollo",
    "HUNTER": "/hunter",
    "NEVERBOUNCE": "/neverbounce",
    "DROPCONTACT": "/dropcontact",
    "CLEARBIT": "/clearbit",
    "PROXYCURL": "/proxycurl",
    "HTTP": "/http",
    "HUBSPOT": "/hubspot",
}
"""Name as in `LEADS_<NAME>_URL` -> path prefix."""

CREDENTIALS = {
    "BLS_API_KEY": "sandbox",
    "SAM_GOV_API_KEY": "sandbox",
    "APOLLO_API_KEY": "sandbox",
    "HUNTER_API_KEY": "sandbox",
    "NEVERBOUNCE_API_KEY": "sandbox",
    "DROPCONTACT_API_KEY": "sandbox",
    "CLEARBIT_API_KEY": "sandbox",
    "PROXYCURL_API_KEY": "sandbox",
    "HUBSPOT_TOKEN": "sandbox",
}
"""Environment name -> a key that every stand-in takes.

Any other key is a team of its own, with its own limits. Words in it change what it may: `invalid` and `expired` are
refused, `nomaster` lacks rights, `small` has the smallest plan (SAM.gov 10 calls a day, Apollo 50 credits, Hunter 25
searches and 50 verifications, NeverBounce 40 credits, Clearbit 20, Proxycurl 10, Dropcontact and the described API 5),
`federal` has 10,000 calls a day at SAM.gov.
"""


def environment(base_url: str) -> dict[str, str]:
    """What to set so that the product talks to the sandbox at `base_url` instead of to the world."""
    urls = {f"LEADS_{name}_URL": base_url.rstrip("/") + prefix for name, prefix in ADDRESSES.items()}
    return urls | CREDENTIALS
