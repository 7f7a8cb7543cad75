"""What is installed. The rest stands in pyproject.toml, which cannot say that two folders move.

Templates lie at the top of a checkout, and in the package `directory` when installed.
"""

from setuptools import find_namespace_packages, setup

setup(
    packages=[
        *find_namespace_packages(
            include=["directory*", "indexer*"],
            exclude=["directory.static*", "directory.assets*", "*.data", "*.__pycache__"],
        ),
        "directory.templates",
    ],
    package_dir={"directory.templates": "templates"},
)
