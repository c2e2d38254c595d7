"""Stage files: what setup writes and everything else reads."""

from pathlib import Path

import pytest

from ops import stages
from ops.stages import Stage, StageWrong

ROOT = Path(__file__).resolve().parents[2]
GOOD = Stage(
    "prod",
    "eu-central-1",
    "spilno-prod",
    "spilno-prod-1-eu-central-1",
    "111122223333",
    {
        "SiteId": "herald",
        "PublicUrl": "https://herald.example/support/",
        "SiteOrigins": "https://a.example, https://b",
    },
)


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    odd = Stage(
        "dev", "us-east-1", "spilno-dev", "b", "", {"SiteId": 'a "quoted" \\ name', "AlarmEmail": "і@ї.example"}
    )
    for stage in (GOOD, odd):
        stages.write(stage, tmp_path)
        assert stages.read(stage.name, tmp_path) == stage
    assert not list(tmp_path.glob("*.new"))


def test_what_others_ask_of_it() -> None:
    assert GOOD.public_url == "https://herald.example/support"
    assert GOOD.site_origins == ("https://a.example", "https://b")
    assert (GOOD.table, GOOD.secret_path("X")) == ("spilno-prod", "/spilno/prod/X")
    restored = Stage("prod", "eu-central-1", "spilno-prod", "b", "", {"TableInUse": "spilno-prod-restored"})
    assert restored.table == "spilno-prod-restored"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "region"),
        ('region = "eu-central-1"\nstack = "s"', "bucket"),
        ('region = "Frankfurt"\nstack = "s"\nbucket = "b"', "Frankfurt"),
        ('region = "eu-central-1"\nstack = "s"\nbucket = "b"\ncolour = "red"', "colour"),
        ('region = "eu-central-1"\nstack = "s"\nbucket = "b"\n[parameters]\nLogDays = 30', "LogDays"),
        ('region = "eu-central-1"\nstack = "s"\nbucket = "b"\n[parameters]\nPassKeys = "k:1"', "secret"),
        ('region = "eu-central-1"\nstack = "spilno-dev"\nbucket = "b"', "It has to be spilno-prod"),
        ("region = ", "cannot be read"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, word: str) -> None:
    (tmp_path / "prod.toml").write_text(text)
    with pytest.raises(StageWrong, match=word):
        stages.read("prod", tmp_path)


def test_a_stage_that_is_not_there_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(StageWrong, match="ops setup --stage prod"):
        stages.read("prod", tmp_path)
    for name in ("local", "production", "../prod"):
        with pytest.raises(StageWrong, match="no deployed stage"):
            stages.path_of(name, tmp_path)


def test_the_example_is_right(tmp_path: Path) -> None:
    (tmp_path / "prod.toml").write_bytes((ROOT / "stages" / "example.toml").read_bytes())
    assert stages.read("prod", tmp_path).site_id == "nadrichchia"
