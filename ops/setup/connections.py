"""What the steps share: questions, journal, clients, and the stage as it is so far."""

from dataclasses import dataclass, replace
from typing import Any

from ops import stages
from ops.output import Refusal
from ops.setup.asking import Asker
from ops.setup.journal import Journal
from ops.setup.outside import Outside
from ops.stages import Stage


class SetupRefused(Refusal):
    """Setup cannot go on; the sentence says what to do. What was done before stays done."""

    exit_code = 1


@dataclass
class Connections:
    """One run of setup for one stage. Steps read and refine `stage`; what it lacks is "" until its step."""

    journal: Journal
    ask: Asker
    outside: Outside
    stage: Stage
    stripe: Any = None  # v1 services under the key that setup may use; set by the step that checks the key

    def explain(self, text: str) -> None:
        """Say what a question is for; does nothing when nobody is asked."""
        if not self.ask.silent:
            self.journal.say(text)

    def aws(self, service: str) -> Any:
        """A boto3 client in the stage's region."""
        return self.outside.aws(service, self.stage.region)

    def keep(self, **parameters: str) -> None:
        """Write these into the stage's parameters and file, if they differ; an empty one is removed."""
        merged = {**self.stage.parameters, **parameters}
        self.stage = replace(self.stage, parameters={name: value for name, value in merged.items() if value})
        path = stages.path_of(self.stage.name)
        if path.exists() and stages.read(self.stage.name) == self.stage:
            return
        self.journal.change(f"write {path.parent.name}/{path.name}", lambda: stages.write(self.stage))
