"""Mail to SES: what it is asked, and what its refusals mean."""

import email
import email.policy
import email.utils
import io
import time
from collections.abc import Iterator
from email.header import decode_header, make_header
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import ANY, Stubber

from chalicelib.aws.ses import SesMailer
from chalicelib.mail.port import MailRefused, MailStopped, MailUnavailable

MAIL = {
    "sender": "Вісті Надріччя <support@nadrichchia.example>",
    "to": "ada@reader.example",
    "subject": "Дякуємо",
    "text": "Дякуємо!\n",
    "html": "<p>Дякуємо!</p>",
    "lang": "uk",
    "message_id": "pi_1.thanks",
    "kind": "thanks_once",
}
# As SES asks for it: letters beyond ASCII only as an encoded word.
ENCODED = "=?utf-8?b?0JLRltGB0YLRliDQndCw0LTRgNGW0YfRh9GP?= <support@nadrichchia.example>"
ASKED = {
    "FromEmailAddress": ENCODED,
    "Destination": {"ToAddresses": [MAIL["to"]]},
    "Content": {"Raw": {"Data": ANY}},
    "EmailTags": [{"Name": "kind", "Value": "thanks_once"}],
}


@pytest.fixture
def mailer() -> SesMailer:
    return SesMailer("http://127.0.0.1:9", local=True, mail_set="spilno-prod")


@pytest.fixture
def ses(mailer: SesMailer) -> Iterator[Stubber]:
    with Stubber(mailer._ses) as stubber:
        yield stubber


def failing(ses: Stubber, code: str, message: str = "no") -> None:
    ses.add_client_error("send_email", code, message)


def test_a_mail_goes_through_the_configuration_set_that_hears_of_bounces(mailer: SesMailer, ses: Stubber) -> None:
    ses.add_response("send_email", {"MessageId": "1"}, {**ASKED, "ConfigurationSetName": "spilno-prod"})
    mailer.send(**MAIL)
    ses.assert_no_pending_responses()


def test_without_one_none_is_named() -> None:
    mailer = SesMailer("http://127.0.0.1:9", local=True)
    with Stubber(mailer._ses) as own:
        own.add_response("send_email", {"MessageId": "1"}, ASKED)
        mailer.send(**MAIL)


def test_the_mail_is_marked_as_a_machines_and_has_no_way_to_unsubscribe(mailer: SesMailer) -> None:
    seen: list[bytes] = []

    def keep(params: Any, **_: Any) -> None:
        seen.append(params["Content"]["Raw"]["Data"])

    mailer._ses.meta.events.register("before-parameter-build.sesv2.SendEmail", keep)
    with pytest.raises(MailUnavailable):
        mailer.send(**MAIL)
    parsed = email.message_from_binary_file(io.BytesIO(seen[0]), policy=email.policy.default)
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert parsed["Content-Language"] == "uk"
    assert parsed["Message-ID"] == "<pi_1.thanks@nadrichchia.example>"
    assert parsed["List-Unsubscribe"] is None
    assert parsed["List-Unsubscribe-Post"] is None
    assert [part.get_content_type() for part in parsed.iter_parts()] == ["text/plain", "text/html"]


def test_one_that_can_be_ended_says_how_on_one_line(mailer: SesMailer) -> None:
    """RFC 8058: mail programs call exactly this address; one that was folded in the middle is none."""
    seen: list[bytes] = []

    def keep(params: Any, **_: Any) -> None:
        seen.append(params["Content"]["Raw"]["Data"])

    mailer._ses.meta.events.register("before-parameter-build.sesv2.SendEmail", keep)
    address = f"https://news.example/support/unsubscribe/{'a' * 90}.reminders.{'0' * 32}"
    with pytest.raises(MailUnavailable):
        mailer.send(**MAIL, unsubscribe=address)
    assert f"\nList-Unsubscribe: <{address}>\n".encode() in seen[0]
    assert b"\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n" in seen[0]
    parsed = email.message_from_binary_file(io.BytesIO(seen[0]), policy=email.policy.default)
    assert str(parsed["List-Unsubscribe"]) == f"<{address}>"


