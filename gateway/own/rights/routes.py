"""The route of the caller's rights, for every class with a token."""

from fastapi import APIRouter
from starlette.responses import Response

from gateway.own.rights.schemas import CallerRights, OpenOperation
from gateway.own.work import Own
from shared.access import Operation, actions_open_to
from shared.app import audience_router
from shared.caller import Caller
from shared.http import JSON
from shared.protection import ORDERING_ROLES


async def show_rights(work: Own) -> Response:
    """Show the operations that you may call, for a front end to offer these and no others.

    It is what your class, roles and scopes allow at this moment. Whether a certain thing is yours to see, in which state an
    action is possible, and an expert's standing are judged at each call; `allowed_actions` of a thing tells more.

    A login to which nothing is open gets 403 here and at `me`, with a code that says why: `account_needed`, `no_role` and so on.
    """
    caller = work.caller
    rights = CallerRights(
        audience_class=caller.audience_class,
        roles=sorted(caller.roles),
        operations=[_shown(each, caller) for each in work.composer.open_to(caller)],
    )
    return Response(rights.model_dump_json(), headers={"Cache-Control": "no-store"}, media_type=JSON)


def _shown(operation: Operation, caller: Caller) -> OpenOperation:
    open_to = actions_open_to(operation, caller)
    return OpenOperation(
        operation=operation.operation,
        method=operation.method,
        path=operation.path,
        actions=[each.action for each in operation.actions if each.action in open_to],
        needs_step_up=operation.step_up,
        needs_purpose=operation.purpose,
    )


def _router(audience: str) -> APIRouter:
    made = audience_router(audience, "rights")
    made.add_api_route("", show_rights, methods=["GET"], response_model=CallerRights)
    return made


ROUTERS = tuple(_router(audience) for audience in ORDERING_ROLES)
