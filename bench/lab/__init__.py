"""What readers wait for: pages in Chromium, as a slow phone loads them; requests, bytes and times."""
