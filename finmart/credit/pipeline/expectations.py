"""Holding a delivery against its data set's assertions; a failed one stops everything."""

from collections.abc import Sequence

from finmart.credit.datasets.contract import Assertion, DataSet, Measure
from finmart.credit.pipeline.normalise import SetAside
from finmart.credit.pipeline.reading import ReadFile, measures
from finmart.credit.types.errors import AssertionFailed
from finmart.credit.types.states import FAULT_WORDS
from finmart.credit.types.values import Checked

_COUNTED = frozenset({Measure.ROWS, Measure.FILES_WITHOUT_ROWS})


def check(dataset: DataSet, files: Sequence[ReadFile]) -> tuple[Checked, ...]:
    """Every assertion as it came out. Raises ``AssertionFailed`` for the first that does not hold."""
    aside = [each for file in files for each in file.aside]
    measured = measures(files)
    found = tuple(_checked(assertion, measured[assertion.measure]) for assertion in dataset.assertions)
    for each, assertion in zip(found, dataset.assertions, strict=True):
        if not each.passed:
            example = _example(aside) if assertion.measure is Measure.QUARANTINED_SHARE else ""
            raise AssertionFailed(
                dataset.label_zh, assertion.label_zh, worded(assertion.measure, each.measured), example
            )
    return found


def _checked(assertion: Assertion, measured: int) -> Checked:
    return Checked(
        name=assertion.measure.value,
        label_zh=assertion.label_zh,
        label_en=assertion.label_en,
        measured=measured,
        limit=assertion.limit,
        passed=assertion.holds(measured),
    )


def worded(measure: Measure, value: int) -> str:
    """A measure in words: counts as they are, shares in percent."""
    return f"{value:,}" if measure in _COUNTED else f"{value / 10_000:.2f}%"


def _example(aside: Sequence[SetAside]) -> str:
    if not aside:
        return ""
    first = min(aside, key=lambda each: (each.file, each.row))
    return FAULT_WORDS[first.fault].format(file=first.file, row=first.row, column=first.column)
