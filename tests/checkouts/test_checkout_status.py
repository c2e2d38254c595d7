"""The status of a checkout only moves forward."""

from itertools import product

import pytest

from chalicelib.checkouts.rules.status import CHECKOUT_ORDER, CheckoutStatus, is_behind


@pytest.mark.parametrize(("newer", "known"), list(product(CHECKOUT_ORDER, repeat=2)))
def test_only_what_comes_before_is_behind(newer: CheckoutStatus, known: CheckoutStatus) -> None:
    order = ["open", "expired", "processing", "failed", "paid"]
    assert is_behind(newer, known) is (newer in order[: order.index(known)])
