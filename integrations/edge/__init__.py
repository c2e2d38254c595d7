"""The gate at the edge: scripts for servers and CDNs before the API, each made of one core and a thin adapter."""
