"""``finmart backup``: write an archive while everything runs, or verify one."""

import time
from pathlib import Path

import click

from finmart.platform.backup.checking import verify
from finmart.platform.backup.making import make_backup
from finmart.platform.backup.types.manifest import Manifest
from finmart.platform.jobs.commands import as_json, command_actor, prepared, print_json, progress

_MAKE = "make"


class _Backup(click.Group):
    """``finmart backup TARGET`` means ``finmart backup make TARGET``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``make`` before what names no command of the group."""
        first = args[0] if args else "--help"
        if first not in {*self.commands, *ctx.help_option_names}:
            args = [_MAKE, *args]
        return super().parse_args(ctx, args)


@click.group(cls=_Backup)
def group() -> None:
    """Copy the whole installation into one verified archive, or verify an archive.

    \b
    finmart backup TARGET            write an archive (TARGET: a new file, or a folder)
    finmart backup verify ARCHIVE    read an archive whole and compare it with what it says of itself
    """


@group.command(_MAKE)
@click.argument("target", type=click.Path(path_type=Path))
@as_json
@prepared
def make(target: Path, as_json: bool) -> None:
    """Write an archive of the database and of every file that its rows name to TARGET, a new file or a folder.

    The site may run meanwhile: the archive holds one moment of the database, and is verified before it gets its name.
    Keys are never in it: keep FINMART_KEYS (or keys.json) apart, without them nobody can read its ciphertexts.
    """
    started = time.monotonic()
    made = make_backup(command_actor("finmart backup, run on the server"), target, progress)
    found = {"path": str(made.path), "bytes": made.size, **_figures(made.manifest)}
    _tell(found, as_json, started, "written")


@group.command("verify")
@click.argument("archive", type=click.Path(path_type=Path))
@as_json
def verify_command(archive: Path, as_json: bool) -> None:
    """Read ARCHIVE whole: every byte, every row, every file. Needs neither database nor keys."""
    started = time.monotonic()
    manifest = verify(archive, progress)
    found = {"path": str(archive), "bytes": archive.stat().st_size, **_figures(manifest)}
    _tell(found, as_json, started, "verified")


def _figures(manifest: Manifest) -> dict[str, object]:
    return {
        "id": manifest.id,
        "made_at": manifest.made_at.isoformat(),
        "database": manifest.database,
        "revision": manifest.revision,
        "keys": sorted(manifest.keys.checks),
        "tables": len(manifest.tables),
        "rows": manifest.rows,
        "files": len(manifest.files),
    }


def _tell(found: dict[str, object], as_json: bool, started: float, what: str) -> None:
    found["seconds"] = round(time.monotonic() - started, 2)
    if as_json:
        print_json(found)
        return
    click.echo(
        f"{found['path']} {what}: {found['rows']:,} rows of {found['tables']} tables, {found['files']:,} files, "
        f"{found['bytes']:,} bytes, {found['database']} at revision {found['revision']}, {found['made_at']} "
        f"({found['seconds']} s)"
    )
    click.echo(f"It can be restored with the keys {', '.join(sorted(found['keys']))} only.", err=True)  # type: ignore[call-overload]
