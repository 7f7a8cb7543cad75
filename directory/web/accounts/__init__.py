"""Pages of accounts: signing in, own data, roles."""

from directory.web.accounts import own_data, roles, sign_in

BLUEPRINTS = (sign_in.blueprint, own_data.blueprint, roles.blueprint)
