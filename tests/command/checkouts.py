"""Made-up checkouts around the real `a22` script, with requirements that are two tiny wheels on disk. Never uses a network."""

import hashlib
import json
import os
import shutil
import subprocess
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).resolve().parents[2] / "a22"

#: Stands in for `deploy.command` and says what it was started with.
ECHO = """
import importlib.util, json, os, sys
print(json.dumps({
    "arguments": sys.argv[1:],
    "folder": os.getcwd(),
    "home": os.environ["A22_HOME"],
    "environment": sys.prefix,
    "path": sys.path,
    "writes_bytecode": not sys.dont_write_bytecode,
    "has_probe": importlib.util.find_spec("a22_probe") is not None,
    "has_check_probe": importlib.util.find_spec("a22_check_probe") is not None,
}))
"""


@dataclass(frozen=True)
class Checkout:
    """A made-up checkout and the HOME of whoever starts it."""

    folder: Path
    home: Path

    @property
    def script(self) -> Path:
        return self.folder / "a22"

    def environment(self, **more: str) -> dict[str, str]:
        """Give a bare environment: nothing of this test run's own leaks in."""
        return {"PATH": os.environ["PATH"], "HOME": str(self.home), "PIP_CONFIG_FILE": os.devnull, **more}

    def start(
        self,
        *arguments: str,
        script: Path | None = None,
        cwd: Path | None = None,
        environment: Mapping[str, str] | None = None,
        user: int | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run the script to its end."""
        return subprocess.run(
            [script or self.script, *arguments],
            cwd=cwd or self.home,
            env=environment or self.environment(),
            user=user,
            group=user,
            extra_groups=None if user is None else [],
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )


def make_checkout(folder: Path, home: Path) -> Checkout:
    """Make a checkout with the real script, a command that says how it was started, and two requirement lists."""
    command = folder / "deploy" / "command"
    command.mkdir(parents=True)
    home.mkdir(parents=True, exist_ok=True)
    shutil.copy2(SCRIPT, folder / "a22")
    for package in (folder / "deploy", command):
        (package / "__init__.py").touch()
    (command / "__main__.py").write_text(ECHO)
    write_list(folder / "requirements.txt", ["a22_probe"])
    write_list(folder / "requirements-check.txt", ["a22_check_probe"])
    return Checkout(folder, home)


def write_list(path: Path, packages: Sequence[str]) -> None:
    """Write a requirement list with hashes, and the wheels it names beside it."""
    wheels = path.parent / "wheels"
    wheels.mkdir(exist_ok=True)
    lines = [
        "--no-index",
        "--find-links wheels",
        *(f"{name}==1.0 --hash=sha256:{_make_wheel(wheels, name)}" for name in packages),
    ]
    path.write_text("\n".join(lines) + "\n")


def said(run: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """Give what the made-up command said of its start."""
    assert run.returncode == 0, run.stderr
    answer: dict[str, Any] = json.loads(run.stdout)
    return answer


def _make_wheel(folder: Path, name: str) -> str:
    wheel = folder / f"{name}-1.0-py3-none-any.whl"
    about = f"{name}-1.0.dist-info"
    files = {
        f"{name}.py": "",
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/RECORD": f"{name}.py,,\n{about}/METADATA,,\n{about}/WHEEL,,\n{about}/RECORD,,\n",
    }
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in files.items():
            archive.writestr(zipfile.ZipInfo(path), text)  # dated 1980, so that the hash is always the same
    return hashlib.sha256(wheel.read_bytes()).hexdigest()
