"""What the training, export and evaluation scripts share.

PyTorch is needed by ``network``, ``optimise``, ``losses``, ``neighbourhood``, ``top``, ``checking``,
``continuing``, ``journal``, ``checkpoint``, ``mask_gate``, ``part_heads`` and ``part_training``;
TensorFlow by ``graphs``; onnx by ``exported``; onnx and onnxruntime by ``early_layers``, ``trunk``,
``kept_averages`` and ``quantise``; nothing beyond NumPy and Pillow by the others.
"""

import importlib.util
import sys
from pathlib import Path

# The scripts run from a checkout whose package need not be installed in the training environment.
if importlib.util.find_spec("fashion_finder") is None:
    sys.path.append(str(Path(__file__).resolve().parents[2]))
