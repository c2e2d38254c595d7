"""Listens to what a function writes."""

import json
from typing import Any

import pytest

Line = dict[str, Any]


class LogCapture:
    """What was written since the last time; every line must be one JSON object with the keys that all lines have."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture

    def all(self) -> str:
        """As it was written, standard error behind standard output."""
        written, complained = self._capture.readouterr()
        return written + complained

    def lines(self) -> list[Line]:
        """As CloudWatch reads it; what other libraries say is left out."""
        lines = [json.loads(line) for line in self.all().splitlines()]
        assert all({"timestamp", "level", "message"} <= set(line) for line in lines)
        return [line for line in lines if line["message"] != "said by a library"]

    def messages(self) -> list[str]:
        """Only what was done, in order."""
        return [line["message"] for line in self.lines()]


def counted(lines: list[Line]) -> list[tuple[tuple[str, ...], dict[str, int]]]:
    """What CloudWatch makes of these lines: (dimensions as `Name=value`, values by name), as its format says.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
    """
    found = []
    for line in lines:
        for directive in line.get("_aws", {}).get("CloudWatchMetrics", []):
            assert directive["Namespace"] == "Spilno"
            assert isinstance(line["_aws"]["Timestamp"], int)
            values = {metric["Name"]: line[metric["Name"]] for metric in directive["Metrics"]}
            assert all(isinstance(value, int) for value in values.values())
            assert {metric["Unit"] for metric in directive["Metrics"]} <= {"Count", "Seconds", "None"}
            for names in directive["Dimensions"]:
                assert all(isinstance(line[name], str) for name in names)
                found.append((tuple(f"{name}={line[name]}" for name in names), values))
    return found
