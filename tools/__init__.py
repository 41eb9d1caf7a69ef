"""Tools for who develops the portal; none is installed with it."""
