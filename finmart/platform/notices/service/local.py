"""Adapters that stay on the machine: a file of the data folder, and standard error."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

from finmart.platform.kernel.clock import now
from finmart.platform.notices.types import Channel, Notice

FILE_NAME = "notices.log"


def masked(channel: Channel, address: str) -> str:
    """Enough of an address to tell two apart, too little to write to it."""
    if channel is Channel.SMS:
        return f"{address[:3]}****{address[-4:]}"
    local, _, domain = address.partition("@")
    return f"{local[:1]}***@{domain}"


def line(notice: Notice) -> str:
    """``notice`` as one line of JSON. The address is masked: nobody needs it to read the text."""
    return json.dumps(
        {
            "at": now().isoformat(timespec="seconds"),
            "kind": notice.kind,
            "channel": notice.channel.value,
            "to": masked(notice.channel, notice.address),
            "text": notice.text,
        },
        ensure_ascii=False,
    )


def file_sender(folder: Path) -> Callable[[Notice], None]:
    """A sender that appends one line a notice to ``notices.log`` in ``folder``, readable by its owner only."""

    def send_to_file(notice: Notice) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / FILE_NAME, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as stream:
            stream.write(line(notice) + "\n")

    return send_to_file


def console_sender(notice: Notice) -> None:
    """Write one line to standard error, for somebody who develops."""
    sys.stderr.write(line(notice) + "\n")
