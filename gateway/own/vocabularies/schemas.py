"""What goes out about vocabularies."""

from shared.schemas import Shown


class Term(Shown):
    """A code with its label."""

    code: str
    label: str


class VocabularyShown(Shown):
    """An enumeration with its labels; codes are never translated."""

    name: str
    terms: list[Term]


class VocabularyNames(Shown):
    """The names of all vocabularies."""

    names: list[str]
