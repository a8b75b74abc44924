"""The files' own work by the clock."""

from datetime import timedelta

import structlog

from finmart.platform.files.service import sweep
from finmart.platform.jobs.registry import periodic

log = structlog.get_logger(__name__)


@periodic("files.sweep", every=timedelta(hours=1))
def sweep_files() -> None:
    """Remove what no row names."""
    removed = sweep()
    if removed:
        log.info("files_swept", files=removed)
