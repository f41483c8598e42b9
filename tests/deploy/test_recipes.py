"""docs/recipes and other pages with whole files: each loads, and lacks nothing that `check` asks for."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from auth.permissions import Permission
from gateway.settings.settings import Settings, load
from tests.workflows.notifications.receiver import SECRET

ROOT = Path(__file__).parents[2]
FILES = [
    *sorted((ROOT / "docs" / "recipes").glob("*.md")),
    ROOT / "docs" / "tutorials" / "eks.md",
    ROOT / "docs" / "serving.md",
]
PAGES = {path.stem: path.read_text(encoding="utf-8") for path in FILES}


def blocks(page: str) -> list[Any]:
    """The YAML of a page, values of the chart as the settings in them."""
    read = [yaml.safe_load(text) for text in re.findall(r"```yaml\n(.*?)```", PAGES[page], re.DOTALL)]
    return [block.get("settings", block) for block in read]


def loaded(folder: Path, block: Any) -> Settings:
    path = folder / "sagegraph.yaml"
    text = yaml.safe_dump(block)
    path.write_text(text, encoding="utf-8")
    return load(path, dict.fromkeys(re.findall(r"\$\{(\w+)\}", text), SECRET))


@pytest.mark.parametrize("page", PAGES)
def test_its_settings_load(page: str, tmp_path: Path) -> None:
    assert blocks(page)
    for block in blocks(page):
        settings = loaded(tmp_path, block)
        deploys = any(Permission.DEPLOY in grant.allow for grant in settings.permissions)
        assert not deploys or settings.deployments.rehearsal.output_s3_uri is not None


def test_those_of_eks_take_roles_on_top_of_the_pods(tmp_path: Path) -> None:
    (block,) = blocks("eks")
    settings = loaded(tmp_path, block)
    assert settings.identity.mode == "alb"
    (risk,) = settings.entries().assumed
    (pod,) = settings.entries().web_identity
    assert (risk.group, pod.groups) == ("risk", ())
    assert getattr(risk.base, "path", None) == pod.path


def test_notifications_load(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "notifications.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    (webhook,) = loaded(tmp_path, yaml.safe_load(text)).notifications.webhooks
    assert webhook.events == ("deployment.awaiting_approval", "deployment.failed", "import.*")
