"""gateway.commands.demo_tour: examples with this estate's ids, and the command that approves."""

import json
import shlex

from gateway.commands.demo_tour import APPROVER_HEADERS, DEMO_HEADERS, DemoDeployment, approval_command, demo_examples
from sandbox.estate.groups import ESTATE

WALK = DemoDeployment("RGVwbG95bWVudDox", "AWAITING_APPROVAL", "m-default")


def test_the_examples_have_what_they_want() -> None:
    shown = {example.name: example for example in demo_examples(ESTATE, "newest", WALK)}
    assert len(shown) == 8
    assert shown["Approve"].variables == {"id": WALK.id}
    assert shown["Approve"].headers == APPROVER_HEADERS
    assert all(example.headers is None for name, example in shown.items() if name != "Approve")
    assert all(value for example in shown.values() for value in example.variables.values())


def test_who_approves_is_not_who_started_it() -> None:
    assert APPROVER_HEADERS["X-Forwarded-User"] != DEMO_HEADERS["X-Forwarded-User"]


def test_a_shell_takes_the_command() -> None:
    words = shlex.split(approval_command("http://127.0.0.1:1", WALK))
    assert words[:3] == ["curl", "-s", "http://127.0.0.1:1/graphql"]
    assert "X-Forwarded-User: lead" in words
    query = json.loads(words[-1])["query"]
    assert query == 'mutation { approveDeployment(input: {id: "RGVwbG95bWVudDox"}) { deployment { state } } }'
