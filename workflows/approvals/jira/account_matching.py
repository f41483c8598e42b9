"""Match a Jira account with a person whom the gateway knows by name."""

import re
from typing import Final

from auth.caller import GATEWAY_SUBJECT
from auth.lookalikes import look_alike
from workflows.approvals.jira.issues import JiraAccount

# A user name or an e-mail address. Anything else, such as the number that an issuer has given somebody, is no name that
# Jira could know: it would differ from every account, also from its bearer's own.
_NAME_PATTERN: Final = re.compile(r"[\w.+-]*[^\W\d][\w.+-]*(@[\w.-]+)?")
_OPAQUE_ID_PATTERN: Final = re.compile(r"[0-9a-f-]{20,}")


def account_matches(account: JiraAccount, subject: str) -> bool | None:
    """Tell whether the account is the subject's; None if Jira tells too little of the account to say.

    They are the same if any name that Jira has for the account looks like the subject, or if only one of the two is an
    e-mail address whose first part is the other. They are different only if names of one sort were compared.

    Args:
        account: The account.
        subject: A person, as the gateway knows them.
    """
    if subject == GATEWAY_SUBJECT:
        return False
    text = subject.casefold()
    mail, name = (account.email or "").casefold(), (account.name or "").casefold()
    names = {mail, name, account.account_id or "", account.display_name} - {""}
    if any(look_alike(subject, known) for known in names):
        return True
    locals_ = {_local_part(mail), _local_part(name)} - {""}
    if any(look_alike(_local_part(text), known) for known in locals_) and not (_is_mail(text) and _is_mail(mail)):
        return True
    if _NAME_PATTERN.fullmatch(text) is None or _OPAQUE_ID_PATTERN.fullmatch(text):
        return None
    return False if mail or (name and not _is_mail(text)) else None


def _local_part(name: str) -> str:
    return name.split("@", 1)[0]


def _is_mail(name: str) -> bool:
    return "@" in name
