"""What an expert sends and sees about the own engagement."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.stakeholders.experts.rules import ExpertAction, ExpertModality, ExpertStatus
from services.stakeholders.experts.schemas import ContractVersion, ExpertStanding
from shared.schemas import Day, Sent, ShortText, Shown, Whole


class ExpertContract(Shown):
    """The own engagement: state, dates, the contract's versions, and whether one may work today."""

    id: UUID
    modality: ExpertModality
    status: ExpertStatus
    versions: list[ContractVersion]
    confidentiality_signed_on: Day | None
    standing: ExpertStanding
    allowed_actions: list[ExpertAction]


class ExpertContractSignature(Sent):
    """That a version of the contract is signed."""

    contract_version: Annotated[int, Field(ge=1, le=1_000), Whole]
    """Which version; the latest alone can be signed."""


class ExpertContractTransition(Sent):
    """An act of the expert on the own engagement."""

    action: ExpertAction
    """Sign the duty of secrecy, or end."""
    reason: ShortText | None = None
    """Why; needed to end before the contract does."""
