"""Plays the nine steps in their order against a system that is filled. Its core takes a client; nothing here knows an address."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx

from deploy.demo.story import (
    assessments,
    complaints,
    pictures,
    priorities,
    real,
    recommendations,
    register,
    reports,
    visits,
    walls,
)
from deploy.demo.story.scene import Story, opened
from deploy.demo.story.stage import Stage, Surprise, Tell
from deploy.imports.sending import Refused
from deploy.partner.client import Stopped
from deploy.partner.records import NotRecords
from shared.imports.problems import FileRefused

Step = Callable[[Story], Awaitable[None]]

STEPS: tuple[Step, ...] = (
    register.play,
    complaints.play,
    priorities.play,
    visits.play,
    reports.play,
    recommendations.play,
    assessments.play,
    pictures.play,
    walls.play,
)
#: Whoever must not notice that complaints came in and were analysed.
UNAWARE = ("authority A", "authority B", "expert-two", "partner-two", "public")


async def play(client: httpx.AsyncClient, tell: Tell) -> Story:
    """Play the story on the made-up country; Surprise names the step."""
    try:
        story = await opened(Stage(client), tell)
    except Surprise as surprise:
        raise Surprise(f"step 1: {surprise}") from None
    return await play_on(story)


async def play_real(client: httpx.AsyncClient, folder: Path, tell: Tell) -> Story:
    """Bring real data in, and play the story on what stands out in them."""
    stage = Stage(client)
    try:
        await real.brought_in(stage, folder, tell)
        story = await real.scene(stage, tell)
    except (Surprise, FileRefused, Refused, Stopped, NotRecords) as surprise:
        raise Surprise(f"real input: {surprise}") from None
    return await play_on(story)


async def play_on(story: Story) -> Story:
    """Play the steps on a scene that is set; complaints, runs and preparation leave no trace with those outside."""
    for number, step in enumerate(STEPS, start=1):
        try:
            if number == 2:
                await story.audiences.remember(*UNAWARE)
            await step(story)
            if number == 3:
                story.tell("   " + await story.audiences.compare())
        except Surprise as surprise:
            raise Surprise(f"step {number}: {surprise}") from None
    return story
