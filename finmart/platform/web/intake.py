"""Taking requests in: a body that is too large is answered at once with a page of ours, before it is received.

Waitress alone would first receive up to a gigabyte into a temporary file, or answer with a bare line and close in the
sender's face, so that a browser shows a broken connection instead of a sentence.
"""

import socket
import time
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer
from waitress.utilities import RequestEntityTooLarge

#: Seconds for which what a refused sender still sends is thrown away, so that it comes to read the answer.
LINGER = 30.0


class Parser(HTTPRequestParser):  # type: ignore[misc]  # Waitress carries no types.
    """Passes a request that is too large on without its body; the application refuses it by its declared length."""

    error: Any = None
    refused = False

    def received(self, data: bytes) -> int:
        """How much of ``data`` belonged to this request."""
        consumed: int = super().received(data)
        if not isinstance(self.error, RequestEntityTooLarge):
            return consumed
        self.close()
        self.error = self.body_rcv = None
        self.expect_continue = False
        self.refused = True
        self.headers["CONTENT_LENGTH"] = str(max(self.content_length, self.body_bytes_received))
        self.headers["CONNECTION"] = "close"
        # All that follows is the refused body: read as the next request it would be a way to smuggle one in.
        return len(data)


class Channel(HTTPChannel):  # type: ignore[misc]
    """After refusing a body, goes on reading for a while and throws away what comes."""

    parser_class = Parser
    close_when_flushed: bool = False
    lingers = False
    discard_until: float | None = None

    def received(self, data: bytes) -> bool:
        """Take in what was sent."""
        taken: bool = super().received(data)
        self.lingers = self.lingers or any(request.refused for request in self.requests)
        return taken

    def readable(self) -> bool:
        """Whether to read on."""
        return bool(self.discard_until is not None or super().readable())

    def writable(self) -> bool:
        """Whether there is something to send or to end."""
        return bool(self.will_close or (self.discard_until is None and super().writable()))

    def handle_write(self) -> None:
        """Send what is left; then say that nothing follows and begin to throw away."""
        if not (self.lingers and self.close_when_flushed) or self.will_close:
            super().handle_write()
            return
        self._flush_exception(self._flush_some)
        if not self.total_outbufs_len and not self.will_close:
            self.close_when_flushed = False
            self.discard_until = time.monotonic() + LINGER
            self.socket.shutdown(socket.SHUT_WR)

    def handle_read(self) -> None:
        """Read, or throw away."""
        if self.discard_until is None:
            super().handle_read()
        elif not self.recv(self.adj.recv_bytes) or time.monotonic() > self.discard_until:
            self.handle_close()


def limit_bodies(sockets: dict[int, Any]) -> None:
    """Have every listening server of waitress's ``sockets`` take requests in as this module says."""
    for server in sockets.values():
        if isinstance(server, BaseWSGIServer):
            server.channel_class = Channel
