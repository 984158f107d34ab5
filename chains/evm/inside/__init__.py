"""What runs inside the jails of this engine: the compiler's daemon and the bridge to anvil."""
