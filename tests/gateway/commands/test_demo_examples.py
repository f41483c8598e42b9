"""gateway.commands.demo_examples: GraphiQL's tabs, before and after the tour has made what they need."""

import json
import shlex
from typing import Any

from aws.kinds.kind import Kind
from gateway.commands.demo_approval import APPROVER_HEADERS
from gateway.commands.demo_examples import MOVED_RUNTIME, STARTED_JOB, DemoIds, demo_examples, watch_command
from resolvers.node_ids import decode_node_id
from sandbox.estate.groups import ESTATE

IDS = DemoIds("RGVwbG95bWVudDox", "UmVnaXN0cmF0aW9uOjE")


def test_the_examples_have_what_they_want() -> None:
    shown = {example.name: example for example in demo_examples(ESTATE, "newest", IDS, approves=True)}
    assert len(shown) == 17
    assert shown["Approve"].variables == shown["Rehearsal"].variables == {"id": IDS.deployment}
    assert shown["StillMissing"].variables == {"id": IDS.waiting_registration}
    assert shown["Approve"].headers == APPROVER_HEADERS
    others = {name: example.headers["X-Acting-Group"] for name, example in shown.items() if example.headers}
    assert others == {"Approve": "mlops", "LiveInbox": "mlops", "UpdateRuntime": "marketing"}
    assert all(value for example in shown.values() for value in example.variables.values())


def test_what_jira_approves_has_no_tab_that_approves() -> None:
    shown = {example.name for example in demo_examples(ESTATE, "newest", IDS, approves=False)}
    assert "Approve" not in shown
    assert len(shown) == 16


def test_before_the_tour_there_are_no_tabs_without_ids() -> None:
    assert [example.name for example in demo_examples(ESTATE, "newest", None, approves=True)][5:] == [
        "ImportModel",
        "OnTheirWay",
        "LiveRuntime",
        "LiveJob",
        "LiveInbox",
        "UpdateRuntime",
        "CreateTransformJob",
    ]


def test_the_live_examples_watch_what_their_changes_change() -> None:
    shown = {example.name: example for example in demo_examples(ESTATE, "newest", IDS, approves=True)}
    ids: list[Any] = [shown[name].variables["ids"] for name in ("LiveRuntime", "LiveJob")]
    watched = [(node.kind, node.group, node.name) for node in (decode_node_id(encoded) for (encoded,) in ids)]
    assert watched == [(Kind.RUNTIME, "marketing", MOVED_RUNTIME), (Kind.TRANSFORM_JOB, "risk", STARTED_JOB)]
    changed: list[Any] = [shown[name].variables["input"] for name in ("UpdateRuntime", "CreateTransformJob")]
    assert [given["name"] for given in changed] == [MOVED_RUNTIME, STARTED_JOB]
    assert shown["LiveDeployment"].variables == {"ids": [IDS.deployment]}


def test_a_shell_takes_the_command_that_watches() -> None:
    words = shlex.split(watch_command("http://127.0.0.1:1", IDS))
    assert words[:3] == ["curl", "-sN", "http://127.0.0.1:1/graphql"]
    assert {"Accept: text/event-stream", "X-Forwarded-User: demo"} <= set(words)
    assert json.loads(words[-1])["variables"] == {"ids": [IDS.deployment]}
