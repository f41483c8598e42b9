"""gateway.commands.demo_examples: GraphiQL's tabs, before and after the tour has made what they need."""

from gateway.commands.demo_approval import APPROVER_HEADERS
from gateway.commands.demo_examples import DemoIds, demo_examples
from sandbox.estate.groups import ESTATE

IDS = DemoIds("RGVwbG95bWVudDox", "UmVnaXN0cmF0aW9uOjE")


def test_the_examples_have_what_they_want() -> None:
    shown = {example.name: example for example in demo_examples(ESTATE, "newest", IDS, approves=True)}
    assert len(shown) == 11
    assert shown["Approve"].variables == shown["Rehearsal"].variables == {"id": IDS.deployment}
    assert shown["StillMissing"].variables == {"id": IDS.waiting_registration}
    assert shown["Approve"].headers == APPROVER_HEADERS
    assert all(example.headers is None for name, example in shown.items() if name != "Approve")
    assert all(value for example in shown.values() for value in example.variables.values())


def test_what_jira_approves_has_no_tab_that_approves() -> None:
    shown = {example.name for example in demo_examples(ESTATE, "newest", IDS, approves=False)}
    assert "Approve" not in shown
    assert len(shown) == 10


def test_before_the_tour_there_are_no_tabs_without_ids() -> None:
    assert [example.name for example in demo_examples(ESTATE, "newest", None, approves=True)][5:] == [
        "ImportModel",
        "OnTheirWay",
    ]
