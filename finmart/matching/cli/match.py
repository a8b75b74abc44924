"""``finmart match`` with all its commands."""

import click

from finmart.matching.cli.everyone import demand_command, everyone_command, replay
from finmart.matching.cli.figures import count, coverage_command
from finmart.matching.cli.learning import evaluate, train
from finmart.matching.cli.rules import rules


@click.group()
def group() -> None:
    """Match needs with products, and work stored results out again."""


for _command in (everyone_command, demand_command, replay, count, coverage_command, evaluate, train, rules):
    group.add_command(_command)
