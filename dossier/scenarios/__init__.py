"""What if: one cohort under other rules, populations and criteria, and what flips a verdict."""
