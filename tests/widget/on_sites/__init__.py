"""The elements on other people's pages: their policies, their scripts, their routers' copies, their readers."""
