"""A small gateway for text messages: what a test wants is in the number, what it took is in its log.

``python -m tests.services.sms_gateway LOG TOKEN``. A number that ends in 422, 500 or 302 is answered with that
status, one that ends in 999 not at all.
"""

import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

STATUSES = {"422": 422, "500": 500, "302": 302}


class Handler(BaseHTTPRequestHandler):
    """One message a POST."""

    def do_POST(self) -> None:
        """Check the token, then do what the number says."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers["Authorization"] != f"Bearer {sys.argv[2]}":
            self._answer(401)
            return
        message = json.loads(body)
        ending = message["phone"][-3:]
        if ending == "999":
            time.sleep(60)
        if ending not in STATUSES:
            with Path(sys.argv[1]).open("a", encoding="utf-8") as stream:
                stream.write(json.dumps(message) + "\n")
        self._answer(STATUSES.get(ending, 202))

    def _answer(self, status: int) -> None:
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Say nothing on standard error."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    print(server.server_address[1], flush=True)
    server.serve_forever()
