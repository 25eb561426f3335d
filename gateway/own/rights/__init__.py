"""What the caller may do: the class and scope part of `me`, read from the operation table."""
