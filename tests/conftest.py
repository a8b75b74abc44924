"""What every test may ask for; each kind of fixture has its own module."""

# Each stands behind those it imports: pytest wants to see a module before anybody else does.
pytest_plugins = [
    "tests.fixtures.databases",
    "tests.fixtures.search",
    "tests.fixtures.report",
    "tests.fixtures.network",
    "tests.fixtures.passwords",
    "tests.fixtures.installation",
    "tests.fixtures.stock",
    "tests.fixtures.web",
    "tests.fixtures.city",
    "tests.fixtures.sso",
]
