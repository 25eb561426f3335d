"""What an institution sees of itself, one module for each audience. How the NPM sees it is not among it."""
