"""The same templates as in the everyday tests of one part each."""

from tests.template.conftest import stack, stage, template, whole

__all__ = ["stack", "stage", "template", "whole"]
