"""The kinds of synthetic text, one a file; `synthetic.py` puts them together. All of it is ours, none is copied."""
