"""Settings: one YAML file with `${VARIABLES}` from the environment, validated as a whole before anything starts."""
