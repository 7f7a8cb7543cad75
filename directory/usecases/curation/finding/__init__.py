"""Finding anything there is by what somebody happens to know of it, in all states, for the staff.

`typed` says what the words may be, `listings` and `others` what there is of the kind, `filling`
keeps complete what listings are found by. Nothing is written down of who looked for whom: words
that were typed stand in no log, and looking changes nothing.
"""
