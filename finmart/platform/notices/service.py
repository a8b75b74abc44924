"""Sending notices through an adapter; by default into a file of the data folder, for whoever runs the machine."""

import json
import os
from collections.abc import Callable
from pathlib import Path

from finmart.config import load_settings
from finmart.platform.kernel.clock import now
from finmart.platform.notices.types import Notice

Sender = Callable[[Notice], None]
FILE_NAME = "notices.log"


def file_sender(folder: Path) -> Sender:
    """A sender that appends one JSON line a notice to ``notices.log`` in ``folder``, readable by its owner only.

    The phone is masked: the file stands in for a provider, and nobody needs the number to read the code.
    """

    def send_to_file(notice: Notice) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        line = json.dumps(
            {
                "at": now().isoformat(timespec="seconds"),
                "kind": notice.kind,
                "to": f"{notice.phone[:3]}****{notice.phone[-4:]}",
                "text": notice.text,
            },
            ensure_ascii=False,
        )
        descriptor = os.open(folder / FILE_NAME, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as stream:
            stream.write(line + "\n")

    return send_to_file


class _Holder:
    sender: Sender | None = None


def use_sender(sender: Sender | None) -> None:
    """Send through ``sender`` from now on; None goes back to the file of the data folder."""
    _Holder.sender = sender


def send(notice: Notice) -> None:
    """Send ``notice`` through the adapter in use."""
    sender = _Holder.sender or file_sender(load_settings().data)
    sender(notice)
