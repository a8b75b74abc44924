"""What every test may ask for; each kind of fixture has its own module."""

pytest_plugins = [
    "tests.fixtures.databases",
    "tests.fixtures.installation",
    "tests.fixtures.network",
    "tests.fixtures.report",
]
