"""What a package is made for: a Python and a processor of Lambda's."""

from typing import NamedTuple

PREFERRED = "3.13"
# The Python versions that Chalice 1.34, the template's linter and Lambda all know.
# Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
SUPPORTED = ("3.11", "3.12", "3.13", "3.14")
ARCHITECTURES = ("arm64", "x86_64")

# The C library of a function's machine: Amazon Linux 2 up to Python 3.11, Amazon Linux 2023 from 3.12 on. A wheel
# that was built against a newer one would not load.
_GLIBC = {"3.11": 26}
_GLIBC_2023 = 34
_MACHINE = {"arm64": "aarch64", "x86_64": "x86_64"}
_OLDEST = {"aarch64": 17, "x86_64": 5}  # the first manylinux of each


class Target(NamedTuple):
    """`python` is one of SUPPORTED, `architecture` one of ARCHITECTURES."""

    python: str
    architecture: str

    @property
    def runtime(self) -> str:
        """Lambda's name for it: `python3.13`."""
        return f"python{self.python}"

    @property
    def tag(self) -> str:
        """As CPython tags its files: `cpython-313`."""
        return f"cpython-{self.python.replace('.', '')}"

    @property
    def machine(self) -> str:
        """The processor as Linux and wheels call it: `aarch64`."""
        return _MACHINE[self.architecture]

    @property
    def platforms(self) -> tuple[str, ...]:
        """The platform tags of wheels that load there, the newest first."""
        newest = _GLIBC.get(self.python, _GLIBC_2023)
        tags = [f"manylinux_2_{minor}_{self.machine}" for minor in range(newest, _OLDEST[self.machine] - 1, -1)]
        return (*tags, f"manylinux2014_{self.machine}")

    def __str__(self) -> str:
        return f"Python {self.python} on {self.architecture}"
