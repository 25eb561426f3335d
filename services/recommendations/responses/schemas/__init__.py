"""What each audience sends and sees about answers; one file per audience."""
