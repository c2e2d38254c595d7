"""Strangers can use up neither the sign-in mails that an address's owner needs, nor our standing with the post."""

import json
from collections.abc import Callable, Iterator

import pytest

from chalicelib.kernel import email_address
from chalicelib.mail.actions import budget as mail_budget
from chalicelib.mail.actions.handle_feedback import handle_mail_feedback
from chalicelib.observing.log import LogLine
from chalicelib.supporters.rows import supporters
from testkit.harness import EMAIL_KEY, Harness
from testkit.mail_feedback import bounce
from testkit.people import watch
from testkit.visitor import Visitor

MARIA = "maria@reader.example"
HOME, ELSEWHERE = "192.0.2.1", "192.0.2.99"
HOUR, MOST = 3600, 6  # mails an hour, the newsroom's default
Asks = Callable[..., int]


@pytest.fixture
def asks(harness: Harness) -> Asks:
    """Asks for so many mails; answers how many left. The answer is the same either way."""

    def ask(visitor: Visitor, times: int = 1, email: str = MARIA) -> int:
        before = len(harness.mails.sent)
        for _ in range(times):
            assert visitor.post("/v1/sign-in", {"email": email}).status == 202
        return len(harness.mails.sent) - before

    return ask


@pytest.fixture
def reader(harness: Harness) -> Visitor:
    """Maria, who signed in at home and out again."""
    visitor = Visitor(client=HOME)
    harness.sign_in(visitor, MARIA)
    assert visitor.delete("/v1/session").status == 200
    return visitor


def strangers(addresses: int = 9) -> Iterator[Visitor]:
    for number in range(addresses):
        yield Visitor(client=f"203.0.113.{number}", origin=None)


def attack(asks: Asks, addresses: int = 9) -> int:
    return sum(asks(stranger, MOST + 1) for stranger in strangers(addresses))


def test_four_strangers_use_up_what_all_strangers_share(asks: Asks) -> None:
    """What was found: four client addresses, and nobody gets a mail at this address for an hour."""
    assert attack(asks, 4) == 4 * MOST
    assert asks(Visitor(client=ELSEWHERE)) == 0


def test_a_browser_that_proved_the_address_gets_its_mail_wherever_it_is(
    harness: Harness, asks: Asks, reader: Visitor
) -> None:
    attack(asks)
    reader.client = ELSEWHERE
    assert asks(reader) == 1
    assert reader.post("/v1/sign-in/confirm", {"code": harness.mails.last.code}).json["signed_in"]


def test_a_network_that_proved_the_address_gets_its_mail_in_any_browser(asks: Asks, reader: Visitor) -> None:
    assert reader.client == HOME
    attack(asks)
    assert asks(Visitor(client=HOME)) == 1


def test_strangers_in_the_owners_network_use_up_neither_the_browsers_budget_nor_its_calls(
    asks: Asks, reader: Visitor
) -> None:
    attack(asks)
    neighbour = Visitor(client=HOME, origin=None)
    assert asks(neighbour, MOST + 3) == MOST
    while neighbour.post("/v1/sign-in", {"email": MARIA}).status == 202:
        pass
    assert asks(reader) == 1


def test_who_proved_another_address_is_a_stranger(harness: Harness, asks: Asks) -> None:
    """The negative control: having a cookie of ours, or signing in from somewhere, is not enough."""
    other = Visitor(client=ELSEWHERE)
    harness.sign_in(other, "other@reader.example")
    attack(asks)
    assert asks(other) == 0


def test_a_browser_on_a_shared_computer_is_not_remembered(harness: Harness, asks: Asks) -> None:
    library = Visitor(client=HOME)
    harness.sign_in(library, MARIA, remember=False)
    attack(asks)
    library.client = ELSEWHERE
    assert asks(library) == 0
    kinds = {row["sk"].split(":")[0] for row in harness.memory.rows() if row["pk"].startswith("PROVEN#")}
    assert kinds == {"PROVEN#network", "PROVEN#asked"}


def test_signing_out_everywhere_forgets_this_browser(asks: Asks, reader: Visitor) -> None:
    assert "__Host-spilno-known-8000" in reader.cookies
    reader.delete("/v1/session?everywhere=true")
    assert reader.cookies == {}
    attack(asks)
    reader.client = ELSEWHERE
    assert asks(reader) == 0


