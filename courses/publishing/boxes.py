"""The real sandbox, for proving."""
