"""Rails: where money comes from. Only a rail knows its provider's words; the contract is `booking/rail.py`."""
