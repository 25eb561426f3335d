"""The ids that exist, by what names them: so that made-up requests get past 404, and meet what is somebody else's."""

import re
from dataclasses import dataclass, field
from random import Random

from gateway.development import PERSONAS
from tests.harm.crawl import Crawl
from tests.people import People

#: Who reads for each audience. The NPM's two know together nearly everything that there is.
READERS = {
    "public": ("",),
    "expert": ("expert", "expert-two"),
    "authority": ("authority-official", "authority-official-two", "focal-point", "authority-validator"),
    "partner": ("partner", "partner-two", "nhri-complaints", "cso"),
    "npm": ("head", "complaints-officer", "staff", "data-protection-officer"),
}
#: How many things of a list are followed: of outsiders all, as what they were not seen to read counts as hidden from them.
FOLLOWED, ALL = 4, 1_000_000
_PARAMETER = re.compile(r"\{([a-z_]+)\}")
Parameters = dict[str, str]


@dataclass
class Known:
    """Path parameters by the template up to their last name (`/npm/places/{place_id}`) and by who has read them."""

    seen: dict[str, dict[str, list[Parameters]]] = field(default_factory=dict)
    read: dict[str, bytes] = field(default_factory=dict)
    """Everything that a persona has read, as bytes."""

    def pick(self, template: str, persona: str, chance: Random) -> Parameters | None:
        """Give parameters of things that exist: mostly the persona's own, now and then somebody else's."""
        readers = self.seen.get(_named(template), {})
        own = readers.get(persona, [])
        others = [each for name, listed in readers.items() if name != persona for each in listed]
        pool = own if own and chance.random() < 0.75 else [*others, *self._elsewhere(template)]
        return dict(chance.choice(pool)) if pool else None

    def _elsewhere(self, template: str) -> list[Parameters]:
        """Give what the NPM knows under the same resource."""
        inside = re.sub(r"^/[a-z]+/", "/npm/", _named(template))
        return [each for listed in self.seen.get(inside, {}).values() for each in listed]

    def is_hidden(self, persona: str, value: str) -> bool:
        """Tell whether somebody has an id that this persona met nowhere."""
        raw = value.encode()
        return raw not in self.read.get(persona, b"") and any(raw in each for each in self.read.values())


def _named(template: str) -> str:
    return template[: template.rfind("}") + 1]


async def known(people: People) -> Known:
    """Let every reader walk through its audience's reads."""
    found = Known()
    for audience, personas in READERS.items():
        for persona in personas:
            actor = await people.as_(persona, step_up=True) if persona else people.stranger()
            crawl = Crawl(
                actor,
                PERSONAS[persona].audience_class if persona else audience,
                follow=FOLLOWED if audience == "npm" else ALL,
            )
            await crawl.walk()
            found.read[persona] = b"\n".join(each.body for each in crawl.answers.values())
            for path, template in crawl.asked.items():
                _note(found, persona, template, path.partition("?")[0], crawl.answers[path].status)
    return found


def _note(found: Known, persona: str, template: str, path: str, status: int) -> None:
    names = _PARAMETER.findall(template)
    if not names or status != 200:
        return
    values = [value for part, value in zip(template.split("/"), path.split("/"), strict=True) if part.startswith("{")]
    listed = found.seen.setdefault(_named(template), {}).setdefault(persona, [])
    parameters = dict(zip(names, values, strict=True))
    if parameters not in listed:
        listed.append(parameters)
