"""Places of detention: the register that everything else of the service points to."""
