"""The route that takes in how names of places are written elsewhere. Parse, one use case, shape."""

from services.visits.aliases import usecases
from services.visits.aliases.schemas import PlaceAliasImportRow
from shared.app import audience_router
from shared.imports.kinds import ImportKind
from shared.imports.routes import mount

npm = audience_router("npm", "place-aliases")
ROUTERS = (npm,)
IMPORT = ImportKind(
    name="place-aliases",
    operation="import_place_aliases",
    row=PlaceAliasImportRow,
    take=usecases.import_place_aliases,
    takes_whole=True,
    about="""Import how names of places are written elsewhere, the whole list at once.

A name becomes an alias of the place that came from the named row. Where several places of the region go by it, it
waits among the matches; where the row itself waits there, the name waits with it.""",
)
mount(npm, IMPORT)
