"""The screens: one module or package a feature; features never import each other."""
