"""registry.enums: each word is kept under its own name, so that what is stored reads as what is shown."""

from enum import Enum

import pytest

from registry import enums

ENUMS = [value for value in vars(enums).values() if isinstance(value, type) and issubclass(value, Enum)]


@pytest.mark.parametrize("enum", [item for item in ENUMS if item is not Enum], ids=lambda enum: enum.__name__)
def test_a_word_is_kept_under_its_name(enum: type[Enum]) -> None:
    assert {word.name: word.value for word in enum} == {word.name: word.name for word in enum}


def test_the_steps_stand_in_their_order() -> None:
    assert [step.name for step in enums.DeploymentStepName] == ["VERIFY", "REHEARSE", "APPROVE", "LAUNCH", "NOTIFY"]
