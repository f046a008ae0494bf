"""The vault's lineage of migrations: tables of the desktop alone."""
