"""Where money comes from: each rail alone knows the words of its provider. Their contract is `booking/rail.py`."""
