"""What all pages share. Nothing here imports a page."""
