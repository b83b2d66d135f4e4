"""The balance of views reckoned: who speaks, for which side, how long, in which order. Pure: no database.

``scene`` holds the facts, ``tally`` adds them up, ``findings`` says what is missing, ``signed`` what a committee signs.
"""
