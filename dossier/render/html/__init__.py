"""HTML: one file with everything in it, for any browser, screen reader or printer.

``write.render_html`` goes one way through these rooms:

==============  ================================================================================
`ids`           a name in the page for every anchor, unique
`markup`        elements, attributes and escaped characters; refuses what cannot be shown
`inlines`       inline runs, and the footnotes they leave behind
`blocks`        paragraphs, lists, callouts, title page
`tables`        captioned tables with row and column headings
`figures`       scenes as inline SVG
`contents`      lists of headings, tables and figures
`sections`      all blocks in sections by heading level, footnotes at the end of each chapter
`style_sheet`   the house style on screen and on paper
`print_sheet`   what is different on paper
`write`         the page as a whole: head, policy, landmarks
==============  ================================================================================
"""
