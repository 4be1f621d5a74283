"""Resolvers: what each field of the schema answers from the account's state."""
