"""Every state in which a supporter can be, made, and what the account page says of each, in both languages.

In what is said, `{30}` stands for the day in 30 days, as the page's language writes it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.kernel import email_address
from chalicelib.supporters.rules.access import DAY, Grant, RecurringGift, Standing
from testkit.clock import NOW
from testkit.gifts import recurring_gift
from testkit.harness import ADA, Harness
from testkit.people import monthly

CLOSED = {
    "uk": "Статті для спільноти зараз для вас закриті.",
    "en": "The articles for supporters are closed to you for now.",
}
WHILE = {"uk": "Доступ діє, доки триває підтримка.", "en": "Access lasts as long as your support does."}
UNTIL_30 = {"uk": "Доступ діє до {30}.", "en": "Access lasts until {30}."}
NEXT_30 = {"uk": "Наступний внесок — {30}.", "en": "Next payment on {30}."}
MORE_30 = {"uk": "Наступний внесок, {30}, відкриє", "en": "Your next payment, on {30}, opens"}
AGAIN = {"uk": "Почати знову: 5 € щомісяця", "en": "Start again: €5 a month"}
SEE = {"uk": "Подивитися, що відкриває підтримка", "en": "See what your support opens"}
CARD = {"uk": "Оновити спосіб оплати", "en": "Update payment details"}
FAILED = {"uk": "Внесок не пройшов: 5 € щомісяця.", "en": "A payment did not go through: €5 a month."}

Words = Mapping[str, str]


@dataclass(frozen=True)
class Case:
    """A state: how it comes about, what is said of it, what is not, and the page's one main button, if it has one."""

    made: Callable[[Harness], None]
    says: tuple[Words, ...]
    not_says: tuple[Words, ...] = ()
    main: Words | None = None
    acts: tuple[str, ...] = ("change", "stop")  # what can be done from here, in the order of the page
    alerts: int = 0


def stands(*gifts: RecurringGift, grants: tuple[Grant, ...] = ()) -> Callable[[Harness], None]:
    """Ada, who gives so."""

    def made(harness: Harness) -> None:
        harness.supporter(email_address.read(ADA), Standing(grants, gifts))

    return made


def renewed(harness: Harness) -> str:
    """Ada gives monthly; answers her payment."""
    harness.tell(harness.gives(500, "month"))
    return str(harness.stripe.of("payment_intent")[-1]["id"])


def refunded(harness: Harness) -> None:
    """Her payment goes back, the gift goes on."""
    harness.tell(harness.stripe.gives_back(renewed(harness)))


def disputed(harness: Harness) -> None:
    """Her bank takes it back."""
    harness.tell(harness.stripe.bank_disputes(renewed(harness)))


def once(harness: Harness) -> None:
    """She gave once."""
    harness.tell(harness.gives(2500, "once"))


def two_currencies(harness: Harness) -> None:
    """One gift in euros, one in hryvnias; two customers at Stripe, as that is Stripe's limit."""
    harness.tell(harness.gives(500, "month"))
    harness.tell(harness.gives(20000, "month", currency="uah"))


def two_customers(harness: Harness) -> None:
    """Two gifts in one currency that two customers at Stripe give."""
    first, other = monthly(), recurring_gift("sub_2", "member", NOW - DAY, NOW + 20 * DAY, customer="cus_2")
    stands(first, replace(other, next_payment_at=NOW + 20 * DAY))(harness)


def nothing(harness: Harness) -> None:
    """She signed in once, and gave nothing."""
    harness.supporter(email_address.read(ADA))


LOWERED = monthly(tier="patron", amount=500)
RAISED = monthly(amount=1500)
PATRON_ONCE = (Grant("pi_1", "patron", NOW - DAY, 21),)
LATE: dict[str, Any] = {"status": "past_due", "retry_at": NOW + 3 * DAY}

