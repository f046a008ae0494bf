"""What each act of a scenario does in the model's world."""

from __future__ import annotations

from tests.simulation.entities import PERSON, Columns
from tests.simulation.invariants import note_purge
from tests.simulation.model.people import PEOPLE, Act
from tests.simulation.model.witness import MEMBER, Computer
from tests.simulation.model.world import CASES, World
from tests.simulation.scenario import DAY_MS, NETWORK, Step

# --- the network --------------------------------------------------------------------------------


def network(world: World, computer: Computer, step: Step) -> None:
    """One exchange, or a part of it, with whatever goes wrong."""
    act = step.act
    if act == "sync":
        world.exchange(computer)
    elif act == "deliver":
        _deliver(world, computer, step)
    elif act.startswith("push"):
        world.land(computer)
        world.greet(computer)
        _push(world, computer, act)
    else:
        world.land(computer)
        if step.variant % 2:
            world.greet(computer)
        _pull(world, computer, step)


def _push(world: World, computer: Computer, act: str) -> None:
    push = world.send(computer)
    if not push.sets or act == "push, request lost":
        return
    if act == "push, delivered late":
        if world.bug == "sequence_gap":
            world.server.reserve(sum(map(len, push.sets)), push.request)
        world.late.append(push)
        return
    answers = world.reach(push)
    if act == "push, sent twice":
        answers = world.reach(push)
    if act == "push, answer late":
        computer.answers = answers
    elif act != "push, answer lost":
        world.answer(computer, answers)


def _pull(world: World, computer: Computer, step: Step) -> None:
    page = world.ask(computer)
    if step.act == "pull":
        world.take(computer, page)
    elif step.act == "pull, answer late":
        computer.page = page
    elif step.act == "pull, killed between slices":
        world.take(computer, page, slices=1 + step.variant % 3)
        kill(world, computer, step)
    elif step.act == "pull, killed before applying":
        if page is not None:
            world.take(computer, page, slices=0)
        kill(world, computer, step)


def _deliver(world: World, computer: Computer, step: Step) -> None:
    if world.late:
        world.reach_late(step.pick % len(world.late))
    world.land(computer)


# --- fate ---------------------------------------------------------------------------------------


def wait(world: World, computer: Computer, step: Step) -> None:
    """Time passes: seconds, or hours."""
    world.now += step.variant * (1_000 if step.pick % 4 == 0 else 10)


def kill(world: World, computer: Computer, step: Step) -> None:
    """The program is killed: only the file remains."""
    computer.client.crash()
    computer.answers = computer.page = None


def back_up(world: World, computer: Computer, step: Step) -> None:
    """Copy the file away."""
    computer.backup = computer.client.file.copy()


def restore(world: World, computer: Computer, step: Step) -> None:
    """The file goes back to its backup; the mark outside tells that it is a copy."""
    if computer.backup is not None:
        before = world.held()
        kill(world, computer, step)
        computer.client.open_copy(computer.backup.copy(), world.life(computer.client))
        world.restarted(computer, before)


def roll_back(world: World, computer: Computer, step: Step) -> None:
    """The whole machine goes back, mark and all: only the server can notice."""
    if computer.backup is not None:
        before = world.held()
        kill(world, computer, step)
        computer.client.file = computer.backup.copy()
        world.restarted(computer, before)
        world.history.forget_numbers(world.held())


def copy_file(world: World, computer: Computer, step: Step) -> None:
    """Another computer opens a copy of the file, where no mark is."""
    if len(world.computers) < 5:
        world.clone(computer)


def lose_mark(world: World, computer: Computer, step: Step) -> None:
    """The keychain forgot the mark: a new life begins though nothing went back."""
    client = computer.client
    kill(world, computer, step)
    client.open_copy(client.file, world.life(client))


def set_clock(world: World, computer: Computer, step: Step) -> None:
    """The clock is a day ahead, a day behind, or right."""
    computer.client.skew = (DAY_MS, -DAY_MS, 0)[step.variant % 3]


def upgrade(world: World, computer: Computer, step: Step) -> None:
    """The program learns the new columns; it has carried them all along."""
    computer.client.file.version = 2


# --- the server ---------------------------------------------------------------------------------


def change_assignments(world: World, computer: Computer, step: Step) -> None:
    """The member works on other cases."""
    cases = frozenset(each for bit, each in enumerate(CASES) if step.variant >> bit & 1)
    world.assigned = cases
    world.server.assign(MEMBER, cases)
    world.tell(f"the member now works on {sorted(cases)}")


def portal_writes(world: World, computer: Computer, step: Step) -> None:
    """A client writes through the portal: the server's own write goes through the same log."""
    known = world.keys[PERSON]
    key, case = known[step.pick % len(known)]
    if key in world.server.stored.rows:
        won: Columns = {"portal_email": world.word("mail")}
        world.server.write(key, case, won, world.now << 16, world.now, change_set=world.mint())


def purge(world: World, computer: Computer, step: Step) -> None:
    """The audited job removes a case for good; rarely, so that most scenarios keep both."""
    if step.variant % 2 == 0:
        case = CASES[step.pick % len(CASES)]
        note_purge(world.history, world.server_view(), case)
        world.server.purge(case, world.now)
        world.tell(f"{case} is purged")


def back_up_server(world: World, computer: Computer, step: Step) -> None:
    """Copy the server's database away."""
    world.backups = [*world.backups[-1:], (world.server.stored.copy(), world.assigned)]


def restore_server(world: World, computer: Computer, step: Step) -> None:
    """The server goes back to one of its backups: a new epoch."""
    if world.backups:
        world.restore_server(*world.backups[step.pick % len(world.backups)])


def entitlement(world: World, computer: Computer, step: Step) -> None:
    """The entitlement lapses or is renewed."""
    world.server.lapsed = bool(step.variant % 2)


ACTS: dict[str, Act] = {
    **PEOPLE,
    **dict.fromkeys(NETWORK, network),
    "wait": wait,
    "kill": kill,
    "back up": back_up,
    "restore the backup": restore,
    "roll the machine back": roll_back,
    "copy the file": copy_file,
    "lose the mark": lose_mark,
    "set the clock": set_clock,
    "upgrade": upgrade,
    "change assignments": change_assignments,
    "portal writes": portal_writes,
    "purge": purge,
    "back up the server": back_up_server,
    "restore the server": restore_server,
    "entitlement": entitlement,
}


def run(world: World, steps: tuple[Step, ...]) -> None:
    """Let a scenario happen, then let it become quiet; raises ``Broken``."""
    for number, step in enumerate(steps):
        computer = world.computers[step.who % len(world.computers)]
        world.now += 500
        world.tell(f"{number:>3} {computer.name} {step.act}")
        ACTS[step.act](world, computer, step)
        world.look(computer)
    world.tell("--- everybody online, no faults")
    world.quiet()
