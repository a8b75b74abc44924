"""Where the language switch may lead back to."""

import pytest

from finmart.platform.web.routes import safe_address


@pytest.mark.parametrize("address", ["/", "/products?q=a&page=2", "/a//b", "/%E4%BA%A7"])
def test_addresses_of_this_site_are_kept(address: str) -> None:
    assert safe_address(address) == address


@pytest.mark.parametrize(
    "address",
    [None, "", "products", "//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example", "\\\\evil"],
)
def test_anything_else_leads_home(address: str | None) -> None:
    assert safe_address(address) == "/"
