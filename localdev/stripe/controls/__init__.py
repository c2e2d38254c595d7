"""`/_control/…`: what a script or the control page may make happen. Importing this registers all of it."""

from localdev.stripe.controls import changes, ledger, money, supporters, traffic
from localdev.stripe.controls.calls import RULES, blueprint

__all__ = ["RULES", "blueprint", "changes", "ledger", "money", "supporters", "traffic"]
