"""The server's HTTP: a thin skin over the exchange, the devices and the files."""
