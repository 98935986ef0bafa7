"""Reports of finished results: from a folder to pages."""
