"""Engine-neutral storage: column types, the unit of work, capture, scope, ports."""
