"""The account page says in words what Stripe says in states."""

import html

import pytest

from testkit.harness import Harness
from testkit.people import member, monthly
from testkit.visitor import Visitor


def shown(visitor: Visitor) -> str:
    """The account page's words."""
    return html.unescape(visitor.navigate("/account").text)


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("active", "Триває. Наступний внесок —"),
        ("trialing", "Триває. Наступний внесок —"),
        ("past_due", "Останній внесок не пройшов."),
        ("unpaid", "Внесок так і не пройшов, нових спроб не буде."),
        ("incomplete", "Перший внесок ще не підтверджено."),
        ("paused", "Призупинено: поки що нічого не списується. Оплачено до"),
        ("canceled", "Завершено."),
        ("incomplete_expired", "Не розпочалася: перший внесок не пройшов."),
    ],
)
def test_every_word_of_stripes_has_a_sentence(harness: Harness, status: str, sentence: str) -> None:
    visitor = Visitor()
    member(harness, visitor, monthly(status=status))
    page = shown(visitor)
    assert sentence in page.replace("\N{NO-BREAK SPACE}", " ")
    over = status in ("canceled", "incomplete_expired")
    assert ('action="http://127.0.0.1:8000/v1/me/portal"' in page) is not over, "whatever is not over can be stopped"
