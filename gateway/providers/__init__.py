"""OpenID Connect providers by configuration: whose tokens are taken, with which keys, and whom they vouch for."""
