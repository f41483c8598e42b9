"""resolvers.services: the settings' words for who approves."""

from resolvers.services import ApprovalKind


def test_the_kinds_of_approval_are_the_settings_words() -> None:
    assert {kind.name: kind.value for kind in ApprovalKind} == {"BUILTIN": "builtin", "JIRA": "jira"}
