"""SageMaker resource kinds, one module each: dataclasses and parsers."""
