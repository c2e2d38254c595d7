"""The one way in which packaging fails."""


class PackageError(Exception):
    """Nothing can be packaged like this; the sentence says what is wrong and what to do."""
