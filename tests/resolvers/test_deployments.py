"""resolvers.deployments: nothing yet."""

from resolvers.deployments import nothing_yet


def test_there_is_nothing_yet() -> None:
    assert nothing_yet() is None
