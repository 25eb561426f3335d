"""A partner's own small client: pushes its records through the partner's API. It knows the public contract and nothing else."""
