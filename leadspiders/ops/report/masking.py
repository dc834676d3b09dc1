"""Contact data as a report may show it: enough to recognize one's own lead, too little to write to a stranger's."""


def email(address: str | None) -> str | None:
    """`j***@acme.example`: the first letter and the domain."""
    if not address:
        return None
    local, at, domain = address.rpartition("@")
    return f"{local[:1]}***{at}{domain}" if local else "***"


def phone(number: str | None) -> str | None:
    """`***42`: the last two digits."""
    return f"***{number[-2:]}" if number else None
