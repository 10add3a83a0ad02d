"""PDF: pages, structure tree, PDF/UA-1 and PDF/A-2a."""
