"""Figures on the front page: each domain states its own, so that the front page counts nothing itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Flask, current_app


@dataclass(frozen=True)
class HomeFigure:
    """One real count: ``label`` and ``basis`` are worded already, ``as_of`` is the day it holds for."""

    label: str
    value: str
    basis: str
    as_of: date
    href: str = ""


FigureSource = Callable[[], Sequence[HomeFigure]]


def register_figures(app: Flask, sources: Sequence[FigureSource]) -> None:
    """Have the front page of ``app`` show what ``sources`` state, in the order of registration."""
    app.extensions.setdefault("finmart.figures", []).extend(sources)


def figures() -> list[HomeFigure]:
    """All figures of the front page, read now."""
    sources: list[FigureSource] = current_app.extensions.get("finmart.figures", [])
    return [figure for source in sources for figure in source()]
