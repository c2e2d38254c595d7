"""A gift in each kind of currency: what is shown is taken, booked and given back, in steps that there are."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.kernel.money import smallest_step
from testkit import plan_changes
from testkit.harness import ADA, Harness
from testkit.visitor import Visitor
from tests.changing.scenes import DAY, Scene, charged, undo_of
from tests.proofs.attacks.test_money_all_the_way import _CURRENCY, OURS

KINDS = ("eur", "jpy", "kwd")


@pytest.fixture
def worldly(tmp_path: Path) -> Iterator[Harness]:
    """A newsroom that takes a currency of each kind."""
    file = tmp_path / "newsroom.toml"
    general = OURS.read_text(encoding="utf-8").partition("[currencies.")[0]
    file.write_text(
        general + "".join(_CURRENCY.format(code=code) for code in ("usd", "uah", "pln", *KINDS)), encoding="utf-8"
    )
    with Harness(environ={"SPILNO_NEWSROOM": str(file)}).installed() as harness:
        yield harness


@pytest.mark.parametrize("currency", KINDS)
def test_what_is_shown_is_taken_and_given_back(worldly: Harness, currency: str) -> None:
    ada = Scene(worldly, 1_000_000, currency=currency)
    worldly.tell(plan_changes.coupon(worldly, 33, "forever"))
    ada.waiting()
    worldly.pass_time(11 * DAY)
    worldly.sign_in(ada.visitor, ADA)
    shown = ada.preview(amount=2_345_600, charge="now")
    now, following = shown["charged_now"], shown["next_payment"]["amount"]
    assert ada.does(amount=2_345_600, charge="now", **{"if": shown["changes"]}).status == 200
    assert charged(worldly) == [1_000_000, now]
    assert {one % smallest_step(currency) for one in (now, following)} == {0}
    link = undo_of(worldly)
    ada.month_passes()
    assert charged(worldly)[-1] == following
    assert Visitor().post(link, {}).json["code"] == "undo_over", "its day is over"
    worldly.sign_in(ada.visitor, ADA)
    assert ada.does(amount=2_400_000, charge="now").status == 200
    assert Visitor().post(undo_of(worldly), {}).status == 200
    assert sum(charged(worldly)) == 1_000_000 + now + following
