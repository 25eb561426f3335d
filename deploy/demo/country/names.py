"""Made-up names of regions, towns and people, put together from syllables of our own. None is taken from a map or list."""

from itertools import product
from random import Random

COUNTRY = "Vessmark"
CAPITAL_REGION = "Capital District"
REGIONS = (
    CAPITAL_REGION,
    "Orrel Coast",
    "Upper Tammen",
    "Lower Tammen",
    "Vessk Highlands",
    "Sallow Plain",
    "Eastmarrow",
    "Skarrin Isles",
)
_TOWNS_A_REGION = 10
_STEMS = (
    "Brann Dorv Eldr Fesk Garn Hesk Iskr Jorv Kelv Lomm Mald Nerv Ostr Pell Quarr Rusk Sundr Tirv Vell Wesk Yarr Zorr"
)
_ENDINGS = "uven arra omar isk olt enna ika"
_GIVEN = "Abrin Belu Cathro Dessa Emmir Fyla Gorren Hesme Ilvan Jessu Korvin Lethe Marro Nimue Orsin Perla Quill Rosmer Sadra Tovin Ursel Vanna Wilmer Yssa Zoren"
_FAMILY = "Torresk Vandlow Ommeray Kessrin Dallmore Brusk Fenwarra Halvik Jorrance Lindrake Morrowen Nesset Oxlare Perrigan Quenby Rathmor Selwick Tarnish Ulverin Wexlow"


def _towns() -> dict[str, tuple[str, ...]]:
    """Deal the towns out to the regions, so that neighbours do not sound alike."""
    combined = [stem + ending for ending, stem in product(_ENDINGS.split(), _STEMS.split())]
    return {region: tuple(combined[number :: len(REGIONS)][:_TOWNS_A_REGION]) for number, region in enumerate(REGIONS)}


TOWNS = _towns()
CAPITAL = TOWNS[CAPITAL_REGION][0]


def people(count: int, rng: Random) -> list[str]:
    """Give so many made-up names, each once."""
    everybody = [f"{given} {family}" for given, family in product(_GIVEN.split(), _FAMILY.split())]
    return rng.sample(everybody, count)
