"""What each act of a scenario does in the world of the real engine."""

from __future__ import annotations

from app.core.cases.commands import change_case
from app.core.cases.rules import CaseDefaults
from app.sync.engine import RESTING, Did
from app.sync.protocol.terms import Verb
from tests.simulation.real.computer import Computer, Killed
from tests.simulation.real.people import PEOPLE, Act, find
from tests.simulation.real.template import SLOTS
from tests.simulation.real.world import Plan, World
from tests.simulation.scenario import DAY_MS, NETWORK, Step

PUSHES, PULLS = frozenset({Verb.PUSH}), frozenset({Verb.PULL, Verb.SNAPSHOT})
ANY = frozenset(Verb) - {Verb.QUARANTINE}
STEPS = 60


# --- the network ----------------------------------------------------------------------------------


def network(world: World, computer: Computer, step: Step) -> None:
    """One exchange, or a part of it, with whatever goes wrong."""
    if step.act == "deliver":
        if world.late:
            world.reach_late(step.pick % len(world.late))
        return
    if computer.asking:
        # The program has one request under way, and one only.
        return
    try:
        _ask(world, computer, step)
    except Killed:
        world.tell(f"  {computer.name} never hears the answer")
    finally:
        world.plans.pop(computer.name, None)


def _ask(world: World, computer: Computer, step: Step) -> None:
    if step.act == "sync":
        world.exchange(computer)
        return
    verb, _, how = step.act.partition(", ")
    verbs = PUSHES if verb == "push" else PULLS
    if how.endswith("lost") and step.variant % 3 == 0:
        verbs = ANY
    if how and not how.startswith("killed"):
        world.plans[computer.name] = Plan(verbs, how, 1 + step.variant % 5)
    computer.engine.wake()
    if verb == "pull":
        computer.engine.poke()
    until = Did.SENT if verb == "push" else Did.APPLIED
    if how == "killed before applying":
        until = Did.FETCHED
    for _ in range(STEPS):
        did = world.step(computer)
        if did is until or did in RESTING:
            break
    if how.startswith("killed"):
        kill(world, computer, step)


# --- fate -----------------------------------------------------------------------------------------


def wait(world: World, computer: Computer, step: Step) -> None:
    """Time passes: seconds, or hours."""
    world.time.ms += step.variant * (1_000 if step.pick % 4 == 0 else 10)


def kill(world: World, computer: Computer, step: Step) -> None:
    """The program is killed: only the file remains."""
    computer.kill()


def back_up(world: World, computer: Computer, step: Step) -> None:
    """Copy the file away."""
    computer.backup = (computer.image(), computer.mark)


def restore(world: World, computer: Computer, step: Step) -> None:
    """The file goes back to its backup; the mark outside tells that it is a copy."""
    if computer.backup is not None:
        before = world.held()
        computer.slot.put(computer.backup[0])
        computer.kill()
        computer.expected.clear()
        world.forget_lost(before)


def roll_back(world: World, computer: Computer, step: Step) -> None:
    """The whole machine goes back, mark and all: only the server can notice."""
    if computer.backup is not None:
        before = world.held()
        computer.slot.put(computer.backup[0])
        computer.mark = computer.backup[1]
        computer.kill()
        computer.expected.clear()
        world.forget_lost(before)
        world.history.forget_numbers(world.held())


def copy_file(world: World, computer: Computer, step: Step) -> None:
    """Another computer opens a copy of the file, where no mark is."""
    number = len(world.computers)
    if number < SLOTS:
        slot = world.bench.slots[number]
        slot.put(computer.image())
        twin = Computer(
            "ABCDE"[number], slot, computer.seat, world.time, world._carry, computer.kinds
        )
        twin.version = computer.version
        twin.open()
        world.computers.append(twin)


def lose_mark(world: World, computer: Computer, step: Step) -> None:
    """The keychain forgot the mark: a new life begins though nothing went back."""
    computer.mark = None
    computer.kill()


def set_clock(world: World, computer: Computer, step: Step) -> None:
    """The clock is a day ahead, a day behind, or right."""
    computer.clock.skew_ms = (DAY_MS, -DAY_MS, 0)[step.variant % 3]


def upgrade(world: World, computer: Computer, step: Step) -> None:
    """The program learns the new columns; it has carried them all along."""
    if computer.version < 2:
        computer.version = 2
        computer.kill()


# --- the server -----------------------------------------------------------------------------------


def change_assignments(world: World, computer: Computer, step: Step) -> None:
    """The owner gives a case to the other member, or takes it back."""
    owner = world.computers[0]
    found = find(world, owner, "care_case", step.pick)
    if found is not None:
        member = world.bench.template.members[step.variant % 2]
        world.save(
            owner, change_case, found.id, provider_id=member,
            relationship_label="", defaults=CaseDefaults(),
        )  # fmt: skip


def purge(world: World, computer: Computer, step: Step) -> None:
    """The audited job removes a case for good; rarely, so that most scenarios keep both."""
    if step.variant % 2 == 0:
        listed = list(world.bench.template.cases.values())
        world.purge(listed[step.pick % len(listed)])


def back_up_server(world: World, computer: Computer, step: Step) -> None:
    """Copy the server's database away."""
    world.backups = [*world.backups[-1:], world.server.image()]


def restore_server(world: World, computer: Computer, step: Step) -> None:
    """The server goes back to one of its backups: a new epoch."""
    if world.backups:
        world.restore_server(world.backups[step.pick % len(world.backups)])


def entitlement(world: World, computer: Computer, step: Step) -> None:
    """The entitlement lapses or is renewed."""
    for each in world.computers:
        each.lapsed = bool(step.variant % 2)


def nothing(world: World, computer: Computer, step: Step) -> None:
    """Of the neutral practice only: no table of the real one has a server-owned column yet."""


ACTS: dict[str, Act] = {
    **dict.fromkeys(NETWORK, network),
    **PEOPLE,
    "name a server column": nothing,
    "portal writes": nothing,
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
    "purge": purge,
    "back up the server": back_up_server,
    "restore the server": restore_server,
    "entitlement": entitlement,
}


def run(world: World) -> None:
    """Let a scenario happen, then let it become quiet; raises ``Broken``."""

    def act(step: Step) -> None:
        computer = world.computers[step.who % len(world.computers)]
        world.time.ms += 500
        world.tell(f"{computer.name} {step.act}")
        ACTS[step.act](world, computer, step)
        world.look(computer)

    world.act = act
    while world.waiting_steps:
        act(world.waiting_steps.popleft())
    world.tell("--- everybody online, no faults")
    world.quiet()
