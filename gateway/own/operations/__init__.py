"""Operations of one's own: the services' lists as one, and each under one address whichever service carries it out."""
