"""The zip: the same files give the same bytes."""

import io
from zipfile import ZipFile

from infra.package.archive import zipped

FILES = {"b.py": b"b" * 1000, "a/z.py": b"", "a/é.txt": "й".encode()}


def test_the_order_of_the_files_does_not_matter() -> None:
    assert zipped(FILES) == zipped(dict(reversed(FILES.items())))


def test_another_byte_makes_another_zip() -> None:
    assert zipped(FILES) != zipped({**FILES, "b.py": b"c" * 1000})


def test_names_are_sorted_times_fixed_and_everybody_may_read() -> None:
    with ZipFile(io.BytesIO(zipped(FILES))) as opened:
        infos = opened.infolist()
        assert [info.filename for info in infos] == sorted(FILES)
        assert {info.date_time for info in infos} == {(1980, 1, 1, 0, 0, 0)}
        assert {info.external_attr >> 16 for info in infos} == {0o100644}
        assert {info.create_system for info in infos} == {3}
        assert {name: opened.read(name) for name in FILES} == FILES
