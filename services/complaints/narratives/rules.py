"""The rules of sealed texts: their kinds. Pure: no database, no HTTP, no clock."""

from shared.workflow import Vocabulary


class CaseTextKind(Vocabulary):
    """What a sealed text of a case is."""

    NARRATIVE = "narrative", "Narrative"
    CLARIFICATION = "clarification", "Answer to a question"
    REASON = "reason", "Reason of a step"
