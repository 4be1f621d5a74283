"""What people do in Visma's screens, as methods: each is one change, stamped and logged.

Words for a mistake come as ValueError (or KeyError when there is no such record).
"""
