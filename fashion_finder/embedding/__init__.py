"""The model: its file's description, and running it. The only importer of onnxruntime."""

import os

# From 1.29 on, onnxruntime's official builds report their use over the internet and keep an identifier
# in the user's home. They read this when they are loaded; setting it later is too late.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
