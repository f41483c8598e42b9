"""deploy/sagegraph.example.yaml: every key, in the order of the settings, and a file that `check` passes."""

import argparse
import re
from pathlib import Path
from typing import Any

import pytest

from auth.credential_entries import GroupBase, PathBase
from gateway.commands.check import run
from gateway.settings.document import parse
from gateway.settings.model import all_keys, is_list
from gateway.settings.settings import Settings, load
from sandbox.server import Sandbox

ROOT = Path(__file__).parents[2]
FILE = ROOT / "deploy" / "sagegraph.example.yaml"
EXAMPLE = FILE.read_text(encoding="utf-8")
SECRET = "whsec_c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"
VARIABLES = sorted(set(re.findall(r"\$\{(\w+)\}", EXAMPLE)))


def written_keys(value: Any, above: str = "") -> list[str]:
    """Each key of a file once, such as `permissions[].allow`, as they come."""
    if isinstance(value, list):
        found = [key for item in value for key in written_keys(item, f"{above.removesuffix('.')}[].")]
    elif isinstance(value, dict):
        found = [name for key, below in value.items() for name in (above + key, *written_keys(below, f"{above}{key}."))]
    else:
        found = []
    return list(dict.fromkeys(found))


def test_it_has_every_key_and_no_other() -> None:
    data, faults = parse(EXAMPLE, "the example")
    assert faults == []
    # The price table's own keys are types of instances.
    written = {key for key in written_keys(data) if not key.startswith("prices.")}
    assert written == {key for key, _ in all_keys(Settings)}
    assert any(is_list(field) for _, field in all_keys(Settings))


def test_it_loads_and_hides_its_secrets() -> None:
    settings = load(FILE, dict.fromkeys(VARIABLES, SECRET))
    assert SECRET not in repr(settings)
    assert [entry.base for entry in settings.entries().assumed][:2] == [PathBase("platform"), GroupBase("data-science")]
    assert settings.database.address() == f"postgresql+psycopg://sagegraph:{SECRET}@db.internal/sagegraph"
    assert [grant.group for grant in settings.permissions] == ["*", "risk", "mlops"]


def test_check_passes_it(
    sandbox: Sandbox,
    postgres_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """As it is but for its places: the database, the file of the web-identity token, and the bucket, which is there."""
    database = re.sub(r":[^:@/]*@", "@", postgres_url, count=1)
    token = tmp_path / "token"
    token.write_text("a-token-of-the-service-account")
    path = tmp_path / "sagegraph.yaml"
    places = {"postgresql+psycopg://sagegraph@db.internal/sagegraph": database}
    places["/var/run/secrets/eks.amazonaws.com/serviceaccount/token"] = str(token)
    text = EXAMPLE
    for place, here in places.items():
        assert place in text
        text = text.replace(place, here)
    path.write_text(text, encoding="utf-8")
    for name in VARIABLES:
        monkeypatch.setenv(name, SECRET)
    for name, value in {"ENDPOINT_URL": sandbox.url, "ACCESS_KEY_ID": "any", "SECRET_ACCESS_KEY": "any"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    sandbox.objects.make_bucket("example-model-assets", "222222222222", "eu-west-1")
    status = run(argparse.Namespace(config=str(path)))
    captured = capsys.readouterr()
    lines = captured.out.splitlines()
    assert captured.err == ""
    assert [line for line in lines if line.startswith("FAULT")] == []
    assert (status, lines[-1]) == (0, "0 faults.")
