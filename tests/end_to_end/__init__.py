"""Tests of the whole: the story, from an empty system to the last step."""
