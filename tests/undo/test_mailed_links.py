"""The tokens of mailed links: each opens what it was made for, here, for whoever has the mail; nothing else does."""

from collections.abc import Mapping
from itertools import permutations

from chalicelib.kernel import link_tokens
from chalicelib.kernel.link_tokens import Purpose
from chalicelib.leaving.rows import statements
from chalicelib.observing.log import LogLine
from testkit.calls import Reply
from testkit.harness import ADA, EMAIL_KEY, Harness
from testkit.own_address import moves, supports
from testkit.visitor import Visitor

# Where a token of each purpose leads; an acknowledgement is only looked at.
LEADS: Mapping[Purpose, str] = {
    "undo": "/undo/{}",
    "unsubscribe": "/unsubscribe/{}",
    "statement": "/statements/{}/confirm",
    "mail": "/go/{}",
}
LOOKS: Mapping[Purpose, str] = {**LEADS, "acknowledgement": "/statements/{}"}


def row_ids(harness: Harness) -> dict[Purpose, str]:
    """The id of a row of each kind that a link may name: all of them work."""
    ada = supports(harness)
    link = moves(harness, ada)
    undo = link_tokens.read("undo", link.removeprefix("/undo/"), EMAIL_KEY)
    Visitor(client="192.0.2.61").post("/v1/cancellations", {"kind": "cancel", "email": ADA})
    (statement,) = {row["pk"].partition("#")[2] for row in harness.kinds("STATEMENT")}
    assert undo
    assert statements.read(harness.table, statement)
    supporter = undo.partition(".")[0]
    return {
        "undo": undo,
        "unsubscribe": f"{supporter}.reminders",
        "statement": statement,
        "acknowledgement": statement,
        "mail": supporter,
    }


def tokens(harness: Harness, key: str = EMAIL_KEY) -> dict[Purpose, str]:
    return {purpose: link_tokens.make(purpose, one, key) for purpose, one in row_ids(harness).items()}


def press(path: str, **headers: str) -> Reply:
    """A press in a browser that we do not know, on a page of ours."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html", **headers}
    return Visitor(origin=None, client="192.0.2.62").call("POST", path, "", headers)


def does_nothing(harness: Harness, purpose: Purpose, token: str) -> None:
    """Neither a look nor a press with this token changes anything or mails anybody."""
    path = LOOKS[purpose].format(token)
    rows, sent = harness.rows(), len(harness.mails.sent)
    replies = [Visitor().navigate(path), *([] if purpose == "acknowledgement" else [press(path)])]
    for reply in replies:
        assert reply.status in (303, 400, 404, 410), (path, reply.status)
        # A mail's link that is none leads to the ordinary sign-in page.
        assert reply.status != 303 or "/sign-in?" in reply.headers["location"]
    assert harness.rows() == rows
    assert len(harness.mails.sent) == sent


def test_each_opens_what_it_was_made_for(harness: Harness) -> None:
    """The negative control of all that follows: the same tokens where they belong."""
    made = tokens(harness)
    for purpose, path in LOOKS.items():
        assert Visitor().navigate(path.format(made[purpose])).status == 200, purpose
    for purpose, path in LEADS.items():
        rows, sent = harness.rows(), len(harness.mails.sent)
        assert press(path.format(made[purpose])).status in (200, 303), purpose
        assert (harness.rows(), len(harness.mails.sent)) != (rows, sent), purpose


def test_none_opens_anything_else(harness: Harness) -> None:
    """Also not with the id of the row that belongs there: it is the purpose that is signed."""
    rows = row_ids(harness)
    for made_for, used_for in permutations(LOOKS, 2):
        for row in (rows[made_for], rows[used_for]):
            does_nothing(harness, used_for, link_tokens.make(made_for, row, EMAIL_KEY))


def test_one_of_another_stage_opens_nothing(harness: Harness) -> None:
    """A restored copy for rehearsals has the same rows, and another key."""
    for purpose, token in tokens(harness, "another-stages-key").items():
        does_nothing(harness, purpose, token)


def test_nothing_that_a_mail_program_does_to_a_link_opens_another(harness: Harness) -> None:
    made = tokens(harness)
    for purpose in LEADS:
        token = made[purpose]
        row, _, proof = token.rpartition(".")
        for odd in (
            *(token[:-1], token + "0", f"{row}.{proof.upper()}", f"{row}.", f".{proof}", row, f"{row}..{proof}"),
            *(f"%20{token}", f"{token}%20", f"{token}%0a", f"{token}.", f"{row}.{proof[:-1]}%C3%A9", "%ED%A0%80.x"),
            *(f"{row}x.{proof}", "..", "%2e%2e", "a" * 3000),
        ):
            if odd.rpartition(".")[2].upper() != proof or not proof.isdigit():
                does_nothing(harness, purpose, odd)


def test_a_scanner_that_looks_changes_nothing_however_often(harness: Harness) -> None:
    made = tokens(harness)
    rows, sent = harness.rows(), len(harness.mails.sent)
    for purpose, path in LOOKS.items():
        for method in ("HEAD", "GET", "OPTIONS"):
            Visitor(origin=None).call(method, path.format(made[purpose]), headers={"User-Agent": "scanner"})
    assert harness.rows() == rows
    assert len(harness.mails.sent) == sent


def test_no_token_stands_in_the_log_and_none_leaves_with_a_referrer(harness: Harness, lines: list[LogLine]) -> None:
    made = tokens(harness)
    for purpose, path in LOOKS.items():
        reply = Visitor().navigate(path.format(made[purpose]))
        assert reply.headers["referrer-policy"] in ("no-referrer", "same-origin"), purpose
        assert "no-store" in reply.headers["cache-control"], purpose
        if purpose in LEADS:
            press(path.format(made[purpose]))
    said = " ".join(f"{line} {line.keys}" for line in lines)
    assert said
    assert "address restored" in said
    assert not [purpose for purpose, token in made.items() if token.rpartition(".")[2] in said]


def test_who_is_signed_in_here_is_of_no_account_to_a_link(harness: Harness) -> None:
    """A mail that is opened in somebody else's browser undoes what it says, and they stay who they are."""
    link = moves(harness, supports(harness))
    other = Visitor(client="192.0.2.63")
    harness.sign_in(other, "other@reader.example")
    assert other.navigate(link).status == 200
    assert other.submit(link, {"lang": "uk"}).status == 303
    assert harness.knows(ADA)
    assert other.get("/v1/me").json["email"] == "other@reader.example"
