"""Lists of institutions from several sources: what each says, whether two say it of the same body, what holds together."""
