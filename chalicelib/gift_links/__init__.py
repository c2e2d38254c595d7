"""Gift links: a supporter gives an article to somebody who does not support, the newsroom to readers of a letter."""
