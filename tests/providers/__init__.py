"""Identity providers by configuration: the file, the mapping, the keys, the shapes of known products, and a real one."""
