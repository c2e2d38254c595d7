"""The mailbox shows what the app sent, at once, to scripts and to people, and keeps it."""

import threading
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from localdev.mailbox.box import Box
from localdev.mailbox.collector import Collector
from localdev.mailbox.web import create_app, linked
from testkit.engine import Engine

SENDER = "Вісті Надріччя <support@nadrichchia.example>"


def send(engine: Engine, to: str, subject: str = "Ваш код", text: str = "ABCD-EFGH\n") -> None:
    """As the app sends: raw MIME through SES v2."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = SENDER, to, subject
    mail.set_content(text)
    mail.add_alternative(f"<p lang=uk>Код <b>{text}</b> <a href='https://example.com/'>далі</a></p>", subtype="html")
    engine.client("sesv2").send_email(
        FromEmailAddress=SENDER, Destination={"ToAddresses": [to]}, Content={"Raw": {"Data": mail.as_bytes()}}
    )


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path / "mail.sqlite")


@pytest.fixture
def client(ministack: Engine, box: Box) -> FlaskClient:
    return create_app(box, Collector(ministack.endpoint, box)).test_client()


def messages(client: FlaskClient, to: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/messages", query_string={"to": to}).json or []
    return found


def test_a_sent_mail_is_there_at_once_newest_first_whole_and_to_its_recipient_only(
    ministack: Engine, client: FlaskClient
) -> None:
    subject = "Ваш код для входу — і ще довга тема, щоб вона зламалася на кілька рядків заголовка"
    text = "Код:\n\nABCD-EFGH\n\n" + "довгий рядок " * 40 + "\n"
    send(ministack, "olia@example.com", subject, text)
    send(ministack, "olia@example.com", "друга")
    send(ministack, "other@example.com", "чужа")

    second, first = messages(client, " OLIA@example.com")
    assert second["subject"] == "друга"
    assert set(first) == {"id", "to", "subject", "text", "html", "sent_at"}
    assert first["to"] == "olia@example.com"
    assert first["subject"] == subject
    assert first["text"].splitlines()[2] == "ABCD-EFGH"
    assert "довгий рядок " * 40 in first["text"]
    assert "<b>Код:" in first["html"]
    assert first["sent_at"].endswith("Z")
    assert messages(client, "nobody@example.com") == []


def test_mails_outlive_local_aws(ministack: Engine, box: Box) -> None:
    send(ministack, "kept@example.com")
    assert Collector(ministack.endpoint, box).collect()
    deaf = create_app(box, Collector("http://127.0.0.1:9", box)).test_client()
    assert len(messages(deaf, "kept@example.com")) == 1


def test_many_readers_at_once_get_each_mail_once(ministack: Engine, client: FlaskClient) -> None:
    for number in range(20):
        send(ministack, "many@example.com", str(number))
    found: list[int] = []
    threads = [
        threading.Thread(target=lambda: found.append(len(messages(client, "many@example.com")))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [20] * 8
    assert [mail["subject"] for mail in messages(client, "many@example.com")] == [str(n) for n in range(19, -1, -1)]


def test_a_mail_is_a_strangers_text() -> None:
    assert linked("<script> https://a.example/x?y=1&z=2.") == (
        '&lt;script&gt; <a href="https://a.example/x?y=1&amp;z=2" target="_blank" rel="noopener">'
        "https://a.example/x?y=1&amp;z=2</a>."
    )


@pytest.fixture
def served(ministack: Engine, box: Box) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, create_app(box, Collector(ministack.endpoint, box)), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1100])
def test_a_person_finds_and_reads_a_mail(ministack: Engine, served: str, page: Page, width: int) -> None:
    send(ministack, f"w{width}@example.com", "Увійти до «Вістей»", "Ваш код:\n\nABCD-EFGH\n\nhttps://a.example/s\n")
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{served}/")
    assert no_findings(page)
    page.get_by_label("Адреса одержувача").fill(f"w{width}@example.com")
    page.get_by_role("button").click()
    page.get_by_role("link", name="Увійти до «Вістей»").click()
    expect(page.frame_locator("iframe").get_by_text("ABCD-EFGH")).to_be_visible()
    expect(page.get_by_role("link", name="https://a.example/s")).to_be_visible()
    assert no_findings(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def no_findings(page: Page) -> bool:
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    return True


def test_an_unknown_mail_is_404(client: FlaskClient) -> None:
    answer = client.get("/mail/none")
    assert answer.status_code == 404
    assert "Немає такого листа" in answer.text
