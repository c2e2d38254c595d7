"""`doctor --leaks`: reads the website with a stranger's eyes and looks for text that only supporters may read."""
