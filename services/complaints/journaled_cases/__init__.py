"""Which case a row of this service's journal is about, for those who are kept from that case."""
