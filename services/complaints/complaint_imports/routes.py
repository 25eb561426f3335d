"""The route of the import: npm."""

from services.complaints.complaint_imports import usecases
from services.complaints.complaint_imports.schemas import ComplaintImportRow
from shared.app import audience_router
from shared.imports.kinds import ImportKind
from shared.imports.routes import mount

npm = audience_router("npm", "complaints")
ROUTERS = (npm,)
IMPORT = ImportKind(
    name="complaints",
    operation="import_complaints",
    row=ComplaintImportRow,
    take=usecases.import_complaints,
    about="Import complaints of former years: coded facts, no identities, no narratives.",
)
mount(npm, IMPORT)
