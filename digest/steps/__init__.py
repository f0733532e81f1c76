"""What the four verbs of pipeline.py do, step by step, over the ports."""
