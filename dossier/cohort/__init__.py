"""Stage 1: files, headings, codes, dates and data queries; paths in, a checked `Cohort` out."""
