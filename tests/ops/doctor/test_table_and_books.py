"""The table, the queues in it, the books and the newsroom's file: each finding from facts alone."""

import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar, cast
from unittest.mock import patch

import pytest

from chalicelib import settings
from chalicelib.articles.actions import api_keys
from chalicelib.kernel import keys
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.kernel.schema import TABLE
from chalicelib.kernel.table import Delete, Put, Table
from chalicelib.supporters.rows import erasures as rows
from chalicelib.supporters.rows.erasures import Erasure
from chalicelib.upgrade import rows as upgrades
from chalicelib.upgrade.run import upgrade
from chalicelib.upgrade.steps import STEPS
from ops.doctor.areas import books, erasures, inbox, newsroom, table
from ops.doctor.subject import Subject
from testkit.findings import levels
from testkit.harness import EMAIL_KEY, Harness
from testkit.memory_table import MemoryTable
from testkit.tables import Around
from tests.proofs.releases import kept

NOW = 1_795_000_000
DEMO = Path(settings.__file__).with_name("newsroom.toml")


class TestTable:
    described: ClassVar[dict[str, Any]] = {
        **TABLE, "TableStatus": "ACTIVE", "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"},
        "DeletionProtectionEnabled": True,
    }  # fmt: skip
    ttl: ClassVar[dict[str, Any]] = {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"}
    backups: ClassVar[dict[str, Any]] = {"PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "ENABLED"}}
    fine = table.Facts("prod", described, ttl, backups)

    def with_table(self, **changes: Any) -> table.Facts:
        return replace(self.fine, table={**self.described, **changes})

    def test_as_the_template_makes_it(self) -> None:
        assert levels(table.check(self.fine, NOW)) == {"table": "ok"}

    def test_what_prod_must_have_is_optional_elsewhere(self) -> None:
        bare = {"DeletionProtectionEnabled": False}
        off = {"PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "DISABLED"}}
        facts = replace(self.with_table(**bare), backups=off)
        assert levels(table.check(facts, NOW)) == {"table_recovery": "problem", "table_protection": "problem"}
        assert levels(table.check(replace(facts, stage="dev"), NOW)) == {"table_recovery": "note"}
        assert levels(table.check(replace(facts, stage="local", backups=None), NOW)) == {"table": "ok"}

    @pytest.mark.parametrize(
        ("changes", "code", "level"),
        [
            ({"TableStatus": "UPDATING"}, "table_status", "warning"),
            ({"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]}, "table_keys", "problem"),
            ({"GlobalSecondaryIndexes": []}, "table_index", "problem"),
            ({"BillingModeSummary": {}}, "table_billing", "warning"),
        ],
    )
    def test_one_thing_wrong(self, changes: dict[str, Any], code: str, level: str) -> None:
        assert levels(table.check(self.with_table(**changes), NOW)) == {code: level}

    def test_what_was_changed_by_hand_or_left_out_by_a_restore_is_mended_at_the_table_itself(self) -> None:
        """A deployment of an unchanged template changes nothing back, and knows nothing of a restored table."""
        restored = self.with_table(TableName="spilno-prod-2", DeletionProtectionEnabled=False)
        off = {"PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "DISABLED"}}
        found = list(table.check(replace(restored, ttl={"TimeToLiveStatus": "DISABLED"}, backups=off), NOW))
        assert [one.code for one in found] == ["table_ttl", "table_recovery", "table_protection"]
        restoring = (Path(settings.__file__).parents[1] / "docs" / "restoring.md").read_text(encoding="utf-8")
        told = " ".join(restoring.replace("\\\n", " ").split())
        for one in found:
            assert one.mend.startswith("aws dynamodb ")
            assert one.mend in told

    def test_one_that_is_not_there(self) -> None:
        assert levels(table.check(table.Facts("prod", {}, {}, None, missing="spilno-prod-2"), NOW)) == {
            "table_missing": "problem"
        }

    def test_an_index_that_copies_too_little(self) -> None:
        index = {**TABLE["GlobalSecondaryIndexes"][0], "Projection": {"ProjectionType": "KEYS_ONLY"}}
        found = levels(table.check(self.with_table(GlobalSecondaryIndexes=[index]), NOW))
        assert found == {"table_projection": "problem"}
        index = {**index, "Projection": {"ProjectionType": "ALL"}}
        assert levels(table.check(self.with_table(GlobalSecondaryIndexes=[index]), NOW)) == {"table": "ok"}

    @pytest.mark.parametrize("ttl", [{"TimeToLiveStatus": "DISABLED"}, {**ttl, "AttributeName": "ttl"}])
    def test_no_expiry(self, ttl: dict[str, str]) -> None:
        assert levels(table.check(replace(self.fine, ttl=ttl), NOW)) == {"table_ttl": "problem"}


class TestInbox:
    def check(self, **changes: Any) -> dict[str, str]:
        return levels(inbox.check(replace(inbox.Facts((), (), ()), **changes), NOW))

    def test_nothing_waits_or_only_what_is_new(self) -> None:
        assert self.check() == {"inbox": "ok"}
        assert self.check(pending=(NOW - 60,), mails_due=("2099-01-01T00:00:00Z",)) == {"inbox": "ok"}

    def test_what_waits_too_long(self) -> None:
        assert self.check(pending=(NOW - 1_000,)) == {"inbox_old": "warning"}
        assert self.check(pending=(NOW - 4_000, NOW)) == {"inbox_old": "problem"}
        assert self.check(parked=(NOW - 60,)) == {"inbox_parked": "problem"}
        assert self.check(mails_due=("2020-01-01T00:00:00Z",)) == {"outbox_old": "warning"}


def test_money_of_the_other_mode() -> None:
    fine = books.Facts("prod", livemode=True, foreign=(), seen=12)
    assert levels(books.check(fine, NOW)) == {"books": "ok"}
    assert levels(books.check(replace(fine, foreign=("pi_1",)), NOW)) == {"books_mode": "problem"}


class TestWhatEarlierReleasesWrote:
    def asked(self, table: Table) -> tuple[dict[str, str], list[str]]:
        """What doctor says of this table, and what it asked for that."""
        calls: list[str] = []
        subject = Subject("prod", "herald", "https://news.example", (), "t", DEMO)
        with patch.object(Subject, "table", Around(table, lambda call, _what: calls.append(call))):
            return levels(books.check_age(books.gather_age(subject), NOW)), calls

    def test_a_table_of_before_until_it_is_upgraded(self) -> None:
        table = kept.read("before-rooms").harness().memory
        told, calls = self.asked(table)
        assert told == {"books_upgraded": "warning"}
        assert calls == [*["get"] * len(STEPS), "query"], "it never reads a large table"
        upgrade(table, write=False, now=RealTime(NOW), email_key=EMAIL_KEY)
        assert self.asked(table)[0] == {"books_upgraded": "warning"}
        upgrade(table, write=True, now=RealTime(NOW), email_key=EMAIL_KEY)
        assert self.asked(table) == ({"books_upgraded": "ok"}, ["get"] * len(STEPS))

    def test_an_empty_one_and_one_that_was_noted_when_it_was_made(self) -> None:
        table = MemoryTable()
        assert self.asked(table)[0] == {"books_upgraded": "ok"}
        harness = Harness()
        harness.supporter()
        for row in harness.memory.rows():
            table.write(Put(row))
        assert self.asked(table)[0] == {"books_upgraded": "ok"}, "nobody gave, and no article was put"
        upgrades.note(table, STEPS, RealTime(NOW))
        api_keys.import_key(table, "a key", "cms", RealTime(NOW), "site")
        assert self.asked(table)[0] == {"books_upgraded": "ok"}
        table.write(Delete(keys.upgraded("articles")))
        assert self.asked(table)[0] == {"books_upgraded": "warning"}

    def test_it_names_the_command_that_mends_it(self) -> None:
        (found,) = books.check_age(books.Age("prod", tuple(STEPS), empty=False), NOW)
        assert found.mend.startswith("python -m ops --stage prod upgrade")
        (found,) = books.check_age(books.Age("local", ("articles",), empty=False), NOW)
        assert found.mend.startswith("python -m ops upgrade")
        assert "articles that are not in the list" in found.says


class TestNewsroom:
    def check(self, path: Path, stage: str = "prod") -> dict[str, str]:
        subject = Subject(stage, "herald", "https://news.example", (), "t", path)
        return levels(newsroom.check(newsroom.read_newsroom(subject), NOW))

    def test_ones_own_file(self, tmp_path: Path) -> None:
        (tmp_path / "newsroom.toml").write_bytes(DEMO.read_bytes())
        assert self.check(tmp_path / "newsroom.toml") == {"newsroom": "ok"}

    def test_the_demos_is_wrong_on_prod_only(self) -> None:
        assert self.check(DEMO) == {"newsroom_demo": "problem"}
        assert self.check(DEMO, "dev") == {"newsroom": "ok"}

    def test_who_receives_the_money_is_asked_for_and_a_tax_text_is_named(self, tmp_path: Path) -> None:
        own, demo = tmp_path / "newsroom.toml", DEMO.read_text(encoding="utf-8")
        own.write_text(re.sub(r"(?ms)^\[legal\].*?(?=^# ---- Tiers)", "", demo), encoding="utf-8")
        assert self.check(own) == {"newsroom": "ok", "newsroom_legal": "warning"}
        tax = '[legal]\ntax_text = { uk = "x", en = "x" }'
        own.write_text(demo.replace("[legal]", tax), encoding="utf-8")
        assert self.check(own) == {"newsroom": "ok", "newsroom_tax_text": "note"}

    @pytest.mark.parametrize("text", ['languages = ["tlh"]', "name = ", "\x00"])
    def test_a_mistake(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "newsroom.toml").write_text(text)
        assert self.check(tmp_path / "newsroom.toml") == {"newsroom_mistake": "problem"}


class TestErasures:
    asked = NOW - 7 * 86_400

    @pytest.mark.parametrize(
        ("asked", "code", "level"),
        [
            ([], "erasures", "ok"),
            ([(NOW - 60, NOW + 86_400)], "erasures_open", "note"),
            ([(asked, NOW - 2 * 3600)], "erasures_open", "note"),
            ([(asked, NOW - 4 * 3600), (NOW - 60, NOW + 86_400)], "erasures_late", "warning"),
            ([(NOW - 22 * 86_400, NOW - 15 * 86_400)], "erasures_overdue", "problem"),
        ],
    )
    def test_one_that_should_be_done_is_told(self, asked: list[tuple[int, int]], code: str, level: str) -> None:
        assert levels(erasures.check(erasures.Facts("prod", tuple(asked)), NOW)) == {code: level}

    def test_they_are_read_of_the_table(self, harness: Harness) -> None:
        ada = harness.supporter("ada@reader.example")
        wanted = Erasure(ada, "asked", harness.now(), BusinessTime(harness.now() + 100))
        harness.table.write(rows.put(wanted))
        subject = cast("Subject", SimpleNamespace(table=harness.table, stage="dev"))
        assert erasures.gather(subject).asked == ((wanted.asked_at, wanted.erase_on),)
