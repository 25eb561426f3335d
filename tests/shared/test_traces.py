"""The trace of a request: taken over where it is exactly as the recommendation says, begun anew in every other case."""

import pytest

from shared.traces import begun

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


def sent(*values: str) -> list[tuple[bytes, bytes]]:
    return [(b"traceparent", value.encode("latin-1")) for value in values]


@pytest.mark.parametrize(("flags", "handed_on"), [("00", "00"), ("01", "01"), ("03", "01"), ("fe", "00"), ("ff", "01")])
def test_a_trace_goes_on_with_a_span_of_our_own(flags: str, handed_on: str) -> None:
    trace = begun(sent(f"00-{TRACE}-{SPAN}-{flags}"))

    assert (trace.trace_id, trace.parent_id, trace.flags) == (TRACE, SPAN, handed_on)
    assert trace.span_id not in (SPAN, "0" * 16)
    assert trace.header() == f"00-{TRACE}-{trace.span_id}-{handed_on}"


@pytest.mark.parametrize(
    "values",
    [
        [],
        [""],
        [f"00-{TRACE}-{SPAN}"],
        [f"00-{TRACE}-{SPAN}-01-more"],
        [f"01-{TRACE}-{SPAN}-01"],
        [f"ff-{TRACE}-{SPAN}-01"],
        [f"00-{TRACE.upper()}-{SPAN}-01"],
        [f"00-{'0' * 32}-{SPAN}-01"],
        [f"00-{TRACE}-{'0' * 16}-01"],
        [f"00-{TRACE[1:]}-{SPAN}-01"],
        [f"00-{TRACE}-{SPAN}-1"],
        [f" 00-{TRACE}-{SPAN}-01"],
        [f"00-{TRACE}-{SPAN}-01\n"],
        ["the prisoner said that"],
        [f"00-{TRACE}-{SPAN}-01", f"00-{TRACE}-{SPAN}-01"],
    ],
)
def test_what_is_malformed_begins_a_new_trace(values: list[str]) -> None:
    first, second = begun(sent(*values)), begun(sent(*values))

    assert TRACE not in (first.trace_id, second.trace_id)
    assert first.trace_id != second.trace_id
    assert first.parent_id == ""
    assert (len(first.trace_id), len(first.span_id), first.flags) == (32, 16, "01")