def test_what_is_remembered_opens_nothing_and_shows_nobodys_address(harness: Harness, reader: Visitor) -> None:
    assert reader.get("/v1/session").json == {"signed_in": False}
    rows = [row for row in harness.memory.rows() if row["pk"].startswith("PROVEN#")]
    lasting = [row for row in rows if row["sk"] != "PROVEN#asked"]
    assert len(lasting) == 2
    assert all(row["expires"] > harness.clock.real + 365 * 24 * HOUR for row in lasting)
    assert not any(secret in json.dumps(rows) for secret in (MARIA, HOME, *reader.cookies.values()))


def test_it_is_forgotten_in_time(harness: Harness, asks: Asks, reader: Visitor) -> None:
    harness.pass_time(401 * 24 * HOUR)
    attack(asks)
    reader.client = ELSEWHERE
    assert asks(reader) == 0
    assert asks(Visitor(client=HOME)) == 0


def test_somebody_is_told_when_an_address_has_no_mail_left(asks: Asks, lines: list[LogLine]) -> None:
    attack(asks, 3)
    assert "sign-in mails used up" not in [line.message for line in lines]
    attack(asks)
    points = [line.keys["AbuseScore"] for line in lines if line.message == "sign-in mails used up"]
    assert points[0] == 300, "one alone rings"
    assert MARIA not in " ".join(str(line) for line in lines)


def test_an_operator_lifts_it(harness: Harness, asks: Asks) -> None:
    attack(asks)
    owner = Visitor(client=ELSEWHERE)
    assert asks(owner, MOST) == 0, "who tries again and again before they call"
    mail_budget.lift(harness.table, supporters.email_hash(email_address.read(MARIA), EMAIL_KEY), harness.real_now())
    others = [Visitor(client=f"198.51.100.{number}", origin=None) for number in range(9)]
    assert sum(asks(stranger, MOST) for stranger in others) == 9 * MOST
    assert asks(owner, MOST) == MOST, "whatever strangers go on doing"
    harness.pass_time(2 * HOUR)
    attack(asks)
    assert asks(Visitor(client="192.0.2.77")) == 0, "for an hour"


def new_address(number: int) -> str:
    return f"m{number}@made-up.example"


