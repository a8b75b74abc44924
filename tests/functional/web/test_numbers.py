"""A number that no row can have is a page that does not exist, never a defect."""

import pytest

from tests.fixtures.city import CityVisit


@pytest.mark.parametrize("number", [2**31, 10**21])
def test_a_number_that_no_row_can_have_is_not_found(visit: CityVisit, number: int) -> None:
    visit.enter("operator")
    assert visit.client.get(f"/operator/jobs/{number}/drop").status_code == 404
    assert visit.client.get(f"/institution/products/any/versions/{number}").status_code == 404
