"""sandbox.jira.accounts: how an account logs in, and what of it is shown."""

import base64

from sandbox.jira.accounts import ANN, GATEWAY, Account


def test_cloud_logs_in_with_address_and_token_and_data_center_with_the_token() -> None:
    kind, _, pair = ANN.authorization(cloud=True).partition(" ")
    assert (kind, base64.b64decode(pair).decode()) == ("Basic", f"ann@example.com:{ANN.token}")
    assert ANN.authorization(cloud=False) == f"Bearer {ANN.token}"
    assert ANN.token != GATEWAY.token


def test_cloud_knows_people_by_id_and_data_center_by_name() -> None:
    common = {"emailAddress": "ann@example.com", "displayName": "Ann Smith", "active": True}
    assert ANN.shown(cloud=True) == {"accountId": "557058:ann", "accountType": "atlassian", **common}
    assert ANN.shown(cloud=False) == {"name": "ann", "key": "JIRAUSER3", **common}


def test_an_address_may_be_hidden() -> None:
    hidden = Account("eve", "Eve", None)
    assert "emailAddress" not in hidden.shown(cloud=True)
    assert base64.b64decode(hidden.authorization(cloud=True).partition(" ")[2]).startswith(b"eve:")
