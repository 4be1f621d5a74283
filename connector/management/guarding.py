"""What the main process of the workers does when one of its processes was killed."""

from multiprocessing import Event
from typing import Any

from django_q.cluster import Sentinel
from django_q.conf import Conf, logger
from django_q.queues import Queue


class Guard(Sentinel):  # type: ignore[misc]  # untyped package
    """Begins anew with all processes where a killed one may have taken a lock with it.

    A worker waits for its next task with the lock of the queue in its hand. Killed there, it leaves
    the lock taken for ever: who is put in its place waits for it in vain, and so do all others.
    """

    def reincarnate(self, process: Any) -> None:
        if _left_in_order(process):
            super().reincarnate(process)
            return
        name, code = process.name, process.exitcode
        logger.critical("%s has died (%s); all workers begin anew", name, code)
        self._begin_anew()

    def _begin_anew(self) -> None:
        """What is cut off by this goes on like all work whose worker died."""
        all_of_them = [*self.pool, self.monitor, self.pusher]
        self.pool.clear()  # the round among them, which led here, is over
        for each in all_of_them:
            each.kill()
            each.join()
        self.task_queue = Queue(maxsize=Conf.QUEUE_LIMIT or 0)
        self.result_queue = Queue()
        self.event_out = Event()  # the order to stop; who looks for it has its lock for a moment
        self.spawn_cluster()
        self.reincarnations += 1


def _left_in_order(process: Any) -> bool:
    """Whether it has ended by itself, if by an error, or holds nothing: it is at work on its task.

    A signal ends it with a negative code, and in the middle of anything.
    """
    at_work = hasattr(process, "timer") and process.timer.value >= 0
    return at_work or bool(process.exitcode >= 0)
