"""What needs PyTorch, which tests do without, is not collected."""

collect_ignore_glob = ["make.py", "torch_*.py"]
