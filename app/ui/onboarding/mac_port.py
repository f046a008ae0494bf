"""What macOS says of sleep and of its own lock, through the system's C libraries."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal

_FRAMEWORK = "/System/Library/Frameworks/{0}.framework/{0}"
_LOCKED = b"com.apple.screenIsLocked"
#: ``kCFStringEncodingUTF8``, ``CFNotificationSuspensionBehaviorDeliverImmediately``.
_UTF8, _AT_ONCE = 0x08000100, 4

_Pointer, _Number = ctypes.c_void_p, ctypes.c_uint32
_OnPower = ctypes.CFUNCTYPE(None, _Pointer, _Number, _Number, _Pointer)
_OnNotice = ctypes.CFUNCTYPE(None, _Pointer, _Pointer, _Pointer, _Pointer, _Pointer)


class System(Protocol):
    """What tells of power and of the lock."""

    def listen(self, power: Callable[[int], bool], locked: Callable[[], None]) -> None:
        """Call ``power`` with every message of the system's power, ``locked`` at every lock.

        A power message to which ``power`` returns true waits for an answer, and gets it.
        """
        ...


class MacPort(QObject):
    """macOS: IOKit tells of sleep, the login session of the screen's lock."""

    leaving = Signal()

    #: ``kIOMessageCanSystemSleep`` and ``kIOMessageSystemWillSleep`` of ``IOMessage.h``.
    CAN_SLEEP, WILL_SLEEP = 0xE0000270, 0xE0000280

    def __init__(self, system: System, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._system = system
        system.listen(self._power, self.leaving.emit)

    def _power(self, message: int) -> bool:
        if message == self.WILL_SLEEP:
            self.leaving.emit()
        return message in (self.CAN_SLEEP, self.WILL_SLEEP)


class MacSystem:
    """The real one. Its calls arrive on the window's thread, whose run loop Qt runs."""

    def __init__(self) -> None:
        self._core = ctypes.CDLL(_FRAMEWORK.format("CoreFoundation"))
        self._kit = ctypes.CDLL(_FRAMEWORK.format("IOKit"))
        #: The system keeps only their addresses.
        self._calls: list[Any] = []

    def listen(self, power: Callable[[int], bool], locked: Callable[[], None]) -> None:
        """Ask both to be heard."""
        self._hear_power(power)
        self._hear_lock(locked)

    def _hear_power(self, power: Callable[[int], bool]) -> None:
        kit, core = self._kit, self._core
        root = _Number(0)

        def heard(_mine: Any, _service: int, message: int, notice: Any) -> None:
            if power(message):
                kit.IOAllowPowerChange(root, _Pointer(notice))

        call = _OnPower(heard)
        self._calls.append(call)
        port, notifier = _Pointer(), _Number()
        kit.IORegisterForSystemPower.restype = _Number
        kit.IORegisterForSystemPower.argtypes = (_Pointer, _Pointer, _OnPower, _Pointer)
        root.value = kit.IORegisterForSystemPower(
            None, ctypes.byref(port), call, ctypes.byref(notifier)
        )
        if not root.value:
            return
        kit.IONotificationPortGetRunLoopSource.restype = _Pointer
        kit.IONotificationPortGetRunLoopSource.argtypes = (_Pointer,)
        core.CFRunLoopGetMain.restype = _Pointer
        core.CFRunLoopAddSource.argtypes = (_Pointer, _Pointer, _Pointer)
        source = kit.IONotificationPortGetRunLoopSource(port)
        modes = _Pointer.in_dll(core, "kCFRunLoopCommonModes")
        core.CFRunLoopAddSource(core.CFRunLoopGetMain(), source, modes)

    def _hear_lock(self, locked: Callable[[], None]) -> None:
        core = self._core

        def heard(*_notice: Any) -> None:
            locked()

        call = _OnNotice(heard)
        self._calls.append(call)
        core.CFStringCreateWithCString.restype = _Pointer
        core.CFStringCreateWithCString.argtypes = (_Pointer, ctypes.c_char_p, _Number)
        core.CFNotificationCenterGetDistributedCenter.restype = _Pointer
        core.CFNotificationCenterAddObserver.argtypes = (
            *(_Pointer, _Pointer, _OnNotice),
            *(_Pointer, _Pointer, ctypes.c_long),
        )
        core.CFNotificationCenterAddObserver(
            core.CFNotificationCenterGetDistributedCenter(),
            None,
            call,
            core.CFStringCreateWithCString(None, _LOCKED, _UTF8),
            None,
            _AT_ONCE,
        )
