"""Rosters as people send them, of any sort, as rows to import; and listings as a CSV file.

`reading` is the way in, from the command and the page alike: `tables` makes a file a table,
`columns` and `guessing` say which column is which, `cells` and its neighbours what stands in each.
"""
