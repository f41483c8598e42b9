"""Lints, renders and validates the chart, in an environment of its own: `python render_chart.py CHART < values.json`.

It takes a JSON list of values on standard input, and gives on standard output, for each of them, the findings of Helm's
linter, the faults against the schemas of Kubernetes, and the documents.
"""

import json
import sys
from pathlib import Path
from typing import Any

import kubernetes_validate
import yaml
from helm_python.chart import Chart, lint

KUBERNETES = ("1.25", "1.37")


def rendered(chart: Path, values: dict[str, Any]) -> dict[str, Any]:
    report = lint(chart, values, strict=True)
    with Chart.load(chart) as loaded:
        texts = loaded.render(values, name="sagegraph", namespace="ml")
    manifests = [text for name, text in sorted(texts.items()) if name.endswith(".yaml")]
    documents = [document for text in manifests for document in yaml.safe_load_all(text) if document]
    return {
        "lint": [*report["errors"], *(finding for finding in report["messages"] if finding["severity"] > 1)],
        "faults": [fault for version in KUBERNETES for document in documents for fault in faults(document, version)],
        "documents": documents,
    }


def faults(document: dict[str, Any], version: str) -> list[str]:
    try:
        kubernetes_validate.validate(document, version, strict=True)
    except kubernetes_validate.ValidationError as error:
        return [f"{document['kind']} {document['metadata']['name']}, Kubernetes {version}: {error.message}"]
    return []


if __name__ == "__main__":
    json.dump([rendered(Path(sys.argv[1]), values) for values in json.load(sys.stdin)], sys.stdout)
