"""`${VARIABLES}` of the environment, replaced after the YAML is read, so that they never change its structure."""

import re
from collections.abc import Mapping
from typing import Any

from gateway.blocks.faults import SettingsFault
from gateway.blocks.keys import YamlPath, format_path
from gateway.blocks.written import UNKNOWN

# `$${` stands for a plain `${`; anything else that begins with `${` must be a name in braces.
VARIABLE_PATTERN = re.compile(r"\$\$\{|\$\{(?:([A-Za-z_][A-Za-z0-9_]*)\})?")


def substitute_variables(raw: Any, environ: Mapping[str, str]) -> tuple[Any, list[SettingsFault]]:
    """What is written with its variables replaced, and a fault for each one that cannot be.

    A value with such a fault becomes UNKNOWN, so that nothing else is said about it.
    """
    faults: list[SettingsFault] = []
    return _substitute(raw, environ, (), faults), faults


def _substitute(raw: Any, environ: Mapping[str, str], place: YamlPath, faults: list[SettingsFault]) -> Any:
    if isinstance(raw, str):
        filled, wrong = _substituted_text(raw, environ)
        faults += [SettingsFault(format_path(place), message) for message in wrong]
        return UNKNOWN if wrong else filled
    if isinstance(raw, Mapping):
        return {key: _substitute(value, environ, (*place, key), faults) for key, value in raw.items()}
    if isinstance(raw, list):
        return [_substitute(value, environ, (*place, number), faults) for number, value in enumerate(raw)]
    return raw


def _substituted_text(raw: str, environ: Mapping[str, str]) -> tuple[str, list[str]]:
    """The text with its variables replaced, and what is wrong with them."""
    wrong: list[str] = []

    def replacement(found: re.Match[str]) -> str:
        name = found[1]
        if found[0] == "$${":
            return "${"
        if name is None:
            wrong.append("has ${ without a name and }; write ${NAME}, or $${ for a plain ${")
        elif name not in environ:
            wrong.append(f"the variable {name} is not set; set it, or write the value here")
        return environ.get(name, "") if name else ""

    filled = VARIABLE_PATTERN.sub(replacement, raw)
    if raw and not filled and not wrong:
        wrong.append(f"{raw} is set, but empty; give the variable a value")
    return filled, wrong
