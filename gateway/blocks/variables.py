"""`${VARIABLES}` of the environment, replaced after the YAML is read, so that they never change its structure."""

import re
from collections.abc import Mapping
from typing import Any

from gateway.blocks.faults import Fault
from gateway.blocks.keys import Place, spelled
from gateway.blocks.written import UNKNOWN

# `$${` stands for a plain `${`; anything else that begins with `${` must be a name in braces.
REFERENCE = re.compile(r"\$\$\{|\$\{(?:([A-Za-z_][A-Za-z0-9_]*)\})?")


def fill(written: Any, environ: Mapping[str, str]) -> tuple[Any, list[Fault]]:
    """What is written with its variables replaced, and a fault for each one that cannot be.

    A value with such a fault becomes UNKNOWN, so that nothing else is said about it.
    """
    faults: list[Fault] = []
    return _fill(written, environ, (), faults), faults


def _fill(written: Any, environ: Mapping[str, str], place: Place, faults: list[Fault]) -> Any:
    if isinstance(written, str):
        filled, wrong = _replaced(written, environ)
        faults += [Fault(spelled(place), message) for message in wrong]
        return UNKNOWN if wrong else filled
    if isinstance(written, Mapping):
        return {key: _fill(value, environ, (*place, key), faults) for key, value in written.items()}
    if isinstance(written, list):
        return [_fill(value, environ, (*place, number), faults) for number, value in enumerate(written)]
    return written


def _replaced(written: str, environ: Mapping[str, str]) -> tuple[str, list[str]]:
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

    filled = REFERENCE.sub(replacement, written)
    if written and not filled and not wrong:
        wrong.append(f"{written} is set, but empty; give the variable a value")
    return filled, wrong
