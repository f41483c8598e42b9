"""gateway.settings.settings: pydantic's complaints as faults in our own words."""

from gateway.settings.document import UNKNOWN
from gateway.settings.errors import SettingsFault
from gateway.settings.server import LimitSettings, ServerSettings
from gateway.settings.settings import Settings, validate


def test_a_block_that_is_right() -> None:
    assert validate(ServerSettings, {"port": "0"}) == (ServerSettings.model_validate({"port": 0}), [])


def test_every_fault_of_a_block() -> None:
    written = {"depth": "0", "pageSize": "101", "cost": None, "dept": "3", "tokens": ["5"]}
    block, faults = validate(LimitSettings, written)
    assert block is None
    assert faults == [
        SettingsFault("depth", "is not valid; expected a whole number of at least 1"),
        SettingsFault("tokens", "is not a whole number; write one in digits, such as 100"),
        SettingsFault("pageSize", "is not valid; expected a whole number from 1 to 100"),
        SettingsFault("cost", "is empty; expected a whole number of at least 1"),
        SettingsFault("dept", "is not a key here; did you mean depth?"),
    ]


def test_wrong_shapes() -> None:
    written = {
        "server": "geheim",
        "permissions": {"a": "geheim"},
        "identity": None,
        "sagemaker-credentials": ["geheim"],
    }
    block, faults = validate(Settings, written)
    assert block is None
    assert faults == [
        SettingsFault("server", "is not a mapping of keys; see docs/configuration.md for its form"),
        SettingsFault("identity", "is empty; give it a value, or remove the line"),
        SettingsFault("sagemaker-credentials", "is not a mapping of keys; see docs/configuration.md for its form"),
        SettingsFault("permissions", "is not a list; see docs/configuration.md for its form"),
    ]


def test_missing_keys_say_what_they_take() -> None:
    _, faults = validate(Settings, {"permissions": [{}]})
    everyone = (
        'is missing; write `group: "*"` for every authenticated caller, or the name of one group such as `group: risk`'
    )
    assert faults == [
        SettingsFault("permissions[0].group", everyone),
        SettingsFault("permissions[0].allow", "is missing; expected a list"),
    ]


def test_nothing_is_said_of_what_is_unknown_or_below_it() -> None:
    written = {"server": {"port": UNKNOWN}, "jira": UNKNOWN, "permissions": [{"group": "a", "allow": [UNKNOWN, "FLY"]}]}
    block, faults = validate(Settings, written)
    assert block is None
    assert [fault.key for fault in faults] == ["permissions[0].allow[1]"]
