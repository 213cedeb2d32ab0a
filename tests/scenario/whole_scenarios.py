"""Hypothesis strategies for whole scenario files that are sound.

Keys are drawn from the schema itself, within the range that each states; what must agree between
several keys is drawn so that it does.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from hypothesis import strategies as st
from pydantic.fields import FieldInfo

from ssa_psro.inputs.fault_wording import toml_key, toml_value
from ssa_psro.inputs.sections import Section
from ssa_psro.policies import HEURISTICS
from ssa_psro.scenario.catalogue import (
    RANGES,
    REGIME_ALTITUDES_KM,
    GeneratedCatalog,
    ListedCatalog,
    ListedObject,
    Regime,
)
from ssa_psro.scenario.manoeuvres import ManoeuvreClass, Manoeuvres
from ssa_psro.scenario.orbits import OsculatingElements, StatedElementSet, Walker, divisors
from ssa_psro.scenario.schema import GameRules
from ssa_psro.scenario.sensors import PRESETS, Sensor
from ssa_psro.study.study import OracleSettings, SolverSettings

Table = dict[str, Any]
Draw = Callable[[st.SearchStrategy[Any]], Any]

OWN_RULES = {
    Regime: ("regime", *RANGES, "count", "contested", "manoeuvres", "uncontested_manoeuvres"),
    Sensor: ("settle_s", "dwell_s", "latency_s", "brightest_magnitude", "limb_exclusion_deg"),
    GameRules: ("payoff", "contest_period_h", "denial_s", "denial_recharge_s", "protection_s"),
    Walker: ("satellites", "planes", "phasing", "raan_deg"),
    OsculatingElements: ("semi_major_axis_km", "eccentricity"),
    StatedElementSet: ("epoch", "name", "catalog_id"),
    ListedObject: ("name", "orbit", "manoeuvres", "weight"),
    Manoeuvres: ("window_h", "interval_h"),
    OracleSettings: ("kind", "start", "hidden"),
    SolverSettings: ("populations", "meta_solver", "target", "sampler", "responses"),
}
"""Keys that rules span, and names; drawn on their own."""
TEXT = st.text(max_size=8)


def value(annotation: Any, limits: tuple[Any, ...] = ()) -> st.SearchStrategy[Any]:
    """What a key may be, by its annotation."""
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        inner = [one for part in args[1:] for one in _limits(part)]
        return value(args[0], (*limits, *inner))
    if origin is Literal:
        return st.sampled_from(args)
    if NoneType in args:
        return value(next(one for one in args if one is not NoneType), limits)
    if annotation is bool:
        return st.booleans()
    if annotation is str:
        return TEXT
    assert annotation in (int, float), annotation
    low = next((one.ge if isinstance(one, Ge) else one.gt for one in limits if _low(one)), None)
    high = next((one.le if isinstance(one, Le) else one.lt for one in limits if _high(one)), None)
    open_ = {"exclude_min": any(isinstance(one, Gt) for one in limits)}
    open_["exclude_max"] = any(isinstance(one, Lt) for one in limits)
    if annotation is float:
        return st.floats(low, high, **open_)
    low, high = (low or 0) + open_["exclude_min"], high - open_["exclude_max"]
    return st.integers(low, high)


def _limits(part: Any) -> tuple[Any, ...]:
    return tuple(part.metadata) if isinstance(part, FieldInfo) else (part,)


def _low(limit: object) -> bool:
    return isinstance(limit, (Ge, Gt))


def _high(limit: object) -> bool:
    return isinstance(limit, (Le, Lt))


def some_keys(draw: Draw, model: type[Section], **own: Any) -> Table:
    """Some keys of a section, all that it requires, and ``own`` ones."""
    passed_over = {*OWN_RULES.get(model, ()), "kind", "preset", *own}
    table = {}
    for name, info in model.model_fields.items():
        if name not in passed_over and (info.is_required() or draw(st.booleans())):
            table[name] = draw(value(info.annotation, tuple(info.metadata)))
    return {**table, **own}


@st.composite
def studies(draw: Draw) -> Table:
    """A whole file."""
    window = _window(draw)
    duration_h = window["duration_h"]
    designs = [draw(st.sampled_from(["walker", "elements", "element-sets"])) for _ in "ab"]
    document = {
        "name": draw(st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9._-]{0,9}\Z")),
        "description": draw(TEXT),
        "seed": draw(st.integers(0, 2**63 - 1)),
        "window": window,
        "catalog": draw(st.sampled_from([_generated, _listed]))(draw, window),
        "rules": _rules(draw, duration_h),
        "populations": {side: _names(draw) for side in ("blue", "red")},
        "oracle": some_keys(draw, OracleSettings, hidden=draw(st.lists(st.integers(1, 65_536)))),
        "solver": some_keys(draw, SolverSettings, populations="separate"),
    }
    for number, (side, kind) in enumerate(zip(("blue", "red"), designs, strict=True)):
        constellation = _constellation(draw, kind, number, window)
        document[side] = {"constellation": constellation, "sensor": _sensor(draw, duration_h)}
    return document


def _window(draw: Draw) -> Table:
    step_s = draw(st.sampled_from([10, 60, 300, 1800]))
    steps = draw(st.integers(1, 5))
    decisions = draw(st.integers(1, 5))
    duration_h = steps * decisions * step_s / 3600
    years = st.datetimes(datetime(1972, 1, 2), datetime(2100, 12, 30))  # noqa: DTZ001
    return {
        "epoch": draw(years).replace(tzinfo=UTC, microsecond=0),
        "step_s": step_s,
        "decision_interval_s": steps * step_s,
        "duration_h": duration_h,
        "horizon_days": max(duration_h / 24, draw(st.floats(0.01, 1.0))),
    }


def _rules(draw: Draw, duration_h: float) -> Table:
    seconds = st.floats(0.0, min(duration_h * 3600, 604_800.0), exclude_min=True)
    keys = ("denial_s", "denial_recharge_s", "protection_s")
    return some_keys(
        draw, GameRules, contest_period_h=duration_h, **{key: draw(seconds) for key in keys}
    )


def _sensor(draw: Draw, duration_h: float) -> Table:
    shares = [draw(st.floats(0, 1)) * duration_h * 1200 for _ in range(3)]
    keys = dict(zip(("settle_s", "dwell_s", "latency_s"), shares, strict=True))
    if draw(st.booleans()):
        keys["preset"] = draw(st.sampled_from(list(PRESETS)))
        return keys
    return some_keys(draw, Sensor, **keys)


def _names(draw: Draw) -> list[str]:
    return draw(st.lists(st.sampled_from(list(HEURISTICS)), unique=True))


def _plan(draw: Draw) -> Table:
    if draw(st.booleans()):
        return some_keys(draw, ManoeuvreClass, kind=draw(value(_kinds())))
    interval_h = draw(st.floats(1.0, 100.0))
    return some_keys(
        draw, Manoeuvres, interval_h=interval_h, window_h=interval_h * draw(st.floats(0.01, 1))
    )


def _kinds() -> Any:
    return ManoeuvreClass.model_fields["kind"].annotation


def _generated(draw: Draw, window: Table) -> Table:
    regimes = [_regime(draw) for _ in range(draw(st.integers(1, 3)))]
    regimes[0] |= {"count": 1 + regimes[0]["count"], "weight": 1.0, "contested": 0}
    return some_keys(draw, GeneratedCatalog, regimes=regimes, windows=[])


def _regime(draw: Draw) -> Table:
    regime = draw(st.sampled_from(list(REGIME_ALTITUDES_KM)))
    lowest, highest = REGIME_ALTITUDES_KM[regime]
    count = draw(st.integers(0, 20))
    pairs = {
        "altitude_km": st.floats(max(lowest, 200.0), highest),
        "inclination_deg": st.floats(0, 180),
        "radius_m": st.floats(0.01, 1000),
        "eccentricity": st.floats(0, 0.005),
    }
    own: Table = {name: sorted([draw(one), draw(one)]) for name, one in pairs.items()}
    return some_keys(
        draw,
        Regime,
        regime=regime,
        count=count,
        contested=draw(st.integers(0, count)),
        manoeuvres=_plan(draw),
        uncontested_manoeuvres=_plan(draw),
        unforecast_delta_v_m_s=draw(st.floats(0.001, 1000)),
        **own,
    )


def _listed(draw: Draw, window: Table) -> Table:
    names = draw(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=5, unique=True))
    objects = [
        some_keys(
            draw,
            ListedObject,
            name=name,
            weight=draw(st.floats(0.001, 1000)),
            orbit=_element_set(draw, window, number),
            unforecast_delta_v_m_s=draw(st.floats(0.001, 1000)),
        )
        for number, name in enumerate(names)
    ]
    windows = [
        {"object": names[0], "start_h": 0.0, "end_h": window["horizon_days"] * 24}
        for _ in range(draw(st.integers(0, 1)))
    ]
    return some_keys(draw, ListedCatalog, kind="listed", objects=objects, windows=windows)


def _element_set(draw: Draw, window: Table, number: int) -> Table:
    return some_keys(
        draw,
        StatedElementSet,
        epoch=window["epoch"],
        name=draw(TEXT),
        mean_motion_rev_day=draw(st.floats(12.0, 14.0)),
        eccentricity=draw(st.floats(0, 0.01)),
        mean_anomaly_deg=number * 7.0,
        bstar=0.0,
    )


def _constellation(draw: Draw, kind: str, side: int, window: Table) -> Table:
    count = draw(st.integers(1, 6))
    if kind == "walker":
        planes = draw(st.sampled_from(divisors(count)))
        return some_keys(
            draw,
            Walker,
            kind=draw(st.sampled_from(["walker-delta", "walker-star"])),
            altitude_km=draw(st.floats(400, 1000)) + 2000 * side,  # the sides do not meet
            satellites=count,
            planes=planes,
            phasing=draw(st.integers(0, planes - 1)),
        )
    if kind == "elements":
        satellites = [
            some_keys(
                draw,
                OsculatingElements,
                semi_major_axis_km=draw(st.floats(10_000, 12_000)) + 5000 * side,
                eccentricity=draw(st.floats(0, 0.01)),
            )
            for _ in range(count)
        ]
    else:
        satellites = [
            _element_set(draw, window, number) | {"mean_motion_rev_day": 15.0 - 5.0 * side}
            for number in range(count)
        ]
    return {"kind": kind, "satellites": satellites}


def as_toml(table: Table, at: str = "") -> str:
    """A document as a TOML file: values first, then the sections in it."""
    lines, below = [], []
    for key, item in table.items():
        path = f"{at}.{toml_key(key)}" if at else toml_key(key)
        if isinstance(item, dict):
            below.append(f"[{path}]\n{as_toml(item, path)}")
        elif isinstance(item, list) and item and all(isinstance(one, dict) for one in item):
            below += [f"[[{path}]]\n{as_toml(one, path)}" for one in item]
        else:
            lines.append(f"{toml_key(key)} = {toml_value(item)}\n")
    return "".join(lines + below)
