"""The hosted lineage of migrations: tables of the server alone."""
