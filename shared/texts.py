"""Texts made comparable: the one way names are folded for sorting and matching, and JSON for parameters.

Never shown to anybody; what people wrote stays as they wrote it.
"""

import json
import re
import unicodedata
from collections.abc import Collection
from typing import Any


def folded(text: str) -> str:
    """Give a name without accents, case, punctuation and double blanks."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return re.sub(r"[\W_]+", " ", plain.casefold()).strip() or text


def as_array(texts: Collection[Any]) -> str:
    """Give texts as one value of a text array, where a parameter holds the arrays of many rows."""
    if not texts:
        return "{}"
    escaped = (str(text).replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return "{" + ",".join(f'"{text}"' for text in escaped) + "}"


def as_json(value: Any) -> str:
    """Give a value as the text of a jsonb parameter."""
    return json.dumps(value, default=str)
