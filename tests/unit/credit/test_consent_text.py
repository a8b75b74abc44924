"""The words of a consent: those once shown stay as they were, and they fill in everything that was chosen."""

import hashlib
from dataclasses import astuple
from string import Formatter

from finmart.credit.datasets.registry import DATASETS
from finmart.credit.service.consenting import of_means
from finmart.credit.types.consent_text import CURRENT, TEXTS

#: Of every version that was ever shown. A changed digest means that shown words were edited: make a new version.
DIGESTS = {"2026-11": "96c8c8113c598b0d849fb226c50390af9d6f09ada696ef94de2a3a23303fb0f2"}


def _digest(version: str) -> str:
    return hashlib.sha256(repr(astuple(TEXTS[version])).encode()).hexdigest()


def test_words_that_were_shown_are_never_edited() -> None:
    assert {version: _digest(version) for version in TEXTS} == DIGESTS
    assert CURRENT in TEXTS


def test_what_is_agreed_to_says_who_what_why_and_until_when() -> None:
    for text in TEXTS.values():
        named = {name for line in text.agreed for _, name, _, _ in Formatter().parse(line) if name}
        assert named == {"institution", "scopes", "purpose", "valid_from", "valid_until"}
        assert text.not_allowed
        assert text.rights
        assert "第十四条" in text.warning


def test_what_tells_a_persons_means_needs_a_warning() -> None:
    assert of_means(DATASETS) == ("invoices", "registration", "tax"), "total assets stand in the registration"
    assert of_means(["adverse", "nonsense"]) == ()
