"""A credential among the settings: whoever prints them, such as `scrapy settings --get`, prints stars."""


class Secret(str):
    """The same text to all who use it; only its `repr` is another."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"


def is_key(text: str) -> bool:
    """Whether a text can be a key: one with a space or a letter beyond ASCII cannot be sent, and was copied wrongly."""
    return bool(text) and text.isascii() and text.isprintable() and " " not in text and "," not in text
