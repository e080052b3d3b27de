"""Threads that take turns."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

from quizapp.taking_turns import Turns

PATIENCE = 10.0


def run(walk: Callable[[asyncio.AbstractEventLoop], Awaitable[None]]) -> None:
    async def walk_on_a_loop() -> None:
        await walk(asyncio.get_running_loop())

    # In a thread of its own: the browser tests' loop goes on in this one.
    with ThreadPoolExecutor(1) as elsewhere:
        elsewhere.submit(asyncio.run, walk_on_a_loop()).result()


async def until(happened: threading.Event) -> None:
    assert await asyncio.to_thread(happened.wait, PATIENCE)


def test_it_works_on_one_piece_at_a_time_in_the_order_they_came() -> None:
    turns, done, at_work, most = Turns(4, 1, held_up_seconds=60), [], [], []
    all_done = threading.Event()

    def piece(number: int) -> Callable[[], None]:
        def work() -> None:
            at_work.append(number)
            most.append(len(at_work))
            done.append(number)
            at_work.remove(number)
            if len(done) == 500:
                all_done.set()

        return work

    async def walk(loop: asyncio.AbstractEventLoop) -> None:
        for number in range(500):
            turns.add(piece(number), loop)
        await until(all_done)

    run(walk)
    assert done == list(range(500))
    assert max(most) == 1


def test_it_works_on_as_many_at_once_as_it_is_told() -> None:
    turns, at_work, both, go_on = Turns(4, 2, held_up_seconds=60), [], threading.Event(), threading.Event()
    all_done = threading.Event()

    def piece(number: int) -> Callable[[], None]:
        def work() -> None:
            at_work.append(number)
            if len(at_work) == 2:
                both.set()
            go_on.wait(PATIENCE)
            if number == 2:
                all_done.set()

        return work

    async def walk(loop: asyncio.AbstractEventLoop) -> None:
        for number in range(3):
            turns.add(piece(number), loop)
        await until(both)
        assert sorted(at_work) == [0, 1]
        go_on.set()
        await until(all_done)

    run(walk)


def test_it_begins_the_next_where_one_is_held_up() -> None:
    turns, go_on, second_done, first_done = Turns(2, 1, held_up_seconds=0.01), *(threading.Event() for _ in range(3))

    def first() -> None:
        go_on.wait(PATIENCE)
        first_done.set()

    async def walk(loop: asyncio.AbstractEventLoop) -> None:
        turns.add(first, loop)
        turns.add(second_done.set, loop)
        await until(second_done)
        assert not first_done.is_set()
        go_on.set()
        await until(first_done)

    run(walk)


def test_it_has_no_more_threads_than_it_may_and_loses_nothing_that_waits() -> None:
    turns, go_on, all_done = Turns(2, 1, held_up_seconds=0.01), threading.Event(), threading.Event()
    held, done, both_held = [], [], threading.Event()

    def held_up() -> None:
        held.append(threading.current_thread())
        if len(held) == 2:
            both_held.set()
        go_on.wait(PATIENCE)

    def quick() -> None:
        done.append(threading.current_thread())
        if len(done) == 20:
            all_done.set()

    async def walk(loop: asyncio.AbstractEventLoop) -> None:
        for _ in range(2):
            turns.add(held_up, loop)
        for _ in range(20):
            turns.add(quick, loop)
        await until(both_held)
        assert not done
        go_on.set()
        await until(all_done)

    run(walk)
    assert len({*held, *done}) == 2


def test_it_takes_up_work_again_after_a_rest() -> None:
    turns = Turns(2, 1)

    async def walk(loop: asyncio.AbstractEventLoop) -> None:
        for _ in range(20):
            done = threading.Event()
            turns.add(done.set, loop)
            await until(done)

    run(walk)


def test_it_sees_to_what_waits_behind_a_second_that_is_held_up() -> None:
    turns, last_done = Turns(2, 1, held_up_seconds=0.3), threading.Event()
    let_go, began = ([threading.Event() for _ in range(3)] for _ in range(2))

    def held_up(number: int) -> Callable[[], None]:
        def work() -> None:
            began[number].set()
            let_go[number].wait(2 * PATIENCE)

        return work

    async def walk(loop: asyncio.AbstractEventLoop) -> None:
        turns.add(held_up(0), loop)
        turns.add(held_up(1), loop)
        await until(began[1])
        while turns._are_enough_working():
            await asyncio.sleep(0)
        turns.add(held_up(2), loop)  # both threads are held up: these two wait
        turns.add(last_done.set, loop)
        let_go[0].set()
        await until(began[2])
        let_go[1].set()  # its thread rests, since the other has just begun
        await until(last_done)
        let_go[2].set()

    run(walk)
