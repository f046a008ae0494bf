"""The pure model of the sync protocol: clients and a server in plain Python, nothing else."""
