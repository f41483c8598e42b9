"""gateway.settings.errors: models, values and their faults."""

from gateway.settings.errors import SettingsError, SettingsFault


def test_the_error_says_every_fault_on_a_line_of_its_own() -> None:
    error = SettingsError([SettingsFault("server.port", "is empty"), SettingsFault("jira", "is missing")])
    assert str(error) == "server.port: is empty\njira: is missing"
    assert error.faults == (SettingsFault("server.port", "is empty"), SettingsFault("jira", "is missing"))
