"""The elements' sources, and how they are built into what the API serves. See docs/elements.md."""
