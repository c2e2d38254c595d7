"""Whom mails come from: exactly one mailbox, whatever its name has in it, or a sentence that says how to write it."""

import email.utils
import tomllib

import pytest

from chalicelib.newsroom import sender
from chalicelib.newsroom.sender import Sender, SenderWrong

A = "a@news.example"


@pytest.mark.parametrize(
    ("written", "name", "address"),
    [
        (A, "", A),
        (f" {A} ", "", A),
        (f"<{A}>", "", A),
        (f"Вісті Надріччя <{A}>", "Вісті Надріччя", A),
        (f"Вісті Надріччя<{A}>", "Вісті Надріччя", A),
        (f'"Вісті, Надріччя" <{A}>', "Вісті, Надріччя", A),
        (
            f'"News; \\"Inc.\\" \\\\ (c) <b@c.example>, d@e.example" <{A}>',
            'News; "Inc." \\ (c) <b@c.example>, d@e.example',
            A,
        ),
        (f"St. John's News <{A}>", "St. John's News", A),
        (f'"" <{A}>', "", A),
        ("Вісті <редакція@news.example>", None, None),
        ("a@вісті.укр", "", "a@xn--b1a4ad2fc.xn--j1amh"),
        ("Вісті <A@ВІСТІ.укр>", "Вісті", "a@xn--b1a4ad2fc.xn--j1amh"),
    ],
)
def test_one_mailbox_is_read_and_written_again(written: str, name: str | None, address: str | None) -> None:
    if name is None:
        with pytest.raises(SenderWrong):
            sender.read(written)
        return
    found = sender.read(written)
    assert (found.name, found.address) == (name, address)
    assert found.address.isascii()
    assert sender.read(str(found)) == found
    assert len(email.utils.getaddresses([str(found)])) == 1


@pytest.mark.parametrize(
    "written",
    [
        "",
        "support",
        "Вісті",
        "Вісті a@news.example",
        "a@news",
        "Вісті <a@news>",
        "Вісті <a@b>",
        "Вісті <>",
        "<>",
        "a@news.example, b@news.example",
        "a@news.example b@news.example",
        "A <a@news.example>, B <b@news.example>",
        "A <a@news.example> <b@news.example>",
        "A <a@news.example, b@news.example>",
        "A <a@news.example>; B",
        "a@news.example\nBcc: x@evil.example",
        "A\nBcc: x@evil.example <a@news.example>",
        '"A\r\nBcc: x@evil.example" <a@news.example>',
        "A\x1b[31m <a@news.example>",
        "A\u202e <a@news.example>",
        "=?utf-8?q?A=0ABcc?= <a@news.example>",
        '"A <a@news.example>',
        'A" <a@news.example>',
        "Ж" * 81 + " <a@news.example>",
        "ö@news.example",
    ],
    ids=ascii,
)
def test_anything_else_is_refused_with_what_to_write(written: str) -> None:
    with pytest.raises(SenderWrong) as refused:
        sender.read(written)
    assert "support@news.example" in str(refused.value) or "name" in str(refused.value)


@pytest.mark.parametrize("special", list(",;:@()[]\\"))
def test_a_name_that_needs_quotes_is_told_as_a_line_that_is_right(special: str) -> None:
    written = f"Вісті{special} Надріччя <a@news.example>"
    with pytest.raises(SenderWrong) as refused:
        sender.read(written)
    line = str(refused.value).partition("in it: ")[2]
    right = tomllib.loads(line)["mail_from"]
    assert sender.read(right) == Sender(f"Вісті{special} Надріччя", sender.read("a@news.example").address)
