"""Reading ``finmart …`` out of texts, and asking the command line whether it knows it."""

import re
from collections.abc import Iterator

import click

from finmart.cli import command

FENCED = re.compile(r"^(?:```|~~~).*?^(?:```|~~~)", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"`([^`\n]+)`")
#: A command ends where a shell, a comment or a sentence goes on with something else.
CALL = re.compile(r"(?<![\w./-])(?:\.venv/bin/)?finmart +([a-z][^;&|#>`\n)]*)")


def in_markdown(text: str) -> Iterator[str]:
    """What follows ``finmart`` wherever it stands as code in a page."""
    fenced = FENCED.findall(text)
    for code in (*fenced, *INLINE.findall(FENCED.sub("", text))):
        yield from in_shell(code)


def in_shell(code: str) -> Iterator[str]:
    """What follows ``finmart`` in a piece of shell, each command by itself."""
    for found in CALL.findall(code.replace("\\\n", " ")):
        said = found.split("  ")[0].strip()
        if said:
            yield said


def unknown(said: str) -> str:
    """What of ``said`` the command line does not know; empty when it knows everything."""
    node: click.Command = command
    context = click.Context(node)
    for word in said.split():
        inner = node.get_command(context, word) if isinstance(node, click.Group) else None
        if inner is not None:
            node = inner
        elif word.startswith("--"):
            if word.partition("=")[0] not in _options(node):
                return f"{said}: {word}"
        elif node is command or (isinstance(node, click.Group) and not _takes_words(node)):
            return f"{said}: {word}"
    return ""


def _options(node: click.Command) -> set[str]:
    return {name for option in node.params for name in option.opts} | {"--help"}


def _takes_words(group: click.Group) -> bool:
    """Groups that mean one of their commands when none is named override how they read their words."""
    return type(group).parse_args is not click.Group.parse_args
