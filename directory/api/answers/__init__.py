"""What the API answers, field by field: nothing leaves that is not declared here."""
