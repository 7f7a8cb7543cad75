"""Pages on which admins read what waits, and decide."""

from directory.web.moderation import claims, queue, review

BLUEPRINTS = (queue.blueprint, review.blueprint, claims.blueprint)
