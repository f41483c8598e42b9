"""gateway.blocks.reading: pydantic's complaints as faults in our own words."""

from gateway.blocks.faults import Fault
from gateway.blocks.reading import read
from gateway.blocks.serving import Limits, Server
from gateway.blocks.written import UNKNOWN
from gateway.settings import Settings


def test_a_block_that_is_right() -> None:
    assert read(Server, {"port": "0"}) == (Server.model_validate({"port": 0}), [])


def test_every_fault_of_a_block() -> None:
    written = {"depth": "0", "pageSize": "101", "cost": None, "dept": "3", "tokens": ["5"]}
    block, faults = read(Limits, written)
    assert block is None
    assert faults == [
        Fault("depth", "cannot be this; give it a whole number of at least 1"),
        Fault("tokens", "is not a whole number; write one in digits, such as 100"),
        Fault("pageSize", "cannot be this; give it a whole number from 1 to 100"),
        Fault("cost", "is empty; give it a whole number of at least 1"),
        Fault("dept", "is not a key here; did you mean depth?"),
    ]


def test_wrong_shapes() -> None:
    written = {
        "server": "geheim",
        "permissions": {"a": "geheim"},
        "identity": None,
        "sagemaker-credentials": ["geheim"],
    }
    block, faults = read(Settings, written)
    assert block is None
    assert faults == [
        Fault("server", "is not a mapping of keys; see docs/configuration.md for its form"),
        Fault("identity", "is empty; give it a value, or take the line out"),
        Fault("sagemaker-credentials", "is not a mapping of keys; see docs/configuration.md for its form"),
        Fault("permissions", "is not a list; see docs/configuration.md for its form"),
    ]


def test_missing_keys_say_what_they_take() -> None:
    _, faults = read(Settings, {"permissions": [{}]})
    everyone = 'is missing; give it the name of a group, or "*" for every authenticated caller'
    assert faults == [
        Fault("permissions[0].group", everyone),
        Fault("permissions[0].allow", "is missing; give it a list"),
    ]


def test_nothing_is_said_of_what_is_unknown_or_below_it() -> None:
    written = {"server": {"port": UNKNOWN}, "jira": UNKNOWN, "permissions": [{"group": "a", "allow": [UNKNOWN, "FLY"]}]}
    block, faults = read(Settings, written)
    assert block is None
    assert [fault.key for fault in faults] == ["permissions[0].allow[1]"]
