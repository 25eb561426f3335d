"""The journals of all services as one, for those who watch over the processing."""
