"""What each audience sends and sees about recommendations; one file per audience, no model serves two."""
