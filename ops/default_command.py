"""A group of commands of which one is meant where none is named: `supporter EMAIL` is `supporter show EMAIL`."""

import click


def with_default(name: str) -> type[click.Group]:
    """The class of a group whose default command has this name."""

    class WithDefault(click.Group):
        """A group with a default command."""

        default = name

        def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
            """Put the default command before arguments that begin with none."""
            first = next((word for word in args if not word.startswith("-")), None)
            if first not in self.commands and "--help" not in args:
                args = [self.default, *args]
            return super().parse_args(ctx, args)

    return WithDefault
