"""The shared lineage of migrations: tables that the desktop and the hosted account both have."""
