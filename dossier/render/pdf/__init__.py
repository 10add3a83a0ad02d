"""PDF: pages, structure tree, PDF/UA-1 and PDF/A-2a.

``write.render_pdf`` goes one way through these rooms:

================================  ==============================================================
`anchors`                         every reference finds its place, or the document is refused
`look`                            house style as sizes, leadings and colours
`inlines`, `lines`, `textbox`     words into runs, runs into lines, lines into boxes
`blocks` and one module a block   blocks into pieces of pages: `headings`, `contents`, `callout`,
                                  `figure`, `captions`, `title_page`, `table_setting` with
                                  `columns`, and `table`
`pieces`, `pagination`            pieces into pages, each line with its footnotes
`painter`, `furniture`            pages into marks that know what they are
`structure`, `finish`             the structure tree, and the file that archives accept
`metadata`                        what the file says about itself
================================  ==============================================================
"""
