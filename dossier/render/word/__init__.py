"""Word: real styles, numbering, fields with cached text, footnotes and vector figures."""
