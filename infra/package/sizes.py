"""What takes the room in a package, and the most that it may take."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZipFile

from infra.package.errors import PackageFailed

# Lambda takes 50 MB; but a cold start fetches and unpacks it all, and a reader waits meanwhile.
MOST = 9_500_000  # bytes
_SHOWN = 8


def parts(package: Path) -> Mapping[str, int]:
    """Bytes in the zip by what they belong to, a package's bytecode apart from the rest of it."""
    sizes: Counter[str] = Counter()
    with ZipFile(package) as opened:
        for info in opened.infolist():
            first = info.filename.partition("/")[0].removesuffix(".py")
            name = "single modules" if first == "__pycache__" else first
            sizes[f"{name}, bytecode" if info.filename.endswith(".pyc") else name] += info.compress_size
    return sizes


def table(package: Path) -> str:
    """The largest parts, a line each."""
    largest = Counter(parts(package)).most_common()
    lines = [(name, size) for name, size in largest[:_SHOWN]]
    lines.append(("all the rest", package.stat().st_size - sum(size for _, size in lines)))
    return "\n".join(f"  {size / 1e6:6.2f} MB  {name}" for name, size in lines)


def check(package: Path) -> None:
    """Refuse a package that grew too large.

    :raises PackageFailed: with the largest parts.
    """
    size = package.stat().st_size
    if size > MOST:
        raise PackageFailed(
            f"The package has {size / 1e6:.2f} MB, more than the {MOST / 1e6:.1f} MB that keep a cold start short."
            f" The largest parts:\n{table(package)}"
        )
