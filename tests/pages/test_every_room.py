"""Each page stands in the room of its feature and says of itself what the frame must know; the frame knows none."""

import importlib
from collections.abc import Mapping
from pathlib import Path

from chalicelib.http import pages
from chalicelib.http.pages import Page
from tests.pages import samples

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "chalicelib" / "templates" / "pages"
SHARED = {"base", "forms", "account_base", "account_parts", "receipt_parts"}  # what other templates extend or import


def kinds() -> Mapping[str, type[Page]]:
    """Every page there is, by its template."""
    for file in sorted((ROOT / "chalicelib").glob("*/views/*pages.py")):
        importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
    return {kind.template: kind for kind in Page.__subclasses__() if kind.__module__.startswith("chalicelib.")}


def test_every_template_is_one_pages_and_every_page_has_a_sample() -> None:
    assert set(kinds()) == {file.stem for file in TEMPLATES.glob("*.html")} - SHARED
    assert {type(page) for page in samples.sample_pages("uk").values()} == set(kinds().values())


def test_the_frame_knows_no_page_but_that_of_a_refusal() -> None:
    found = {kind: kind.__module__.split(".")[1] for kind in kinds().values()}
    assert [kind for kind, room in found.items() if room == "http"] == [pages.ProblemPage]
    rooms = {
        "account",
        "gift_links",
        "giving",
        "http",
        "leaving",
        "metering",
        "privacy",
        "reading",
        "receipts",
        "reminders",
        "signing_in",
        "undo",
    }
    assert set(found.values()) == rooms, "the control"


def test_a_new_page_needs_nothing_of_the_frame() -> None:
    """The proof that nothing lists them: a page that only this test has."""

    class Own(Page):
        template = "problem"
        script = True
        status, code, back = 418, "teapot", ""
        again = resend_to = ""

        def policy(self) -> tuple[str, ...]:
            return ("img-src data:", "media-src 'self'")

        def more_values(self, language: object) -> Mapping[str, object]:
            del language
            return {"sentence": "Short and stout."}

    layout = samples.layout("en")
    html = pages.render(Own(), layout)
    assert "Short and stout." in html
    assert "/donate.js" in html
    assert pages.content_security_policy(Own(), layout).endswith("img-src data:; media-src 'self'")
    assert "/donate.js" not in pages.render(pages.ProblemPage(418, "teapot"), layout), "the control"
