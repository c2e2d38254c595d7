"""`/elements`: every state of the elements, for whoever themes them, and the small API that brings each about."""
