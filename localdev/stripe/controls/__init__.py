"""`/_control/…`: what a script or the control page may make happen. Importing this registers all of it."""

from localdev.stripe.controls import ledger, money, supporters, traffic
from localdev.stripe.controls.calls import RULES, blueprint

__all__ = ["RULES", "blueprint", "ledger", "money", "supporters", "traffic"]
