"""The development clock; absent in production."""
