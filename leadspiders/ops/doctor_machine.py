"""What the doctor looks at on this machine: room on the disk, the embedded programs, the backups."""

import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from leadspiders.ops.doctor import Check, doubt, failure, well
from leadspiders.stores.embedded.services import ServiceState
from leadspiders.stores.postgres.backup import Backup

LITTLE, TOO_LITTLE = 5 * 1024**3, 512 * 1024**2
OLD_BACKUP_DAYS = 2


def room(home: Path) -> Check:
    """How much the disk still takes."""
    place = next(folder for folder in (home, *home.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    said = f"{free / 1024**3:,.1f} GB free under {place}"
    advice = "make room: a million leads take some 4 GB (`scrapy retention run` frees what is due)"
    if free < TOO_LITTLE:
        return failure("disk", said, advice)
    return doubt("disk", said, advice) if free < LITTLE else well("disk", said)


def embedded(services: Sequence[ServiceState], installed: dict[str, str]) -> list[Check]:
    """Whether what runs is what is installed; `installed` are the versions of the wheels by service."""
    checks = []
    for service in services:
        wheel = installed.get(service.name)
        if not service.running or not service.version or not wheel:
            continue
        name = f"embedded {service.name}"
        if service.version == wheel:
            checks.append(well(name, f"{wheel}, port {service.port}"))
        else:
            advice = "run scrapy services stop and scrapy services start"
            checks.append(doubt(name, f"{service.version} runs, {wheel} is installed", advice))
    return checks


def backup(found: Sequence[Backup], *, now: datetime) -> Check:
    """How old the newest backup is."""
    if not found:
        return doubt("backup", "none", "run scrapy backup run, once a day by a timer")
    age = now - found[0].manifest.made_at
    said = f"{len(found)}, the newest {age.days} d {age.seconds // 3600} h old"
    if age.days >= OLD_BACKUP_DAYS:
        return doubt("backup", said, "run scrapy backup run, once a day by a timer")
    return well("backup", said)
