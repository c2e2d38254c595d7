"""Which circles of imports are found."""

import pytest

from tests.architecture.circles import circles, graph


@pytest.mark.parametrize(
    ("made", "found"),
    [
        ({"a": "import b", "b": "import a"}, [["a", "b"]]),
        ({"a": "import b", "b": "def f():\n    from a import g"}, [["a", "b"]]),
        ({"a": "import b", "b": "if TYPE_CHECKING:\n    from a import G"}, [["a", "b"]]),
        ({"a": "from p import b", "p": "", "p.b": "import p.c", "p.c": "from a import g"}, [["a", "p.b", "p.c"]]),
        ({"a": "import b", "b": "import c", "c": "import d", "d": "import c"}, [["c", "d"]]),
        ({"a": "import a"}, [["a"]]),
        ({"p": "from p.a import f", "p.a": "from p.b import g", "p.b": "from p import f"}, [["p", "p.a", "p.b"]]),
        ({"a": "import b", "b": "import c\nimport os", "c": ""}, []),
        ({"p": "", "p.a": "from p import b", "p.b": "from p.c import d", "p.c": "d = 1"}, []),
    ],
)
def test_a_circle_is_noticed(made: dict[str, str], found: list[list[str]]) -> None:
    """The negative control of the finder."""
    assert circles(graph(made)) == found
