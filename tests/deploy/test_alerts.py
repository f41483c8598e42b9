"""deploy/prometheus and deploy/grafana: alerts with their paragraphs, and expressions that Prometheus takes."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.observability_files import ALERTS, DASHBOARD, EXPRESSIONS, OPERATIONS, PROMETHEUS


def section(name: str) -> str:
    """The paragraph below a heading."""
    return OPERATIONS.split(f"### {name}\n", 1)[1].split("\n#", 1)[0]


def test_every_alert_has_a_paragraph_and_every_paragraph_an_alert() -> None:
    headings = re.findall(r"^### (SageGraph\w+)$", OPERATIONS, re.MULTILINE)
    assert headings == [rule["alert"] for rule in ALERTS]
    for rule in ALERTS:
        told = section(rule["alert"])
        assert [part for part in ("Symptom", "Cause", "Look at", "Remedy") if f"*{part}:*" not in told] == []
        assert rule["annotations"]["runbook"] == f"docs/operations.md#{rule['alert'].lower()}"
        assert rule["annotations"]["summary"]
        assert rule["labels"]["severity"] in {"critical", "warning", "info"}


def test_every_alert_is_tried_on_its_symptom() -> None:
    """promtool runs them in `make slow`."""
    tried = yaml.safe_load((PROMETHEUS / "sagegraph.rules.test.yaml").read_text(encoding="utf-8"))
    assert tried["rule_files"] == ["sagegraph.rules.yaml"]
    assert [one["name"] for one in tried["tests"]] == [rule["alert"] for rule in ALERTS]
    for one in tried["tests"]:
        (sample,) = one["promql_expr_test"][0]["exp_samples"]
        assert f'alertname="{one["name"]}"' in sample["labels"]


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_an_expression_is_balanced_and_names_metrics_of_ours(expression: str) -> None:
    stripped = re.sub(r'"[^"]*"', '""', expression)
    for opening, closing in ("()", "{}", "[]"):
        assert stripped.count(opening) == stripped.count(closing)
    # `up` is Prometheus's own: whether it could scrape a process.
    assert re.search(r"\b((sagegraph|process)_\w+|up\{)", expression)


def test_the_dashboard_lies_in_a_grid() -> None:
    panels: list[dict[str, Any]] = DASHBOARD["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels) > 30
    places = [tuple(panel["gridPos"].values()) for panel in panels]
    assert all(width + x <= 24 for _, width, x, _ in places)
    assert len({(x, y) for _, _, x, y in places}) == len(places)
    assert [panel["title"] for panel in panels if panel["type"] != "row" and not panel["description"]] == []


@pytest.mark.slow
def test_prometheus_takes_rules_and_dashboard(tmp_path: Path) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed (Debian: apt-get install prometheus)")
    shown = [one.replace("$__rate_interval", "5m").replace("$job", ".*") for one in EXPRESSIONS]
    rules = [{"record": f"shown:{number}", "expr": expression} for number, expression in enumerate(shown)]
    every = tmp_path / "every.yaml"
    every.write_text(json.dumps({"groups": [{"name": "every", "rules": rules}]}), encoding="utf-8")
    for arguments in (["check", "rules", str(every)], ["test", "rules", "sagegraph.rules.test.yaml"]):
        run = subprocess.run([promtool, *arguments], cwd=PROMETHEUS, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stdout + run.stderr