@pytest.mark.parametrize("evil", ["https://news.example/\nBcc: eve@evil.example", "https://новини.example/"])
def test_an_address_that_would_begin_another_header_goes_nowhere(mailer: SesMailer, ses: Stubber, evil: str) -> None:
    with pytest.raises(ValueError, match="header"):
        mailer.send(**MAIL, unsubscribe=evil)
    ses.assert_no_pending_responses()


@pytest.mark.parametrize(
    "code",
    [
        *("AccountSuspendedException", "SendingPausedException", "MailFromDomainNotVerifiedException"),
        *("NotFoundException", "AccessDeniedException"),
    ],
)
def test_nobodys_mail_goes(mailer: SesMailer, ses: Stubber, code: str) -> None:
    failing(ses, code)
    with pytest.raises(MailStopped) as stopped:
        mailer.send(**MAIL)
    assert stopped.value.code == code
    assert isinstance(stopped.value, MailUnavailable), "so it is tried again, and waits as long as an outage"


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (
            "Email address is not verified. The following identities failed the check in region X: ada@b.example",
            "not_verified",
        ),
        ("Sending suspended for this account. For more information, please check the inbox", "suspended"),
        ("Sending paused for this account.", "paused"),
    ],
)
def test_a_sandbox_is_no_fault_of_the_mails(mailer: SesMailer, ses: Stubber, message: str, code: str) -> None:
    failing(ses, "MessageRejected", message)
    with pytest.raises(MailStopped) as stopped:
        mailer.send(**MAIL)
    assert stopped.value.code == code
    assert "ada" not in str(stopped.value)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("MessageRejected", "Message content is not accepted: paused@reader.example"),
        ("BadRequestException", "Domain contains illegal character ada@reader.example"),
    ],
)
def test_this_mail_will_never_go(mailer: SesMailer, ses: Stubber, code: str, message: str) -> None:
    failing(ses, code, message)
    with pytest.raises(MailRefused) as refused:
        mailer.send(**MAIL)
    assert refused.value.code == code
    assert "ada" not in str(refused.value)


@pytest.mark.parametrize(
    "code", ["TooManyRequestsException", "LimitExceededException", "InternalFailure", "ServiceUnavailable", ""]
)
def test_it_may_go_later(mailer: SesMailer, ses: Stubber, code: str) -> None:
    failing(ses, code)
    with pytest.raises(MailUnavailable) as later:
        mailer.send(**MAIL)
    assert not isinstance(later.value, MailStopped)


@pytest.mark.parametrize(
    "to",
    [
        "a\nb@c.example",
        "a\r\nBcc: eve@x.example",
        "\ud800@x.example",
        "a,b@x.example",
        "a@x.example, b@x.example",
        "Ada <a@x.example>",
        "a@x.example,",
        "olena@bücher.de",
        "ö@x.example",
        "Ada@x.example",
        "",
    ],
    ids=ascii,
)
def test_an_address_that_is_not_in_the_one_form_is_refused_and_nothing_sent(
    mailer: SesMailer, ses: Stubber, to: str
) -> None:
    """Of a row from before there was one rule. SES is asked nothing: the stub knows no answer."""
    with pytest.raises(MailRefused) as refused:
        mailer.send(**{**MAIL, "to": to})
    assert refused.value.code == "bad_address"
    ses.assert_no_pending_responses()


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ("support@nadrichchia.example", ""),
        ("Вісті Надріччя <support@nadrichchia.example>", "Вісті Надріччя"),
        ('"Вісті, Надріччя" <support@nadrichchia.example>', "Вісті, Надріччя"),
        ('"News, Inc." <support@nadrichchia.example>', "News, Inc."),
        ('"a, b <c@d.example>, e@f.example" <support@nadrichchia.example>', "a, b <c@d.example>, e@f.example"),
        ('"\\"x\\" \\\\ (c): [d];" <support@nadrichchia.example>', '"x" \\ (c): [d];'),
        ('"' + "ab, " * 19 + 'c" <support@nadrichchia.example>', "ab, " * 19 + "c"),
    ],
)
def test_one_mail_has_one_sender_and_one_reader(mailer: SesMailer, sender: str, name: str) -> None:
    asked = sent(mailer, sender=sender, to="o'hara+x@xn--bcher-kva.de")
    for policy in (email.policy.default, email.policy.SMTP):
        head = email.message_from_bytes(asked["Content"]["Raw"]["Data"], policy=policy)
        assert [one.addr_spec for one in head["From"].addresses] == ["support@nadrichchia.example"]
        assert [one.addr_spec for one in head["To"].addresses] == ["o'hara+x@xn--bcher-kva.de"]
        assert not {"Cc", "Bcc", "Sender"} & set(head.keys())
    line = email.message_from_bytes(asked["Content"]["Raw"]["Data"])["From"]
    assert "".join(line.splitlines()) == asked["FromEmailAddress"]
    assert max(map(len, line.split())) <= 75, "a word's most letters: RFC 2047, 2"
    for written in (line, asked["FromEmailAddress"]):
        ((said, address),) = email.utils.getaddresses([written])
        assert address == "support@nadrichchia.example"
        assert str(make_header(decode_header(said))) == name


