"""What every native ``VecEnv`` answers alike: its slots are no environments of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stable_baselines3.common.vec_env import VecEnv


class SlotVecEnv(VecEnv):
    """A batch of episodes in one object, whose attributes and methods are those of every slot."""

    def close(self) -> None:
        """Nothing to clean up."""

    def get_attr(self, attr_name: str, indices: Any = None) -> list[Any]:
        """The batch's attribute, once for every slot asked about."""
        return [getattr(self, attr_name)] * len(self._slots(indices))

    def set_attr(self, attr_name: str, value: Any, indices: Any = None) -> None:
        """Set an attribute of the batch: slots have none of their own."""
        setattr(self, attr_name, value)

    def env_method(
        self, method_name: str, *method_args: Any, indices: Any = None, **method_kwargs: Any
    ) -> list[Any]:
        """Call a method of the batch once; its result for every slot asked about."""
        result = getattr(self, method_name)(*method_args, **method_kwargs)
        return [result] * len(self._slots(indices))

    def env_is_wrapped(self, wrapper_class: type[Any], indices: Any = None) -> list[bool]:
        """Slots are no environments of their own, so nothing wraps them."""
        return [False] * len(self._slots(indices))

    def _slots(self, indices: Any) -> Sequence[int]:
        return list(self._get_indices(indices))
