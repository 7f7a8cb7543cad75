"""What the API answers about the taxonomy: professions, conditions and credentials."""

from marshmallow import fields

from directory.api.answers.kinds import Body


class ProfessionSchema(Body):
    """A trade."""

    slug = fields.Str()
    label = fields.Str()
    plural = fields.Str()
    nucc = fields.Str(
        allow_none=True, metadata={"description": "US Health Care Provider Taxonomy code."}
    )
    synonyms = fields.List(fields.Str())


class ConditionSchema(Body):
    """What a searcher may live with; being listed is no claim that anything treats it."""

    slug = fields.Str()
    label = fields.Str()
    group = fields.Str()
    group_label = fields.Str()
    icd10cm = fields.Str(allow_none=True, metadata={"description": "ICD-10-CM code."})
    serious = fields.Bool(metadata={"description": "A doctor should be seen first."})
    synonyms = fields.List(fields.Str(), metadata={"description": "Other ways to say it."})


class CredentialSchema(Body):
    """A training or registration; `kind` says what it proves."""

    slug = fields.Str()
    label = fields.Str()
    issuer = fields.Str()
    kind = fields.Str()
    synonyms = fields.List(fields.Str())


class ProfessionsSchema(Body):
    """All professions."""

    professions = fields.List(fields.Nested(ProfessionSchema))


class ConditionsSchema(Body):
    """All conditions."""

    conditions = fields.List(fields.Nested(ConditionSchema))


class CredentialsSchema(Body):
    """All credentials."""

    credentials = fields.List(fields.Nested(CredentialSchema))
