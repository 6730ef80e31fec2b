"""The web host: sessions bound to their cookie, sign-in routes, and the client served from here.

`host.create_web_app` puts it together; `sessions.current()` tells the shell whose socket it is on.
"""
