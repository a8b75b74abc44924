"""A wire to another server on this machine that a test can cut and mend, or let hang."""

import socket
import threading
from contextlib import suppress


class Wire:
    """Listens on a port of its own and passes everything on to ``port``, while it is not cut."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener: socket.socket | None = None
        self._open: list[socket.socket] = []
        self._lock = threading.Lock()
        self.port = 0
        self.hangs = False
        self.mend()

    def mend(self) -> None:
        """Listen (again)."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(64)
        self.port = listener.getsockname()[1]
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def cut(self) -> None:
        """Stop listening and break every connection."""
        if self._listener is not None:
            # A blocked accept would keep the port until the next connection: shutting down ends it.
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
        with self._lock:
            broken, self._open = self._open, []
        for each in broken:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _address = listener.accept()
            except OSError:
                return
            with self._lock:
                self._open.append(near)
            if self.hangs:
                continue
            far = socket.create_connection(("127.0.0.1", self._target))
            with self._lock:
                self._open.append(far)
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    @staticmethod
    def _pass_on(one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while block := one.recv(65536):
                other.sendall(block)
        with suppress(OSError):
            other.shutdown(socket.SHUT_RDWR)