STATES: Mapping[str, Case] = {
    "running": Case(stands(monthly()), (WHILE, NEXT_30), (CLOSED,)),
    "trialing": Case(stands(monthly(status="trialing")), (WHILE, NEXT_30)),
    "running, of an earlier release": Case(
        stands(monthly(next_payment_at=None)), (WHILE, {"uk": "Триває.", "en": "Active."})
    ),
    "raised from the next payment": Case(stands(RAISED), (WHILE, NEXT_30, MORE_30)),
    "lowered from the next payment": Case(
        stands(LOWERED),
        (NEXT_30, {"uk": "Так буде до {30}, а далі ваш рівень — «", "en": "So it stays until {30}; after that"}),
        (WHILE, UNTIL_30),
    ),
    "a higher level for some days beside it": Case(
        stands(monthly(), grants=PATRON_ONCE),
        (NEXT_30, {"uk": "Так буде до {20}, а далі", "en": "So it stays until {20}; after that"}),
        (WHILE,),
    ),
    "too small to open anything": Case(
        stands(monthly(tier=None, amount=100)),
        (
            NEXT_30,
            {"uk": "Статті для спільноти відкриває 3 € щомісяця або більше.", "en": "€3 a month or more opens"},
        ),
        (CLOSED,),
    ),
    "in a currency that is no longer taken": Case(
        stands(monthly(currency="gbp")), (NEXT_30, {"uk": "5 £ щомісяця", "en": "£5 a month"}), acts=("stop",)
    ),
    "every six months": Case(
        stands(monthly(interval_count=6, amount=3000)),
        (NEXT_30, {"uk": "30 € кожні 6 місяців", "en": "€30 every 6 months"}),
    ),
    "past due in grace": Case(
        stands(monthly(days=-1, **LATE)),
        (
            FAILED,
            {"uk": "Наступна спроба — {3}.", "en": "The next attempt is on {3}."},
            {"uk": "Доступ збережеться до {6}.", "en": "You keep access until {6}."},
        ),
        (CLOSED, WHILE),
        CARD,
        alerts=1,
        acts=("card", "stop"),
    ),
    "past due after grace": Case(
        stands(monthly(days=-20, **LATE)),
        (
            FAILED,
            CLOSED,
            {"uk": "Наступна спроба — {3}.", "en": "The next attempt is on {3}."},
            {"uk": "Щойно внесок пройде, статті для спільноти знову відкриються.", "en": "As soon as the payment"},
        ),
        (WHILE, SEE),
        CARD,
        alerts=1,
        acts=("card", "stop"),
    ),
    "past due, no day of a next try": Case(
        stands(monthly(days=-1, status="past_due")),
        (FAILED,),
        ({"uk": "Наступна спроба", "en": "next attempt"},),
        CARD,
        alerts=1,
        acts=("card", "stop"),
    ),
    "past due, and something else open": Case(
        stands(monthly(days=-20, **LATE), grants=(Grant("grant_1", "member", NOW - DAY, until=NOW + 30 * DAY),)),
        (FAILED, UNTIL_30),
        ({"uk": "знову відкриються", "en": "open again"}, CLOSED),
        CARD,
        alerts=1,
        acts=("card", "stop"),
    ),
    "unpaid": Case(
        stands(monthly(days=-20, status="unpaid")),
        (FAILED, CLOSED, {"uk": "Нових спроб не буде, доки", "en": "There will be no further attempt until"}),
        (WHILE, SEE),
        CARD,
        alerts=1,
        acts=("card", "stop"),
    ),
    "incomplete": Case(
        stands(monthly(days=0, status="incomplete", next_payment_at=None)),
        ({"uk": "Перший внесок ще не підтверджено.", "en": "The first payment is not confirmed yet."}, CLOSED),
        (WHILE, SEE),
        acts=("stop",),
    ),
    "paused here": Case(
        stands(monthly(days=10, status="paused", resumes_at=NOW + 55 * DAY, next_payment_at=NOW + 70 * DAY)),
        (
            {"uk": "Призупинено. Наступний внесок — {70}.", "en": "Paused. Next payment on {70}."},
            {"uk": "Доступ діє до {10}.", "en": "Access lasts until {10}."},
        ),
        ({"uk": "{55}", "en": "{55}"}, WHILE),
        acts=("resume", "stop"),
    ),
    "paused here, nothing open": Case(
        stands(monthly(days=-5, status="paused", resumes_at=NOW + 10 * DAY, next_payment_at=NOW + 30 * DAY)),
        (CLOSED, MORE_30, {"uk": "Призупинено. Наступний внесок — {30}.", "en": "Paused. Next payment on {30}."}),
        (SEE,),
        acts=("resume", "stop"),
    ),
    "paused at Stripe": Case(
        stands(monthly(status="paused", next_payment_at=None)),
        (UNTIL_30, {"uk": "Призупинено: нічого не списується, доки", "en": "Paused: nothing is charged until"}),
        (WHILE, NEXT_30),
        acts=("resume", "stop"),
    ),
    "paused at Stripe, with a day": Case(
        stands(monthly(status="paused", next_payment_at=None, resumes_at=NOW + 90 * DAY)),
        ({"uk": "Призупинено до {90}:", "en": "Paused until {90}:"}, UNTIL_30),
        (WHILE,),
        acts=("resume", "stop"),
    ),
    "stopping": Case(
        stands(monthly(ends_at=NOW + 30 * DAY)),
        (
            UNTIL_30,
            {"uk": "Зупинено: нових списань не буде. Завершиться {30}.", "en": "Stopped: nothing more will be"},
        ),
        (WHILE, NEXT_30),
        acts=("keep",),
    ),
    "stopping after another payment": Case(
        stands(monthly(ends_at=NOW + 61 * DAY, next_payment_at=NOW + 30 * DAY)),
        ({"uk": "Завершиться {61}. Наступний внесок — {30}.", "en": "Ends on {61}. Next payment on {30}."},),
        acts=("keep", "stop"),
    ),
    "stopping while a payment is late": Case(
        stands(monthly(days=-1, ends_at=NOW + 29 * DAY, next_payment_at=None, **LATE)),
        (FAILED, {"uk": "Завершиться {29}.", "en": "Ends on {29}."}),
        (WHILE,),
        CARD,
        alerts=1,
        acts=("card", "keep"),
    ),
    "ended": Case(
        stands(monthly(status="canceled", ends_at=NOW - DAY, days=-1)),
        (CLOSED, {"uk": "Завершилася {-1}.", "en": "Ended on {-1}."}),
        (SEE,),
        AGAIN,
        acts=(),
    ),
    "ended, what is paid still open": Case(
        stands(monthly(status="canceled", ends_at=NOW - DAY)), (UNTIL_30,), (WHILE, CLOSED), AGAIN, acts=()
    ),
    "ended, of an earlier release": Case(
        stands(monthly(status="canceled", days=-1, next_payment_at=None)),
        ({"uk": "Завершилася.", "en": "Ended."},),
        (),
        AGAIN,
        acts=(),
    ),
    "ended unpaid": Case(
        stands(monthly(status="canceled", ends_at=NOW - DAY, days=-20, unpaid=True)),
        ({"uk": "Завершилася {-1}, бо внесок не пройшов.", "en": "Ended on {-1}, as a payment did not go through."},),
        (SEE,),
        AGAIN,
        acts=(),
    ),
    "never began": Case(
        stands(monthly(status="incomplete_expired", days=0, next_payment_at=None)),
        ({"uk": "Не розпочалася: перший внесок не пройшов.", "en": "Did not start: the first payment"},),
        (),
        AGAIN,
        acts=(),
    ),
    "refunded": Case(
        refunded,
        (
            CLOSED,
            {
                "uk": "Останній внесок вам повернено, тож він нічого не відкриває.",
                "en": "Your last payment was refunded",
            },
            {"uk": "Наступний внесок — {30}.", "en": "Next payment on {30}."},
            MORE_30,
            {"uk": "Повернено", "en": "Refunded"},
        ),
        (WHILE, SEE),
    ),
    "disputed": Case(
        disputed,
        (
            CLOSED,
            {"uk": "Останній внесок оскаржено через банк", "en": "Your last payment is disputed through the bank"},
            {"uk": "Оскаржено через банк", "en": "Disputed through the bank"},
        ),
        (WHILE, SEE, {"uk": "вам повернено", "en": "was refunded"}),
    ),
    "one-off only": Case(
        once,
        ({"uk": "Доступ діє до ", "en": "Access lasts until "}, {"uk": "разовий внесок", "en": "one-off"}),
        (WHILE,),
        acts=(),
    ),
    "nothing": Case(
        nothing,
        (CLOSED, {"uk": "Внесків за цією адресою поки немає.", "en": "No gifts at this address yet."}),
        (),
        SEE,
        acts=(),
    ),
    "two currencies": Case(
        two_currencies,
        ({"uk": "5 € щомісяця", "en": "€5 a month"}, {"uk": "200 ₴ щомісяця", "en": "₴200 a month"}),
        acts=("change", "stop") * 2,
    ),
    "two Stripe customers": Case(
        two_customers,
        (NEXT_30, {"uk": "Наступний внесок — {20}.", "en": "Next payment on {20}."}),
        acts=("change", "stop") * 2,
    ),
}
