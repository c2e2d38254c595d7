"""The WordPress plugin, and its zip: `make wordpress`."""
