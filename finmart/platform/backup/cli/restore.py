"""``finmart restore``: an archive into an empty installation."""

import time
from pathlib import Path

import click

from finmart.platform.backup.restoring import restore_backup
from finmart.platform.jobs.commands import as_json, command_actor, print_json, progress


@click.command("restore")
@click.argument("archive", type=click.Path(path_type=Path))
@as_json
@click.option("--yes", "assured", is_flag=True, help="Do not ask before writing.")
@click.pass_context
def group(context: click.Context, archive: Path, as_json: bool, assured: bool) -> None:
    """Restore ARCHIVE into the empty database and data folder that FINMART_DATABASE_URL and FINMART_DATA name.

    The database may be of the other kind than the one that was backed up. The keys must be here first: FINMART_KEYS, or
    keys.json in the data folder. What was restored is compared with the archive before it counts; when anything
    fails, the database stays empty. An archive of an older release is brought up to this one's tables afterwards.
    """
    if not assured:
        click.confirm(f"Restore {archive} into this installation?", abort=True, err=True)
    started = time.monotonic()
    restored = restore_backup(
        command_actor("finmart restore, run on the server"), archive, context.find_root().obj, progress
    )
    found = {
        "id": restored.manifest.id,
        "made_at": restored.manifest.made_at.isoformat(),
        "from": restored.manifest.database,
        "into": restored.database,
        "revision_before": restored.manifest.revision,
        "revision": restored.revision,
        "tables": len(restored.manifest.tables),
        "rows": restored.manifest.rows,
        "files": len(restored.manifest.files),
        "seconds": round(time.monotonic() - started, 2),
    }
    if as_json:
        print_json(found)
        return
    click.echo(
        f"restored from {found['from']} into {found['into']}: {restored.manifest.rows:,} rows of {found['tables']} "
        f"tables, {len(restored.manifest.files):,} files ({found['seconds']} s)"
    )
