"""Where in a reply a value stands: `people.0.email`, or as a JSON pointer (RFC 6901) `/people/0/email`."""

from typing import Any


def parts(pointer: str) -> tuple[str, ...]:
    """The steps of a pointer."""
    if pointer.startswith("/"):
        return tuple(step.replace("~1", "/").replace("~0", "~") for step in pointer[1:].split("/"))
    return tuple(pointer.split("."))


def at(data: Any, pointer: str) -> Any:
    """What stands there; None where there is nothing."""
    for step in parts(pointer):
        if isinstance(data, dict):
            data = data.get(step)
        elif isinstance(data, list) and step.isdecimal():
            data = data[int(step)] if int(step) < len(data) else None
        else:
            return None
    return data
