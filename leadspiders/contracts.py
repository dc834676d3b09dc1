"""What a callback's docstring can promise to `scrapy check`: which request it answers, and which records come of it."""

from collections.abc import Callable
from typing import Any

from itemadapter import ItemAdapter
from scrapy.contracts import Contract
from scrapy.exceptions import ContractFail


class Example(Contract):
    """`@example`: the callback is given the reply to the request that the spider's `example` builds."""

    name = "example"

    def __init__(self, method: Callable[..., Any], *args: Any) -> None:
        super().__init__(method, *args)
        self._method: Any = method

    def adjust_request_args(self, args: dict[str, Any]) -> dict[str, Any]:
        """The request's own parts, in place of the URL that stock contracts name."""
        request = self._method.__self__.example()
        taken = {name: getattr(request, name) for name in ("url", "method", "headers", "body", "meta", "cb_kwargs")}
        return args | taken


class Yields(Contract):
    """`@yields Company 1 10`: records of one kind, and how many; requests for further pages do not count."""

    name = "yields"

    def post_process(self, output: list[Any]) -> None:
        """Fail with what came instead."""
        kind, least, most = self.args[0], int(self.args[1]), int(self.args[2])
        records = [type(one).__name__ for one in output if ItemAdapter.is_item(one)]
        if set(records) != {kind} or not least <= len(records) <= most:
            found = ", ".join(f"{records.count(name)} {name}" for name in sorted(set(records))) or "nothing"
            raise ContractFail(f"{found} came, where {least} to {most} {kind} were promised")
