"""deploy/helm: Helm lints and renders it, Kubernetes' schemas take it, and the gateway takes what it is told there."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmarks.locked_environments import locked_environment
from gateway.__main__ import parser
from gateway.settings.settings import load
from gateway.version import VERSION

ROOT = Path(__file__).parents[2]
CHART = ROOT / "deploy" / "helm"
HERE = Path(__file__).parent
SETTINGS = {
    "server": {"port": 9000, "drainSeconds": 25, "probes": {"port": 9001}},
    "limits": {"seconds": 60},
    "assets": {"maxUploadBytes": 5_000_000_000},
    "identity": {"trustedPeers": ["10.0.0.0/16"]},
    "permissions": [{"group": "*", "allow": ["READ"]}],
    "database": {"url": "postgresql+psycopg://sagegraph@db/sagegraph", "password": "${DATABASE_PASSWORD}"},
}
EVERYTHING = {
    "image": {"repository": "registry.example.com/sagegraph", "tag": "1"},
    "imagePullSecrets": [{"name": "registry"}],
    "replicas": 3,
    "worker": {"replicas": 2},
    "settings": SETTINGS,
    "secretName": "sagegraph",
    "env": [{"name": "AWS_REGION", "value": "eu-west-1"}],
    "migrate": {"enabled": True, "secretName": "sagegraph-owner"},
    "serviceAccount": {"annotations": {"eks.amazonaws.com/role-arn": "arn:aws:iam::111111111111:role/gateway"}},
    "ingress": {
        "enabled": True,
        "className": "alb",
        "host": "sagegraph.example.com",
        "annotations": {"alb.ingress.kubernetes.io/scheme": "internal"},
        "tls": [{"hosts": ["sagegraph.example.com"], "secretName": "certificate"}],
    },
    "podAnnotations": {"prometheus.io/scrape": "true"},
    "nodeSelector": {"kubernetes.io/arch": "amd64"},
    "tolerations": [{"key": "ml", "operator": "Exists"}],
    "affinity": {"nodeAffinity": {}},
}
RECIPE = yaml.safe_load(
    (ROOT / "docs/tutorials/eks.md").read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
)
LEAST = {"replicas": 1, "worker": {"replicas": 0}, "migrate": {"enabled": False}, "serviceAccount": {"create": False}}


def test_its_version_is_the_gateways() -> None:
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text(encoding="utf-8"))
    assert chart["version"] == chart["appVersion"] == VERSION.split(".dev")[0]


@pytest.fixture(scope="module")
def rendered() -> dict[str, Any]:
    """What comes of the chart's own values, of all that it takes, of the least, and of the recipe for EKS."""
    programs = locked_environment(HERE / "requirements" / "artefacts.lock", Path(sys.prefix) / "foreign" / "artefacts")
    command = [str(programs / "python"), str(HERE / "render_chart.py"), str(CHART)]
    values = json.dumps([{}, EVERYTHING, LEAST, RECIPE])
    done = subprocess.run(command, input=values, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return dict(zip(("own", "everything", "least", "recipe"), json.loads(done.stdout), strict=True))


Of = Callable[[str, str], list[dict[str, Any]]]


@pytest.fixture(scope="module")
def documents(rendered: dict[str, Any]) -> Of:
    return lambda values, kind: [item for item in rendered[values]["documents"] if item["kind"] == kind]


@pytest.mark.slow
def test_helm_and_kubernetes_find_no_fault(rendered: dict[str, Any]) -> None:
    assert {name: (one["lint"], one["faults"]) for name, one in rendered.items()} == dict.fromkeys(rendered, ([], []))
    kinds = {name: {item["kind"] for item in one["documents"]} for name, one in rendered.items()}
    assert kinds["least"] == {"ConfigMap", "Deployment", "Service"}
    assert kinds["own"] == {*kinds["least"], "PodDisruptionBudget", "ServiceAccount"}
    assert kinds["everything"] == kinds["recipe"] == {*kinds["own"], "Ingress"}


@pytest.mark.slow
def test_the_gateway_takes_its_settings(documents: Of, tmp_path: Path) -> None:
    path = tmp_path / "sagegraph.yaml"
    found = {}
    for values in ("own", "everything"):
        (config,) = documents(values, "ConfigMap")
        path.write_text(config["data"]["sagegraph.yaml"], encoding="utf-8")
        settings = load(path, {"DATABASE_PASSWORD": "word"})
        server, uploads = settings.server, settings.assets.max_upload_bytes
        found[values] = (server.host, server.port, server.probes.port, server.drain_seconds, uploads)
    assert found == {
        "own": ("0.0.0.0", 8000, 8001, 10, 104_857_600),
        "everything": ("0.0.0.0", 9000, 9001, 25, 5_000_000_000),
    }


@pytest.mark.slow
@pytest.mark.parametrize(("values", "ports", "grace"), [("own", (8000, 8001), 47), ("everything", (9000, 9001), 92)])
def test_its_pods(documents: Of, values: str, ports: tuple[int, int], grace: int) -> None:
    gateway, worker = documents(values, "Deployment")
    for deployment, command, port in ((gateway, "serve", ports[0]), (worker, "worker", ports[1])):
        pod = deployment["spec"]["template"]["spec"]
        (container,), (migrate,) = pod["containers"], pod["initContainers"]
        assert parser().parse_args(container["args"]).command == command
        assert parser().parse_args(migrate["args"]).command == "migrate"
        assert container["ports"] == [{"name": "http", "containerPort": port}]
        assert pod["terminationGracePeriodSeconds"] == grace
        for one in (container, migrate):
            assert one["securityContext"]["readOnlyRootFilesystem"]
            assert {mount["mountPath"] for mount in one["volumeMounts"]} == {"/etc/sagegraph", "/tmp"}
        wanted = deployment["spec"]["selector"]["matchLabels"].items()
        assert wanted <= deployment["spec"]["template"]["metadata"]["labels"].items()
    (service,) = documents(values, "Service")
    assert service["spec"]["selector"].items() <= gateway["spec"]["template"]["metadata"]["labels"].items()
    assert not service["spec"]["selector"].items() <= worker["spec"]["template"]["metadata"]["labels"].items()


@pytest.mark.slow
def test_its_secrets_are_variables(documents: Of) -> None:
    (pod, _) = (item["spec"]["template"]["spec"] for item in documents("everything", "Deployment"))
    assert pod["containers"][0]["envFrom"] == [{"secretRef": {"name": "sagegraph"}}]
    assert pod["initContainers"][0]["envFrom"] == [{"secretRef": {"name": "sagegraph-owner"}}]
    assert pod["containers"][0]["env"] == [{"name": "AWS_REGION", "value": "eu-west-1"}]
    (pod, _) = (item["spec"]["template"]["spec"] for item in documents("own", "Deployment"))
    assert "envFrom" not in pod["containers"][0]
