"""Plans: strategic, operational, preliminary and interim plans of the NPM."""
