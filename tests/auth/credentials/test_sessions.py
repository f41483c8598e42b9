"""Sessions that share what is costly."""

from auth.credentials.keys import AwsKeys
from auth.credentials.sessions import new_data_loader, new_session
from auth.credentials.signing import SigningCredentials


async def test_sessions_share_the_loader_and_sign_with_their_own_credentials() -> None:
    async def keys() -> AwsKeys:
        return AwsKeys("AKIA1", "secret")

    loader = new_data_loader()
    credentials = SigningCredentials(keys)
    one, other = new_session(loader, credentials), new_session(loader)
    assert one.get_component("data_loader") is loader
    assert other.get_component("data_loader") is loader
    assert await one.get_credentials() is credentials


def test_a_session_of_its_own_has_its_own_loader() -> None:
    assert new_session(None).get_component("data_loader") is not new_session(None).get_component("data_loader")
