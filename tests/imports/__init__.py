"""Tests of imports and of the partner's client: made-up files of the real shapes always, the real files where they lie."""
