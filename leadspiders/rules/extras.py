"""The place for what no field holds: values are added, never overwritten."""

from typing import Any

BOUGHT_AS = "bought_as"
"""Under which key a lead was first bought for: what it costs counts under it, whatever is known of it later."""


def keep(extras: dict[str, Any], name: str, value: Any) -> None:
    """Put `value` under `name` without overwriting another one: several values become a list."""
    held = extras.get(name)
    if held is None:
        extras[name] = value
    elif isinstance(held, list):
        if value not in held:
            extras[name] = [*held, value]
    elif held != value:
        extras[name] = [held, value]
