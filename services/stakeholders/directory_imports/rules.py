"""When two lists speak of the same institution, and what holds where both say something.

Pure: no database, no HTTP, no clock. What is uncertain is asked, never guessed.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from shared.workflow import NPM, Vocabulary, Workflow, step

#: What a source says of a body, beside its parents and former names.
VALUES = ("name", "kind", "category", "abbreviation", "competence", "website", "founded_on", "closed_on")
_EMPTY = {"abbreviation": "", "competence": "", "website": ""}


class AuthorityMatchState(Vocabulary):
    """The states of the machine `authority_match`."""

    OPEN = "open", "Open"
    ACCEPTED = "accepted", "Accepted"
    MADE = "made", "Made"
    DROPPED = "dropped", "Dropped"


class AuthorityMatchAction(Vocabulary):
    """What can be done with it."""

    NOTICE = "notice", "Notice"
    ACCEPT = "accept", "Accept"
    MAKE_NEW = "make_new", "Make new"
    DROP = "drop", "Drop"


_State, _Action = AuthorityMatchState, AuthorityMatchAction
AUTHORITY_MATCH = Workflow(
    name="authority_match",
    initial=_State.OPEN,
    create={_Action.NOTICE: step(_State.OPEN, by={"system"}, event="stakeholders.authority_match.opened")},
    transitions={
        (_State.OPEN, _Action.ACCEPT): step(_State.ACCEPTED, by=NPM, event="stakeholders.authority_match.accepted"),
        (_State.OPEN, _Action.MAKE_NEW): step(_State.MADE, by=NPM, event="stakeholders.authority_match.made"),
        (_State.OPEN, _Action.DROP): step(_State.DROPPED, by=NPM, event="stakeholders.authority_match.dropped"),
    },
    final=frozenset({_State.ACCEPTED, _State.MADE, _State.DROPPED}),
)


class Doubt(Vocabulary):
    """Why nobody but a person can say whether a row is a body of the directory."""

    OTHER_NAME = "other_name", "the same website under another name: renamed, or another body"
    OTHER_WEBSITE = "other_website", "the same name, but not the same website"


def site_of(website: str) -> str:
    """Give what a website is known by: its host and the last part of its path; empty without a website."""
    parts = urlsplit(website if "//" in website else f"//{website}")
    host = (parts.hostname or "").removeprefix("www.")
    last = parts.path.rstrip("/").rpartition("/")[2].casefold()
    return f"{host}/{last}" if host else ""


@dataclass
class Known:
    """The bodies of the directory by what they can be recognised by: folded names, websites, sources."""

    by_name: dict[str, set[UUID]] = field(default_factory=dict)
    by_site: dict[str, set[UUID]] = field(default_factory=dict)
    in_source: set[UUID] = field(default_factory=set)
    """Bodies that the source being read has a row of already."""

    def learn(self, body: UUID, folded_name: str, site: str, *, is_of_source: bool) -> None:
        """Know a body by one more name and website."""
        self.by_name.setdefault(folded_name, set()).add(body)
        if site:
            self.by_site.setdefault(site, set()).add(body)
        if is_of_source:
            self.in_source.add(body)


@dataclass(frozen=True, kw_only=True)
class Recognised:
    """What a new row turns out to be: a known body, a new one (neither), or one of several candidates."""

    body: UUID | None = None
    candidates: tuple[UUID, ...] = ()
    doubt: Doubt | None = None


def recognised(known: Known, folded_name: str, site: str) -> Recognised:
    """Say what a row of a source is.

    Name and website alike: the same body. One of them alone: asked. Within one source, rows of one name are different
    bodies, and only a page of its own (not a bare host) that two rows share is asked.
    """
    named = known.by_name.get(folded_name, set()) - known.in_source
    at_site = known.by_site.get(site, set()) if site else set()
    if site.endswith("/"):
        at_site = at_site - known.in_source
    both = named & at_site
    if len(both) == 1:
        return Recognised(body=next(iter(both)))
    doubtful = tuple(sorted(both or named | at_site))
    if not doubtful:
        return Recognised()
    return Recognised(candidates=doubtful, doubt=Doubt.OTHER_NAME if at_site else Doubt.OTHER_WEBSITE)


def merged(said: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Give what holds where several sources speak of one body, the most trusted first: of each value the first that is said.

    Names that differ, as other sources write them, are kept as former names without a day.
    """
    values = {name: next((each[name] for each in said if each.get(name)), _EMPTY.get(name)) for name in VALUES}
    chosen = _plain(str(values["name"]))
    others = [{"name": each["name"], "until": None} for each in said if _plain(each["name"]) != chosen]
    former = [*(former for each in said for former in each.get("former_names") or []), *others]
    once = {(_plain(each["name"]), each.get("until")): each for each in reversed(former)}
    return {**values, "former_names": list(reversed(once.values()))}


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Give the values that a source has changed; what a person changed meanwhile stays."""
    return {name: value for name, value in after.items() if name not in before or before[name] != value}


def joined(*lists: Iterable[str]) -> list[str]:
    """Give everything of several lists, each once."""
    return list(dict.fromkeys(each for one in lists for each in one))


def parents_after(current: Sequence[str], before: Collection[str], after: Sequence[str]) -> list[str]:
    """Give a body's parents when what its sources say changes: those a person entered stay."""
    return joined((each for each in current if each not in before), after)
