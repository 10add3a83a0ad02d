"""The workbook: every table of a document a sheet, and every number of results.json in one more.

==================  ====================================================================
`write`             the workbook: its sheets, properties and bytes
`table_sheet`       a table of the document
`list_sheets`       the contents, and the list of results
`number_format`     a printed number as a number that shows the same digits
`cell_text`         characters and names as a workbook may hold them
`look`              fonts, fills and borders of the house style
==================  ====================================================================
"""
