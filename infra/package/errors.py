"""The one way in which packaging fails."""


class PackageFailed(Exception):
    """Nothing can be packaged like this; the sentence says what is wrong and what to do."""
