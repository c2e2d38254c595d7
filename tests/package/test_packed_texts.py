"""The sentences that a package has as JSON are those of the languages' files, and are what a function reads."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from chalicelib.i18n.texts import LANGUAGES, packed_name, sentences
from infra.package.layout import ROOT
from infra.package.ours import ours, packed_texts

I18N = Path("chalicelib/i18n")
SAY = """
import sys
from chalicelib.i18n.texts import Texts
print(Texts("en").say("donate.button"))
print(*sys.modules)
"""


def test_each_language_is_packed_sentence_by_sentence() -> None:
    sources = {str(I18N / f"{lang}.toml"): (ROOT / I18N / f"{lang}.toml").read_bytes() for lang in LANGUAGES}
    packed = dict(packed_texts({**sources, "chalicelib/newsroom.toml": b"a = 1"}))
    assert set(packed) == {str(I18N / packed_name(lang)) for lang in LANGUAGES}
    for lang in LANGUAGES:
        assert json.loads(packed[str(I18N / packed_name(lang))]) == sentences(lang)


def _said(place: Path) -> tuple[str, set[str]]:
    done = subprocess.run([sys.executable, "-c", SAY], cwd=place, capture_output=True, text=True, check=True)
    sentence, _, modules = done.stdout.partition("\n")
    return sentence, set(modules.split())


def test_a_function_reads_them_and_no_toml(tmp_path: Path) -> None:
    shutil.copytree(ROOT / I18N, tmp_path / I18N)
    as_written, loaded = _said(tmp_path)
    assert "tomllib" in loaded  # the control: the sources
    for written in (tmp_path / I18N).glob("*.toml"):
        written.unlink()
    (tmp_path / I18N / packed_name("en")).write_text(json.dumps({"donate.button": "Packed"}), encoding="utf-8")
    packed, loaded = _said(tmp_path)
    assert (as_written, packed) != (packed, as_written)
    assert packed == "Packed"
    assert "tomllib" not in loaded


def test_a_package_has_them_in_the_place_of_the_files() -> None:
    names = ("chalicelib/i18n/uk.toml", "chalicelib/newsroom.toml")
    files = ours({"app.py": b"", **{name: (ROOT / name).read_bytes() for name in names}}).files
    assert "chalicelib/i18n/uk.packed.json" in files
    assert "chalicelib/i18n/uk.toml" not in files


def test_the_sources_have_none() -> None:
    assert list((ROOT / I18N).glob("*.json")) == []
