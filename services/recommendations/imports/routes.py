"""The route of the import of recommendations: the head alone, with a strong login."""

from services.recommendations.imports import usecases
from services.recommendations.imports.schemas import RecommendationImportRow
from shared.app import audience_router
from shared.imports.kinds import ImportKind
from shared.imports.routes import mount

npm = audience_router("npm", "recommendations")
ROUTERS = (npm,)
_ABOUT = """Import recommendations of an older register, with their addressees, answers and findings.

A row enters in any state with past dates, and says that it is imported. A row is known by source and row id:
sent again it changes nothing, or only the entry itself.
"""
IMPORT = ImportKind(
    name="recommendations",
    operation="import_recommendations",
    row=RecommendationImportRow,
    take=usecases.import_recommendations,
    about=_ABOUT,
)
mount(npm, IMPORT)