def test_a_subject_arrives_letter_for_letter_wherever_its_lines_break(mailer: SesMailer) -> None:
    """The standard library lost the space before a word that began a line: `200 ₴` arrived as `200₴`."""
    subjects = [
        "Thank you, and a long plain subject " * 4,
        *(f"{'я' * long}: 200 ₴ щомісяця, 7 €" for long in range(60)),
    ]
    for subject in (line.strip() for line in subjects):
        raw = sent(mailer, subject=subject)["Content"]["Raw"]["Data"]
        assert email.message_from_bytes(raw, policy=email.policy.default)["Subject"] == subject
        encoded = [line for line in raw.partition(b"\n\n")[0].splitlines() if b"=?utf-8" in line]
        assert all(len(line) <= 78 for line in encoded if not line.startswith(b"From:")), "RFC 5322, 2.1.1"


def test_a_subject_with_a_line_break_starts_no_second_header(mailer: SesMailer, ses: Stubber) -> None:
    for subject in ("Дякуємо\r\nBcc: eve@x.example", "Дякуємо\n", "Thanks\nBcc: eve@x.example"):
        with pytest.raises(MailRefused) as refused:
            mailer.send(**{**MAIL, "subject": subject})
        assert refused.value.code == "bad_header"
    ses.assert_no_pending_responses()


def test_a_sender_beyond_ascii_goes_out_as_the_dns_knows_it(mailer: SesMailer) -> None:
    asked = sent(mailer, sender="Вісті <a@вісті.укр>")
    assert asked["FromEmailAddress"].endswith("<a@xn--b1a4ad2fc.xn--j1amh>")
    head = email.message_from_bytes(asked["Content"]["Raw"]["Data"], policy=email.policy.default)
    assert head["From"].addresses[0].addr_spec == "a@xn--b1a4ad2fc.xn--j1amh"
    assert head["Message-ID"] == "<pi_1.thanks@xn--b1a4ad2fc.xn--j1amh>"


@pytest.mark.parametrize("sender", ["Вісті, Надріччя <a@b.example>", "a@b.example, c@d.example", "x"])
def test_two_senders_are_none(mailer: SesMailer, sender: str) -> None:
    with pytest.raises(MailRefused) as refused:
        mailer.send(**{**MAIL, "sender": sender})
    assert refused.value.code == "bad_header"


def sent(mailer: SesMailer, **more: str) -> dict[str, Any]:
    """What SES was asked."""
    seen: list[dict[str, Any]] = []

    def keep(params: dict[str, Any], **_: Any) -> None:
        seen.append(params)

    mailer._ses.meta.events.register("before-parameter-build.sesv2.SendEmail", keep)
    with pytest.raises(MailUnavailable):
        mailer.send(**{**MAIL, **more})
    return seen[0]


def test_no_answer_is_an_outage_and_quotes_nothing(mailer: SesMailer) -> None:
    with pytest.raises(MailUnavailable) as away:
        mailer.send(**MAIL)
    assert str(away.value) == EndpointConnectionError.__name__
    assert away.value.__cause__ is None


def test_to_pretend_takes_as_long_as_the_last_sendings(mailer: SesMailer, ses: Stubber) -> None:
    def slow(**_: Any) -> None:
        time.sleep(0.2)

    mailer._ses.meta.events.register("before-parameter-build.sesv2.SendEmail", slow)
    for _ in range(4):
        ses.add_response("send_email", {"MessageId": "1"})
        mailer.send(**MAIL)
    started = time.perf_counter()
    mailer.pretend()
    assert 0.18 < time.perf_counter() - started < 0.5
