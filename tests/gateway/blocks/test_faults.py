"""gateway.blocks.faults: one line for each fault."""

from gateway.blocks.faults import Fault, SettingsError


def test_the_error_says_every_fault_on_a_line_of_its_own() -> None:
    error = SettingsError([Fault("server.port", "is empty"), Fault("jira", "is missing")])
    assert str(error) == "server.port: is empty\njira: is missing"
    assert error.faults == (Fault("server.port", "is empty"), Fault("jira", "is missing"))
