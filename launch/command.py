"""The two commands of ``run.py``."""

import argparse
import os
import sys
from collections.abc import Sequence

from launch import checks, environment, folder, machine, records, site
from launch.places import Places, find_places
from launch.steps import make_output_safe, say
from launch.trouble import Trouble


def main(arguments: Sequence[str]) -> int:
    """Do what the command line says; returns the exit status. Troubles become one sentence on standard error."""
    make_output_safe()
    options = _parser().parse_args(arguments)
    places = find_places(os.environ)
    try:
        machine.check_platform()
        return _test(places) if options.command == "test" else _start(places, options)
    except Trouble as trouble:
        if trouble.detail:
            print(trouble.detail, file=sys.stderr)
        print(f"{trouble.zh} {trouble.en}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _start(places: Places, options: argparse.Namespace) -> int:
    machine.check_venv_modules()
    machine.check_writable(places.root)
    machine.check_writable(places.data)
    if not options.no_serve:
        machine.check_port(options.host, options.port)
    if options.reset:
        folder.reset(places, assured=options.yes)
    site.check_demonstration_host(places, options.host, empty=options.empty)
    folder.mark_data_folder(places)
    say(f"Finmart 金融超市 — {places.root}")
    environment.prepare_environment(places)
    records.upgrade_tables(places)
    records.settle_demonstration(places, empty=options.empty)
    if options.no_serve:
        return site.finish_without_serving(places)
    return site.serve(places, options.host, options.port)


def _test(places: Places) -> int:
    machine.check_venv_modules()
    machine.check_writable(places.root)
    environment.prepare_environment(places, testing=True)
    return checks.run_all(places)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="run.py",
        description="从零启动金融超市网站。Start Finmart from nothing but Python.",
        epilog="python3 run.py test: 运行全部检查和测试 run all checks and tests",
    )
    parser.add_argument("command", nargs="?", choices=["serve", "test"], default="serve", help="默认 default: serve")
    parser.add_argument("--host", default="127.0.0.1", help="监听地址 address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="端口 port (8000)")
    parser.add_argument("--no-serve", action="store_true", help="准备好后不启动网站 prepare everything, do not serve")
    parser.add_argument("--empty", action="store_true", help="不装入演示数据 no demonstration data")
    parser.add_argument("--reset", action="store_true", help="先清空数据（会询问）empty the data first (asks)")
    parser.add_argument("--yes", action="store_true", help="清空时不再询问 do not ask before --reset")
    return parser
