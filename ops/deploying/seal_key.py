"""The seal key of a stage whose parameter store has none.

One that was set up before articles could be sealed gets it by its next deployment. Where the functions have one and
the store lost it, that one is put back: with another, every copy of a sealed article would be dead.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from botocore.exceptions import ClientError

from ops.access_keys import ABOUT, SEAL_KEYS, drawn
from ops.deploying.parameters import values
from ops.deploying.running import setting_of_functions
from ops.output import Refusal
from ops.stages import Stage


class NewSealKey:
    """The key to be stored; `value` is "" where there is one, or the template has no place for any."""

    def __init__(self, template: Mapping[str, Any], stage: Stage, ssm: Any, today: date) -> None:
        self._ssm, self._path = ssm, stage.secret_path(SEAL_KEYS)
        due = "SealKeys" in template.get("Parameters", {}) and not values(ssm, [self._path])
        self._found = next(filter(None, setting_of_functions(stage, SEAL_KEYS)), "") if due else ""
        self.value = self._found or (drawn(today) if due else "")

    def beside(self, parameters: list[dict[str, str]], remarks: list[str]) -> tuple[list[dict[str, str]], list[str]]:
        """The parameters of a deployment, and the remarks on them, with it."""
        if not self.value:
            return parameters, remarks
        remark = (
            f"The parameter store has lost {SEAL_KEYS}; a deployment puts the functions' own back."
            if self._found
            else f"There is no {SEAL_KEYS} yet: a deployment makes one, to seal articles with, and stores it."
        )
        return [*parameters, {"ParameterKey": "SealKeys", "ParameterValue": self.value}], [*remarks, remark]

    def store(self) -> None:
        """Put it into the parameter store, never over one that is there.

        :raises Refusal: the store does not take it.
        """
        if not self.value:
            return
        try:
            self._ssm.put_parameter(
                Name=self._path, Value=self.value, Description=ABOUT[SEAL_KEYS], Type="SecureString", Overwrite=False
            )
        except ClientError as error:
            code = error.response["Error"]["Code"]
            raise Refusal(
                f"{SEAL_KEYS} could not be put into the parameter store ({code}). Nothing was deployed: run it again."
            ) from None
