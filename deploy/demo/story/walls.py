"""Step 9: at every step the others saw nothing they may not; what an authority can reach holds no word of complaints."""

import re

from deploy.demo.story.scene import Story
from deploy.demo.story.stage import insist

#: Names of fields that no outer audience's answer may have.
FIELDS = re.compile(r'"(complaint\w*|signal|pattern\w*|silence\w*|score|severity|is_contradicted|finding\w*)":')
CRAWLED = ("authority A", "authority B", "expert-two", "partner-two", "public")


async def play(story: Story) -> None:
    """Crawl, search, sum up."""
    words = _words(story)
    told = []
    for label in CRAWLED:
        reached = await story.audiences.crawl(label)
        found = [*(word for word in words if word in reached), *FIELDS.findall(reached)]
        insist(not found, f"crawl of {label}: expected no word of complaints, seen {found[:3]}")
        told.append(f"{label} {len(reached.encode()):,} bytes")
    story.tell(
        f"9. Walls: {story.audiences.checks} times others asked and saw nothing they may not. Crawled to the end: "
        f"{' · '.join(told)}: none of {len(words)} names, ids and words of the complaints in it."
    )


def _words(story: Story) -> list[str]:
    """Give what was said in confidence: names, numbers, ids, sentences."""
    external = story.known["external_ids"]
    names = [f"Vesta {each.title()}" for each in external]
    sentences = ["Asked for days and nobody came", "It is as before"]
    return [*external, *names, *story.known["complaint_ids"], *sentences, story.known["pattern"]["id"]]
