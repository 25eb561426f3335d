"""The `./a22` command: one module per call. It speaks to people and starts things; it holds no rule of the domain."""
