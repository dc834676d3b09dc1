"""Makes text and loose data fit for Postgres, which has no NUL character and no half of a surrogate pair.

Sources do send both (an escaped zero in JSON, a cut emoji), and one of them would turn away the whole batch.
"""

from typing import Any

import msgspec


def storable(text: str) -> str:
    """The text without NUL; a lone surrogate becomes `?`."""
    if "\0" in text:
        text = text.replace("\0", "")
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def as_json(data: Any) -> str:
    """Any data (dataclasses too) as JSON that `jsonb` takes; what JSON has no form for becomes its `str`."""
    try:
        encoded = msgspec.json.encode(data, enc_hook=str).decode()
    except UnicodeEncodeError:
        return as_json(_storable_all(msgspec.to_builtins(data, enc_hook=str)))
    if "\\u0000" in encoded:
        return msgspec.json.encode(_storable_all(msgspec.json.decode(encoded))).decode()
    return encoded


def _storable_all(data: Any) -> Any:
    if isinstance(data, str):
        return storable(data)
    if isinstance(data, dict):
        return {storable(key): _storable_all(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_storable_all(value) for value in data]
    return data
