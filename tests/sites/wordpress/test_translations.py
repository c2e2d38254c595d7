"""The plugin speaks Ukrainian throughout, and what WordPress reads is made of what is translated."""

import gettext
import json
import re
from io import BytesIO
from pathlib import Path

import pytest

from integrations.wordpress import languages
from integrations.wordpress.languages import LANGUAGES, PLUGIN, NotLiteral, built, catalog, sentences
from tests.sites.wordpress.site import Site

# What a Ukrainian editor would not print: quotes and apostrophes of a typewriter, a hyphen for a dash.
_ODD = re.compile(r"[\"“”]|(?<=\w)'(?=\w)|\s-\s| $")
_HOLE = re.compile(r"%(?:\d\$)?[sd]|</?\w+>|SPILNO_\w+|https?://[\w.]*")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_committed_is_what_is_made(language: str) -> None:
    for name, content in built(language).items():
        assert (PLUGIN / "languages" / name).read_bytes() == content, "python -m integrations.wordpress.languages"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated_with_its_holes(language: str) -> None:
    for message in catalog(language):
        if not message.id:
            continue
        assert not message.fuzzy
        english = message.id if isinstance(message.id, str) else message.id[1]
        for translated in [message.string] if isinstance(message.string, str) else message.string or ():
            assert translated, english
            assert set(_HOLE.findall(translated)) == set(_HOLE.findall(english)), english
            assert not re.search(r"[\"“”]|(?<=\w)'(?=\w)|\s-\s| $", re.sub(r"<code>.*?</code>", "", translated)), (
                translated
            )


def test_the_first_plural_is_said_of_21_as_well() -> None:
    """Ukrainian says 1, 21 and 31 with one form: nothing in it may speak of a single thing."""
    several = [message.string for message in catalog("uk") if isinstance(message.id, tuple)]
    assert len(several) > 3
    for forms in several:
        assert isinstance(forms, tuple | list)
        of_one = re.search(r"\b(?:його|нього|неї|йому|сам)\b", forms[0])
        assert not of_one, forms[0]
        assert len(set(forms)) > 1


def test_python_reads_what_is_made() -> None:
    words = gettext.GNUTranslations(BytesIO(built("uk")["spilno-uk.mo"]))
    assert words.gettext("Read on") == "Читати далі"
    done = "Done: %s post was changed."
    found = [words.ngettext(done, done, number).split()[-1] for number in (1, 2, 5, 11, 21, 112)]
    assert found == ["запис.", "записи.", "записів.", "записів.", "запис.", "записів."]


@pytest.mark.parametrize(
    "source",
    [
        "<?php __($text, 'spilno');",
        "<?php __(\"%s $name\", 'spilno');",
        "<?php __('Text', 'another');",
        "<?php _n('one', $many, 2, 'spilno');",
        "<?php esc_html__('Text');",
    ],
)
def test_what_nobody_can_translate_is_noticed(source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languages, "PLUGIN", tmp_path)
    file = tmp_path / "one.php"
    file.write_text(source, encoding="utf-8")
    with pytest.raises(NotLiteral):
        list(sentences(file))
    file.write_text("<?php __('It\\'s one', 'spilno'); $x->__('no');", encoding="utf-8")
    assert [said.singular for said in sentences(file)] == ["It's one"]


def test_wordpress_speaks_it(site: Site) -> None:
    page = site.get("/wp-admin/options-general.php?page=spilno", "admin").text
    assert "<h1>Спільно</h1>" in page
    assert "Перевірити з’єднання" in page
    plugins = site.get("/wp-admin/plugins.php", "admin").text
    assert "Записи для тих, хто підтримує редакцію." in plugins
    code = "return array_map(fn($n) => _n('Done: %s post was changed.', '', $n, 'spilno'), [1, 3, 7]);"
    assert [said.split()[-1] for said in site.run(code)] == ["запис.", "записи.", "записів."]


def test_the_block_editor_speaks_it(site: Site) -> None:
    """Its words come with the page, in the file that WordPress looks for by the script's handle."""
    page = site.get("/wp-admin/post-new.php", "author").text
    told = re.search(r"<script[^>]*id='spilno-elements-editor-js-translations'>(.*?)</script>", page, re.DOTALL)
    assert told
    words = re.search(r"\{\s*\"domain\":.*(?= \);)", told[1], re.DOTALL)
    assert words
    assert json.loads(words[0])["locale_data"]["messages"]["Spilno: donate"] == ["Спільно: підтримати"]


def test_the_documentation_names_what_the_plugin_says() -> None:
    """Each word of the plugin's stands there in both languages, as people see it."""
    texts = {str(message.string): str(message.id) for message in catalog("uk") if isinstance(message.string, str)}
    page = (Path(__file__).parents[3] / "docs" / "wordpress.md").read_text(encoding="utf-8")
    named = re.findall(r"\*\*([^*`]*[а-яіїєґ][^*]*)\*\* \(([^()]+)\)", page)
    assert len(named) > 8
    assert [pair for pair in named if texts.get(pair[0]) != pair[1]] == []
