"""A zip file that is the same whenever and wherever it is written."""

import io
from collections.abc import Mapping
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

# The earliest time a zip can hold. No time matters in there: the bytecode is told apart by hashes.
_TIME = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o100644  # a plain file that everybody may read: functions run as a user of Lambda's
_UNIX = 3
_LEVEL = 9


def zipped(files: Mapping[str, bytes]) -> bytes:
    """These files as a zip: sorted names, one time, one mode, one level of compression."""
    written = io.BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for name in sorted(files):
            entry = ZipInfo(name, _TIME)
            entry.create_system, entry.external_attr = _UNIX, _READABLE << 16
            entry.compress_type = ZIP_DEFLATED
            archive.writestr(entry, files[name], compresslevel=_LEVEL)
    return written.getvalue()
