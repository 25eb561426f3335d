"""The route that takes in visits made before this system. Parse, one use case, shape."""

from services.visits.history import usecases
from services.visits.history.schemas import VisitImportRow
from shared.app import audience_router
from shared.imports.kinds import ImportKind
from shared.imports.routes import mount

npm = audience_router("npm", "visits")
ROUTERS = (npm,)
IMPORT = ImportKind(
    name="visits",
    operation="import_visits",
    row=VisitImportRow,
    take=usecases.import_visits,
    about="""Import the visits of earlier years, with the place and the graded findings where the source has them.

They stay with the NPM: an authority is shown that a visit was made only where the row says so, and nobody else sees them.""",
)
mount(npm, IMPORT)
