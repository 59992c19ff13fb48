"""The model: what its file says of itself, and running it. The only importer of onnxruntime."""
