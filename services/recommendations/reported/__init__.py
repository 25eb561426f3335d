"""What an older source tells of a recommendation without the answers themselves: who is written there, how many replied."""