def test_mails_to_addresses_never_seen_before_are_few_an_hour(
    harness: Harness, asks: Asks, reader: Visitor, alarms: list[str]
) -> None:
    made_up = [asks(Visitor(client=f"198.51.100.{n}", origin=None), email=new_address(n)) for n in range(80)]
    # One of them went to the reader, who was new when she signed in.
    assert sum(made_up) + 1 == harness.newsroom.limits.mails_to_new_addresses_and_hour == 60
    assert [line.split()[1] for line in alarms] == ["new_addresses_used_up"], "told once"
    assert asks(reader) == 1, "who is known is not kept from anything"
    assert harness.supporter("ada@reader.example")
    assert asks(Visitor(client=ELSEWHERE), email="ada@reader.example") == 1
    harness.pass_time(HOUR + HOUR // 10 + 1)
    assert asks(Visitor(client=ELSEWHERE), email="n@made-up.example") == 1


def test_one_machine_uses_up_a_quarter_of_them(harness: Harness, asks: Asks, alarms: list[str]) -> None:
    machine = Visitor(client="203.0.113.1", origin=None)
    sent = 0
    for number in range(60):
        harness.pass_time(25)  # within what one client may ask for
        sent += asks(machine, email=new_address(number))
    assert 15 <= sent <= 17, "a quarter of sixty in each hour"
    assert alarms == []
    assert asks(Visitor(client=ELSEWHERE), email="new@reader.example") == 1


def test_mails_that_are_not_sent_use_up_nothing_of_the_others(harness: Harness, asks: Asks) -> None:
    """One machine asks for one made-up mailbox on and on: six mails, and six counted."""
    machine = Visitor(client="203.0.113.1", origin=None)
    sent = 0
    for _ in range(60):
        harness.pass_time(25)
        sent += asks(machine, email="one@made-up.example")
    assert sent <= 7
    counted = [asks(Visitor(client=f"198.51.100.{n}", origin=None), email=new_address(n)) for n in range(60)]
    assert sum(counted) >= 60 - 7


def comes_back(harness: Harness, email: str) -> None:
    handle_mail_feedback(json.dumps(bounce(email)), harness.table, email_key=EMAIL_KEY, now=harness.real_now())


def test_when_mails_to_new_addresses_come_back_there_are_no_more_that_day(
    harness: Harness, asks: Asks, reader: Visitor, alarms: list[str]
) -> None:
    for number in range(mail_budget.BOUNCES - 1):
        comes_back(harness, new_address(number))
        comes_back(harness, new_address(number))  # told twice, counted once
    assert asks(Visitor(client=ELSEWHERE), email="one@made-up.example") == 1
    assert alarms == []
    comes_back(harness, new_address(99))
    assert asks(Visitor(client=ELSEWHERE), email="two@made-up.example") == 0
    assert [line.split()[1] for line in alarms] == ["new_addresses_bounce"]
    assert asks(reader) == 1
    harness.pass_time(27 * HOUR)
    assert asks(Visitor(client=ELSEWHERE), email="three@made-up.example") == 1
    for number in range(100, 120):
        comes_back(harness, new_address(number))
    assert asks(Visitor(client=ELSEWHERE), email="four@made-up.example") == 0
    mail_budget.lift_new(harness.table, harness.real_now())
    assert asks(Visitor(client=ELSEWHERE), email="five@made-up.example") == 1


def test_one_machine_whose_mails_come_back_stops_only_itself(harness: Harness, asks: Asks, alarms: list[str]) -> None:
    machine = Visitor(client="203.0.113.1", origin=None)
    assert sum(asks(machine, email=new_address(number)) for number in range(14)) == 14
    for number in range(14):
        comes_back(harness, new_address(number))
    assert asks(machine, email="more@made-up.example") == 0
    assert asks(Visitor(client=ELSEWHERE), email="new@reader.example") == 1
    assert alarms == []


def test_mail_of_supporters_that_comes_back_counts_against_nobody_else(harness: Harness, asks: Asks) -> None:
    for number in range(30):
        harness.supporter(f"s{number}@reader.example")
        comes_back(harness, f"s{number}@reader.example")
    assert asks(Visitor(client=ELSEWHERE), email="new@reader.example") == 1


def calls_for(harness: Harness, *emails: str, client: str = "192.0.2.50") -> list[int]:
    """How often the table is asked, once this process and this client's counters are warm."""
    watched, visitor, calls = watch(harness), Visitor(client=client, origin=None), []
    for email in ("warm@reader.example", MARIA, *emails):
        before = watched.calls
        assert visitor.post("/v1/sign-in", {"email": email}).status == 202
        calls.append(watched.calls - before)
    return calls[2:]


EVERYBODY = ("ben@reader.example", "ada@reader.example", "nobody@reader.example", "nemo@reader.example")


@pytest.mark.usefixtures("reader")
def test_the_table_is_asked_the_same_for_every_address(harness: Harness, asks: Asks) -> None:
    """Time would tell who is a supporter, where the answer does not; whatever is used up."""
    harness.supporter("ada@reader.example")
    harness.supporter("ben@reader.example")
    assert len(set(calls_for(harness, *EVERYBODY))) == 1
    for number in range(70):
        asks(Visitor(client=f"203.0.113.{number}", origin=None), email=new_address(number))
    assert asks(Visitor(client=ELSEWHERE), email="new@reader.example") == 0, "all is used up"
    assert len(set(calls_for(harness, *EVERYBODY))) == 1
    for number in range(12):
        comes_back(harness, new_address(number))
    harness.pass_time(2 * HOUR)
    assert asks(Visitor(client=ELSEWHERE), email="new@reader.example") == 0, "too many came back"
    assert len(set(calls_for(harness, *EVERYBODY))) == 1


@pytest.mark.usefixtures("reader")
def test_the_table_is_asked_the_same_by_a_machine_that_has_used_up_its_part(harness: Harness, asks: Asks) -> None:
    harness.supporter("ada@reader.example")
    harness.supporter("ben@reader.example")
    machine = Visitor(client="203.0.113.1", origin=None)
    assert sum(asks(machine, email=new_address(number)) for number in range(20)) == 15
    assert len(set(calls_for(harness, *EVERYBODY, client="203.0.113.1"))) == 1
