"""``finmart keys``: which keys there are, a new one, and the end of an old one."""

import time
from dataclasses import asdict

import click

from finmart.config import load_settings
from finmart.platform.crypto.checks import check_keys
from finmart.platform.crypto.keyring import LOOK_EVERY, keyring, use_keyring, write_keys
from finmart.platform.db.session import unit_of_work
from finmart.platform.jobs.commands import as_json, command_actor, in_unit_of_work, prepared, print_json, progress
from finmart.platform.kernel.actor import Actor
from finmart.platform.keys import service
from finmart.platform.keys.types import KeyState

#: Processes that have not noticed the new key yet go on writing under the old one: so the tables are looked through
#: again until nothing is left, but not for ever.
PASSES = 5


def _actor() -> Actor:
    return command_actor("finmart keys, run on the server")


@click.group("keys")
def group() -> None:
    """Keys of everything that is encrypted at rest."""


@group.command("status")
@as_json
@in_unit_of_work(readonly=True)
def status(as_json: bool) -> None:
    """List the keys by id: what each is for, and how many cells and files name it."""
    states = service.status()
    if as_json:
        print_json({"unfinished": service.is_unfinished(states), "keys": [asdict(state) for state in states]})
        return
    for state in states:
        click.echo(f"{state.key_id}  {_use_of(state)}  {state.cells} cells  {state.files} files")
    if service.is_unfinished(states):
        click.echo("A rotation is not finished: run `finmart keys rotate`.", err=True)


@group.command("rotate")
@as_json
@prepared
def rotate(as_json: bool) -> None:
    """Encrypt everything with a new key, in small steps; an interrupted rotation is finished first.

    Keys that come from FINMART_KEYS cannot be changed from here: then the new value is printed, to be set for every
    process, and the same command run again does the rest.
    """
    with unit_of_work(readonly=True):
        states = service.status()
    if not service.is_unfinished(states) and not _make_key(service.next_key_id(states)):
        return
    done = service.Progress()
    for _pass in range(PASSES):
        before = done.cells + done.files
        done.unreadable.clear()
        _reseal(done)
        if done.cells + done.files == before:
            break
    with unit_of_work():
        service.note_rotated(_actor(), done)
    _report(done, as_json)


@group.command("retire")
@click.argument("key_id")
@click.option("--yes", is_flag=True, help="Do not ask.")
@prepared
def retire(key_id: str, yes: bool) -> None:
    """Remove KEY_ID, which nothing may name any more. Backups written under it can then be read no longer."""
    with unit_of_work(readonly=True):
        service.may_retire(key_id)
    ring = keyring().without(key_id)
    if not yes:
        click.confirm(f"Backups written under {key_id} can then not be read. Remove it?", abort=True)
    with unit_of_work():
        service.note_retired(_actor(), key_id)
    if ring.generated_file is None:
        click.echo("Set FINMART_KEYS to this for every process, and restart them:", err=True)
        click.echo(ring.as_setting())
        return
    write_keys(ring)
    click.echo(f"key {key_id} retired")


def _use_of(state: KeyState) -> str:
    uses = {"current": state.current, "index": state.index, "retired": state.retired, "MISSING": not state.present}
    return ",".join(use for use, holds in uses.items() if holds and not (use == "MISSING" and state.retired)) or "old"


def _make_key(key_id: str) -> bool:
    """Begin with a new key; False when it must first be set by hand."""
    old = keyring()
    ring = old.with_new_key(key_id)
    if ring.generated_file is None:
        click.echo("Set FINMART_KEYS to this for every process, restart them, then run this command again:", err=True)
        click.echo(ring.as_setting())
        return False
    write_keys(ring)
    use_keyring(ring)
    check_keys(ring, load_settings().data)
    with unit_of_work():
        service.note_new(_actor(), ring, old=old.current)
    # By then every process on this data folder has seen the new key, and can read what is sealed with it.
    time.sleep(2 * LOOK_EVERY)
    return True


def _reseal(done: service.Progress) -> None:
    for sealed in service.tables():
        done.after, more = None, True
        while more:
            with unit_of_work():
                more = service.reseal_rows(sealed, done)
            progress(f"{done.cells} cells ({sealed.table.name})")
    more = True
    while more:
        with unit_of_work():
            more = service.reseal_kept_files(done)


def _report(done: service.Progress, as_json: bool) -> None:
    if as_json:
        unreadable = [asdict(cell) for cell in done.unreadable]
        print_json({"key": keyring().current, "cells": done.cells, "files": done.files, "unreadable": unreadable})
    else:
        click.echo(f"{done.cells} cells and {done.files} files are under key {keyring().current} now")
        for cell in done.unreadable:
            click.echo(f"not readable: {cell.table}.{cell.column} of row {cell.row}", err=True)
    if done.unreadable:
        raise SystemExit(1)
