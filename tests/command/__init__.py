"""Tests of the door: the `a22` script and the calls behind it."""
