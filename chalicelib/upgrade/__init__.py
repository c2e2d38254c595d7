"""`ops upgrade`: write once what rows of earlier releases lack. All code reads rows that lack it, too."""
