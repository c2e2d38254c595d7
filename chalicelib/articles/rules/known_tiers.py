"""Whether the newsroom has the tier that an article asks for."""

from chalicelib.articles.rules.policy import AtLeast, Requirement
from chalicelib.kernel.errors import BadInput
from chalicelib.newsroom.rules import Newsroom


def check_tier(requirement: Requirement, newsroom: Newsroom, *, field: str) -> None:
    """Check that the newsroom has the tier that a requirement names.

    :param field: where the caller wrote it.
    :raises BadInput: `unknown_tier`.
    """
    if isinstance(requirement, AtLeast) and requirement.tier not in newsroom.tier_names:
        tiers = ", ".join(newsroom.tier_names)
        raise BadInput(f"The newsroom has no such tier. Its tiers: {tiers}.", code="unknown_tier", field=field)
