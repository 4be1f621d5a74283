"""The engine: one file per stage, in the order a change travels.

poll → intake → lanes → plan → deliver → settle → recover · replay · budget
"""
