"""What turns the code into something that AWS can run: the package and its template."""
