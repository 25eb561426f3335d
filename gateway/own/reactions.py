"""What the gateway does with the services' events. Each reaction is idempotent by the inbox's position."""

from collections.abc import Mapping

from gateway.own.revocations import usecases as revocations
from gateway.own.revocations.rules import RevocationReason
from shared.db import Work
from shared.inbox import Reaction, Received

#: Why an account ended, in the words of the list of ended access; a reason that is not here is a precaution.
_REASONS = {
    "mandate_ended": RevocationReason.MANDATE_ENDED,
    "contract_ended": RevocationReason.MANDATE_ENDED,
    "left": RevocationReason.MANDATE_ENDED,
    "replaced": RevocationReason.ROLE_CHANGED,
    "security": RevocationReason.SUSPECTED_MISUSE,
}


async def end_login(work: Work, event: Received) -> None:
    """End the tokens, downloads and orders of a login whose account has ended (R-G17)."""
    issuer, subject = str(event.values["issuer"]), str(event.values["subject"])
    reason = _REASONS.get(str(event.values["reason"]), RevocationReason.PRECAUTION)
    await revocations.end_login(work, issuer=issuer, subject=subject, reason=reason)


FEEDS: Mapping[str, Mapping[str, Reaction]] = {"stakeholders": {"stakeholders.account.ended": end_login}}
