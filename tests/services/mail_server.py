"""A small mail server: what a test wants is in the address, what it took is in its log.

``python -m tests.services.mail_server LOG [--certificate FILE] [--login NAME:PASSWORD]``. Without a certificate it
offers no STARTTLS. To addresses that begin with ``nobody`` it says 550, to ``later`` 452, to ``silent`` nothing.
"""

import argparse
import asyncio
import base64
import json
import ssl
from pathlib import Path

REPLIES = {"nobody": b"550 no such mailbox", "later": b"452 mailbox full"}


class Conversation:
    """One connection, spoken as far as RFC 5321 needs it for one client."""

    def __init__(self, options: argparse.Namespace, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.options, self.reader, self.writer = options, reader, writer
        self.encrypted = self.open_to_mail = False
        self.recipients: list[str] = []

    async def say(self, line: bytes) -> None:
        """One line of the server."""
        self.writer.write(line + b"\r\n")
        await self.writer.drain()

    async def hold(self) -> None:
        """Talk until the client leaves."""
        self.open_to_mail = not self.options.login
        await self.say(b"220 test mail server")
        while line := await self.reader.readline():
            verb, _, rest = line.decode("ascii").strip().partition(" ")
            if verb.upper() == "QUIT":
                await self.say(b"221 bye")
                break
            await getattr(self, f"on_{verb.lower()}", self.on_other)(rest)
        self.writer.close()

    async def on_ehlo(self, _rest: str) -> None:
        """Greet and say what is offered."""
        await self.say(b"250-test mail server")
        if self.options.certificate and not self.encrypted:
            await self.say(b"250-STARTTLS")
        if self.options.login:
            await self.say(b"250-AUTH PLAIN")
        await self.say(b"250 8BITMIME")

    async def on_starttls(self, _rest: str) -> None:
        """Go on encrypted."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.options.certificate)
        await self.say(b"220 go ahead")
        await self.writer.start_tls(context)
        self.encrypted = True

    async def on_auth(self, rest: str) -> None:
        """PLAIN alone."""
        _, name, password = base64.b64decode(rest.partition(" ")[2]).decode().split("\0")
        self.open_to_mail = f"{name}:{password}" == self.options.login
        await self.say(b"235 welcome" if self.open_to_mail else b"535 wrong name or password")

    async def on_rcpt(self, rest: str) -> None:
        """Take an address or refuse it."""
        address = rest.partition("<")[2].partition(">")[0]
        name = address.partition("@")[0]
        if name == "silent":
            await asyncio.sleep(60)
        reply = REPLIES.get(name, b"250 fine" if self.open_to_mail else b"530 sign in first")
        if reply.startswith(b"250"):
            self.recipients.append(address)
        await self.say(reply)

    async def on_data(self, _rest: str) -> None:
        """Take the mail and write it down."""
        await self.say(b"354 go on")
        lines = []
        while (line := await self.reader.readline()) != b".\r\n":
            lines.append(line)
        mail = {"to": self.recipients, "encrypted": self.encrypted, "mail": base64.b64encode(b"".join(lines)).decode()}
        with Path(self.options.log).open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(mail) + "\n")
        await self.say(b"250 taken")

    async def on_other(self, _rest: str) -> None:
        """MAIL FROM, RSET, NOOP."""
        await self.say(b"250 fine")


async def _serve(options: argparse.Namespace) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await Conversation(options, reader, writer).hold()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("log")
    parser.add_argument("--certificate", default="")
    parser.add_argument("--login", default="")
    asyncio.run(_serve(parser.parse_args()))
