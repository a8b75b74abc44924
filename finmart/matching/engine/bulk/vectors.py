"""What LLVM does with whole vectors, for the kernels in ``compiled`` (the extra ``fast``).

Numba sees one word at a time, and LLVM does not find by itself that 64 comparisons are one word, or that an "and" of
many operands needs no store between them. These functions say so, and LLVM takes whatever instructions the processor
has.
"""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

#: Numba's own helpers carry no types.
numbas: Any = cgutils
#: Words worked on at once: four registers of 512 bits, eight of 256, sixteen of 128, which no processor lacks.
LANES = 32
_BIT, _WORD = ir.IntType(1), ir.IntType(64)
_VECTOR = ir.VectorType(_WORD, LANES)
_ZERO, _ONE = ir.Constant(_WORD, 0), ir.Constant(_WORD, 1)


def _data(context: Any, builder: Any, array: Any, value: Any) -> Any:
    """Where an array's numbers lie."""
    return context.make_array(array)(context, builder, value).data


def _at(builder: Any, data: Any, place: Any, vector: Any) -> Any:
    return builder.bitcast(builder.gep(data, [place]), vector.as_pointer())


def _load(builder: Any, data: Any, place: Any) -> Any:
    return builder.load(_at(builder, data, place, _VECTOR), align=8)


def _store(builder: Any, found: Any, data: Any, place: Any) -> None:
    builder.store(found, _at(builder, data, place, _VECTOR), align=8)


def _blocks(builder: Any, width: Any) -> Any:
    """The first words of each block of a register."""
    return numbas.for_range_slice(builder, _ZERO, width, ir.Constant(_WORD, LANES), _WORD)


def _operand(builder: Any, bits: Any, operands: Any, width: Any, place: Any, word: Any) -> Any:
    """The block at ``word`` of the operand that stands at ``place``."""
    register = builder.load(builder.gep(operands, [place]))
    return _load(builder, bits, builder.add(builder.mul(register, width), word))


def _folding(builder: Any, join: Any, operand: Any, first: Any, last: Any) -> Any:
    """All operands from ``first`` to before ``last`` joined: a loop that keeps what it has found in registers."""
    start = operand(first)
    before, loop, done = builder.basic_block, builder.append_basic_block(), builder.append_basic_block()
    second = builder.add(first, _ONE)
    builder.cbranch(builder.icmp_unsigned("<", second, last), loop, done)
    builder.position_at_end(loop)
    place, found = builder.phi(_WORD), builder.phi(_VECTOR)
    joined, following = join(found, operand(place)), builder.add(place, _ONE)
    place.add_incoming(second, before)
    place.add_incoming(following, loop)
    found.add_incoming(start, before)
    found.add_incoming(joined, loop)
    builder.cbranch(builder.icmp_unsigned("<", following, last), loop, done)
    builder.position_at_end(done)
    result = builder.phi(_VECTOR)
    result.add_incoming(start, before)
    result.add_incoming(joined, loop)
    return result


def _fold(join: str) -> Callable[..., Any]:
    """The intrinsic that joins operands: ``(bits, operands, first, last, target, width, out)``.

    Registers are ``width`` words each, in ``bits``; what is found goes to the register ``target`` of ``out``.
    """

    def typed(_typing: Any, bits: Any, operands: Any, first: Any, last: Any, out: Any, target: Any, width: Any) -> Any:
        def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            source, places = (_data(context, builder, signature.args[i], arguments[i]) for i in (0, 1))
            goal = _data(context, builder, signature.args[4], arguments[4])
            start, end, register, words = (arguments[i] for i in (2, 3, 5, 6))
            base = builder.mul(register, words)
            with _blocks(builder, words) as (word, _stop):
                found = _folding(
                    builder,
                    getattr(builder, join),
                    lambda place: _operand(builder, source, places, words, place, word),
                    start,
                    end,
                )
                _store(builder, found, goal, builder.add(base, word))
            return context.get_dummy_value()

        return types.void(bits, operands, first, last, out, target, width), code

    return typed


