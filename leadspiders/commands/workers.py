"""The crawls of a sprint: one process each, watched, and ended together when somebody presses Ctrl-C."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

GRACE_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A crawl that ended badly: its name, exit code, log file and the last line it wrote there."""

    name: str
    code: int
    log: Path
    last_line: str


class Workers:
    """`scrapy crawl` processes that write to log files of their own in `logs`."""

    def __init__(self, logs: Path, environment: Mapping[str, str], settings: Mapping[str, str]) -> None:
        self._logs = logs
        self._environment = dict(os.environ) | dict(environment)
        self._settings = settings
        self._running: dict[str, Process] = {}
        self._ended: dict[str, int] = {}

    async def start(self, name: str, spider: str, arguments: Mapping[str, str]) -> None:
        """Start one crawl under a name of its own."""
        command: Sequence[str] = [
            *(sys.executable, "-m", "scrapy", "crawl", spider),
            *(word for key, value in arguments.items() for word in ("-a", f"{key}={value}")),
            *(word for key, value in self._settings.items() for word in ("-s", f"{key}={value}")),
        ]
        self._logs.mkdir(parents=True, exist_ok=True)
        with self._log(name).open("ab") as log:
            self._running[name] = await asyncio.create_subprocess_exec(
                *command, stdout=log, stderr=log, stdin=asyncio.subprocess.DEVNULL, env=self._environment,
                start_new_session=True,  # Ctrl-C reaches the sprint, which ends its crawls in order
            )  # fmt: skip

    def alive(self) -> bool:
        """Whether any crawl is still running; notes the exit codes of those that are not."""
        for name, process in list(self._running.items()):
            if process.returncode is not None:
                self._ended[name] = process.returncode
                del self._running[name]
        return bool(self._running)

    async def end(self) -> None:
        """Ask all to finish what they hold, and wait; those that take too long are killed."""
        for process in self._running.values():
            process.send_signal(signal.SIGINT)
        waiting = [asyncio.ensure_future(process.wait()) for process in self._running.values()]
        if waiting:
            await asyncio.wait(waiting, timeout=GRACE_SECONDS)
        for process in self._running.values():
            if process.returncode is None:
                process.kill()
                await process.wait()
        self.alive()

    def failures(self) -> list[Failure]:
        """The crawls that ended badly."""
        return [
            Failure(name=name, code=code, log=self._log(name), last_line=last_line(self._log(name)))
            for name, code in self._ended.items()
            if code
        ]

    def _log(self, name: str) -> Path:
        return self._logs / f"{name}.log"


def last_line(path: Path) -> str:
    """The last line of a log that says something."""
    lines = [line.strip() for line in path.read_text(errors="replace").splitlines() if line.strip()]
    return lines[-1] if lines else "it wrote nothing"
