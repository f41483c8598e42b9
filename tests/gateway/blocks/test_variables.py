"""gateway.blocks.variables: the environment inside values, and nowhere else."""

import pytest

from gateway.blocks.faults import SettingsFault
from gateway.blocks.variables import substitute_variables
from gateway.blocks.written import UNKNOWN

ENVIRON = {"NAME": "risk", "EMPTY": "", "YAML": "[a, {b: c}]\n# d", "NESTED": "${NAME}", "_X1": "y"}


@pytest.mark.parametrize(
    ("written", "filled"),
    [
        ("${NAME}", "risk"),
        ("a-${NAME}-${_X1}", "a-risk-y"),
        ("x${EMPTY}", "x"),
        ("$${NAME}", "${NAME}"),
        ("$$${NAME}", "$${NAME}"),
        ("$NAME", "$NAME"),
        ("5$ {NAME}", "5$ {NAME}"),
        ("", ""),
        ("${YAML}", "[a, {b: c}]\n# d"),
        ("${NESTED}", "${NAME}"),
    ],
)
def test_a_value_is_filled_once_and_as_text(written: str, filled: str) -> None:
    assert substitute_variables({"key": written}, ENVIRON) == ({"key": filled}, [])


def test_keys_and_what_is_no_text_stay_as_they_are() -> None:
    written = {"${NAME}": [None, 5, True, {"a": "${NAME}"}]}
    assert substitute_variables(written, ENVIRON) == ({"${NAME}": [None, 5, True, {"a": "risk"}]}, [])


def test_every_variable_that_is_not_set_is_a_fault_of_its_key() -> None:
    written = {"jira": {"token": "${A}-${NAME}-${B}"}, "permissions": [{"group": "${A}"}]}
    filled, faults = substitute_variables(written, ENVIRON)
    assert filled == {"jira": {"token": UNKNOWN}, "permissions": [{"group": UNKNOWN}]}
    assert faults == [
        SettingsFault("jira.token", "the variable A is not set; set it, or write the value here"),
        SettingsFault("jira.token", "the variable B is not set; set it, or write the value here"),
        SettingsFault("permissions[0].group", "the variable A is not set; set it, or write the value here"),
    ]


@pytest.mark.parametrize("written", ["${", "${}", "${NAME", "${A-B}", "${NAME:-geheim}", "${1A}"])
def test_a_reference_that_is_not_one_is_a_fault(written: str) -> None:
    filled, faults = substitute_variables({"key": written}, ENVIRON)
    assert filled == {"key": UNKNOWN}
    assert faults == [SettingsFault("key", "has ${ without a name and }; write ${NAME}, or $${ for a plain ${")]


def test_a_value_that_variables_leave_empty_is_a_fault() -> None:
    filled, faults = substitute_variables({"key": "${EMPTY}"}, ENVIRON)
    assert filled == {"key": UNKNOWN}
    assert faults == [SettingsFault("key", "${EMPTY} is set, but empty; give the variable a value")]