def _both_or(_typing: Any, bits: Any, operands: Any, first: Any, target: Any, width: Any) -> Any:
    """``target |= a & b`` with the two operands from ``first``."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        source, places = (_data(context, builder, signature.args[i], arguments[i]) for i in (0, 1))
        start, register, words = arguments[2:]
        base = builder.mul(register, words)
        with _blocks(builder, words) as (word, _stop):
            here = builder.add(base, word)
            one = _operand(builder, source, places, words, start, word)
            other = _operand(builder, source, places, words, builder.add(start, _ONE), word)
            found = builder.or_(_load(builder, source, here), builder.and_(one, other))
            _store(builder, found, source, here)
        return context.get_dummy_value()

    return types.void(bits, operands, first, target, width), code


def _count(_typing: Any, bits: Any, start: Any, words: Any) -> Any:
    """How many bits are set in so many words from ``start``."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        source = _data(context, builder, signature.args[0], arguments[0])
        ones = _named(builder, f"llvm.ctpop.v{LANES}i64", _VECTOR)
        total = _named(builder, f"llvm.vector.reduce.add.v{LANES}i64", _WORD)
        found = numbas.alloca_once_value(builder, ir.Constant(_VECTOR, None))
        with _blocks(builder, arguments[2]) as (word, _stop):
            here = _load(builder, source, builder.add(arguments[1], word))
            builder.store(builder.add(builder.load(found), builder.call(ones, [here])), found)
        return builder.call(total, [builder.load(found)])

    return types.uint64(bits, start, words), code


def _named(builder: Any, name: str, returns: Any) -> Any:
    return numbas.get_or_insert_function(builder.module, ir.FunctionType(returns, [_VECTOR]), name)


def _wanted(_typing: Any, bits: Any, start: Any, full: Any, word: Any) -> Any:
    """Which of ``LANES`` words from ``word`` of a bitmap have a bit that ``full`` has not: bit w for word w."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        source, stopped = (_data(context, builder, signature.args[i], arguments[i]) for i in (0, 2))
        hits = _load(builder, source, builder.add(arguments[1], arguments[3]))
        hits = builder.and_(hits, builder.not_(_load(builder, stopped, arguments[3])))
        some = builder.icmp_unsigned("!=", hits, ir.Constant(_VECTOR, None))
        return builder.zext(builder.bitcast(some, ir.IntType(LANES)), _WORD)

    return types.uint64(bits, start, full, word), code


def _compared(operator: str) -> Callable[..., Any]:
    """The intrinsic that compares 64 numbers from ``row`` with one: ``(values, row, other)``, one bit each."""

    def typed(_typing: Any, values: Any, row: Any, other: Any) -> Any:
        def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            each = context.get_data_type(values.dtype)
            vector = ir.VectorType(each, 64)
            place = _at(builder, _data(context, builder, signature.args[0], arguments[0]), arguments[1], vector)
            number = arguments[2] if each.width == _WORD.width else builder.trunc(arguments[2], each)
            single = builder.insert_element(ir.Constant(vector, ir.Undefined), number, ir.Constant(ir.IntType(32), 0))
            all_alike = ir.Constant(ir.VectorType(ir.IntType(32), 64), None)
            spread = builder.shuffle_vector(single, ir.Constant(vector, ir.Undefined), all_alike)
            found = builder.icmp_signed(operator, builder.load(place, align=each.width // 8), spread)
            return builder.bitcast(found, _WORD)

        return types.uint64(values, row, other), code

    return typed


def _lowest(_typing: Any, word: Any) -> Any:  # noqa: ARG001
    """The place of the lowest bit of a word that is not zero."""

    def code(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(_BIT, 1))

    return types.uint64(types.uint64), code


def _pointer(_typing: Any, address: Any) -> Any:
    """Where numbers lie, of which only the address is known."""

    def code(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], numbas.voidptr_t)

    return types.voidptr(address), code


fold_and: Any = intrinsic(_fold("and_"))
fold_or: Any = intrinsic(_fold("or_"))
both_or: Any = intrinsic(_both_or)
count: Any = intrinsic(_count)
wanted: Any = intrinsic(_wanted)
at_least: Any = intrinsic(_compared(">="))
equal: Any = intrinsic(_compared("=="))
lowest: Any = intrinsic(_lowest)
pointer: Any = intrinsic(_pointer)
