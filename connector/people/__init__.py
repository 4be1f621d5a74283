"""People: their accounts, their second factor, their workspaces, their invitations."""
