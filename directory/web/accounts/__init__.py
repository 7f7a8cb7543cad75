"""Pages of accounts: signing in, own data, roles."""

from directory.web.accounts import own_data, roles, second_factor, sign_in

BLUEPRINTS = (sign_in.blueprint, own_data.blueprint, roles.blueprint, second_factor.blueprint)
