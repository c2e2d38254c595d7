"""How many people support the newsroom: who is counted, who is not, and what the donation page says of it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib import jobs, wiring
from chalicelib.kernel import keys
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime, month_of
from chalicelib.kernel.table import Put, TableUnavailable
from chalicelib.ledger.rules.stored import ListedEntry, UnreadableEntry
from chalicelib.supporters.rows import how_many
from chalicelib.supporters.rules.givers import Givers, HowMany
from localdev.around import Around
from testkit.commands import command
from testkit.harness import ADA, BEN, Harness
from testkit.visitor import Visitor

DAY = 86_400
NOW = int(datetime(2026, 11, 22, tzinfo=UTC).timestamp())


def line(name: str, amount: int, at: int = NOW - DAY, **other: Any) -> ListedEntry:
    told = {"supporter": SupporterId("ada"), "rail": "stripe", "id": name, "kind": "gift", "gift": name}
    return ListedEntry(**{**told, "amount": amount, "currency": "eur", "occurred_at": at, "livemode": True, **other})


def counted(*months: list[ListedEntry | UnreadableEntry]) -> dict[SupporterId, int]:
    givers = Givers(NOW - 365 * DAY, livemode=True)
    for month in months:
        givers.add(month)
    return givers.first


REFUND: dict[str, Any]
DISPUTE: dict[str, Any]
REFUND, DISPUTE = {"id": "re_1", "kind": "refund", "gift": "pi_1"}, {"id": "txn_1", "kind": "dispute", "gift": "pi_1"}


@pytest.mark.parametrize(
    ("what", "months", "count"),
    [
        ("a gift", [[line("pi_1", 500)]], 1),
        ("a part of it went back", [[line("pi_1", 500), line("", -499, **REFUND)]], 1),
        ("all of it went back", [[line("pi_1", 500), line("", -500, **REFUND)]], 0),
        ("in two parts", [[line("", -200, **REFUND), line("pi_1", 500), line("", -300, **REFUND)]], 0),
        ("in a later month", [[line("", -500, **REFUND)], [line("pi_1", 500, NOW - 40 * DAY)]], 0),
        (
            "the bank sent it back to us",
            [[line("pi_1", 500), line("", -500, **REFUND), line("", 500, **(REFUND | {"id": "re_1:failed"}))]],
            1,
        ),
        ("a dispute holds it", [[line("pi_1", 500), line("", -500, **DISPUTE)]], 0),
        ("a dispute holds a part", [[line("pi_1", 500), line("", -100, **DISPUTE)]], 0),
        ("a dispute was won", [[line("pi_1", 500), line("", -500, **DISPUTE), line("", 500, **DISPUTE)]], 1),
        ("of test mode", [[line("pi_1", 500, livemode=False)]], 0),
        ("a year ago", [[], [line("pi_1", 500, NOW - 366 * DAY)]], 0),
        ("nearly a year ago", [[], [line("pi_1", 500, NOW - 364 * DAY)]], 1),
        ("two gifts of one person", [[line("pi_1", 500), line("pi_2", 500)]], 1),
        ("another gift stays", [[line("pi_1", 500), line("", -500, **REFUND), line("pi_2", 500)]], 1),
        ("unreadable", [[UnreadableEntry(SupporterId("eve"), "MONEY#", "kind", "pi_9", "pi_9")]], 0),
    ],
)
def test_who_gave(what: str, months: list[list[Any]], count: int) -> None:
    assert len(counted(*months)) == count, what


def test_the_first_gift_that_stayed_is_remembered() -> None:
    first = counted([line("pi_2", 500)], [line("pi_1", 500, NOW - 40 * DAY)])
    assert first == {"ada": NOW - 40 * DAY}


def count(harness: Harness) -> tuple[int, int]:
    jobs.count_supporters()
    found = how_many.read(harness.table)
    assert found
    return found.people, found.joined


def test_people_are_counted_once_and_joined_in_the_month_of_their_first_gift(harness: Harness) -> None:
    assert count(harness) == (0, 0)
    harness.tell(harness.gives(500, email=ADA))
    harness.tell(harness.gives(700, email=ADA))
    harness.tell(harness.gives(500, email=BEN, interval="month"))
    assert count(harness) == (2, 2)
    harness.pass_time(40 * DAY)
    harness.tell(harness.gives(900, email=ADA))
    assert count(harness) == (2, 0), "who gives again has not joined"
    harness.pass_time(370 * DAY)
    # Ada's gifts are over a year old. Ben's go on at Stripe, though nothing was heard of them for a year.
    assert count(harness) == (1, 0)
    harness.tell(harness.gives(500, email=ADA))
    assert count(harness) == (2, 0), "nor who comes back after more than a year"


def test_what_went_back_is_no_gift(harness: Harness) -> None:
    harness.tell(harness.gives(500, email=ADA))
    harness.tell(harness.gives(500, email=BEN))
    first, second = (gift["id"] for gift in harness.stripe.of("payment_intent"))
    harness.tell(harness.stripe.gives_back(first))
    assert count(harness) == (1, 1)
    harness.tell(harness.stripe.bank_disputes(second))
    assert count(harness) == (0, 0)


def test_what_nobody_shows_nobody_counts(harness: Harness) -> None:
    wired = wiring.current()
    wired.newsroom = replace(wired.newsroom, show_supporters=False)
    harness.tell(harness.gives(500))
    assert jobs.count_supporters() == {"stopped": "not_shown"}
    assert how_many.read(harness.table) is None
    store(harness, HowMany(412, 38, "2026-09", harness.now()))
    assert sentence("uk") == ""


def test_it_asks_for_no_secret(harness: Harness) -> None:
    class Secretive:
        def __getitem__(self, name: str) -> str:
            raise AssertionError(name)

        get = __getitem__

    harness.tell(harness.gives(500, interval="month"))
    wired = wiring.current()
    wired.secrets = Secretive()  # type: ignore[assignment] # it is never asked
    assert jobs.count_supporters() == {"people": 1, "joined": 1}


def test_a_run_out_of_time_writes_nothing_and_says_so(harness: Harness) -> None:
    harness.tell(harness.gives(500))
    assert jobs.count_supporters(0) == {"stopped": "time"}
    assert how_many.read(harness.table) is None


def test_the_command_counts_and_stores(harness: Harness) -> None:
    harness.tell(harness.gives(500))
    assert "People who support the newsroom: 1; joined this month: 1." in command(harness, "count-supporters").output
    assert how_many.read(harness.table)


def store(harness: Harness, found: HowMany) -> None:
    pk, sk = keys.how_many()
    harness.table.write(Put({"pk": pk, "sk": sk, **vars(found)}))


def sentence(lang: str) -> str:
    page = Visitor().navigate(f"/donate?lang={lang}").text
    said = page.partition('<p class="fact">')[2].partition("</p>")[0]
    return said.replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture
def month(harness: Harness) -> str:
    return month_of(harness.now(), harness.newsroom.zone)


SENTENCES = [
    (
        412,
        38,
        "Нас підтримують 412 людей; 38 долучилися цього місяця.",
        "412 people support us; 38 joined this month.",
    ),
    (51, 1, "Нас підтримує 51 людина; 1 долучилася цього місяця.", "51 people support us; 1 joined this month."),
    (52, 22, "Нас підтримують 52 людини; 22 долучилися цього місяця.", "52 people support us; 22 joined this month."),
    (111, 0, "Нас підтримують 111 людей.", "111 people support us."),
    (50, 5, "Нас підтримують 50 людей; 5 долучилися цього місяця.", "50 people support us; 5 joined this month."),
    (49, 5, "", ""),
    (12_345, 0, "Нас підтримують 12 345 людей.", "12,345 people support us."),
]


@pytest.mark.parametrize(("people", "joined", "uk", "en"), SENTENCES)
def test_the_page_says_it_in_the_right_plural(
    harness: Harness, month: str, people: int, joined: int, uk: str, en: str
) -> None:
    store(harness, HowMany(people, joined, month, harness.now()))
    assert (sentence("uk"), sentence("en")) == (uk, en)


@pytest.mark.parametrize(
    ("age", "of", "said"),
    [
        (2 * DAY, None, "Нас підтримують 412 людей; 38 долучилися цього місяця."),
        (2 * DAY, "2020-01", "Нас підтримують 412 людей."),
        (3 * DAY, None, ""),
        (-DAY, None, ""),
    ],
)
def test_an_old_number_is_not_said_to_be_true(
    harness: Harness, month: str, age: int, of: str | None, said: str
) -> None:
    store(harness, HowMany(412, 38, of or month, BusinessTime(harness.now() - age)))
    assert sentence("uk") == said


def test_the_row_is_read_once_a_minute_and_never_in_the_way(harness: Harness, month: str) -> None:
    store(harness, HowMany(412, 38, month, harness.now()))
    assert "412" in sentence("uk")
    store(harness, HowMany(413, 38, month, harness.now()))
    assert "412" in sentence("uk")
    harness.clock.real += 60
    assert "413" in sentence("uk")


@pytest.fixture
def down(harness: Harness) -> None:
    def fails(*_: Any) -> None:
        raise TableUnavailable("down")

    harness.table = Around(harness.table, fails)


@pytest.mark.usefixtures("down")
def test_a_table_that_is_down_takes_only_the_number_away() -> None:
    page = Visitor().navigate("/donate?lang=uk")
    assert (page.status, sentence("uk")) == (200, "")
