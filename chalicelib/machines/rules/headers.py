"""The headers of a page with a gated article: what machines may do with what they fetched."""

from chalicelib.newsroom.rules import Machines

RSL = "application/rsl+xml"


def headers(policy: Machines, *, license_url: str) -> dict[str, str]:
    """The headers, the same for every page and every reader."""
    found = {"Link": f'<{license_url}>; rel="license"; type="{RSL}"', "TDM-Reservation": _reserved(policy)}
    told = for_robots(policy)
    return {"X-Robots-Tag": ", ".join(told), **found} if told else found


def for_robots(policy: Machines) -> tuple[str, ...]:
    """The words of `X-Robots-Tag`.

    Bing reads two of them for AI, and the weaker one where both stand. `noarchive`: nothing of the page stands in
    answers, nor is it learned from. `nocache`: answers and training get no more than address, title and snippet.
    https://blogs.bing.com/webmaster/september-2023/Announcing-new-options-for-webmasters-to-control-usage-of-their-content-in-Bing-Chat
    """
    told = {
        "noindex": policy.search == "nothing",
        "noarchive": "nothing" in (policy.archive, policy.ai_answers),
        "nocache": policy.ai_answers == "teaser" and "nothing" in (policy.archive, policy.ai_training),
    }
    return tuple(word for word, is_told in told.items() if is_told)


def _reserved(policy: Machines) -> str:
    """Whether rights of text and data mining are reserved (TDMRep; directive (EU) 2019/790, article 4)."""
    return "1" if policy.ai_training == "nothing" else "0"
