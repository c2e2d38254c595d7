"""The group `articles`."""

import click

from ops.articles.links import link, links, unlink
from ops.articles.listing import list_articles, remove
from ops.articles.push import push
from ops.articles.seal import seal


@click.group()
def articles() -> None:
    """Articles: from files, a list of them, and gift links for a newsletter or a post."""


for command in (push, list_articles, remove, seal, link, links, unlink):
    articles.add_command(command)
