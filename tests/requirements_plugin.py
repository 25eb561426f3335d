"""A pytest plugin for `./a22 requirements`: writes which test carries which requirement. Changes nothing about the tests."""

import json
from collections import defaultdict
from pathlib import Path

import pytest

OPTION = "--requirements-shown"


class Shown:
    """Remembers the marked tests while they are collected, before any is deselected."""

    def __init__(self, report: Path) -> None:
        """Write to `report` in the end."""
        self.report = report
        self.tests: defaultdict[str, set[str]] = defaultdict(set)

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Note a test's requirements under its name without the parameters."""
        for marker in item.iter_markers("requirement"):
            for requirement in marker.args:
                self.tests[requirement].add(item.nodeid.partition("[")[0])

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Write what was found, unless a module could not be collected: half a list would look like a whole one."""
        if not session.testsfailed:
            self.report.write_text(
                json.dumps({name: sorted(tests) for name, tests in self.tests.items()}), encoding="utf-8"
            )


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the name of the file to write."""
    parser.addoption(OPTION, type=Path, help="write the tests of each requirement to this JSON file")


def pytest_configure(config: pytest.Config) -> None:
    """Start remembering when a file is named."""
    if report := config.getoption(OPTION):
        config.pluginmanager.register(Shown(report), "requirements-shown")
