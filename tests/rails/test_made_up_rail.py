"""The books know no rail: a made-up bank books, takes back, reconciles and rebuilds through the same core.

Nothing here imports a module of Stripe's; `test_without_stripe.py` runs this page with that room taken away.
"""

import logging
import tomllib
from pathlib import Path

import pytest

import chalicelib
from chalicelib.booking.actions.apply import Deps, apply
from chalicelib.booking.rail import Rails
from chalicelib.closing.actions.close_days import close_days
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rows.sums import totals
from chalicelib.ledger.rules.movements import STRIPE
from chalicelib.ledger.rules.stored import ListedEntry
from chalicelib.mail.actions.send import MailSender
from chalicelib.newsroom import file as newsroom_file
from chalicelib.rebuild.actions.rebuild import rebuild
from chalicelib.rebuild.rules.differences import Difference
from chalicelib.reconciling.run import MoneyTally, Run
from chalicelib.reconciling.work_limits import WorkLimits
from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rules.access import entitled
from testkit.memory_table import MemoryTable
from testkit.sent import Outgoing
from tests.rails.village_bank import (
    NAME,
    LineNotification,
    Row,
    VillageRail,
    VillageStatement,
    id_of,
    kept_by_the_bank,
    row,
)

NOW, DAY, KEY = 1_790_000_000, 86_400, "a key of address hashes"
ADA = "UA903052992990004149123456789"
NEWSROOM = newsroom_file.read(
    tomllib.loads(Path(chalicelib.__file__).with_name("newsroom.toml").read_text(encoding="utf-8"))
)
RAILS: Rails = {NAME: VillageRail()}


class Village:
    """A newsroom with an account at a village bank, and nothing else."""

    def __init__(self) -> None:
        self.table, self.mails, self.now = MemoryTable(), Outgoing(), NOW
        self.deps = Deps(table=self.table, newsroom=NEWSROOM, email_key=KEY, pause=lambda _seconds: None)
        self.statement = VillageStatement(self.deps)
        self.mail_sender = MailSender(
            table=self.table,
            mailer=self.mails,
            newsroom=NEWSROOM,
            email_key=KEY,
            public_url="https://news.example/support",
            livemode=False,
            real_now=lambda: RealTime(self.now),
        )

    def reconciles(self, *rows: Row) -> MoneyTally:
        """The statement with these lines more, held against the books."""
        self.statement.rows.extend(rows)
        tally = MoneyTally()
        run = Run(
            deps=self.deps,
            mail_sender=self.mail_sender,
            limits=WorkLimits(1000),
            now=lambda: BusinessTime(self.now),
            real_now=lambda: RealTime(self.now),
            live=False,
            by_hand=True,
        )
        close_days(run, tally, self.statement)
        return tally

    def rebuilds(self, rails: Rails = RAILS) -> list[Difference]:
        """What the books say against themselves."""
        return rebuild(
            self.table, KEY, rails=rails, repair=False, now=BusinessTime(self.now), zone=NEWSROOM.zone
        ).differences

    @property
    def entries(self) -> list[ListedEntry]:
        """This rail's."""
        return [one for one in ledger.entries(self.table, NAME) if isinstance(one, ListedEntry)]

    def tier(self, account: str = ADA) -> str | None:
        """What is open to whoever has this account."""
        supporter = supporters.find_by_customer(self.table, f"{NAME}/{account}", KEY)
        assert supporter
        return entitled(supporters.read_state(self.table, supporter).standing, NEWSROOM, BusinessTime(self.now)).tier


@pytest.fixture
def village() -> Village:
    return Village()


def test_a_line_is_booked_once_however_late_and_often_it_comes(village: Village) -> None:
    late = row(NOW - 9 * DAY, 2500, ADA, words="дякую", email="ada@reader.example")
    assert village.reconciles(late, dict(late)).differences == []
    again = village.reconciles(dict(late))
    assert (again.applied, again.faults, again.differences) == (0, 0, [])
    assert [(one.rail, one.kind, one.amount) for one in village.entries] == [(NAME, "gift", 2500)]
    assert totals(village.table)["eur"].gross == 2500
    assert village.tier() == "member"
    assert [mail.to for mail in village.mails.sent] == ["ada@reader.example"], "and thanked for once"


