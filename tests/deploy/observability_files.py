"""The dashboard, the rules and the page of operations, and the metrics that they name."""

import json
import re
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).parents[2]
PROMETHEUS: Final = ROOT / "deploy" / "prometheus"
OPERATIONS: Final = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
DASHBOARD: Final[Any] = json.loads((ROOT / "deploy" / "grafana" / "sagegraph.json").read_text(encoding="utf-8"))
_RULES: Final[Any] = yaml.safe_load((PROMETHEUS / "sagegraph.rules.yaml").read_text(encoding="utf-8"))
ALERTS: Final[list[Any]] = [rule for group in _RULES["groups"] for rule in group["rules"]]
EXPRESSIONS: Final = [
    *(rule["expr"] for rule in ALERTS),
    *(target["expr"] for panel in DASHBOARD["panels"] for target in panel.get("targets", ())),
]


def family(name: str) -> str:
    """The family of a sample: a histogram's has no suffix."""
    return re.sub(r"_(bucket|sum|count)$", "", name)


def used_families() -> set[str]:
    """The families that dashboard and alerts name."""
    names = (name for one in EXPRESSIONS for name in re.findall(r"\bsagegraph_\w+", one))
    return {family(name) for name in names}


def documented_families() -> set[str]:
    """The families in the page's table."""
    table = OPERATIONS.split("| metric (`sagegraph_…`) |", 1)[1].split("\n\n", 1)[0]
    rows = re.findall(r"^\| (`[^|]+`) \|", table, re.MULTILINE)
    return {f"sagegraph_{name}" for row in rows for name in re.findall(r"`(\w+)`", row)}
