"""Who does not show an article does not pay for reading HTML."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("code", "loaded"),
    [
        ("import app, chalicelib.reading.views.articles, chalicelib.reading.views.access_by_session", False),
        ("import chalicelib.reading.views.read, chalicelib.http.pages.rendering", False),
        ("import chalicelib.articles.actions.look_over_article", True),  # the negative control
    ],
)
def test_the_parser_is_loaded_by_who_reads_html_alone(code: str, loaded: bool) -> None:
    told = subprocess.run(
        [sys.executable, "-c", f"{code}; import sys; print('tinyhtml5' in sys.modules)"],
        capture_output=True,
        check=True,
        text=True,
    )
    assert told.stdout.strip() == str(loaded)
