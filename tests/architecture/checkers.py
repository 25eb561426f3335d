"""What a machine can judge about the house's style: one function per habit, from a source to its findings.

A checker reads the tree alone and never imports what it judges. Each one has a red case in test_habits.py.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterator

from tests.architecture.sources import Source

Finding = tuple[int, str]
Checker = Callable[[Source], Iterator[Finding]]

LONGEST_FILE = 300
LONGEST_FUNCTION = 40
FEATURE_FILES = {"__init__", "routes", "usecases", "queries", "schemas", "tables", "rules", "events", "explanations"}
AUDIENCE_FILES = {"__init__", "npm", "expert", "authority", "partner", "public", "imports"}
PURE_MODULES = {"shared.workflow", "shared.themes", "shared.calendar", "shared.caller", "shared.revocations.rules"}
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")}
STATEMENT = re.compile(
    r"(?:^|;|\()\s*(?:select\b.*\bfrom\b|insert\s+into\b|update\s+\S+\s+set\b|delete\s+from\b|with\s+\w+\s+as\s*(?:materialized\s*)?\()",
    re.IGNORECASE | re.DOTALL,
)
SENDS_SQL = {
    "execute",
    "executemany",
    "exec",
    "exec_driver_sql",
    "fetch",
    "fetchrow",
    "fetchval",
    "fetchmany",
    "copy_from_query",
}
SET_COMPARISONS = {"issuperset", "issubset", "isdisjoint", "intersection", "difference", "__contains__"}
ROUTE_METHODS = {"get", "post", "put", "patch", "delete"}

AnyFunction = ast.FunctionDef | ast.AsyncFunctionDef


def files_are_short(source: Source) -> Iterator[Finding]:
    """A file is one room: at most 300 lines."""
    lines = source.text.count("\n")
    if lines > LONGEST_FILE and not source.is_migration:
        yield 1, f"{lines} lines"


def functions_are_short(source: Source) -> Iterator[Finding]:
    """A function fits a look: at most 40 lines."""
    for function in _functions(source.tree):
        lines = (function.end_lineno or function.lineno) - function.lineno + 1
        if lines > LONGEST_FUNCTION and not source.is_migration:
            yield function.lineno, f"{function.name} has {lines} lines"


def modules_say_what_they_are_for(source: Source) -> Iterator[Finding]:
    """Every module has a docstring."""
    if not ast.get_docstring(source.tree):
        yield 1, "no module docstring"


def transactions_end_in_one_place(source: Source) -> Iterator[Finding]:
    """One request is one transaction: only shared/db.py commits or rolls back."""
    if source.path.as_posix() != "shared/db.py":
        for call in _calls(source.tree):
            if isinstance(call.func, ast.Attribute) and call.func.attr in {"commit", "rollback"}:
                yield call.lineno, f".{call.func.attr}() outside shared/db.py"


def sql_stands_in_queries(source: Source) -> Iterator[Finding]:
    """Statements stand in queries.py, where each starts from what the caller may see."""
    if _may_hold_sql(source):
        return
    for call in _calls(source.tree):
        if _name(call.func) == "select":
            yield call.lineno, "select( outside queries.py"
    for text in _texts(source.tree):
        if STATEMENT.search(str(text.value)):
            yield text.lineno, "a statement outside queries.py"


def sql_is_never_built(source: Source) -> Iterator[Finding]:
    """No SQL is put together from values. Roles and policies are: DDL takes no parameters, and their names are the declared table's."""
    if source.path.as_posix() == "shared/db.py" or source.is_migration or source.path.is_relative_to("deploy/postgres"):
        return
    texts = (
        set() if source.path.parts[0] == "shared" else {"text"}
    )  # a default of a table that shared declares is no input
    for call in _calls(source.tree):
        if call.args and _name(call.func) in SENDS_SQL | texts and _is_built(call.args[0]):
            yield call.lineno, f"{_name(call.func)}() of a text that is put together"


def clocks_are_read_in_shared(source: Source) -> Iterator[Finding]:
    """Time is the transaction's, read once in shared.clock; rules get it as a parameter."""
    if source.path.parts[0] not in {"shared", "deploy"}:
        for call in _calls(source.tree):
            if isinstance(call.func, ast.Attribute) and (_name(call.func.value), call.func.attr) in CLOCKS:
                yield call.lineno, f"{_name(call.func.value)}.{call.func.attr}()"


def features_look_alike(source: Source) -> Iterator[Finding]:
    """A feature is services/<service>/<feature>/ with the same few file names.

    When they grow long, routes and schemas become packages with a file per audience, and rules a package.
    """
    match source.path.with_suffix("").parts:
        case ("services", _, "migrations", *_):
            pass
        case ("services", _, _, name) if name not in FEATURE_FILES:
            yield 1, f"a feature has no file {name}.py"
        case ("services", _, _, "routes" | "schemas", name) if name in AUDIENCE_FILES:
            pass
        case ("services", _, _, "rules", _):
            pass
        case ("services", _, _, folder, name, *_):
            yield 1, f"a feature has no {folder}/{name}"


