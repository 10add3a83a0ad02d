"""What a reader finds in a document, read back from the file: the same from every format.

==========  =====================================================================================
`pieces`    a piece of a document: kind and words; what is no difference between formats
`html`      pieces of an HTML file
`word`      pieces of a Word file, from its XML; numbers that Word counts are counted here
`pdf`       pieces of a tagged PDF, from its structure tree: ours, and LibreOffice's of a Word file
`compare`   differences between two readings, and the pages on which entries of contents stand
==========  =====================================================================================
"""
