"""The lines of robots.txt (RFC 9309), for our own host and for the newsroom's website.

Three traps. A robot obeys the groups of its own name alone, and nothing that stands under `*`. Names in a row are one
group until a rule comes, whatever stands between them: so `*` comes first and has a rule, an empty one, which closes
what the website's own file may have left open. And who may not fetch a page sees nothing of what the page says: so
search engines are told on the page.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from chalicelib.machines.rules import agents
from chalicelib.newsroom.rules import Machines

_WORDS = {"teaser": "yes", "nothing": "no"}
_HEAD = "# What machines may take of articles that are not open to all, from [machines] in newsroom.toml."


def for_our_host(policy: Machines, *, license_url: str, below: str) -> str:
    """The whole robots.txt of our host.

    :param below: the path of the public address, without a slash at its end.
    """
    groups = [*_shut(policy), ("preview", policy.preview, agents.PREVIEW)]
    return _written(policy, license_url, groups, [f"{below}/read/", f"{below}/v1/articles/"])


def for_the_website(policy: Machines, *, license_url: str) -> str:
    """The lines for the end of the website's robots.txt: it shuts the whole website to who shall take nothing.

    Which of its pages are gated no pattern says. Search engines and previews are told on the page itself, so that
    nobody loses the open articles with the gated ones.
    """
    return _written(of_a_website(policy), license_url, _shut(policy), ["/"])


def of_a_website(policy: Machines) -> Machines:
    """What is said of a whole website, which has open articles as well: they are to be found."""
    return replace(policy, search="teaser")


def shut_out(policy: Machines) -> list[str]:
    """The names that the website's lines shut out."""
    return [name for _, taken, names in _shut(policy) if taken == "nothing" for name in names]


def _shut(policy: Machines) -> list[tuple[str, str, Sequence[str]]]:
    return [
        ("archives", policy.archive, agents.ARCHIVE),
        ("AI answers", policy.ai_answers, agents.AI_ANSWERS),
        ("AI training", policy.ai_training, agents.AI_TRAINING),
    ]


def _written(
    policy: Machines, license_url: str, groups: Iterable[tuple[str, str, Sequence[str]]], paths: Sequence[str]
) -> str:
    lines = [_HEAD, f"License: {license_url}", "", *_everybody(policy)]
    for what, taken, names in groups:
        if taken == "nothing":
            lines += ["", f"# {what}: nothing", *_group(names, paths)]
    return "\n".join(lines) + "\n"


def _group(names: Sequence[str], paths: Sequence[str]) -> Iterator[str]:
    yield from (f"User-agent: {name}" for name in names)
    yield from (f"Disallow: {path}" for path in paths)


def _everybody(policy: Machines) -> Iterator[str]:
    # contentsignals.org: what may be done with what was fetched. The empty rule shuts nothing.
    said = {"search": policy.search, "ai-input": policy.ai_answers, "ai-train": policy.ai_training}
    yield "User-agent: *"
    yield "Content-Signal: " + ", ".join(f"{name}={_WORDS[taken]}" for name, taken in said.items())
    yield "Disallow:"
