"""Whom the rows speak of: codes become subjects, and what may not be kept of persons is set aside."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from finmart.credit.datasets.contract import Column, Role
from finmart.credit.datasets.parties import PERSONS, SOLE_TRADER_PREFIX
from finmart.credit.pipeline.normalise import Normalised
from finmart.credit.pipeline.reading import ReadFile
from finmart.credit.types.states import Fault
from finmart.platform.accounts.service.subjects import find_or_create_subjects, find_subjects, subject_cards
from finmart.platform.accounts.types.kinds import SubjectKind
from finmart.platform.accounts.types.values import SubjectRow
from finmart.platform.kernel.actor import Actor
from finmart.reference import credit_codes, resident_ids

_CHECKS = {"uscc": credit_codes.is_valid, "resident_id": resident_ids.is_valid}
_PAIR = ["scheme", "subject_code"]
_KNOWN = {
    "scheme": pl.String,
    "subject_code": pl.String,
    "subject": pl.Int64,
    "person": pl.Boolean,
    "elsewhere": pl.Boolean,
}


@dataclass(frozen=True)
class Known:
    """scheme, subject_code → subject (its number), person (a natural person), elsewhere (of the other world).

    The demonstration's subjects and real ones are two worlds; a delivery belongs to one of them.
    """

    frame: pl.DataFrame

    @property
    def ids(self) -> list[int]:
        """The subjects' numbers."""
        found: list[int] = self.frame["subject"].unique().sort().to_list()
        return found


def with_scheme(files: Sequence[ReadFile], scheme: str) -> list[ReadFile]:
    """Every row with its scheme: its own where it has one, that of the list of subjects, else the import's.

    Rows whose code cannot be one of its scheme (wrong check digit) are set aside.
    """
    stated = _stated_schemes(files, scheme)
    return [_valid(replace(each, state=_schemed(each.state, scheme, stated))) for each in files]


def _stated_schemes(files: Sequence[ReadFile], scheme: str) -> pl.DataFrame | None:
    """code → scheme as the list of subjects says; None when the data set has no such list."""
    for each in files:
        if each.contract.role is Role.SUBJECTS:
            return each.state.rows.select("subject_code", stated=pl.col("scheme").fill_null(scheme)).unique(
                "subject_code"
            )
    return None


def _schemed(state: Normalised, scheme: str, stated: pl.DataFrame | None) -> Normalised:
    if "scheme" in state.rows.columns:
        return replace(state, rows=state.rows.with_columns(pl.col("scheme").fill_null(scheme)))
    if stated is None:
        return replace(state, rows=state.rows.with_columns(scheme=pl.lit(scheme)))
    if stated["stated"].n_unique() == 1:
        return replace(state, rows=state.rows.with_columns(scheme=pl.lit(stated["stated"][0])))
    rows = state.rows.join(stated, on="subject_code", how="left", maintain_order="left")
    return replace(state, rows=rows.with_columns(scheme=pl.col("stated").fill_null(scheme)).drop("stated"))


def _valid(file: ReadFile) -> ReadFile:
    if not set(file.state.rows["scheme"].unique()) & set(_CHECKS):
        return file
    pairs = file.state.rows.select(_PAIR).filter(pl.col("scheme").is_in(list(_CHECKS))).unique()
    wrong = [pair for pair in pairs.iter_rows() if not _CHECKS[pair[0]](pair[1])]
    if not wrong:
        return file
    bad = pl.DataFrame(wrong, schema=_PAIR, orient="row").with_columns(wrong=pl.lit(value=True))
    marked = file.state.rows.select(_PAIR).join(bad, on=_PAIR, how="left", maintain_order="left")
    mask = marked["wrong"].fill_null(value=False)
    return replace(file, state=file.state.without(mask, file.contract.column("subject_code"), Fault.IDENTIFIER_INVALID))


def resolve(actor: Actor, files: Sequence[ReadFile], *, demonstration: bool) -> Known:
    """Find the subjects of a delivery; make those that its own list or register names for the first time."""
    naming = [each for each in files if each.contract.has("name")]
    ids: dict[tuple[str, str], int] = {}
    if naming:
        rows = [row for each in naming for row in _rows(each, demonstration=demonstration)]
        ids.update(find_or_create_subjects(rows, actor=actor))
    else:
        ids.update(_found(files))
    cards = subject_cards(ids.values())
    table = [
        (*key, subject, cards[subject].kind.value in PERSONS, cards[subject].demonstration is not demonstration)
        for key, subject in sorted(ids.items())
    ]
    return Known(pl.DataFrame(table, schema=_KNOWN, orient="row"))


def _rows(file: ReadFile, *, demonstration: bool) -> Iterable[SubjectRow]:
    named = file.state.rows.select("scheme", "subject_code", "name", "kind").unique(
        _PAIR, keep="last", maintain_order=True
    )
    for scheme, code, name, kind in named.iter_rows():
        yield SubjectRow(scheme, code, _kind(kind, name), name, demonstration)


def _kind(kind: str | None, name: str) -> SubjectKind:
    if kind is not None:
        return SubjectKind(kind)
    return SubjectKind.INDIVIDUAL_BUSINESS if name.startswith(SOLE_TRADER_PREFIX) else SubjectKind.ENTERPRISE


def _found(files: Sequence[ReadFile]) -> Mapping[tuple[str, str], int]:
    codes = pl.concat([each.state.rows.select(_PAIR) for each in files]).unique()
    found: dict[tuple[str, str], int] = {}
    for scheme in codes["scheme"].unique().sort().to_list():
        of_scheme = codes.filter(pl.col("scheme") == scheme)["subject_code"].to_list()
        found.update({(scheme, code): subject for code, subject in find_subjects(scheme, of_scheme).items()})
    return found


def attach(file: ReadFile, known: Known) -> ReadFile:
    """The file's rows with ``subject`` and ``person``; rows of unknown subjects are set aside.

    So are demonstration rows of real subjects, real rows of the demonstration's, and rows of a person that hold what
    needs its written consent without the day of that consent (征信业管理条例 14).
    """
    rows = _joined(file.state.rows, known)
    state = replace(file.state, rows=rows)
    code = file.contract.column("subject_code")
    state = state.without(rows["subject"].is_null(), code, Fault.SUBJECT_UNKNOWN)
    state = state.without(state.rows["elsewhere"], code, Fault.WORLDS_MIXED)
    for column in file.contract.columns:
        if column.consent:
            state = _with_consent(state, column)
    return replace(file, state=state)


def _joined(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    schemes = rows["scheme"].unique()
    if len(schemes) != 1:
        return rows.join(known.frame, on=_PAIR, how="left", maintain_order="left")
    # One scheme, as in most files: one column to join on instead of two.
    of_scheme = known.frame.filter(pl.col("scheme") == schemes[0]).drop("scheme")
    return rows.join(of_scheme, on="subject_code", how="left", maintain_order="left")


def _with_consent(state: Normalised, column: Column) -> Normalised:
    rows = state.rows
    bad = rows["person"] & rows[column.name].is_not_null() & rows["consent_on"].is_null()
    return state.without(bad, column, Fault.CONSENT_MISSING)
