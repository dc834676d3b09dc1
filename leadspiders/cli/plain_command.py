"""A command that crawls nothing."""

from typing import Any, ClassVar

from leadspiders.cli.project_command import ProjectCommand


class PlainCommand(ProjectCommand):
    """Prints what it has to say, and no log."""

    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}
