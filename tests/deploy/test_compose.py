"""deploy/compose.yaml: what it starts is what there is, its settings load, and the proxy alone is believed."""

import json
import re
import subprocess
import sys
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmarks.locked_environments import locked_environment
from gateway.__main__ import parser
from gateway.settings.settings import load

DEPLOY = Path(__file__).parents[2] / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
VARIABLES = re.findall(r"^(\w+)=", (DEPLOY / "compose.env.example").read_text(encoding="utf-8"), re.MULTILINE)


def settings() -> Any:
    return load(DEPLOY / "compose.settings.yaml", {**dict.fromkeys(VARIABLES, "word"), "SAGEMAKER_REGION": "us-east-2",
                                                  "SAGEMAKER_ACCESS_KEY_ID": "AKIDEXAMPLE000000000"})  # fmt: skip


def test_what_it_starts() -> None:
    ours = {name: one for name, one in SERVICES.items() if one["image"] == "sagegraph"}
    commands = {name: parser().parse_args(one["command"]).command for name, one in ours.items()}
    assert commands == {"migrate": "migrate", "gateway": "serve", "worker": "worker"}
    for one in ours.values():
        (mount,) = one["volumes"]
        source, target, mode = mount.split(":")
        assert ((DEPLOY / source).exists(), target, mode) == (True, one["command"][2], "ro")
        assert one["read_only"]
    for name in ("gateway", "worker"):
        assert ours[name]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}


def test_its_settings_load_with_its_variables() -> None:
    loaded = settings()
    assert (loaded.server.host, loaded.server.probes.port) == ("0.0.0.0", 8001)
    assert loaded.database.address() == "postgresql+psycopg://sagegraph:word@database/sagegraph"
    assert int(SERVICES["gateway"]["stop_grace_period"].removesuffix("s")) > (
        loaded.server.drain_seconds + loaded.limits.seconds + 2
    )


def test_the_proxy_alone_is_believed_and_published() -> None:
    address = SERVICES["oauth2-proxy"]["networks"]["front"]["ipv4_address"]
    (peer,) = settings().identity.trusted_peers
    assert (str(peer), ip_address(address) in peer) == (f"{address}/32", True)
    published = {name: one["ports"] for name, one in SERVICES.items() if "ports" in one}
    assert published == {"oauth2-proxy": ["127.0.0.1:4180:4180"]}
    assert "front" not in SERVICES["database"]["networks"]
    assert f"--upstream=http://gateway:{settings().server.port}" in SERVICES["oauth2-proxy"]["command"]


@pytest.mark.slow
def test_it_is_of_the_specification() -> None:
    lock = Path(__file__).parent / "requirements" / "artefacts.lock"
    programs = locked_environment(lock, Path(sys.prefix) / "foreign" / "artefacts")
    program = "import sys; from compose_spec import PyCompose; PyCompose.from_yaml(sys.stdin.read()).validate()"
    done = subprocess.run(
        [str(programs / "python"), "-c", program],
        input=json.dumps(COMPOSE),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
