"""The resources of the gateway itself: a fifth small app in the same operation table."""
