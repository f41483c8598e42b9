"""Accounts of the stand-in Jira: the gateway's own, and people."""

import base64
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Account:
    """An account that logs in and moves issues.

    Cloud knows people by accountId and may hide the e-mail address
    (CLOUD deprecation-notice-user-privacy-api-migration-guide/), Data Center by name and key (DC #api/2/user).

    Attributes:
        name: Name on Data Center; the accountId on Cloud ends with it.
        display_name: Name for people.
        email: E-mail address; None if the account hides it.
    """

    name: str
    display_name: str
    email: str | None

    @property
    def token(self) -> str:
        """Its API token (Cloud) or personal access token (Data Center)."""
        return f"jira-token-of-{self.name}-that-nobody-may-see"

    def authorization(self, *, cloud: bool) -> str:
        """The header that it logs in with: e-mail address and API token on Cloud, a bearer token on Data Center.

        CLOUD basic-auth-for-rest-apis/; for Data Center
        https://confluence.atlassian.com/enterprise/using-personal-access-tokens-1026032365.html.
        """
        if not cloud:
            return f"Bearer {self.token}"
        return f"Basic {base64.b64encode(f'{self.email or self.name}:{self.token}'.encode()).decode()}"

    def shown(self, *, cloud: bool) -> dict[str, Any]:
        """The account in the form of answers of Cloud or Data Center."""
        names = {"name": self.name, "key": f"JIRAUSER{len(self.name)}"}
        if cloud:
            names = {"accountId": f"557058:{self.name}", "accountType": "atlassian"}
        mail = {} if self.email is None else {"emailAddress": self.email}
        return {**names, **mail, "displayName": self.display_name, "active": True}


GATEWAY = Account("sagegraph", "SageGraph", "sagegraph@example.com")
ANN = Account("ann", "Ann Smith", "ann@example.com")
BEN = Account("ben", "Ben Jones", "ben@example.com")
