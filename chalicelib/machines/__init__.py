"""What machines may take of articles, said in each of the ways that machines read: robots.txt, headers, a licence."""
