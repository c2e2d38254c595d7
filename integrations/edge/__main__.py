"""Write the scripts for each host anew: `python -m integrations.edge`."""

from integrations.edge.build import HERE, HOSTS, built

for host in HOSTS:
    (HERE / f"{host}.js").write_text(built(host), encoding="utf-8")