def test_two_that_differ_in_their_words_alone_are_two(village: Village) -> None:
    village.reconciles(row(NOW - DAY, 500, ADA, words="1"), row(NOW - DAY, 500, ADA, words="2"))
    assert totals(village.table)["eur"].payments == 2


def test_a_fee_that_is_told_a_day_later_is_added_once(village: Village) -> None:
    gift = row(NOW - 3 * DAY, 2500, ADA)
    village.reconciles(gift)
    assert village.entries[0].fee is None
    assert village.reconciles(kept_by_the_bank(NOW - 2 * DAY, 15, gift)).fees == 1
    assert village.reconciles().fees == 0
    assert totals(village.table)["eur"].fees == 15
    assert village.rebuilds() == []


def test_money_that_goes_back_without_a_reference_finds_its_gift(village: Village) -> None:
    first, second = row(NOW - 9 * DAY, 2500, ADA, words="1"), row(NOW - 8 * DAY, 2500, ADA, words="2")
    village.reconciles(first, second)
    village.reconciles(row(NOW - DAY, -2500, ADA))
    (back,) = [one for one in village.entries if one.kind == "refund"]
    assert back.gift == id_of(second)
    assert village.tier() == "member", "the other one still opens"
    village.reconciles(row(NOW - DAY, -2500, ADA, words="once more"))
    assert village.tier() is None
    assert totals(village.table)["eur"].net == 0
    assert village.rebuilds() == []


def test_money_that_goes_back_of_nothing_is_left_to_a_person(village: Village) -> None:
    village.reconciles(row(NOW - 9 * DAY, 2500, ADA))
    tally = village.reconciles(row(NOW - DAY, -700, ADA))
    assert tally.faults == 1
    assert [one.why for one in tally.bad_lines] == ["GiftNotFound"]
    assert tally.currencies["eur"].unexplained == -700
    assert len(village.entries) == 1


def test_money_to_somebody_else_is_none_of_ours(village: Village) -> None:
    rent = row(NOW - DAY, -90_000, "UA00landlord")
    assert village.reconciles(rent).differences == []
    assert village.statement.foreign == [id_of(rent)]
    assert village.entries == []


def test_afterwards_both_sides_agree_and_nobody_is_woken(village: Village, caplog: pytest.LogCaptureFixture) -> None:
    gift = row(NOW - 9 * DAY, 2500, ADA, email="ada@reader.example")
    village.reconciles(gift, row(NOW - 8 * DAY, 700, "UA11"), row(NOW - DAY, -2500, ADA))
    caplog.clear()
    with caplog.at_level(logging.INFO, logger="spilno"):
        tally = village.reconciles()
    assert (tally.currencies["eur"].unexplained, tally.currencies["eur"].missing, tally.differences) == (0, 0, [])
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert village.rebuilds() == []


def test_an_entry_that_the_bank_does_not_know_is_noticed(village: Village) -> None:
    gift = row(NOW - 9 * DAY, 2500, ADA)
    village.reconciles(gift)
    village.statement.rows.clear()
    tally = village.reconciles()
    assert tally.differences == [id_of(gift)]
    assert tally.currencies["eur"].missing == 2500


def test_other_rails_do_not_look_at_its_entries(village: Village) -> None:
    village.reconciles(row(NOW - 9 * DAY, 2500, ADA))
    assert list(ledger.entries(village.table, STRIPE)) == []


def test_an_entry_of_a_rail_that_nobody_knows_is_a_difference(village: Village) -> None:
    """The negative control of `rebuilds() == []` above."""
    village.reconciles(row(NOW - 9 * DAY, 2500, ADA))
    assert [one.what for one in village.rebuilds(rails={})] == ["entry_rail"]


def test_the_same_line_at_the_same_time_is_booked_once(village: Village) -> None:
    told = row(NOW - DAY, 2500, ADA, email="ada@reader.example")
    first, second = LineNotification(told, village.deps), LineNotification(dict(told), village.deps)
    apply(first, village.deps, now=BusinessTime(NOW))
    assert apply(second, village.deps, now=BusinessTime(NOW)).mails == ()
    assert totals(village.table)["eur"].payments == 1
