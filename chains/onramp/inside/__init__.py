"""What runs in the contract's box. Nothing here is secret and nothing decides anything."""
