"""Questions with a proposed answer; a secret is typed unseen, and is never an argument."""

from collections.abc import Callable
from dataclasses import dataclass

import click

Check = Callable[[str], str]  # the answer, tidied; raises click.BadParameter with a sentence


@dataclass(frozen=True)
class Asker:
    """Asks a person. `silent` takes every proposed answer; where there is none, the command ends with a sentence."""

    silent: bool = False

    def text(self, question: str, proposed: str = "", *, check: Check = str.strip, optional: bool = False) -> str:
        """Ask until the answer passes `check`. An optional one is left empty with a dash."""

        def tidy(answer: str) -> str:
            bare = answer.strip()
            if optional and bare in ("", "-"):
                return ""
            return check(bare)

        if self.silent:
            if not proposed and not optional:
                raise click.UsageError(f"{question}: no answer is known. Run without --yes and answer it.")
            try:
                return tidy(proposed)
            except click.BadParameter as error:
                raise click.UsageError(f"{question}: {error.message} Run without --yes and answer it.") from None
        hint = f"{question} ('-' for none)" if optional else question
        default = proposed or ("-" if optional else None)
        return str(click.prompt(f"  {hint}", default=default, value_proc=tidy))

    def secret(self, question: str, *, check: Check = str.strip) -> str:
        """Ask for a secret, typed or pasted unseen; empty when nothing was given."""
        if self.silent:
            return ""
        return str(
            click.prompt(
                f"  {question}",
                default="",
                hide_input=True,
                show_default=False,
                value_proc=lambda answer: check(answer.strip()) if answer.strip() else "",
            )
        )

    def yes(self, question: str, *, proposed: bool = True) -> bool:
        """Ask whether a person agrees."""
        return proposed if self.silent else click.confirm(f"  {question}", default=proposed)
