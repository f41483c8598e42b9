"""The Dockerfile, where no engine runs: what it copies is there, what it leaves out is not missed, who it runs as."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.__main__ import parser

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
IGNORED = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()


STAGES = re.split(r"^FROM ", DOCKERFILE, flags=re.MULTILINE)[1:]


def copied(text: str = DOCKERFILE) -> list[str]:
    """What is copied from the project, and not from another stage."""
    lines = re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE)
    return [source for line in lines for source in line.split()[:-1]]


def stage(name: str) -> str:
    (text,) = (text for text in STAGES if text.splitlines()[0].endswith(f" AS {name}"))
    return text


def test_what_is_copied_is_there_and_not_ignored() -> None:
    for source in copied():
        assert (ROOT / source).exists(), source
        assert f"!{source.split('/')[0]}" in IGNORED or f"!{source}" in IGNORED, source


@pytest.mark.crash
def test_every_package_that_serving_imports_is_copied() -> None:
    """Imports the application as the image does: from the copied packages alone."""
    packages = [source for source in copied(stage("gateway")) if (ROOT / source / "__init__.py").exists()]
    program = (
        "import importlib.abc, sys\n"
        f"packages, here = {packages!r}, {[path.parent.name for path in ROOT.glob('*/__init__.py')]!r}\n"
        "class Absent(importlib.abc.MetaPathFinder):\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        top = name.split('.')[0]\n"
        "        if top in here and top not in packages: raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Absent())\n"
        "import gateway.app, gateway.commands.serve, gateway.commands.worker\n"
        "import gateway.commands.check, gateway.commands.iam_policy\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_it_runs_as_nobody_in_particular_and_tells_its_health() -> None:
    text = stage("gateway")
    assert re.search(r"^USER 10001$", text, re.MULTILINE)
    assert text.index("USER 10001") > text.rindex("COPY ")
    assert "HEALTHCHECK" in text
    assert "/readyz" in text


def test_requirements_are_installed_by_hash_and_images_by_digest() -> None:
    assert "--require-hashes -r run.lock" in DOCKERFILE
    assert "npm ci" in DOCKERFILE
    images = re.findall(r"^ARG \w+_IMAGE=(\S+)$", DOCKERFILE, re.MULTILINE)
    assert len(images) == 2
    assert all(re.fullmatch(r"\w+:\d[\w.]*-slim@sha256:[0-9a-f]{64}", image) for image in images)
    names = set(re.findall(r" AS (\S+)$", DOCKERFILE, re.MULTILINE))
    assert set(re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)) - names == {"${PYTHON_IMAGE}", "${NODE_IMAGE}"}


def test_the_demo_is_a_target_and_the_gateway_what_is_built_without_one() -> None:
    assert STAGES[-1] == "gateway\n"
    assert stage("demo").startswith("gateway AS demo\n")
    assert copied(stage("demo")) == ["sandbox"]
    assert "--require-hashes -r demo.lock" in stage("demo-requirements")
    assert parser().parse_args(json.loads(stage("demo").split("\nCMD ")[1].splitlines()[0])).command == "demo"
