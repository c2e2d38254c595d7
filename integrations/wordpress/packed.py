"""The plugin as WordPress takes it: one zip, the same bytes from the same files."""

import io
import zipfile
from pathlib import Path

PLUGIN = Path(__file__).parent / "spilno"
ZIP = Path(__file__).parents[2] / "build" / "spilno-wordpress.zip"
# No file has a time or a mode of whoever packs it; a zip knows no earlier year.
_WHEN = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o100644 << 16


def packed() -> bytes:
    """The zip."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for path in sorted(PLUGIN.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(f"spilno/{path.relative_to(PLUGIN).as_posix()}", _WHEN)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = _READABLE
                entry.create_system = 3
                archive.writestr(entry, path.read_bytes())
    return written.getvalue()
