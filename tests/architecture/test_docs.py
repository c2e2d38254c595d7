"""The docs lead somewhere, and name every setting and every operator's command."""

import re
from pathlib import Path

import click

from ops.__main__ import main
from testkit.for_each import for_each

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "localdev").rglob("README.md")])
_LINK = re.compile(r"\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"")
_SETTING = re.compile(r'"((?:SPILNO|STRIPE|AWS)_[A-Z_]+)"')
# Set by a parent for its own child; nobody else's business.
INTERNAL = {"SPILNO_KEEPER", "SPILNO_REQUESTS_LOG"}
_CODE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def _links(page: Path) -> set[str]:
    prose = _CODE.sub("", page.read_text(encoding="utf-8"))
    found = {first or second for first, second in _LINK.findall(prose)}
    return {link for link in found if not re.match(r"[a-z]+:", link)}


def _anchors(page: Path) -> set[str]:
    """Headings as GitHub makes anchors of them, and our own."""
    text = page.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", _CODE.sub("", text), re.MULTILINE)
    slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}
    return slugs | set(re.findall(r'<a id="(\w+)">', text))


@for_each(page=PAGES)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in _links(page):
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), f"{link} leads nowhere"
        if anchor and target.suffix == ".md":
            assert anchor in _anchors(target), f"{link}: {target.name} has no such heading"


def test_every_setting_is_explained() -> None:
    explained = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    read = [*(ROOT / "chalicelib").rglob("*.py"), *(ROOT / "localdev").rglob("*.py"), *(ROOT / "ops").rglob("*.py")]
    settings = {name for path in read for name in _SETTING.findall(path.read_text(encoding="utf-8"))}
    missing = {name for name in settings if f"`{name}`" not in explained} - INTERNAL
    assert not missing, f"Explain these settings in docs/settings.md: {sorted(missing)}"


def test_every_command_is_explained() -> None:
    explained = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    missing = {name for name in main.commands if not re.search(rf"ops {name}\b", explained)}
    assert not missing, f"Explain these commands in docs/operating.md: {sorted(missing)}"


def test_every_kind_of_item_is_explained() -> None:
    explained = (ROOT / "docs" / "data-model.md").read_text(encoding="utf-8")
    keys = (ROOT / "chalicelib" / "kernel" / "keys.py").read_text(encoding="utf-8")
    prefixes = set(re.findall(r'"([A-Z]+#)\{', keys)) | set(re.findall(r'= "([A-Z]+(?:#[A-Z]+)?)"', keys))
    assert "EVT#" in prefixes
    missing = {prefix for prefix in prefixes if f"`{prefix}" not in explained}
    assert not missing, f"Explain these items in docs/data-model.md: {sorted(missing)}"


def test_every_decision_is_listed() -> None:
    listed = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    records = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert records
    assert all(f"({record.name})" in listed for record in records)
    numbers = [record.name[:4] for record in records]
    assert len(set(numbers)) == len(numbers)


def test_no_page_tells_of_one_machine() -> None:
    for page in PAGES:
        assert not re.search(r"(?<![\w.])/(work|home|root|Users)/", page.read_text(encoding="utf-8")), page.name


_SPAN = re.compile(r"`([^`\n]+)`")
_BLOCK = re.compile(r"^```(?:console|sh)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^(?:\$ )?(?:\S*python3? -m )?ops (?=[a-z-])(.+)$")


def _commands(page: Path) -> set[str]:
    """What a page tells people to type after `ops`, comments left out."""
    text = page.read_text(encoding="utf-8")
    lines = [line for block in _BLOCK.findall(text) for line in block.splitlines()]
    lines += _SPAN.findall(_CODE.sub("", text))
    found = (_COMMAND.match(line.strip()) for line in lines)
    return {match[1].partition("  #")[0].partition(" > ")[0].partition(" | ")[0].strip() for match in found if match}


def _strange(line: str) -> str:
    """The first word of a command line that no command takes, or an empty string."""
    here: click.Command = main
    for word in line.split():
        if word.startswith("--"):
            known = {option for parameter in here.params for option in (*parameter.opts, *parameter.secondary_opts)}
            if word.partition("=")[0] not in known | {"--help"}:
                return word
        elif isinstance(here, click.Group) and word not in ("prod", "dev", "…"):
            names = [name for name in word.split("|") if name not in here.commands]
            default = here.commands.get(getattr(here, "default", ""))
            if names and default is None:
                return names[0]
            found = here.commands.get(word.split("|")[0]) or default
            assert found
            here = found
    return ""


@for_each(page=PAGES)
def test_every_command_that_a_page_names_is_there_with_its_options(page: Path) -> None:
    wrong = {line: _strange(line) for line in _commands(page) if _strange(line)}
    assert not wrong, f"{page.name} tells people to type what `ops` does not take: {wrong}"


def test_that_this_would_notice() -> None:
    assert _strange("--stage prod keys create --for cms --label site") == ""
    assert _strange("keys create --stage prod") == "--stage"
    assert _strange("grand EMAIL") == "grand"
    assert sum(len(_commands(page)) for page in PAGES) > 60
