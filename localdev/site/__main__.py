"""`python -m localdev.site`: the demo news site on SPILNO_SITE_PORT, until SIGTERM or SIGINT."""

from localdev.ports import ports
from localdev.serve import serve
from localdev.site.web import make_app

if __name__ == "__main__":
    serve(make_app, ports().site)
