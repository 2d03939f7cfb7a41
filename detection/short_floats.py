"""Lets a network in training compute in 16-bit floats on processors that do so in hardware: less than half the time.

Weights and losses stay in 32 bits; only what flows forward between layers is short. Called by ``training``.
"""

from __future__ import annotations

from typing import Any


def use_short_floats(network: Any, device: str) -> bool:
    """Wrap the network's forward pass; False, and nothing changed, off the CPU or where the processor has no such floats."""
    import torch

    if device != "cpu" or not torch.ops.mkldnn._is_mkldnn_bf16_supported() or not _is_in_hardware():
        return False
    network.to(memory_format=torch.channels_last)
    forward = network.predict

    def predict(pictures: Any, *args: Any, **options: Any) -> Any:
        """The same answer, widened again for the loss."""
        if not network.training:
            return forward(pictures, *args, **options)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            answer = forward(pictures.to(memory_format=torch.channels_last), *args, **options)
        return _widen(answer)

    network.predict = predict
    return True


def _is_in_hardware() -> bool:
    import torch

    return bool(torch.cpu._is_avx512_bf16_supported())


def _widen(answer: Any) -> Any:
    if isinstance(answer, dict):
        return {name: _widen(value) for name, value in answer.items()}
    if isinstance(answer, list | tuple):
        return type(answer)(_widen(value) for value in answer)
    return answer.float() if hasattr(answer, "float") else answer
