"""The page of what is collected: every table stands in it once, and no deletion is claimed that nobody does."""

import importlib

from finmart.factory import JOBS, import_models
from finmart.platform.db.base import Base
from finmart.platform.db.types import Sealed
from finmart.platform.jobs.registry import PERIODIC
from finmart.reference.collected import collected

#: What holds nothing of a person although a column is ciphertext.
NOT_OF_A_PERSON = {"outbox_row"}
BY_ITSELF = ("由系统自动删除", "由系统销毁")


def test_every_table_stands_in_it_once() -> None:
    import_models()
    named = [table for kind in collected() for table in kind.tables]
    assert sorted(named) == sorted({table.name for table in Base.metadata.sorted_tables})


def test_what_is_of_a_person_is_not_called_the_systems() -> None:
    import_models()
    system = next(kind for kind in collected() if kind.code == "system")
    for name in set(system.tables) - NOT_OF_A_PERSON:
        table = Base.metadata.tables[name]
        assert not any(isinstance(column.type, Sealed) for column in table.columns), name
        pointed = {key.column.table.name for column in table.columns for key in column.foreign_keys}
        assert not pointed & {"user_account", "subject", "organisation"}, name


def test_only_jobs_that_run_are_said_to_delete() -> None:
    for name in JOBS:
        importlib.import_module(name)
    for kind in collected():
        claimed = any(words in kind.kept_zh for words in BY_ITSELF)
        assert claimed == bool(kind.erased_by), kind.code
        assert not kind.erased_by or kind.erased_by in PERIODIC, kind.code


def test_both_languages_say_everything() -> None:
    for kind in collected():
        for words in (kind.data_en, kind.source_en, kind.purpose_en, kind.seen_en, kind.kept_en):
            assert words.isascii(), words
        for words in (kind.data_zh, kind.source_zh, kind.purpose_zh, kind.seen_zh, kind.kept_zh):
            assert words, kind.code
