"""The benchmarks: ratios of one interleaved run against bare handlers that do the same work. Never a timed test."""
