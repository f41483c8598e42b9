"""Every fenced block of README, examples/README and docs/ is run or held by a test; what is not has its reason here.

A new block fails the first test: write who runs it into `RUN_BY`, or why nobody can into `NOT_RUN`.
"""

from collections import Counter
from collections.abc import Mapping

import pytest

from tests.docs.fences import PAGES, ROOT, fences

RUN_BY: Mapping[str, Mapping[str, Mapping[str, int]]] = {
    "README.md": {
        "tests/docs/test_readme.py": {"python": 1, "graphql": 1, "json": 1},
        "tests/docs/test_empty_environment.py": {"": 2},
    },
    "examples/README.md": {"tests/docs/test_answers.py": {"": 1}},
    "docs/architecture.md": {"tests/docs/test_pages.py": {"": 1}},
    "docs/clients.md": {
        "tests/docs/test_clients_page.py": {"sh": 2, "js": 10, "json": 1, "yaml": 1, "python": 1},
        "tests/docs/test_live_screens.py": {"sh": 6},
    },
    "docs/configuration.md": {"tests/docs/test_configuration_page.py": {"": 2, "yaml": 1}},
    "docs/deployments.md": {"tests/docs/test_answers.py": {"graphql": 1, "json": 1}},
    "docs/graph.md": {"tests/docs/test_answers.py": {"graphql": 1, "json": 1}},
    "docs/identity.md": {"tests/docs/test_identity_page.py": {"yaml": 7, "json": 6, "http": 1}},
    "docs/mutations.md": {
        "tests/docs/test_answers.py": {"graphql": 1, "json": 1},
        "tests/docs/test_mutations_page.py": {"": 1, "graphql": 1},
    },
    "docs/notifications.md": {
        "tests/deploy/test_recipes.py": {"yaml": 1},
        "tests/docs/test_notifications_page.py": {"": 1, "python": 1},
    },
    "docs/operations.md": {
        "tests/docs/test_backup.py": {"sh": 4},
        "tests/docs/test_postgres_rights.py": {"sql": 2},
        "tests/deploy/test_nginx.py": {"nginx": 1},
        "tests/workflows/durable/test_recovery.py": {"sql": 1},
    },
    "docs/recipes/nginx.md": {"tests/docs/test_blocks.py": {"": 1}, "tests/deploy/test_recipes.py": {"yaml": 1}},
    "docs/recipes/one-machine.md": {"tests/deploy/test_recipes.py": {"yaml": 1}},
    "docs/rehearsals.md": {"tests/docs/test_blocks.py": {"json": 1}},
    "docs/sandbox.md": {"tests/docs/test_blocks.py": {"python": 1}},
    "docs/serving.md": {
        "tests/deploy/test_recipes.py": {"yaml": 1},
        "tests/docs/test_empty_environment.py": {"": 1},
        "tests/docs/test_answers.py": {"": 1, "json": 1},
    },
    "docs/tools.md": {"tests/docs/test_tools_page.py": {"yaml": 1, "graphql": 1, "python": 1}},
    "docs/tutorials/approval-in-jira.md": {"tests/docs/test_jira_tutorial.py": {"sh": 10, "yaml": 1, "": 1, "json": 5}},
    "docs/tutorials/eks.md": {"tests/docs/test_eks_page.py": {"json": 3, "yaml": 1, "graphql": 1, "": 1}},
    "docs/tutorials/first-question.md": {
        "tests/docs/test_empty_environment.py": {"": 1},
        "tests/docs/test_examples.py": {"python": 3, "": 3},
    },
    "docs/tutorials/model-to-endpoint.md": {"tests/docs/test_readme.py": {"graphql": 4, "json": 4, "": 1}},
}
"""The blocks of each page by the test that runs them or holds them against what is so, counted by language."""

NOT_RUN: Mapping[tuple[str, str], str] = {
    ("docs/recipes/nginx.md", "oauth2-proxy --http-address"): "a program that no registry of the suite has",
    ("docs/recipes/nginx.md", "curl -s https://sagegraph.example.com"): "needs the host; test_nginx.py forges more",
    ("docs/recipes/one-machine.md", "useradd --system"): "makes a user and folders of the machine",
    ("docs/recipes/one-machine.md", "cp deploy/systemd"): "no systemd runs here; test_systemd.py reads the unit",
    ("docs/serving.md", "docker build"): "no container engine runs here; hadolint reads the Dockerfile",
    (
        "docs/tutorials/eks.md",
        "aws iam create-role --role-name gateway",
    ): "no AWS account; its policies are tried in IAM",
    ("docs/tutorials/eks.md", "python -m gateway iam-policy"): "no AWS account; test_iam_policy.py holds the policy",
    ("docs/tutorials/eks.md", "docker build"): "no container engine and no cluster",
    ("docs/tutorials/eks.md", "helm upgrade"): "no cluster; test_helm.py renders and validates these values",
    ("docs/tutorials/eks.md", "kubectl -n ml exec"): "no cluster; its `check` is run on the sandbox",
}
"""The blocks that nobody runs, by page and beginning, with the reason; there are ten, and each more is one too many."""


def is_run(page: str, text: str) -> bool:
    return not any(page == known and text.startswith(first) for known, first in NOT_RUN)


@pytest.mark.parametrize("page", PAGES)
def test_somebody_runs_each_block(page: str) -> None:
    blocks = Counter(fence.language for fence in fences(page) if is_run(page, fence.text))
    assert sum((Counter(counts) for counts in RUN_BY.get(page, {}).values()), Counter()) == blocks


def test_each_test_is_there_and_reads_the_page() -> None:
    for page, tests in RUN_BY.items():
        for test in tests:
            text = (ROOT / test).read_text(encoding="utf-8")
            folders, name = page.split("/")[:-1], page.split("/")[-1]
            quoted = [*folders, name if f'"{name}"' in text else "*.md"]
            assert page in text or all(f'"{part}"' in text for part in quoted), test


def test_what_nobody_runs_is_there_once_and_is_not_more_than_it_was() -> None:
    for page, first in NOT_RUN:
        assert len([fence for fence in fences(page) if fence.text.startswith(first)]) == 1, (page, first)
    assert len(NOT_RUN) == 10
