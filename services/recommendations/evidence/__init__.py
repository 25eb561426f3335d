"""Evidence: what speaks about implementation besides the word of the authority."""
