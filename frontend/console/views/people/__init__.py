"""Who may do what: seats and invitations, custom roles, stand-ins, who can do what and why, access for programs."""
