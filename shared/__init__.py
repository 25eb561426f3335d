"""The common library of the services. A closed list of small modules; it imports no service."""
