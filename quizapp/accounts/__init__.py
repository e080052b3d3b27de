"""Staff accounts: sign-in, roles, sessions, throttle, audit."""