def rules_are_pure(source: Source) -> Iterator[Finding]:
    """Rules import the standard library, the pure modules of shared, and rules of their own service or of the gateway's own."""
    if "rules" not in source.path.with_suffix("").parts:
        return
    folder = rf"{source.path.parts[0]}\.{source.path.parts[1]}"
    own = re.compile(rf"{folder}\.\w+\.rules(\.\w+)*")
    for line, module in _imported(source.tree):
        if (
            module.split(".")[0] not in sys.stdlib_module_names
            and module not in PURE_MODULES
            and not own.fullmatch(module)
        ):
            yield line, f"imports {module}"


def tables_are_not_answers(source: Source) -> Iterator[Finding]:
    """The row is never the answer: no route's response model is a table class."""
    tables = _names_from_tables(source.tree)
    for function in _functions(source.tree):
        for route in _routes(function):
            declared = next(
                (keyword.value for keyword in route.keywords if keyword.arg == "response_model"), function.returns
            )
            if declared is not None and tables & {node.id for node in ast.walk(declared) if isinstance(node, ast.Name)}:
                yield function.lineno, f"{function.name} answers with a table"


def http_errors_stay_in_routes(source: Source) -> Iterator[Finding]:
    """Below the routes errors are ours (shared.errors), without a word of HTTP."""
    if source.path.parts[0] == "services" and "routes" not in source.path.with_suffix("").parts:
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Name) and node.id == "HTTPException":
                yield node.lineno, "HTTPException below the routes"


def routes_and_dependencies_are_async(source: Source) -> Iterator[Finding]:
    """A sync route or dependency goes through a thread: 90 µs each, and a session in two threads."""
    called = {
        _name(call.args[0]) for call in _calls(source.tree) if _name(call.func) in {"Depends", "Security"} and call.args
    }
    for function in _functions(source.tree):
        if isinstance(function, ast.FunctionDef) and (function.name in called or any(_routes(function))):
            yield function.lineno, f"{function.name} is not async"


def scopes_are_judged_in_one_place(source: Source) -> Iterator[Finding]:
    """Who holds which scope is compared in shared/access.py alone: everybody else asks it, or only passes scopes on."""
    if source.path.as_posix() == "shared/access.py":
        return
    for node in ast.walk(source.tree):
        compared = (
            [node.left, *node.comparators]
            if isinstance(node, ast.Compare)
            else [node.left, node.right]
            if isinstance(node, ast.BinOp)
            else [node.func.value, *node.args]
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SET_COMPARISONS
            else []
        )
        for part in compared:
            named = [each for each in ast.walk(part) if isinstance(each, ast.Attribute) and each.attr == "scopes"]
            if any("caller" in _name(each.value) for each in named):
                yield part.lineno, "a scope of a caller is compared outside shared/access.py"


CHECKERS: tuple[Checker, ...] = (
    files_are_short,
    functions_are_short,
    modules_say_what_they_are_for,
    transactions_end_in_one_place,
    sql_stands_in_queries,
    sql_is_never_built,
    clocks_are_read_in_shared,
    features_look_alike,
    rules_are_pure,
    tables_are_not_answers,
    http_errors_stay_in_routes,
    routes_and_dependencies_are_async,
    scopes_are_judged_in_one_place,
)


def marked_requirements(source: Source) -> Iterator[Finding]:
    """Give the ids in the requirement markers of a test file."""
    for call in _calls(source.tree):
        if ast.unparse(call.func).endswith("mark.requirement"):
            yield from (
                (call.lineno, str(argument.value)) for argument in call.args if isinstance(argument, ast.Constant)
            )


def _functions(tree: ast.AST) -> Iterator[AnyFunction]:
    return (node for node in ast.walk(tree) if isinstance(node, AnyFunction))


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _texts(tree: ast.Module) -> Iterator[ast.Constant]:
    """Give the text constants that are not docstrings: a text that stands alone does nothing."""
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node


def _may_hold_sql(source: Source) -> bool:
    holds = {"queries", "tables", "migrations", "postgres", "bench"} & set(source.path.with_suffix("").parts)
    return source.path.parts[0] == "shared" or bool(holds)


def _is_built(argument: ast.expr) -> bool:
    match argument:
        case ast.JoinedStr(values=parts):
            return any(isinstance(part, ast.FormattedValue) for part in parts)
        case ast.BinOp(op=ast.Mod() | ast.Add()):
            return True
        case ast.Call(func=ast.Attribute(attr="format" | "join" | "format_map")):
            return True
        case ast.Call(args=[first, *_]):
            return _is_built(first)
    return False


def _imported(tree: ast.Module) -> Iterator[Finding]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (module := node.module or ""):
            packages = module == "shared" or re.fullmatch(r"services\.\w+(\.\w+)?(\.rules)?", module)
            yield from (
                ((node.lineno, f"{module}.{alias.name}") for alias in node.names)
                if packages
                else ((node.lineno, module),)
            )


def _names_from_tables(tree: ast.Module) -> set[str]:
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    from_module = {
        alias.asname or alias.name for node in imports if (node.module or "").endswith("tables") for alias in node.names
    }
    return from_module | {
        alias.asname or alias.name for node in imports for alias in node.names if alias.name == "tables"
    }


def _routes(function: AnyFunction) -> list[ast.Call]:
    decorators = (decorator for decorator in function.decorator_list if isinstance(decorator, ast.Call))
    return [call for call in decorators if isinstance(call.func, ast.Attribute) and call.func.attr in ROUTE_METHODS]
