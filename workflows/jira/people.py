"""Whether an account of Jira's belongs to whoever started a deployment, as far as that can be told."""

import re
from typing import Final

from auth.caller import GATEWAY
from workflows.jira.answers import Person

# A user name or an e-mail address. Anything else, such as the number that an issuer has given somebody, is no name that
# Jira could know: it would differ from every account, also from its bearer's own.
_NAME: Final = re.compile(r"[\w.+-]*[^\W\d][\w.+-]*(@[\w.-]+)?")
_NUMBER: Final = re.compile(r"[0-9a-f-]{20,}")


def is_starter(person: Person, subject: str) -> bool | None:
    """Whether the account is the subject's; None where Jira tells too little of the account to say.

    They are the same where any name that Jira has for the account is the subject, and where only one of the two is an
    e-mail address whose first part is the other. They are different only where names of one sort were compared.

    Args:
        person: The account.
        subject: Who started the deployment, as the gateway knows them.
    """
    if subject == GATEWAY:
        return False
    told = subject.casefold()
    mail, name = (person.email or "").casefold(), (person.name or "").casefold()
    if told in {mail, name, (person.account_id or "").casefold(), person.display_name.casefold()}:
        return True
    if _first(told) in {_first(mail), _first(name)} - {""} and not (_is_mail(told) and _is_mail(mail)):
        return True
    if _NAME.fullmatch(told) is None or _NUMBER.fullmatch(told):
        return None
    return False if mail or (name and not _is_mail(told)) else None


def _first(name: str) -> str:
    return name.split("@", 1)[0]


def _is_mail(name: str) -> bool:
    return "@" in name
