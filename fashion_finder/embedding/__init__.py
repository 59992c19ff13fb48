"""The model: what its file says of itself, and running it. The only importer of onnxruntime."""

import os

# onnxruntime's official builds report their use to the maker over the internet from 1.29 on, and keep
# an identifier in the user's home. They look at this before they start; nothing later undoes it.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
