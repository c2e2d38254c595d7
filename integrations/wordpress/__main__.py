"""Write the zip: `python -m integrations.wordpress`."""

from integrations.wordpress.packed import ZIP, packed

ZIP.parent.mkdir(exist_ok=True)
ZIP.write_bytes(packed())
print(f"{ZIP}: upload it in WordPress under Plugins, Add New, Upload Plugin.")  # noqa: T201 - what the command answers
